"""What a file leaves for people: messages to read, and forms to compare with the paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from hiwar.common.actions import audit
from hiwar.common.refusals import Refused
from hiwar.dialogues.actions.imports.steps import ImportSettled, locked_import, need_importer
from hiwar.dialogues.actions.imports.writing import written
from hiwar.dialogues.actions.votes import (
    REFUSALS,
    Act,
    InvalidVote,
    ParticipantBlocked,
    StatementNotOpen,
    upcoming_sequence,
    write_acts,
)
from hiwar.dialogues.models import ImportBatch, MessageInQueue, Statement
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


@transaction.atomic
def check_form(
    *, actor: User, batch: ImportBatch, form: str, is_same: bool, now: datetime
) -> ImportBatch:
    """Record whether a form that was drawn says on paper what was entered.

    Raises ``NotAllowed``, ``ImportSettled``, ``SamePerson`` and ``FormUnknown``.
    """
    need_importer(actor)
    locked = locked_import(batch, ImportBatch.State.DONE)
    if locked.made_by_id == actor.pk:
        raise SamePerson
    drawn = locked.counts.get("checks", [])
    entry = next(
        (candidate for candidate in drawn if candidate["form"] == form and not candidate["result"]),
        None,
    )
    if entry is None:
        raise FormUnknown
    entry["result"] = "same" if is_same else "differs"
    entry["by"], entry["at"] = actor.reference, now.isoformat()
    locked.save(update_fields=["counts"])
    changed = {"form": form, "result": entry["result"]}
    audit(actor, "dialogues.importbatch.check", locked, at=now, changed=changed)
    return locked


@transaction.atomic
def settle_message(
    *,
    actor: User,
    message: MessageInQueue,
    now: datetime,
    number: int | None = None,
    choice: int | None = None,
) -> MessageInQueue:
    """Say that a message was read: as a vote from the time it came, or as no vote at all.

    Raises ``NotAllowed``, ``ImportSettled`` and what a vote is refused with.
    """
    need_importer(actor)
    locked = MessageInQueue.objects.select_for_update().filter(pk=message.pk).first()
    if locked is None or locked.is_settled:
        raise ImportSettled
    if number is not None:
        _vote(locked, number, choice, now)
    locked.is_settled = True
    locked.text = locked.shown[:500]  # the details in it have served their purpose
    locked.save(update_fields=["is_settled", "text"])
    changed = {"as": "vote" if number is not None else "no vote"}
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


def _received(message: MessageInQueue) -> int:
    """Return the sequence a message came with; 0 for one that came by no file."""
    if message.batch is not None and message.batch.before is not None:
        for key, received in written(message.batch)["messages"]:
            if key == str(message.pk):
                return int(received)
    return 0
