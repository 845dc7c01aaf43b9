"""The outbox: what rooms hand in, and what a person decides about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.models import User
from hiwar.channels import rules
from hiwar.channels.actions.issues import watch_anew
from hiwar.channels.actions.ways import the_channel
from hiwar.channels.models import Address, Batch, Message, MessageEvent
from hiwar.channels.queries.contents import digest_of_content, sealed_content
from hiwar.channels.queries.outbox import needs_second
from hiwar.channels.queries.ways import CHANNELS, digest_of, domain_of, sealed_value
from hiwar.common import jobs
from hiwar.common.actions import audit
from hiwar.common.mailings import PORTION, state_of_mailing
from hiwar.common.post import Content, Draft, Purpose, purpose_of, tell_state
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

State, Why, Kind = Message.State, Message.Why, MessageEvent.Kind
OPEN = (State.WAITING, State.HELD)
FINAL = frozenset([State.STOPPED, State.EXPIRED, State.FAILED, State.DELIVERED])
# A state is only ever followed by one that stands further on.
ORDER = {
    State.WAITING: 0, State.HELD: 0, State.SENDING: 1, State.UNKNOWN: 2, State.HANDED_OVER: 3,
    State.STOPPED: 4, State.EXPIRED: 4, State.FAILED: 4, State.DELIVERED: 5,
}  # fmt: skip
PURPOSES = (
    Purpose("channels.check", pgettext_lazy("purpose", "test of the mail"), is_urgent=True),
    Purpose("channels.notice", pgettext_lazy("purpose", "confirmation"), is_urgent=True),
    Purpose("channels.answer", pgettext_lazy("purpose", "answer from the inbox"), is_urgent=True),
)


class NotPrepared(Refused):
    """A sending leaves once."""

    code = "not_prepared"
    message = _("This sending has left or was stopped already.")


class AnotherMustApprove(Refused):
    """Of the two who approve a sending to many, neither is both."""

    code = "another_must_approve"
    message = _("You have approved this sending. Somebody else has to approve it too.")


class StillWritten(Refused):
    """A sending is looked at, and stopped, when it is whole."""

    code = "still_written"
    message = _("This sending is still being written. Wait until it is whole.")


class NobodyLeft(Refused):
    """A sending reaches somebody."""

    code = "nobody_left"
    message = _("Nobody is left to send this to.")


class TooLate(Refused):
    """What has left is not held back any more."""

    code = "too_late"
    message = _("This message has left already.")


class NotAgain(Refused):
    """Only what failed or is not known is tried again, while it is not too late."""

    code = "not_again"
    message = _("This message cannot be sent again. Write a new one.")


def carry(draft: Draft, at: datetime) -> None:
    """Put a draft into the outbox, in the transaction of the room that wrote it.

    The same key twice is one message: the second is not even looked at.
    """
    if Message.objects.filter(pk=draft.key).exists():
        return
    purpose = purpose_of(draft.purpose)
    content = Content(
        draft.language, draft.subject, draft.text, draft.attachments, dict(draft.secrets),
        draft.html,
    )  # fmt: skip
    sealed, secrets = sealed_content(draft.key, content)
    message = Message(
        id=draft.key,
        purpose=draft.purpose,
        channel=the_channel(code=CHANNELS[Address.Kind(draft.kind)]),
        address=_address(draft),
        batch=_batch(draft, at),
        actor=User.objects.filter(pk=draft.actor).first() if draft.actor else None,
        language=draft.language,
        zone=draft.zone,
        is_urgent=purpose.is_urgent,
        sealed=sealed,
        sealed_secrets=secrets,
        digest=digest_of_content(content),
        posted_at=at,
        due_at=draft.not_before or at,
        expires_at=draft.expires_at or at,
    )
    if message.batch is not None and message.batch.state == Batch.State.PREPARED:
        message.state, message.why = State.HELD, Why.APPROVAL
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        return  # the same draft was handed in by another request in this very moment
    note(message, Kind.POSTED, at)


def _address(draft: Draft) -> Address:
    digest = digest_of(draft.recipient, draft.kind)
    address, is_new = Address.objects.get_or_create(
        kind=draft.kind,
        digest=digest,
        defaults={"sealed": b"", "person_id": draft.person},
    )
    changed = []
    if draft.kind == Address.Kind.MAIL and not address.domain:
        address.domain = domain_of(draft.recipient)
        changed.append("domain")
    if is_new or not bytes(address.sealed):
        address.sealed = sealed_value(draft.recipient.strip(), digest, draft.kind)
        changed.append("sealed")
    if draft.person and address.person_id != draft.person:
        address.person_id = draft.person
        changed.append("person")
    if changed:
        address.save(update_fields=changed)
    return address


def _batch(draft: Draft, at: datetime) -> Batch | None:
    if draft.batch is None:
        return None
    batch, _is_new = Batch.objects.get_or_create(
        pk=draft.batch.key,
        defaults={
            "title": draft.batch.title[:300],
            "purpose": draft.purpose,
            "left_out": dict(draft.batch.left_out),
            "made_by_id": draft.batch.made_by,
            "made_at": at,
        },
    )
    return batch


@transaction.atomic
def approve_batch(*, actor: User, batch: Batch, at: datetime) -> Batch:
    """Let a sending leave; one to many waits for a second person after the first.

    Raises ``NotAllowed``, ``NotPrepared``, ``StillWritten``, ``NobodyLeft`` and
    ``AnotherMustApprove``.
    """
    locked = _lock(actor, batch)
    if locked.state != Batch.State.PREPARED:
        raise NotPrepared
    if state_of_mailing(locked.pk):
        raise StillWritten
    held = locked.messages.filter(state=State.HELD, expires_at__gt=at)
    count = held.count()
    if not count:
        raise NobodyLeft
    if needs_second(list(held.select_related("channel"))):
        if locked.first_approved_by_id is None:
            locked.first_approved_by, locked.first_approved_at = actor, at
            locked.save(update_fields=["first_approved_by", "first_approved_at"])
            audit(actor, "channels.batch.approve_first", locked, at=at, changed={"count": count})
            return locked
        if locked.first_approved_by_id == actor.pk:
            raise AnotherMustApprove
    held.update(state=State.WAITING, why="")
    locked.state, locked.approved_by, locked.approved_at = Batch.State.APPROVED, actor, at
    locked.save(update_fields=["state", "approved_by", "approved_at"])
    audit(actor, "channels.batch.approve", locked, at=at, changed={"count": count})
    return locked


@transaction.atomic
def pause_batch(*, actor: User, batch: Batch, is_paused: bool, at: datetime) -> Batch:
    """Hold a sending, or let it go on; at most the message in hand still leaves."""
    locked = _lock(actor, batch)
    before, after = (
        (Batch.State.APPROVED, Batch.State.PAUSED)
        if is_paused
        else (Batch.State.PAUSED, Batch.State.APPROVED)
    )
    if locked.state != before:
        raise NotPrepared
    locked.state = after
    locked.save(update_fields=["state"])
    if not is_paused:
        watch_anew(batch=locked, at=at)
    audit(actor, f"channels.batch.{'pause' if is_paused else 'go_on'}", locked, at=at)
    return locked


@transaction.atomic
def stop_batch(*, actor: User, batch: Batch, at: datetime) -> int:
    """Stop a sending for good; what has not left never will. Return how many that were.

    From here on nothing of it leaves. That each message of it is settled, and its room told, goes
    on in a job where there are many. Raises ``NotAllowed``, ``NotPrepared`` and ``StillWritten``.
    """
    locked = _lock(actor, batch)
    if locked.state == Batch.State.STOPPED:
        raise NotPrepared
    if state_of_mailing(locked.pk):
        raise StillWritten
    locked.state = Batch.State.STOPPED
    locked.save(update_fields=["state"])
    count = locked.messages.filter(state__in=OPEN).count()
    if settle_stopped(key=locked.pk, at=at):
        jobs.enqueue(
            "channels.settle_stopped", locked.pk, key=f"channels.stopped {locked.pk}", now=at
        )
    audit(actor, "channels.batch.stop", locked, at=at, changed={"count": count})
    return count


@transaction.atomic
def settle_stopped(*, key: UUID, at: datetime) -> int:
    """Settle a portion of the messages of a stopped sending; return how many are left."""
    waiting = Message.objects.filter(batch=key, batch__state=Batch.State.STOPPED, state__in=OPEN)
    for message in waiting.select_for_update(of=("self",)).order_by("pk")[:PORTION]:
        settle(message, State.STOPPED, Why.BATCH, at)
    return waiting.count()


@transaction.atomic
def stop_message(*, actor: User, message: Message, at: datetime) -> None:
    """Stop one message that has not left; raises ``NotAllowed``, ``TooLate``, ``StillWritten``."""
    if not rules.can_run_channels(actor):
        raise NotAllowed
    locked = Message.objects.select_for_update().get(pk=message.pk)
    if locked.batch_id and state_of_mailing(locked.batch_id):
        raise StillWritten
    if locked.state not in OPEN:
        raise TooLate
    settle(locked, State.STOPPED, Why.STAFF, at)
    audit(actor, "channels.message.stop", locked, at=at)


@transaction.atomic
def send_again(*, actor: User, message: Message, at: datetime) -> None:
    """Try a message again whose fate is not known; raises ``NotAllowed`` and ``NotAgain``.

    A person decides, because the recipient may get it twice. What was settled has forgotten its
    link and is not sent again.
    """
    if not rules.can_run_channels(actor):
        raise NotAllowed
    locked = Message.objects.select_for_update().get(pk=message.pk)
    if locked.state != State.UNKNOWN or locked.expires_at <= at:
        raise NotAgain
    locked.state, locked.why, locked.due_at = State.WAITING, Why.AGAIN, at
    locked.save(update_fields=["state", "why", "due_at"])
    audit(actor, "channels.message.send_again", locked, at=at)


def note(message: Message, kind: str, at: datetime, *, code: str = "", text: str = "") -> None:
    """Write down one thing that happened to a message; called inside an action."""
    text = kept_words(message, text)
    MessageEvent.objects.create(message=message, kind=kind, code=code[:20], text=text, at=at)


def kept_words(message: Message, text: str) -> str:
    """Return what is kept of the words of a server, which may repeat the address."""
    return "" if purpose_of(message.purpose).forgets_at_once else text[:300]


def settle(message: Message, state: str, why: str, at: datetime, *, said: str = "") -> bool:
    """Raise a locked message to a state and tell its room; return whether it rose.

    News that stands lower than what is known is kept as an event by the caller and changes
    nothing: a late "sent" never lowers "delivered". In a final state the secrets are forgotten.
    """
    if ORDER[State(state)] <= ORDER[State(message.state)]:
        return False
    message.state, message.why, message.said = state, why, kept_words(message, said)
    fields = ["state", "why", "said"]
    if state in FINAL or state == State.HANDED_OVER:
        message.sealed_secrets = b""
        message.settled_at = at
        fields += ["sealed_secrets", "settled_at"]
    if state == State.HANDED_OVER:
        message.handed_over_at = at
        fields.append("handed_over_at")
    message.save(update_fields=fields)
    if message.settled_at is not None and purpose_of(message.purpose).forgets_at_once:
        _forget(message)
    if state != State.HANDED_OVER:
        note(message, Kind.SETTLED, at, code=why, text=said)
    tell_state(message.purpose, message.pk, state, why, at)
    return True


def _forget(message: Message) -> None:
    """Forget the words of a settled message, and its address unless others wait for it."""
    message.sealed = b""
    message.save(update_fields=["sealed"])
    waiting = message.address.messages.exclude(pk=message.pk).filter(settled_at=None)
    if message.address.person_id is None and not waiting.exists():
        message.address.sealed = b""
        message.address.save(update_fields=["sealed"])


def _lock(actor: User, batch: Batch) -> Batch:
    locked = Batch.objects.select_for_update().get(pk=batch.pk)
    if not rules.can_approve_batch(actor, locked):
        raise NotAllowed
    return locked
