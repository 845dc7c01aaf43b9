"""Taking a file back as one step: what it replaced is as it was, byte for byte."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hiwar.common.imports.content import journal_of
from hiwar.common.models import ImportRun
from hiwar.common.refusals import Refused
from hiwar.dialogues.actions.imports.steps import lock_dialogue
from hiwar.dialogues.actions.imports.writing import BULK, OLD_VOTE, votes_there
from hiwar.dialogues.models import (
    FormCheck,
    MergeProposal,
    MessageInQueue,
    Participant,
    Statement,
    Support,
    ToldAddress,
    Vote,
)
from hiwar.dialogues.queries.imports import KIND


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


def undo_file(*, run: ImportRun, journal: dict[str, Any], **_step: object) -> None:
    """Take back a file; votes that were given later by any way stay.

    So does what a sender said about messages: no mistake of ours makes it unsaid.

    Raises ``LaterStepFirst``, ``MergeFirst`` and ``InUse``.
    """
    lock_dialogue(run)
    done = journal
    _refuse_later_steps(run, done)
    _refuse_later_merges(run, done)
    _restore_votes(done)
    _restore_support(done)
    _restore_people(done)
    MessageInQueue.objects.filter(run=run).delete()
    FormCheck.objects.filter(run=run).delete()
    _remove_new(done)


def _people_of(done: dict[str, Any]) -> set[int]:
    named = {row[0] for row in done["votes"]} | {row[0] for row in done["touched"]}
    named |= {row[0] for row in done.get("seats", ())}
    return named | {row[1] for row in done["support"]} | set(done["people"])


def _refuse_later_steps(run: ImportRun, done: dict[str, Any]) -> None:
    slots = {(row[0], row[1]) for row in done["votes"]}
    answers = {(row[0], row[1]) for row in done["support"]}
    touched = {row[0] for row in done["touched"]}
    people, statements = set(done["people"]), set(done["statements"])
    later = ImportRun.objects.filter(
        kind=KIND, subject=run.subject, state=ImportRun.State.DONE, done_at__gte=run.done_at
    )
    for other in later.exclude(pk=run.pk).exclude(journal=b"").order_by("-done_at", "pk"):
        then = journal_of(other)
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


def _refuse_later_merges(run: ImportRun, done: dict[str, Any]) -> None:
    accepted = MergeProposal.objects.filter(
        dialogue=run.subject, state=MergeProposal.State.ACCEPTED
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
        there = Participant.objects.filter(pk=key, last_channel=is_now[0])
        there.update(last_channel=was[0])
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
    told_addresses = done.get("told", [])
    for at in range(0, len(told_addresses), BULK):
        ToldAddress.objects.filter(pk__in=told_addresses[at : at + BULK]).delete()
