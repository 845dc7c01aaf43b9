"""Handing over: one message is claimed, sent outside any transaction, and its fate written down.

A claim is committed before the message is handed to the mail server. Whoever dies in between
leaves it claimed, and it becomes *not known*: it is neither lost nor sent twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from hiwar.channels.actions.outbox import OPEN, kept_words, note, settle
from hiwar.channels.actions.ways import raise_alarm
from hiwar.channels.models import Address, Batch, Channel, Message, MessageEvent
from hiwar.channels.queries.contents import (
    content_of,
    digest_of_content,
    sealed_content,
    text_with_secrets,
)
from hiwar.channels.queries.judgement import judge, wait_for_pace
from hiwar.channels.queries.ways import is_open, value_of
from hiwar.common.post import purpose_of

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from hiwar.channels.queries.judgement import Judgement
    from hiwar.channels.queries.quiet import QuietHours
    from hiwar.common.post import Content

State, Why, Kind = Message.State, Message.Why, MessageEvent.Kind
RETRIES = (
    timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30),
    timedelta(hours=2), timedelta(hours=8), timedelta(hours=24),
)  # fmt: skip
JITTER = 0.2
# A claim that is older than this belongs to a worker that is gone.
LEASE = timedelta(minutes=10)
LOOKED_AT = 100


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message that was claimed and is to be handed over, or (in a demonstration) shown."""

    message: Message
    recipient: str
    content: Content
    is_shown_only: bool = False

    @property
    def text(self) -> str:
        """The words as their recipient reads them."""
        return text_with_secrets(self.content)


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing leaves now; the channel may be asked again after `wait`."""

    wait: timedelta


@dataclass(frozen=True, slots=True)
class Connect:
    """Something may leave: a connection is wanted before it is claimed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a mail server said to one message.

    Attributes
    ----------
    kind : str
        accepted, temporary, permanent, or broken: the connection ended after hand-over.
    code : str
        The enhanced status (`5.1.1`) where there is one, else the reply code.
    wait : timedelta or None
        What the server asked to wait.
    """

    kind: str
    code: str = ""
    text: str = ""
    wait: timedelta | None = None


@transaction.atomic
def claim_next(
    *, channel: Channel, quiet: QuietHours, is_connected: bool, now: datetime
) -> Parcel | Pause | Connect | None:
    """Claim the next message that may leave; None when none is due.

    Without a connection nothing is claimed, so that no message is in doubt while one is made.

    Messages that must be held or stopped are, on the way. Whether the channel is on and the
    sending not paused is read anew for each message, so a pause holds after the one in hand.
    """
    locked = Channel.objects.select_for_update().get(pk=channel.pk)
    if not is_open(locked):
        return None
    wait = wait_for_pace(locked, now)
    if wait:
        locked.save(update_fields=["tokens", "refilled_at"])
        return Pause(wait)
    due = _due(locked, now)
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(of=("self",), skip_locked=True)
    due = due.select_related("address", "channel").order_by("-is_urgent", "due_at", "pk")
    for message in due[:LOOKED_AT]:
        parcel = _try(message, quiet, now, is_connected=is_connected)
        if parcel is None:
            continue
        if isinstance(parcel, Parcel) and not parcel.is_shown_only:
            locked.tokens -= 1
        locked.save(update_fields=["tokens", "refilled_at"])
        return parcel
    locked.save(update_fields=["tokens", "refilled_at"])
    return Pause(timedelta()) if _due(locked, now).exists() else None


def _due(channel: Channel, now: datetime) -> QuerySet[Message]:
    approved = Q(batch=None) | Q(batch__state=Batch.State.APPROVED)
    return Message.objects.filter(
        approved, channel=channel, state__in=OPEN, due_at__lte=now, expires_at__gt=now
    ).exclude(why=Why.APPROVAL)


def _try(
    message: Message, quiet: QuietHours, now: datetime, *, is_connected: bool
) -> Parcel | Connect | None:
    """Claim one message, or hold or stop it."""
    judgement = judge(message, quiet, now)
    if judgement.why == Why.PRACTICE and settings.DEMO:
        return _show_only(message, now)
    if judgement.state == State.STOPPED:
        settle(message, State.STOPPED, judgement.why, now, said=judgement.said)
        return None
    if judgement.until is not None:
        _hold(message, judgement, now)
        return None
    content = _freeze(message, now)
    if content is None:
        return None
    if not is_connected:
        return Connect()
    message.state, message.why, message.claimed_at = State.SENDING, "", now
    message.attempts += 1
    message.save(update_fields=["state", "why", "claimed_at", "attempts"])
    return Parcel(message, value_of(message.address), content)


def _show_only(message: Message, now: datetime) -> Parcel | None:
    """Stop a message of a demonstration, and give its words to be shown."""
    content = _freeze(message, now)
    if content is None:
        return None
    settle(message, State.STOPPED, Why.PRACTICE, now)
    return Parcel(message, value_of(message.address), content, is_shown_only=True)


def _hold(message: Message, judgement: Judgement, now: datetime) -> None:
    is_news = message.why != judgement.why
    message.state, message.why = judgement.state, judgement.why
    message.due_at = judgement.until or message.due_at
    message.save(update_fields=["state", "why", "due_at"])
    if is_news:
        note(message, Kind.HELD, now, code=judgement.why)


def _freeze(message: Message, now: datetime) -> Content | None:
    """Return what a message says; what its purpose writes at hand-over is written and kept now."""
    compose = purpose_of(message.purpose).compose
    content = content_of(message)
    if compose is None or (content is not None and content.text):
        return content
    content = compose(message.pk, value_of(message.address), now)
    if content is None:
        _forget(message)
        return None
    message.language = content.language
    message.sealed, message.sealed_secrets = sealed_content(message.pk, content)
    message.digest = digest_of_content(content)
    message.save(update_fields=["language", "sealed", "sealed_secrets", "digest"])
    return content


def _forget(message: Message) -> None:
    """Leave no trace of a message to somebody who was not to be written to at all."""
    address = message.address
    message.delete()
    if not address.messages.exists():
        address.delete()


@transaction.atomic
def record_outcome(*, parcel: Parcel, outcome: Outcome, now: datetime) -> str:
    """Write down what the mail server said to a claimed message; return its state now."""
    messages = Message.objects.select_for_update(of=("self",)).select_related("address", "channel")
    message = messages.get(pk=parcel.message.pk)
    if message.state != State.SENDING:
        return message.state
    if outcome.kind == "accepted":
        note(message, Kind.HANDED_OVER, now, code=outcome.code, text=outcome.text)
        settle(message, State.HANDED_OVER, "", now, said=outcome.text)
        Address.objects.filter(pk=message.address_id).update(sent_at=now)
        Channel.objects.filter(pk=message.channel_id).update(sent_at=now)
        return message.state
    note(message, Kind.ATTEMPT, now, code=outcome.code, text=outcome.text)
    if outcome.kind == "permanent":
        _fail(message, outcome, now)
    elif outcome.kind == "broken":
        _doubt(message, now, outcome.text)
    else:
        _retry(message, outcome, now)
    return message.state


def _fail(message: Message, outcome: Outcome, now: datetime) -> None:
    if outcome.code.startswith("5.7"):
        said = f"{outcome.code} {kept_words(message, outcome.text)}"
        raise_alarm(channel=message.channel, text=said, at=now)
        settle(message, State.FAILED, Why.POLICY, now, said=outcome.text)
        return
    if outcome.code.startswith("5.1."):
        Address.objects.filter(pk=message.address_id).update(state=Address.State.SUSPENDED)
    settle(message, State.FAILED, Why.REFUSED, now, said=outcome.text)


def _retry(message: Message, outcome: Outcome, now: datetime) -> None:
    if message.attempts > len(RETRIES):
        settle(message, State.FAILED, Why.UNREACHED, now, said=outcome.text)
        return
    wait = RETRIES[message.attempts - 1]
    spread = 1 - JITTER + 2 * JITTER * (message.pk.int % 1000) / 999
    due = now + (outcome.wait if outcome.wait is not None else wait * spread)
    message.state, message.why, message.due_at = State.WAITING, Why.AGAIN, due
    message.said = kept_words(message, outcome.text)
    message.save(update_fields=["state", "why", "due_at", "said"])


def _doubt(message: Message, now: datetime, text: str) -> None:
    """Leave a message unknown whose fate no mail server tells; what is urgent is sent again."""
    if message.is_urgent and message.expires_at > now and message.attempts <= len(RETRIES):
        message.state, message.why, message.due_at = State.WAITING, Why.AGAIN, now
        message.save(update_fields=["state", "why", "due_at"])
        return
    settle(message, State.UNKNOWN, Why.BROKEN, now, said=text)


@transaction.atomic
def doubt_lost_claims(*, now: datetime) -> int:
    """Call unknown what a worker that is gone had claimed; return how many there were."""
    lost = Message.objects.select_for_update().filter(
        state=State.SENDING, claimed_at__lte=now - LEASE
    )
    claims = list(lost)
    for message in claims:
        _doubt(message, now, "")
    return len(claims)


@transaction.atomic
def expire(*, now: datetime) -> int:
    """Give up what is too late to be sent; return how many there were."""
    late = list(
        Message.objects.select_for_update().filter(state__in=OPEN, expires_at__lte=now)[:1000]
    )
    for message in late:
        settle(message, State.EXPIRED, message.why, now)
    return len(late)


@transaction.atomic
def forget_contents(*, now: datetime) -> int:
    """Delete the words of messages some days after they settled; states and counts stay."""
    before = now - timedelta(days=settings.MESSAGE_DAYS)
    old = Message.objects.filter(settled_at__lte=before).exclude(sealed=b"")
    keys = list(old.values_list("pk", flat=True)[:1000])
    Message.objects.filter(pk__in=keys).update(sealed=b"", sealed_secrets=b"", said="")
    MessageEvent.objects.filter(message__in=keys).update(text="")
    used = Message.objects.exclude(sealed=b"")
    idle = Address.objects.filter(messages__in=keys).exclude(pk__in=used.values("address"))
    idle.update(sealed=b"")
    return len(keys)
