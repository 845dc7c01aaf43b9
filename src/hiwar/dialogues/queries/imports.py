"""What a file holds: which column says what, and what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from hiwar.common.imports import Problem
from hiwar.common.scripts import headings_in_languages
from hiwar.common.tables import Limits
from hiwar.common.vocabularies.lists import words_in
from hiwar.dialogues.models import FormCheck
from hiwar.dialogues.queries.messages import fold
from hiwar.places.queries.vocabularies import place_headings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from hiwar.common.imports.importers import Taking
    from hiwar.dialogues.models import Dialogue, MergeProposal, MessageInQueue

KIND = "dialogues.file"
FILE = "file"
LONGEST_VALUE = 60
LIMITS = Limits(rows=500_000, columns=1000, cell=10_000)
SHOWN_ROLES = {
    "statements": ("number", "text", "language", "theme"),
    "participants": ("registration", "channel", "sex", "age_band", "place", "room"),
    "votes": ("registration", "statement", "vote", "time"),
    "messages": ("time", "text"),
    "forms": ("form", "registration", "statement", "vote"),
    "recommendations": ("registration", "recommendation", "vote", "reason"),
}
TEXT_IN = _("statement (%(language)s)")
IN_LANGUAGE = "text_"
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


def problem(
    code: str, line: int = 0, column: str = "", value: str = "", detail: str = ""
) -> Problem:
    """Return what is wrong with a line, 0 for the whole file; `value` is never a contact."""
    return Problem(
        code,
        line,
        column=column,
        value=value[:LONGEST_VALUE],
        detail=detail,
        leaves_out=bool(line) and code not in HARMLESS,
        stops=code in BLOCKING,
        is_notice=code in HARMLESS,
    )


@dataclass(slots=True)
class Records:
    """The rows of a file by what their cells stand for.

    Attributes
    ----------
    rows : list of (int, mapping of str to str)
    title_of : mapping of str to str
        Column titles by what the column stands for.
    numbered : mapping of int to str
        Column titles by the number of the statement they hold answers to.
    used : set of int
        The columns of which something is taken.
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
    used: set[int] = field(default_factory=set)
    asked: dict[int, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)


def import_columns() -> Mapping[str, Any]:
    """Return, by kind of file, what its columns may be called."""
    columns: Mapping[str, Any] = words_in(COLUMNS_FILE)
    return columns


def _name(title: str) -> str:
    return fold(title).replace(" ", "-")


def heading_words(kind: str = "") -> dict[str, list[str]]:
    """Return what the columns of a kind of file may be called; of every kind without one."""
    plans = import_columns()
    words: dict[str, list[str]] = {}
    for name in [kind] if kind in plans else plans:
        for role, listed in _columns(name).items():
            words.setdefault(role, []).extend(listed)
    if "place" in words:
        words["place"] += place_headings()
    return words


def _columns(kind: str) -> dict[str, list[str]]:
    """Return what the columns of a kind of file may be called, with a text in each language."""
    shipped: dict[str, list[str]] = import_columns()[kind].get("columns", {})
    columns: dict[str, list[str]] = {}
    for role, listed in shipped.items():
        if not role.startswith(IN_LANGUAGE):
            columns[role] = listed
        if role == "text" and kind == "statements":
            for own, headings in headings_in_languages("text", TEXT_IN).items():
                columns[own] = [*shipped.get(own, ()), *headings]
    return columns


def shown_roles(kind: str) -> tuple[str, ...]:
    """Return what the rows of a kind of file are shown by before they come in."""
    return SHOWN_ROLES.get(kind, ())


def roles_of(kind: str) -> list[str]:
    """Return what the columns of a kind of file may stand for."""
    return list(_columns(kind))


def propose_mapping(kind: str, header: Sequence[str]) -> dict[int, str]:
    """Return a role for each column whose title is known; the first of several is taken."""
    mapping: dict[int, str] = {}
    for role, names in heading_words(kind).items():
        known = {_name(name) for name in names}
        at = next((at for at, title in enumerate(header)
                   if _name(title) in known and at not in mapping), None)  # fmt: skip
        if at is not None:
            mapping[at] = role
    return mapping


def guess_kind(header: Sequence[str]) -> str:
    """Return the kind of rows that headings fit best; empty when they fit none."""
    best, most = "", 0
    for kind, plan in import_columns().items():
        if "columns" not in plan:
            continue
        names = set(propose_mapping(kind, header).values())
        wide = "wide" in plan and any(re.fullmatch(plan["wide"], _name(t)) for t in header)
        wanted = plan.get("any_of", [])
        fits = set(plan["required"]) <= names and (
            not wanted or wide or bool(_plain_roles(names) & set(wanted))
        )  # fmt: skip
        if fits and len(names) + wide > most:
            best, most = kind, len(names) + wide
    return best


def _plain_roles(roles: Iterable[str]) -> set[str]:
    """Return what columns stand for, a text in one of the languages being a text."""
    return {"text" if role.startswith(IN_LANGUAGE) else role for role in roles}


def read_records(kind: str, taking: Taking, mapping: Mapping[int, str]) -> Records:
    """Return the rows by role, with what is wrong with the form of the file."""
    plan = import_columns()[kind]
    at = {role: column for column, role in mapping.items()}
    records = Records(title_of={role: taking.header[column] for role, column in at.items()})
    wide = dict(_numbered(plan, taking, mapping))
    records.numbered = {number: taking.header[column] for number, column in wide.items()}
    records.used = {*mapping, *wide.values()}
    title = records.title_of.get("registration", "")
    records.makes_newcomers = _name(title) in plan.get("newcomers", ())
    missing = [role for role in plan["required"] if role not in at]
    for role, others in plan.get("together", {}).items():
        missing += [other for other in others if role in at and other not in at]
    wanted = plan.get("any_of", [])
    if wanted and not (records.numbered if "wide" in wanted else None):
        missing += [] if set(wanted) & _plain_roles(at) else [wanted[0]]
    records.problems = [problem("missing_column", detail=role) for role in missing]
    records.problems += [problem("too_many_cells", line) for line in taking.ragged]
    if not missing:
        places = {**at, **{str(number): column for number, column in wide.items()}}
        ragged = set(taking.ragged)
        records.rows = [
            (line, {role: cells[i].strip() for role, i in places.items()})
            for line, cells in taking.rows
            if line not in ragged
        ]
    return records


def _numbered(
    plan: Mapping[str, Any], taking: Taking, mapping: Mapping[int, str]
) -> Iterator[tuple[int, int]]:
    """Yield the statement columns of a wide file; a long file has none."""
    if "wide" not in plan or "statement" in mapping.values():
        return
    for column, title in enumerate(taking.header):
        match = re.fullmatch(plan["wide"], _name(title))
        if match and column not in mapping:
            yield int(match[1]), column


def open_messages(dialogue: Dialogue) -> QuerySet[MessageInQueue]:
    """Return the messages that a person must read."""
    return dialogue.message_queue.filter(is_settled=False).order_by("pk")


def checks_of(dialogue: Dialogue) -> QuerySet[FormCheck]:
    """Return the paper forms that were drawn to be compared, those that wait first."""
    checks = FormCheck.objects.filter(dialogue=dialogue).select_related("run")
    return checks.order_by("result", "run__made_at", "form", "pk")


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
