"""What a file holds: which column says what, and what is wrong with it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from hiwar.dialogues.queries.messages import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from hiwar.common.tables import Table
    from hiwar.dialogues.models import Dialogue, ImportBatch, MergeProposal, MessageInQueue

SHOWN = 200
COLUMNS_FILE = Path(__file__).parents[1] / "import_columns.json"

# What is wrong, and what to do about it.
PROBLEMS: dict[str, tuple[_StrPromise, _StrPromise]] = {
    "missing_column": (
        _("A needed column is missing."),
        _("Choose the column that holds it, or add it to the file."),
    ),
    "voting_not_open": (
        _("Voting is not open in this dialogue."),
        _("Open the round of voting, then bring in the file."),
    ),
    "dialogue_closed": (
        _("The dialogue is closed."),
        _("A closed dialogue takes no more files."),
    ),
    "nothing_to_load": (_("No row can be loaded."), _("Look at the problems below.")),
    "too_many_cells": (
        _("The row has more cells than there are headings."),
        _("Put text that holds the separator in quotation marks."),
    ),
    "cell_empty": (_("The cell is empty."), _("Fill it in, or take the row out.")),
    "registration_unknown": (
        _("Nobody is registered under this number."),
        _("Bring in the registrations first, or correct the number."),
    ),
    "registration_twice": (
        _("This registration is in the file more than once."),
        _("Keep one row of it."),
    ),
    "registration_there": (
        _("This registration is there already."),
        _("It is left as it is. Nothing needs to be done."),
    ),
    "room_unknown": (
        _("People do not vote in a room of this name or code."),
        _("Open voting in this room first, correct it, or leave the cell empty."),
    ),
    "person_blocked": (
        _("Votes of this person are not taken."),
        _("Nothing needs to be done, or allow them again first."),
    ),
    "statement_unknown": (
        _("No statement of this number is open for votes."),
        _("Correct the number, or open the statement first."),
    ),
    "statement_held": (
        _("A statement with a private detail, such as a telephone number."),
        _("It comes in and waits for review, masked."),
    ),
    "statement_there": (
        _("A statement of this number or with these words is there already."),
        _("It is left as it is. Nothing needs to be done."),
    ),
    "statement_too_long": (
        _("This is longer than 300 characters."),
        _("Shorten it to one idea."),
    ),
    "statement_rejected": (
        _("The file says that this statement was not accepted."),
        _("It is left out. Nothing needs to be done."),
    ),
    "answer_unknown": (
        _("This is no known answer."),
        _("Write agree, disagree or pass; on paper forms 1, 2 or 3."),
    ),
    "support_unknown": (_("This is no known answer."), _("Write support, abstain or object.")),
    "value_unknown": (
        _("This is not among the answers of this question."),
        _("Correct it, or leave the cell empty."),
    ),
    "time_unknown": (
        _("This is no day and time."),
        _("Write it as 2027-02-14 or 2027-02-14T14:08."),
    ),
    "number_unknown": (_("This is no number."), _("Write a whole number.")),
    "recommendation_unknown": (
        _("There is no recommendation of this name."),
        _("Add the recommendation first, or correct the name."),
    ),
    "same_day": (
        _(
            "On this day the person voted otherwise by another way; which vote is the later one is"
            " not known. The vote that is there stays."
        ),
        _("Ask the person, then enter the vote by hand."),
    ),
    "answer_unsaid": (
        _("What this answer means is not known."),
        _("Say below whether it agrees, disagrees, passes or is no answer."),
    ),
    "answers_many": (
        _("This column holds too many different answers to be a statement people voted on."),
        _("Leave the column out."),
    ),
    "title_twice": (
        _("Several columns have this heading."),
        _("Give each its own heading in the file, or leave them out."),
    ),
    "statement_closed": (
        _("A statement with these words is there and takes no votes."),
        _("The answers to it are left out. Open the statement first if they are to count."),
    ),
    "form_twice": (_("This form is in the file more than once."), _("Keep one row of it.")),
}
BLOCKING = frozenset(
    ["missing_column", "voting_not_open", "dialogue_closed", "nothing_to_load",
     "answer_unsaid", "answers_many", "title_twice"]
)  # fmt: skip
HARMLESS = frozenset(
    ["registration_there", "statement_there", "statement_rejected", "statement_held"]
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Where something is wrong, what it is, and what to do; `value` is never a contact."""

    code: str
    line: int | None = None
    column: str = ""
    value: str = ""

    @property
    def what(self) -> str:
        """What is wrong, in the reader's language."""
        return str(PROBLEMS[self.code][0])

    @property
    def remedy(self) -> str:
        """What to do about it, in the reader's language."""
        return str(PROBLEMS[self.code][1])

    @property
    def is_blocking(self) -> bool:
        """Whether nothing of the file can be loaded because of this."""
        return self.code in BLOCKING


@dataclass(slots=True)
class Records:
    """The rows of a file by what their cells stand for.

    Attributes
    ----------
    rows : list of (int, mapping of str to str)
    numbered : mapping of int to str
        Column titles by the number of the statement they hold answers to.
    asked : mapping of int to str
        Of a survey sheet: statements that stand as titles, by column.
    answers : mapping of str to str
        Of a survey sheet: what each answer means, the most frequent first.
    """

    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    numbered: dict[int, str] = field(default_factory=dict)
    title_of: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    makes_newcomers: bool = False
    asked: dict[int, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)


@cache
def import_columns() -> Mapping[str, Any]:
    """Return, by kind of file, what its columns may be called."""
    data: dict[str, Any] = json.loads(COLUMNS_FILE.read_text("utf-8"))
    return data


def _name(title: str) -> str:
    return fold(title).replace(" ", "-")


def heading_words(kind: str = "") -> dict[str, list[str]]:
    """Return what the columns of a kind of file may be called; of every kind without one."""
    plans = import_columns()
    words: dict[str, list[str]] = {}
    for name in [kind] if kind in plans else plans:
        for role, listed in plans[name].get("columns", {}).items():
            words.setdefault(role, []).extend(listed)
    return words


def roles_of(kind: str) -> list[str]:
    """Return what the columns of a kind of file may stand for."""
    return list(import_columns()[kind]["columns"])


def propose_mapping(kind: str, header: Sequence[str]) -> dict[str, str]:
    """Return a role for each column title that is known; the first of several is taken."""
    plan = import_columns()[kind]
    mapping: dict[str, str] = {}
    for role, names in plan["columns"].items():
        known = {_name(name) for name in names}
        title = next((t for t in header if _name(t) in known and t not in mapping), None)
        if title is not None:
            mapping[title] = role
    return mapping


def guess_kind(header: Sequence[str]) -> str:
    """Return the kind of file that its headings fit best; empty when they fit none."""
    best, most = "", 0
    for kind, plan in import_columns().items():
        if "columns" not in plan:
            continue
        names = set(propose_mapping(kind, header).values())
        wide = "wide" in plan and any(re.fullmatch(plan["wide"], _name(t)) for t in header)
        wanted = plan.get("any_of", [])
        fits = set(plan["required"]) <= names and (
            not wanted or wide or bool(names & set(wanted))
        )  # fmt: skip
        if fits and len(names) + wide > most:
            best, most = kind, len(names) + wide
    return best


def read_records(kind: str, sheet: Table, mapping: Mapping[str, str]) -> Records:
    """Return the rows by role, with what is wrong with the form of the file."""
    plan = import_columns()[kind]
    at = {role: sheet.header.index(title) for title, role in mapping.items()}
    records = Records(title_of={role: title for title, role in mapping.items()})
    records.numbered = dict(_numbered(plan, sheet, mapping))
    records.makes_newcomers = any(
        _name(title) in plan.get("newcomers", ()) for title, role in mapping.items()
        if role == "registration"
    )  # fmt: skip
    missing = [role for role in plan["required"] if role not in at]
    for role, others in plan.get("together", {}).items():
        missing += [other for other in others if role in at and other not in at]
    wanted = plan.get("any_of", [])
    if wanted and not (records.numbered if "wide" in wanted else None):
        missing += [] if set(wanted) & set(at) else [wanted[0]]
    records.problems = [Problem("missing_column", None, role) for role in missing]
    records.problems += [Problem("too_many_cells", line) for line in sheet.ragged]
    if not missing:
        wide = {str(number): sheet.header.index(t) for number, t in records.numbered.items()}
        places = {**at, **wide}
        ragged = set(sheet.ragged)
        records.rows = [
            (line, {role: cells[i].strip() for role, i in places.items()})
            for line, cells in sheet.rows
            if line not in ragged
        ]
    return records


def _numbered(
    plan: Mapping[str, Any], sheet: Table, mapping: Mapping[str, str]
) -> Iterator[tuple[int, str]]:
    """Yield the statement columns of a wide file; a long file has none."""
    if "wide" not in plan or "statement" in mapping.values():
        return
    for title in sheet.header:
        match = re.fullmatch(plan["wide"], _name(title))
        if match and title not in mapping:
            yield int(match[1]), title


def imports_of(dialogue: Dialogue) -> QuerySet[ImportBatch]:
    """Return the files of a dialogue without their content, the newest first."""
    return (
        dialogue.imports.defer("content", "before")
        .select_related("made_by")
        .order_by("-made_at", "pk")
    )


def problems_of(batch: ImportBatch) -> list[Problem]:
    """Return what is wrong with a file: first what stops it, then in the order of its lines."""
    problems = [Problem(**entry) for entry in batch.problems]
    return sorted(
        problems,
        key=lambda problem: (not problem.is_blocking, problem.code in HARMLESS, problem.line or 0),
    )


def open_messages(dialogue: Dialogue) -> QuerySet[MessageInQueue]:
    """Return the messages that a person must read."""
    return dialogue.message_queue.filter(is_settled=False).order_by("pk")


def open_proposals(dialogue: Dialogue) -> QuerySet[MergeProposal]:
    """Return the pairs of registrations that may be one person."""
    merge_proposals = dialogue.merge_proposals.filter(state="proposed")
    return merge_proposals.select_related("kept", "other").order_by("kept__registration", "pk")


def settled_proposals(dialogue: Dialogue) -> QuerySet[MergeProposal]:
    """Return the pairs that somebody joined or kept apart."""
    merge_proposals = dialogue.merge_proposals.filter(state__in=("accepted", "refused"))
    return merge_proposals.select_related("kept", "other").order_by(
        "state", "kept__registration", "pk"
    )
