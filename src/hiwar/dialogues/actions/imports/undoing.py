"""Taking a file back as one step: what it replaced is as it was, byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hiwar.common.actions import audit
from hiwar.common.refusals import Refused
from hiwar.dialogues.actions.imports.steps import ImportSettled, locked_import, need_importer
from hiwar.dialogues.actions.imports.writing import BULK, OLD_VOTE, votes_there, written
from hiwar.dialogues.models import (
    Dialogue,
    ImportBatch,
    MergeProposal,
    MessageInQueue,
    Participant,
    Statement,
    Support,
    Vote,
)

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.models import User


class LaterStepFirst(Refused):
    """A later file touched the same things."""

    code = "later_step_first"
    message = _("A later file builds on this one. Undo that one first.")


class MergeFirst(Refused):
    """Registrations were joined since."""

    code = "merge_first"
    message = _("People of this file were joined with others since. Take them apart first.")


class InUse(Refused):
    """People or statements of the file have votes of their own since."""

    code = "in_use"
    message = _("People have voted since with what this file brought. It can no longer be undone.")


@transaction.atomic
def undo_import(*, actor: User, batch: ImportBatch, now: datetime) -> ImportBatch:
    """Take back a file; votes that were given later by any way stay.

    Raises ``NotAllowed``, ``ImportSettled``, ``LaterStepFirst``, ``MergeFirst`` and ``InUse``.
    """
    need_importer(actor)
    Dialogue.objects.select_for_update(no_key=True).get(pk=batch.dialogue_id)
    locked = locked_import(batch, ImportBatch.State.DONE)
    if locked.before is None:  # somebody of the file was erased
        raise ImportSettled
    done = written(locked)
    _refuse_later_steps(locked, done)
    _refuse_later_merges(locked, done)
    _restore_votes(done)
    _restore_support(done)
    _restore_people(done)
    MessageInQueue.objects.filter(batch=locked).delete()
    _remove_new(done)
    locked.state, locked.before = ImportBatch.State.UNDONE, None
    locked.counts = {key: value for key, value in locked.counts.items() if key != "checks"}
    locked.save(update_fields=["state", "before", "counts"])
    audit(actor, "dialogues.importbatch.undo", locked, at=now, changed={"kind": locked.kind})
    return locked


def _people_of(done: dict[str, Any]) -> set[int]:
    named = {row[0] for row in done["votes"]} | {row[0] for row in done["touched"]}
    named |= {row[0] for row in done.get("seats", ())}
    return named | {row[1] for row in done["support"]} | set(done["people"])


def _refuse_later_steps(batch: ImportBatch, done: dict[str, Any]) -> None:
    slots = {(row[0], row[1]) for row in done["votes"]}
    answers = {(row[0], row[1]) for row in done["support"]}
    touched = {row[0] for row in done["touched"]}
    people, statements = set(done["people"]), set(done["statements"])
    later = batch.dialogue.imports.filter(state=ImportBatch.State.DONE, done_at__gte=batch.done_at)
    for other in later.exclude(pk=batch.pk).order_by("-done_at", "pk"):
        then = written(other)
        if then["order"] < done["order"]:
            continue
        if (
            slots & {(row[0], row[1]) for row in then["votes"]}
            or answers & {(row[0], row[1]) for row in then["support"]}
            or touched & {row[0] for row in then["touched"]}
            or people & _people_of(then)
            or statements & {row[1] for row in then["votes"]}
        ):
            raise LaterStepFirst


def _refuse_later_merges(batch: ImportBatch, done: dict[str, Any]) -> None:
    accepted = MergeProposal.objects.filter(
        dialogue=batch.dialogue, state=MergeProposal.State.ACCEPTED
    ).exclude(pk__in=done["merges"])
    people = _people_of(done)
    pairs = accepted.order_by("pk").values_list("kept_id", "other_id")
    if any(kept in people or other in people for kept, other in pairs):
        raise MergeFirst


def _restore_votes(done: dict[str, Any]) -> None:
    """Put back what was there, where what was written still stands."""
    there = votes_there(row[0] for row in done["votes"])
    gone: list[int] = []
    back: list[Vote] = []
    for participant, statement, sequence, old in done["votes"]:
        current = there.get((participant, statement))
        if current is None or current[-1] != sequence:
            continue
        if old is None:
            gone.append(current[0])
        else:
            slot = {"participant_id": participant, "statement_id": statement}
            stood = dict(zip(OLD_VOTE, old, strict=True)) | {"pk": current[0]}
            back.append(Vote(**slot, **stood))
    for at in range(0, len(gone), BULK):
        Vote.objects.filter(pk__in=gone[at : at + BULK]).delete()
    Vote.objects.bulk_update(back, [name for name in OLD_VOTE if name != "pk"], batch_size=BULK)


def _restore_support(done: dict[str, Any]) -> None:
    for recommendation, participant, choice, reason, old in done["support"]:
        answer = Support.objects.filter(
            recommendation=recommendation,
            participant=participant,
            choice=choice,
            reason=reason,
            sequence=0,
        )
        if old is None:
            answer.delete()
        else:
            answer.update(choice=old[0], reason=old[1])


def _restore_people(done: dict[str, Any]) -> None:
    for key, was, is_now in done["touched"]:
        there = Participant.objects.filter(pk=key, last_channel=is_now[0], has_opted_out=is_now[1])
        there.update(last_channel=was[0], has_opted_out=was[1])
    for key, room in done.get("seats", ()):
        Participant.objects.filter(pk=key, room=room).update(room=None)


def _remove_new(done: dict[str, Any]) -> None:
    """Remove people and statements of the file. Raises ``InUse`` when somebody used them since."""
    people, statements = done["people"], done["statements"]
    if Vote.objects.filter(Q(participant__in=people) | Q(statement__in=statements)).exists():
        raise InUse
    if (
        Statement.objects.filter(Q(author__in=people) | Q(derived_from__in=statements)).exists()
        or Support.objects.filter(participant__in=people).exists()
    ):
        raise InUse
    Statement.objects.filter(pk__in=statements).delete()
    Participant.objects.filter(pk__in=people).delete()
