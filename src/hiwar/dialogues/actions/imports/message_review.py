"""What a file leaves for people: messages to read, and forms to compare with the paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common import opt_outs
from hiwar.common.actions import audit
from hiwar.common.imports.content import journal_of
from hiwar.common.opt_outs import OptOut
from hiwar.common.refusals import Refused
from hiwar.dialogues import rules
from hiwar.dialogues.actions.votes import (
    REFUSALS,
    Act,
    InvalidVote,
    ParticipantBlocked,
    StatementNotOpen,
    upcoming_sequence,
    write_acts,
)
from hiwar.dialogues.models import FormCheck, MessageInQueue, Statement
from hiwar.dialogues.queries.messages import sender_of
from hiwar.dialogues.queries.snapshots import refusal_of

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.models import User


class SamePerson(Refused):
    """Who brought the forms in does not check them."""

    code = "same_person"
    message = _("Another person than the one who brought in the forms compares them.")


class FormUnknown(Refused):
    """The form is not among those to be compared, or was compared already."""

    code = "form_unknown"
    message = _("This form is not waiting to be compared.")


class MessageSettled(Refused):
    """Somebody else read the message meanwhile."""

    code = "message_settled"
    message = _("This message was read in the meantime.")


class SenderForgotten(Refused):
    """The telephone that sent the message is not kept any more."""

    code = "sender_forgotten"
    message = _("The number of the sender is not kept any more. Use the page of opt-outs.")


@transaction.atomic
def check_form(*, actor: User, check: FormCheck, is_same: bool, now: datetime) -> FormCheck:
    """Record whether a form that was drawn says on paper what was entered.

    Raises ``NotAllowed``, ``SamePerson`` and ``FormUnknown``.
    """
    _need_importer(actor)
    locked = FormCheck.objects.select_for_update(of=("self",)).select_related("run")
    form = locked.filter(pk=check.pk, result=FormCheck.Result.WAITS).first()
    if form is None:
        raise FormUnknown
    if form.run.made_by == actor.reference:
        raise SamePerson
    form.result = FormCheck.Result.SAME if is_same else FormCheck.Result.DIFFERS
    form.checked_by, form.checked_at = actor.reference, now
    form.save(update_fields=["result", "checked_by", "checked_at"])
    changed = {"form": form.form, "result": form.result}
    audit(actor, "dialogues.formcheck.compare", form, at=now, changed=changed)
    return form


@transaction.atomic
def settle_message(
    *,
    actor: User,
    message: MessageInQueue,
    now: datetime,
    number: int | None = None,
    choice: int | None = None,
    ends_messages: bool = False,
) -> MessageInQueue:
    """Say that a message was read: as a vote from the time it came, or as no vote at all.

    Either way it may say that its sender wants no more messages. Raises ``NotAllowed``,
    ``MessageSettled``, ``SenderForgotten`` and what a vote is refused with.
    """
    _need_importer(actor)
    locked = MessageInQueue.objects.select_for_update().filter(pk=message.pk).first()
    if locked is None or locked.is_settled:
        raise MessageSettled
    if number is not None:
        _vote(locked, number, choice, now)
    if ends_messages:
        _end_messages(actor, locked, now)
    locked.is_settled = True
    locked.text = locked.shown[:500]  # the details in it have served their purpose
    locked.sealed_sender = b""
    locked.save(update_fields=["is_settled", "text", "sealed_sender"])
    changed = {"as": "vote" if number is not None else "no vote", "ends_messages": ends_messages}
    audit(actor, "dialogues.messageinqueue.settle", locked, at=now, changed=changed)
    return locked


def _vote(message: MessageInQueue, number: int, choice: int | None, now: datetime) -> None:
    why = refusal_of(message.dialogue)
    if why:
        raise REFUSALS[why]
    person = message.participant
    if person is None or choice not in (-1, 0, 1):
        raise InvalidVote
    while person.merged_into is not None:
        person = person.merged_into
    if person.is_blocked:
        raise ParticipantBlocked
    statement = Statement.objects.filter(
        dialogue=message.dialogue, number=number, state=Statement.State.OPEN
    ).first()
    if statement is None:
        raise StatementNotOpen
    received = _received(message) or upcoming_sequence(person.pk, now)
    act = Act(person.pk, statement.pk, choice, False, received, "sms")
    with connection.cursor() as cursor:
        write_acts(getattr(cursor, "cursor", cursor), connection.vendor, [act])


def _end_messages(actor: User, message: MessageInQueue, now: datetime) -> None:
    sender = sender_of(message)
    if not sender:
        raise SenderForgotten
    opt_outs.opt_out(OptOut(opt_outs.PHONE, sender, opt_outs.WORD), at=now, actor=actor)


def _received(message: MessageInQueue) -> int:
    """Return the sequence a message came with; 0 for one that came by no file."""
    if message.run is not None and message.run.journal:
        for key, received in journal_of(message.run)["messages"]:
            if key == str(message.pk):
                return int(received)
    return 0


def _need_importer(actor: User) -> None:
    if not rules.can_import_file(actor):
        raise NotAllowed
