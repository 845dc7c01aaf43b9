"""Whether a message may leave now: asked at hand-over, and the strictest answer wins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hiwar.channels.models import Address, Message
from hiwar.channels.queries.ways import is_practising, suppressed, value_of
from hiwar.common.post import Asked, purpose_of, refusal_of

if TYPE_CHECKING:
    from hiwar.channels.models import Channel
    from hiwar.channels.queries.quiet import QuietHours

State, Why = Message.State, Message.Why
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
    return SEND


def refusal(message: Message, now: datetime) -> Judgement | None:
    """Return why a message is never to leave: opt-out, a dead address, no consent; None if it may.

    What somebody waits for themselves is not held back by an opt-out of theirs.
    """
    purpose = purpose_of(message.purpose)
    if not message.is_urgent:
        if suppressed(message):
            return Judgement(State.STOPPED, Why.OPTED_OUT)
        if message.address.state == Address.State.SUSPENDED:
            return Judgement(State.STOPPED, Why.SUSPENDED)
        if message.address.state == Address.State.BOUNCING:
            return Judgement(State.STOPPED, Why.BOUNCING)
    recipient = value_of(message.address)
    person = message.address.person_id
    said = refusal_of(Asked(message.pk, purpose, recipient, person, now))
    return Judgement(State.STOPPED, Why.CONSENT, said=said) if said else None


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
