"""A file as the one desk of files takes it: what it holds, what it would do, written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from hiwar.common import imports
from hiwar.common.imports.plans import KNOWN, LEFT_OUT, NEW, SHOWN_ROWS, left_columns
from hiwar.common.personal.details import masked
from hiwar.common.refusals import Refused
from hiwar.dialogues.actions.imports import people, votes
from hiwar.dialogues.actions.imports.plans import Known, Plan
from hiwar.dialogues.actions.imports.writing import write_plan
from hiwar.dialogues.actions.telling import keeps_addresses
from hiwar.dialogues.models import Dialogue, Statement
from hiwar.dialogues.queries.imports import (
    FILE,
    Records,
    guess_kind,
    propose_mapping,
    read_records,
    shown_roles,
)
from hiwar.dialogues.queries.snapshots import refusal_of
from hiwar.dialogues.queries.surveys import (
    are_sentences,
    is_survey,
    propose_survey,
    read_survey,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from django.db.models import QuerySet

    from hiwar.common.imports.importers import Source, Taking
    from hiwar.common.models import ImportRun

PLANS: dict[str, Callable[[Known, Records, Plan, datetime], None]] = {
    "statements": people.plan_statements,
    "participants": people.plan_people,
    "votes": votes.plan_votes,
    "messages": votes.plan_messages,
    "forms": votes.plan_forms,
    "recommendations": votes.plan_recommendations,
}
ALWAYS = ("rows", "loaded", "wrong")


class KindUnknown(Refused):
    """The headings fit no kind of file."""

    code = "kind_unknown"
    message = _("What is in this file cannot be told from its headings. Say what it holds.")


def settle_kind(options: Mapping[str, str], files: Mapping[str, Taking]) -> dict[str, str]:
    """Return the options with the kind of rows, as a person asked or as it is told from the file.

    Raises ``KindUnknown``.
    """
    asked = options.get("asked", options.get("kind", ""))
    kind, _mapping = _proposed(files[FILE], asked)
    if kind not in PLANS:
        raise KindUnknown
    return {**options, "asked": asked, "kind": kind}


def propose_columns(options: Mapping[str, str], taking: Taking) -> dict[str, str]:
    """Return what the columns of a file seem to stand for, by column number."""
    _kind, mapping = _proposed(taking, options.get("asked") or options["kind"])
    return {str(at): role for at, role in mapping.items()}


def _proposed(taking: Taking, kind: str) -> tuple[str, dict[int, str]]:
    """Return the kind of a file, as said or told from its headings, and its columns' meanings.

    Where no heading says that it holds votes, its cells may: statements stand as headings then.
    """
    known = kind or guess_kind(taking.header)
    mapping = propose_mapping(known, taking.header) if known in PLANS else {}
    has_votes = known == "votes" and not read_records(known, taking, mapping).problems
    survey = propose_survey(taking) if kind in ("", "votes") and not has_votes else {}
    # A list of registrations has columns of few answers too, but its headings are no sentences.
    is_sure = known in ("", "votes") or are_sentences(taking, survey)
    return ("votes", survey) if survey and is_sure else (known, mapping)


def lock_dialogue(run: ImportRun) -> None:
    """Hold the dialogue of a file, so that no round closes between its plan and its votes."""
    dialogue_of(run, Dialogue.objects.select_for_update(no_key=True))


def dialogue_of(run: ImportRun, dialogues: QuerySet[Dialogue] | None = None) -> Dialogue:
    """Return the dialogue into which a file goes."""
    assert run.subject is not None  # noqa: S101 -- files of dialogues belong to one
    return (Dialogue.objects.all() if dialogues is None else dialogues).get(pk=run.subject)


def plan_file(source: Source) -> imports.Plan:
    """Work out what a file would do; nothing is written."""
    taking, kind = source.files[FILE], source.run.options["kind"]
    mapping = {int(at): role for at, role in taking.mapping.items()}
    records = (
        read_survey(taking, mapping) if is_survey(mapping) else read_records(kind, taking, mapping)
    )
    dialogue = dialogue_of(source.run, Dialogue.objects.select_related("calendar"))
    is_told = source.run.options.get("to_be_told") == "yes" and keeps_addresses(dialogue)
    plan = plan_import(kind, dialogue, records, source.now, is_told=is_told)
    used = {str(at): "used" for at in records.used}
    return imports.Plan(
        rows=list(_shown(kind, records, plan)),
        problems=plan.problems,
        not_taken=left_columns(taking.header, taking.rows, used),
        counts={name: n for name, n in plan.counts.items() if n or name in ALWAYS},
        answers=records.answers,
        data=plan,
    )


def plan_import(
    kind: str, dialogue: Dialogue, records: Records, now: datetime, *, is_told: bool = False
) -> Plan:
    """Return what rows would do, with what is wrong with them.

    With `is_told` the people agreed that their addresses are kept, to tell them in the end.
    """
    plan = Plan(problems=list(records.problems), keeps_addresses=is_told)
    stop = _refusal(kind, dialogue)
    if stop:
        plan.wrong(stop, None)
    if not plan.is_stopped:
        known = Known(dialogue)
        PLANS[kind](known, records, plan, now)
        plan.settle(known)
    _count(records, plan)
    if not plan.counts["loaded"] and not plan.is_stopped:
        plan.wrong("nothing_to_load", None)
    return plan


def _count(records: Records, plan: Plan) -> None:
    wrong = plan.lines_with(harmless=False)
    skipped = plan.lines_with(harmless=True) - wrong
    kept = sum(line not in wrong | skipped for line, _cells in records.rows)
    plan.counts["rows"] = len(records.rows)
    plan.counts["wrong"] = len(wrong)
    plan.counts["skipped"] = len(skipped)
    plan.counts["loaded"] = 0 if plan.is_stopped else kept


def _refusal(kind: str, dialogue: Dialogue) -> str:
    """Return what stops every row: votes of a file follow the rule of every channel."""
    if dialogue.state == Dialogue.State.CLOSED:
        return "dialogue_closed"
    if kind in ("votes", "messages", "forms") and refusal_of(dialogue):
        return "voting_not_open"
    return ""


def _shown(kind: str, records: Records, plan: Plan) -> Iterator[imports.ShownRow]:
    """Yield the first rows as they will be: never a contact, and never a vote that was there."""
    wrong = plan.lines_with(harmless=False)
    skipped = plan.lines_with(harmless=True) - wrong
    for line, cells in records.rows[:SHOWN_ROWS]:
        outcome = LEFT_OUT if line in wrong else KNOWN if line in skipped else NEW
        row = tuple(_cell(role, cells, records) for role in shown_roles(kind))
        yield imports.ShownRow(line, outcome, row)


def _cell(role: str, cells: Mapping[str, str], records: Records) -> str:
    wide = [cells[str(key)] for key in (records.numbered or records.asked)]
    if wide and role == "statement":
        return " · ".join(str(number) for number in records.numbered) or "–"
    if wide and role == "vote":
        return " · ".join(cell or "–" for cell in wide)[:100]
    if role == "text":
        words = next((cells[name] for name in cells if name.startswith("text") and cells[name]), "")
        is_ours = cells.get("source", "").casefold() == Statement.Source.SEED
        return words if is_ours else masked(words)
    return cells.get(role, "")


def apply_file(*, source: Source, plan: imports.Plan) -> dict[str, Any]:
    """Write what was planned; return what undoing needs."""
    dialogue = dialogue_of(source.run)
    assert isinstance(plan.data, Plan)  # noqa: S101 -- made by `plan_file`
    return write_plan(source.run, dialogue, plan.data, source.now)
