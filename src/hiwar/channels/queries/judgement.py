"""Whether a message may leave now: asked at hand-over, and the strictest answer wins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hiwar.channels.models import Address, Message
from hiwar.channels.queries.opt_outs import suppressed
from hiwar.channels.queries.ways import is_practising, value_of
from hiwar.common.post import Asked, purpose_of, refusals_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from hiwar.channels.models import Channel
    from hiwar.channels.queries.quiet import QuietHours

State, Why = Message.State, Message.Why
DEAD: dict[str, str] = {
    Address.State.SUSPENDED: Why.SUSPENDED, Address.State.BOUNCING: Why.BOUNCING,
}  # fmt: skip
BETWEEN_TWO = timedelta(minutes=1)
BUCKET_MINUTES = 1


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is to be done with a message: send it, hold it until an instant, or stop it.

    ``said`` is the reason in the words of the room that refused it, if one did.
    """

    state: str
    why: str = ""
    until: datetime | None = None
    said: str = ""


SEND = Judgement(State.SENDING)


def judge(message: Message, quiet: QuietHours, now: datetime) -> Judgement:
    """Return what is to be done with a message that is due."""
    if is_practising(message.actor_id):
        return Judgement(State.STOPPED, Why.PRACTICE)
    refused = refusal(message, now)
    if refused is not None:
        return refused
    if message.is_urgent:
        return SEND
    until = quiet.until(now, message.zone)
    if until is not None:
        return Judgement(State.HELD, Why.QUIET, until)
    last = message.address.sent_at
    if last is not None and now - last < BETWEEN_TWO:
        return Judgement(State.WAITING, until=last + BETWEEN_TWO)
    until = _domain_is_free(message, now)
    return SEND if until is None else Judgement(State.WAITING, until=until)


def _domain_is_free(message: Message, now: datetime) -> datetime | None:
    """Return when the mail service of a recipient may get the next message; None for now.

    As many as a minute's share may follow each other at once.
    """
    most = message.channel.per_domain_hour
    if not most or not message.address.domain:
        return None
    at_once = max(1, most // 60)
    window = timedelta(hours=at_once / most)
    recent = Message.objects.filter(
        address__domain=message.address.domain, claimed_at__gt=now - window, claimed_at__lte=now
    ).exclude(pk=message.pk)
    claims = list(recent.order_by("-claimed_at").values_list("claimed_at", flat=True)[:at_once])
    last = claims[-1] if len(claims) == at_once else None
    return None if last is None else last + window


def refusal(message: Message, now: datetime) -> Judgement | None:
    """Return why a message is never to leave; None if it may."""
    return refusals([message], now).get(message.pk)


def refusals(messages: Sequence[Message], now: datetime) -> dict[UUID, Judgement]:
    """Return why messages are never to leave, by key: opt-out, a dead address, no consent.

    What somebody waits for themselves is not held back by an opt-out of theirs. The number of
    queries does not grow with the messages, whose addresses are to be selected with them.
    """
    judgements: dict[UUID, Judgement] = {}
    values = {message.pk: value_of(message.address) for message in messages}
    out = suppressed([message for message in messages if not message.is_urgent], values)
    asked = []
    for message in messages:
        why = "" if message.is_urgent else DEAD.get(message.address.state, "")
        if message.pk in out:
            why = Why.OPTED_OUT
        if why:
            judgements[message.pk] = Judgement(State.STOPPED, why)
            continue
        recipient, person = values[message.pk], message.address.person_id
        asked.append(Asked(message.pk, purpose_of(message.purpose), recipient, person, now))
    for key, said in (refusals_of(asked) if asked else {}).items():
        judgements[key] = Judgement(State.STOPPED, Why.CONSENT, said=said)
    return judgements


def wait_for_pace(channel: Channel, now: datetime) -> timedelta:
    """Return how long the pace of a channel still holds the next message; refills its bucket.

    The bucket holds one minute's messages, so a channel that was silent may send that many at
    once. The caller saves the channel.
    """
    rate = channel.per_hour / 3600
    most = max(1.0, channel.per_hour * BUCKET_MINUTES / 60)
    if channel.refilled_at is None:
        channel.tokens = most
    else:
        passed = max(0.0, (now - channel.refilled_at).total_seconds())
        channel.tokens = min(most, channel.tokens + passed * rate)
    channel.refilled_at = now
    if channel.tokens >= 1:
        return timedelta()
    return timedelta(seconds=(1 - channel.tokens) / rate)
