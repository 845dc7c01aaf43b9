"""What comes in: kept first, read afterwards, and left to a person where no rule settles it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext, gettext_lazy, override

from hiwar.accounts.actions.people import NotAllowed
from hiwar.channels import rules
from hiwar.channels.actions.opt_outs import lift_suppressions, suppress, take_way_out
from hiwar.channels.actions.outbox import Kind as EventKind
from hiwar.channels.actions.outbox import kept_words, note, settle
from hiwar.channels.actions.ways import raise_alarm
from hiwar.channels.models import (
    Address,
    Channel,
    InboundMessage,
    Message,
    MessageEvent,
    Suppression,
)
from hiwar.channels.queries.contents import raw_of, sealed_inbound
from hiwar.channels.queries.letters import external_key_of, read_letter, wish_of
from hiwar.channels.queries.ways import digest_of
from hiwar.common.actions import audit
from hiwar.common.post import Draft, Received, Taken, handler_of, handlers_of_unasked, post
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.channels.queries.letters import Letter, Report

State, Kind = InboundMessage.State, InboundMessage.Kind
SOFT_MOST = 3
SOFT_WITHIN = timedelta(days=14)
MOST_TRIES = 5
# A confirmation belongs to the mail that asked for it, so that a second reading sends no second.
NAMESPACE = UUID("6f5a1c1e-5a35-4c54-9a0e-2b8f6b0e2a11")
ANSWERS_AN_HOUR = 6


class AlreadyDone(Refused):
    """What was done is not taken on again."""

    code = "already_done"
    message = gettext_lazy("This message is done already.")


class NobodyToAnswer(Refused):
    """An answer goes to a sender who can be written to."""

    code = "nobody_to_answer"
    message = gettext_lazy("This message names no sender that can be answered.")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message was found to be, and whether a person must look at it."""

    kind: str
    is_done: bool
    note: str = ""


@transaction.atomic
def keep(*, channel: Channel, raw: bytes, uid: int, mailbox: int, now: datetime) -> InboundMessage:
    """Keep a mail as it came, before anything is done with it; the same mail twice is one.

    Where reading stopped is kept in the same transaction, so nothing is skipped and nothing read
    twice for ever.
    """
    key = uuid4()
    inbound, _is_new = InboundMessage.objects.get_or_create(
        external_key=external_key_of(raw),
        defaults={
            "id": key,
            "channel": channel,
            "sealed": sealed_inbound(key, raw),
            "received_at": now,
        },
    )
    Channel.objects.filter(pk=channel.pk).update(last_uid=uid, mailbox=mailbox, heard_at=now)
    return inbound


@transaction.atomic
def begin_mailbox(*, channel: Channel, mailbox: int, now: datetime) -> int:
    """Return the UID after which the mailbox is to be read; it begins anew in another mailbox."""
    locked = Channel.objects.select_for_update().get(pk=channel.pk)
    if locked.mailbox != mailbox:
        locked.mailbox, locked.last_uid = mailbox, 0
    locked.heard_at = now
    locked.save(update_fields=["mailbox", "last_uid", "heard_at"])
    return locked.last_uid


@transaction.atomic
def count_try(*, key: UUID) -> None:
    """Count a reading before it begins, so that what kills its reader comes to a person at last."""
    InboundMessage.objects.filter(pk=key).update(tries=F("tries") + 1)


@transaction.atomic
def read_one(*, key: UUID, now: datetime) -> InboundMessage:
    """Read one message and do what follows from it; safe to run twice."""
    inbound = InboundMessage.objects.select_for_update().get(pk=key)
    if inbound.state != State.ARRIVED:
        return inbound
    if inbound.tries > MOST_TRIES:
        reading = Reading(Kind.UNREADABLE, is_done=False)
    else:
        try:
            letter = read_letter(raw_of(inbound))
        except ValueError:
            reading = Reading(Kind.UNREADABLE, is_done=False)
        else:
            reading = _read(inbound, letter, now)
    inbound.kind, inbound.note = reading.kind, reading.note[:200]
    inbound.state = State.DONE if reading.is_done else State.OPEN
    inbound.settled_at = now if reading.is_done else None
    inbound.save(update_fields=["kind", "note", "state", "settled_at", "answers"])
    return inbound


def _read(inbound: InboundMessage, letter: Letter, now: datetime) -> Reading:
    """Judge in this order: reports, automatic replies, the way out, words of opting out, rooms."""
    ours = _message(letter.bounced or letter.answers or letter.way_out)
    inbound.answers = ours
    if letter.reports:
        return _take_reports(ours, letter.reports, now)
    if letter.is_automatic and not letter.calendar:
        if ours is not None:
            note(ours, EventKind.AUTOMATIC, now)
        return Reading(Kind.AUTOMATIC, is_done=True)
    if letter.way_out is not None and ours is not None:
        take_way_out(message=ours, at=now)
        return Reading(Kind.OPT_OUT, is_done=True)
    wish = wish_of(letter.subject, letter.text)
    if wish and letter.sender:
        return _take_wish(inbound, letter, wish, now)
    return _ask_rooms(inbound, letter, ours, now)


def _message(key: UUID | None) -> Message | None:
    messages = Message.objects.select_for_update(of=("self",)).select_related("address", "channel")
    return messages.filter(pk=key).first() if key else None


def _take_reports(ours: Message | None, reports: tuple[Report, ...], now: datetime) -> Reading:
    """Apply what mail servers report; a report about nothing of ours is put away."""
    if ours is None:
        return Reading(Kind.BOUNCE, is_done=True)
    for report in reports:
        if report.action in {"delivered", "relayed", "expanded"}:
            note(ours, EventKind.RECEIPT, now, code=report.status, text=report.text)
            if report.action == "delivered":
                settle(ours, Message.State.DELIVERED, "", now)
        elif report.action == "delayed":
            note(ours, EventKind.DELAY, now, code=report.status, text=report.text)
        elif report.is_final_failure:
            _take_bounce(ours, report, now)
    return Reading(Kind.BOUNCE, is_done=True)


def _take_bounce(ours: Message, report: Report, now: datetime) -> None:
    """Judge a return by its status: who is gone, who is full, and where the fault is ours."""
    note(ours, EventKind.BOUNCE, now, code=report.status, text=report.text)
    said = f"{report.status} {kept_words(ours, report.text)}".strip()
    if report.status.startswith("5.7"):
        raise_alarm(channel=ours.channel, text=said, at=now)
        settle(ours, Message.State.FAILED, Message.Why.POLICY, now, said=said)
        return
    address = ours.address
    if report.status.startswith("5.1."):
        address.state = Address.State.SUSPENDED
        address.save(update_fields=["state"])
    elif address.state == Address.State.GOOD and _soft_bounces(address, now) >= SOFT_MOST:
        address.state = Address.State.BOUNCING
        address.save(update_fields=["state"])
    settle(ours, Message.State.FAILED, Message.Why.BOUNCED, now, said=said)


def _soft_bounces(address: Address, now: datetime) -> int:
    returned = MessageEvent.objects.filter(
        message__address=address, kind=EventKind.BOUNCE, at__gt=now - SOFT_WITHIN
    )
    return returned.exclude(code__startswith="5.7").values("message").distinct().count()


def _take_wish(inbound: InboundMessage, letter: Letter, wish: str, now: datetime) -> Reading:
    """End or take up again all messages to a sender, with one confirmation."""
    digest = digest_of(letter.sender)
    if wish == "start":
        lift_suppressions(digest=digest, at=now)
        return Reading(Kind.OPT_IN, is_done=True)
    if suppress(digest=digest, purpose="", why=Suppression.Why.WORD, at=now):
        _confirm(inbound, letter.sender, now)
    return Reading(Kind.OPT_OUT, is_done=True)


def _confirm(inbound: InboundMessage, sender: str, now: datetime) -> None:
    lately = Message.objects.filter(
        address__digest=digest_of(sender), purpose="channels.notice",
        posted_at__gt=now - timedelta(hours=1),
    )  # fmt: skip
    if lately.count() >= ANSWERS_AN_HOUR:
        return
    known = inbound.answers.language if inbound.answers else ""
    language = known or settings.LANGUAGE_CODE
    with override(language):
        draft = Draft(
            key=uuid5(NAMESPACE, str(inbound.pk)),
            purpose="channels.notice",
            language=language,
            recipient=sender,
            subject=gettext("Confirmation"),
            text=gettext(
                "We will write to you no more. If this was a mistake, answer with the word START."
            ),
        )
    post(draft, at=now)


def _ask_rooms(
    inbound: InboundMessage, letter: Letter, ours: Message | None, now: datetime
) -> Reading:
    """Let the rooms read an answer; what none of them settles is for a person."""
    received = Received(
        key=inbound.pk,
        sender=letter.sender,
        is_proven=letter.is_proven,
        subject=letter.subject,
        text=letter.text,
        at=inbound.received_at,
        answers=ours.pk if ours else None,
        calendar=letter.calendar,
    )
    if ours is not None:
        note(ours, EventKind.REPLY, now)
    names = ["calendar"] if letter.calendar else []
    names += [ours.purpose] if ours is not None else []
    readers = [(name, handler) for name in names if (handler := handler_of(name))]
    if ours is None:
        readers += [("unasked", handler) for handler in handlers_of_unasked()]
    for name, handler in readers:
        taken: Taken | None = handler(received)
        if taken is not None:
            kind = Kind.ANSWER if name == "calendar" else Kind.MESSAGE
            return Reading(kind, taken.is_done, taken.note)
    return Reading(Kind.MESSAGE, is_done=False)


@transaction.atomic
def take_on(*, actor: User, inbound: InboundMessage, now: datetime) -> InboundMessage:
    """Make a message of the inbox one's own; raises ``NotAllowed`` and ``AlreadyDone``."""
    locked = _lock(actor, inbound)
    locked.owner = actor
    locked.save(update_fields=["owner"])
    audit(actor, "channels.inboundmessage.take_on", locked, at=now)
    return locked


@transaction.atomic
def finish(*, actor: User, inbound: InboundMessage, now: datetime) -> InboundMessage:
    """Put a message of the inbox away; raises ``NotAllowed`` and ``AlreadyDone``."""
    locked = _lock(actor, inbound)
    locked.owner = locked.owner or actor
    locked.state, locked.settled_at = State.DONE, now
    locked.save(update_fields=["owner", "state", "settled_at"])
    audit(actor, "channels.inboundmessage.finish", locked, at=now)
    return locked


@transaction.atomic
def answer(
    *, actor: User, inbound: InboundMessage, text: str, language: str, now: datetime
) -> None:
    """Answer a message of the inbox and put it away; raises ``NobodyToAnswer`` besides."""
    locked = _lock(actor, inbound)
    letter = read_letter(raw_of(locked))
    if "@" not in letter.sender:
        raise NobodyToAnswer
    is_answer = letter.subject.lower().startswith("re:")
    subject = letter.subject if is_answer else f"Re: {letter.subject}"
    post(
        Draft(
            key=uuid5(NAMESPACE, f"answer:{locked.pk}"), purpose="channels.answer",
            language=language, recipient=letter.sender, subject=" ".join(subject.split())[:300],
            text=text, actor=actor.pk,
        ),
        at=now,
    )  # fmt: skip
    audit(actor, "channels.inboundmessage.answer", locked, at=now)
    finish(actor=actor, inbound=locked, now=now)


@transaction.atomic
def forget_inbound(*, before: datetime) -> int:
    """Delete the words of what was done with before an instant; return how many there were."""
    old = InboundMessage.objects.filter(state=State.DONE, settled_at__lte=before)
    return old.exclude(sealed=b"").update(sealed=b"")


def _lock(actor: User, inbound: InboundMessage) -> InboundMessage:
    if not rules.can_answer(actor):
        raise NotAllowed
    locked = InboundMessage.objects.select_for_update().get(pk=inbound.pk)
    if locked.state == State.DONE:
        raise AlreadyDone
    return locked
