"""Letters to posts: drafted, numbered at issue, handed to the outbox or carried by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.asks import rules
from hiwar.asks.actions.answer_links import make_answer_link
from hiwar.asks.actions.points import ChangedLater, change_state
from hiwar.asks.models import Addressee, Delivery, Letter, LetterAddressee
from hiwar.asks.queries.letters import ANSWER, addressee_of, frame_of, has_left
from hiwar.common import dates
from hiwar.common.actions import audit
from hiwar.common.links.purposes import address
from hiwar.common.links.queries import PLACEHOLDER
from hiwar.common.numbering import LETTERS, take_number, written
from hiwar.common.post import NEVER_SENT, Draft, Purpose, post
from hiwar.common.refusals import Refused
from hiwar.contacts.queries.holders import holder_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from hiwar.accounts.models import User
    from hiwar.common.post import Asked

    Compose = Callable[[Letter, str, str], tuple[str, str]]

ASK = Purpose("asks.letter", pgettext_lazy("purpose", "letter with an ask"))
State = Addressee.State


class NotApprovedYet(Refused):
    """A letter carries what was approved."""

    code = "letter_not_approved"
    message = _("The ask is not approved for this post yet. A letter is written after that.")


class LetterIssued(Refused):
    """What left stays as it left."""

    code = "letter_issued"
    message = _("This letter has its number and is not changed any more. Write another one.")


class HolderChanged(Refused):
    """Nobody who left a post is written to."""

    code = "holder_changed"
    message = _("Another person holds this post now: %(name)s. Look at the letter again.")

    def __init__(self, name: str) -> None:
        super().__init__(self.message % {"name": name or gettext("nobody")})


class TextMissing(Refused):
    """A letter says the same in each of its languages."""

    code = "letter_text_missing"
    message = _("The letter lacks its subject or its text in one of its languages.")


@transaction.atomic
def draft_letter(
    *,
    actor: User,
    addressee: Addressee,
    subject: Mapping[str, str],
    body: Mapping[str, str],
    now: datetime,
    letter: Letter | None = None,
    copies: str = "",
    annexes: str = "",
) -> Letter:
    """Write a letter that carries an ask to its addressee, or change one that is a draft.

    Its languages are those of its text. It has no number before it is issued. Raises
    ``NotAllowed``, ``NotApprovedYet``, ``LetterIssued``, ``TextMissing``, ``ValidationError``.
    """
    if not rules.can_record_position(actor, addressee.ask):
        raise NotAllowed
    if addressee.state == State.DRAFTED:
        raise NotApprovedYet
    languages = [code for code, text in body.items() if text.strip()]
    if not languages or any(not subject.get(code, "").strip() for code in languages):
        raise TextMissing
    kept = Letter.objects.select_for_update().get(pk=letter.pk) if letter is not None else Letter()
    if kept.issued_at is not None:
        raise LetterIssued
    kept.post, kept.subject, kept.body = addressee.post, subject, body
    kept.languages, kept.copies, kept.annexes = languages, copies.strip(), annexes.strip()
    kept.holder = holder_of(addressee.post, dates.local_day(now))
    kept.drafted_by, kept.drafted_at = actor, now
    kept.full_clean()
    kept.save()
    LetterAddressee.objects.get_or_create(letter=kept, addressee=addressee)
    audit(actor, "asks.letter.draft", addressee.ask, at=now, changed={"letter": str(kept.pk)})
    return kept


@transaction.atomic
def issue_letter(
    *,
    actor: User,
    letter: Letter,
    way: str,
    language: str,
    compose: Compose,
    now: datetime,
    recipient: str = "",
) -> tuple[Letter, str]:
    """Give a letter its number and freeze it; put it into the outbox, or let it be carried.

    Return it with the address of its private link, which is known from here alone. ``compose``
    writes subject and text in a language for the outbox. Raises ``NotAllowed``,
    ``LetterIssued``, ``HolderChanged``, ``TextMissing`` and ``ValidationError``.
    """
    locked = Letter.objects.select_for_update(of=("self",)).select_related("post").get(pk=letter.pk)
    addressee, today = addressee_of(locked), dates.local_day(now)
    if not rules.can_approve_ask(actor, addressee.ask):
        raise NotAllowed
    if locked.issued_at is not None:
        raise LetterIssued
    if has_left(locked, today):
        holder = holder_of(locked.post, today)
        raise HolderChanged(str(holder) if holder is not None else "")
    if language not in locked.languages:
        raise TextMissing
    for part, texts in frame_of(locked, actor, today).items():
        setattr(locked, part, texts)
    locked.number = take_number(series=LETTERS.code, now=now)
    locked.dated_on, locked.issued_at, locked.issued_by = today, now, actor
    locked.full_clean()
    locked.save()
    _link, token = make_answer_link(
        actor=actor, addressee=addressee, letter=locked, language=language, now=now
    )
    delivery = Delivery(
        letter=locked, way=way, language=language, handed_on=today, recorded_by=actor,
        recipient=recipient if way == Delivery.Way.MAIL else "",
        state=Delivery.State.WAITING if way == Delivery.Way.MAIL else Delivery.State.SENT,
    )  # fmt: skip
    delivery.full_clean()
    delivery.save()
    if way == Delivery.Way.MAIL:
        subject, text = compose(locked, language, PLACEHOLDER)
        post(
            Draft(
                key=delivery.pk, purpose=ASK.code, language=language, recipient=recipient,
                subject=subject, text=text, secrets={PLACEHOLDER: address(ANSWER, token)},
                person=locked.holder_id, actor=actor.pk,
            ),
            at=now,
        )  # fmt: skip
    if addressee.state in {State.APPROVED, State.RETURNED}:
        change_state(addressee, State.SENT, actor=actor, now=now, source=written(locked.number))
    audit(actor, "asks.letter.issue", addressee.ask, at=now, changed={
        "letter": str(locked.pk), "number": ["", written(locked.number)],
    })  # fmt: skip
    return locked, address(ANSWER, token)


@transaction.atomic
def record_receipt(
    *,
    actor: User,
    delivery: Delivery,
    received_on: date,
    received_by: str,
    their_stamp: str,
    now: datetime,
    is_acknowledged: bool = False,
) -> Delivery:
    """Record that a letter was received, by whom and under which number of theirs.

    Raises ``NotAllowed``, ``ReceiptMissing`` and ``ChangedLater``.
    """
    locked = Delivery.objects.select_for_update(of=("self",)).select_related("letter").get(
        pk=delivery.pk
    )  # fmt: skip
    addressee = addressee_of(locked.letter)
    if not rules.can_record_position(actor, addressee.ask):
        raise NotAllowed
    if not received_by.strip() and not their_stamp.strip():
        raise ReceiptMissing
    if received_on > dates.local_day(now):
        raise ChangedLater
    state = Delivery.State.ACKNOWLEDGED if is_acknowledged else Delivery.State.DELIVERED
    locked.state, locked.received_on = state, received_on
    locked.received_by, locked.their_stamp = received_by.strip()[:200], their_stamp.strip()[:60]
    locked.save()
    reached = State.ACKNOWLEDGED if is_acknowledged else State.DELIVERED
    if addressee.state in {State.SENT, State.DELIVERED}:
        change_state(addressee, reached, actor=actor, now=now, day=received_on,
                     source=locked.their_stamp)  # fmt: skip
    audit(actor, "asks.letter.receive", addressee.ask, at=now, changed={"state": ["", state]})
    return locked


class ReceiptMissing(Refused):
    """Delivered means that somebody received it."""

    code = "receipt_missing"
    message = _("Say who received it, or the number of their stamp: without it nothing arrived.")


@transaction.atomic
def record_message_state(*, key: UUID, state: str, now: datetime) -> None:
    """Keep what became of a letter in the outbox; a letter that came back is told of."""
    delivery = (
        Delivery.objects.select_for_update(of=("self",)).select_related("letter").filter(pk=key)
    ).first()
    if delivery is None or delivery.received_on is not None:
        return
    if state in {"handed_over", "delivered"}:
        delivery.state = Delivery.State.SENT
    elif state in NEVER_SENT:
        delivery.state = Delivery.State.FAILED
        addressee = addressee_of(delivery.letter)
        if addressee.state == State.SENT:
            change_state(addressee, State.RETURNED, actor=None, now=now, source=state)
    delivery.save(update_fields=["state"])


def hear_message_state(key: UUID, state: str, _why: str, at: datetime) -> None:
    """Hear from the outbox what became of a letter."""
    record_message_state(key=key, state=state, now=at)


def refuses(asked: Sequence[Asked]) -> dict[UUID, str]:
    """Return why letters are not to leave: who they are written to has left the post."""
    at_by_key = {each.key: each.at for each in asked if each.purpose.code == ASK.code}
    if not at_by_key:
        return {}
    deliveries = Delivery.objects.select_related("letter__post").filter(pk__in=list(at_by_key))
    return {
        delivery.pk: gettext("another person holds this post now")
        for delivery in deliveries.order_by("pk")
        if has_left(delivery.letter, dates.local_day(at_by_key[delivery.pk]))
    }
