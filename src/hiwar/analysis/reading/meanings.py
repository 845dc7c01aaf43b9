"""What columns and answers of one file stand for, where somebody says so: the file of --map."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hiwar.analysis.reading import values
from hiwar.analysis.reading.answers import MEANINGS, MISSING, answer, folded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hiwar.analysis.problems import Problems
    from hiwar.analysis.reading.source import Source
    from hiwar.analysis.reading.tables import Roles

ROLES = ("participant", "statement", "vote", "time", "ignore")
_KINDS = {"column": "column", "answer": "answer", "عمود": "column", "جواب": "answer"}
_WORDS = {
    "مشارك": "participant", "رأي": "statement", "صوت": "vote", "وقت": "time", "تجاهل": "ignore",
}  # fmt: skip


@dataclass(frozen=True)
class Meanings:
    """Roles by folded title, and 1, 0, -1 or `MISSING` by folded answer."""

    columns: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, int] = field(default_factory=dict)

    def vote(self, cell: str) -> int | None:
        """Return 1, 0, -1, `MISSING` for an empty cell, or None for what nobody knows."""
        if self.answers:
            meaning = self.answers.get(_answer_key(cell))
            if meaning is not None:
                return meaning
        if not cell.strip():
            return MISSING
        choice = values.coded_vote(cell)
        return answer(cell) if choice is None else choice

    def roles(self, known: Roles) -> Roles:
        """Return the names of each role with the titles that were told before them."""
        if not self.columns:
            return known
        columns_by_role = {
            role: tuple(t for t, r in self.columns.items() if r == role) for role in known
        }
        return {role: columns_by_role[role] or names for role, names in known.items()}


def _answer_key(cell: str) -> str:
    """Return an answer as it is compared; numbers keep their sign."""
    choice = values.number(cell)
    return folded(cell) if choice is None else f"{choice:g}"


def read_map(source: Source, problems: Problems) -> Meanings:
    """Read a file of --map: kind, name, means.

    Raises
    ------
    BadInput
        With every line that says nothing that can be understood.
    """
    from hiwar.analysis.reading.tables import Table, fold, named

    table = Table(source, problems)
    roles = {
        "kind": named("kind", "النوع"), "name": named("name", "الاسم"),
        "means": named("means", "المعنى"),
    }  # fmt: skip
    at = table.columns(roles, frozenset(roles))
    problems.stop_if_any()
    columns: dict[str, str] = {}
    answers: dict[str, int] = {}
    words = {folded(word): role for word, role in _WORDS.items()}
    kinds = {folded(word): kind for word, kind in _KINDS.items()}
    for line, fields in table.rows():
        kind = kinds.get(folded(fields[at["kind"]]))
        name, means = fields[at["name"]], folded(fields[at["means"]])
        role = words.get(means, means)
        choice = MEANINGS.get(means, answer(means))
        if kind == "column" and role in ROLES:
            columns[fold(name)] = role
        elif kind == "answer" and choice is not None:
            answers[_answer_key(name)] = choice
        else:
            problems.add(
                "bad_map", source.name, line, at["means" if kind else "kind"] + 1,
                value=fields[at["means" if kind else "kind"]],
            )  # fmt: skip
    problems.stop_if_any()
    return Meanings(columns, answers)
