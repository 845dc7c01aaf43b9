"""What is wrong with a file: where, what, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hiwar.analysis.messages import MESSAGES

if TYPE_CHECKING:
    import gettext
    from collections.abc import Mapping

SHOWN = 10


@dataclass(frozen=True)
class Problem:
    """One finding in one file; lines and columns count from 1."""

    kind: str
    file: str
    line: int | None = None
    column: int | None = None
    details: Mapping[str, str | int] = field(default_factory=dict)

    def explain(self, words: gettext.NullTranslations) -> str:
        """Say in one line where it is, what happened and what to do."""
        what, remedy = MESSAGES[self.kind]
        where = self._where(words)
        happened = words.gettext(what).format_map(self.details)
        advice = words.gettext(remedy).format_map(self.details)
        return f"{where}: {happened} {advice}"

    def _where(self, words: gettext.NullTranslations) -> str:
        place = {"file": self.file, "line": self.line, "column": self.column}
        if self.line is None:
            return self.file
        if self.column is None:
            return words.gettext("{file}, line {line}").format_map(place)
        return words.gettext("{file}, line {line}, column {column}").format_map(place)


class BadInput(Exception):  # noqa: N818 - named after what was refused, as everywhere in the house
    """Raised when files cannot be analysed; nothing has been written."""

    def __init__(self, problems: tuple[Problem, ...], more: int = 0) -> None:
        self.problems = problems
        self.more = more
        super().__init__(", ".join(problem.kind for problem in problems))


class Problems:
    """Collects findings, keeps the first few and counts the rest."""

    def __init__(self) -> None:
        self.first: list[Problem] = []
        self.more = 0

    def __bool__(self) -> bool:
        return bool(self.first)

    def add(
        self,
        kind: str,
        file: str,
        line: int | None = None,
        column: int | None = None,
        **details: str | int,
    ) -> None:
        """Note a finding."""
        if len(self.first) < SHOWN:
            shortened = {k: _shorten(v) for k, v in details.items()}
            self.first.append(Problem(kind, file, line, column, shortened))
        else:
            self.more += 1

    def stop_if_any(self) -> None:
        """Raise `BadInput` when something was found."""
        if self.first:
            raise BadInput(tuple(self.first), self.more)


def refuse(
    kind: str,
    file: str,
    line: int | None = None,
    column: int | None = None,
    **details: str | int,
) -> BadInput:
    """Return the error for a single finding that ends the reading."""
    problems = Problems()
    problems.add(kind, file, line, column, **details)
    return BadInput(tuple(problems.first))


def _shorten(value: str | int, limit: int = 60) -> str | int:
    """Keep a message readable and its terminal safe, whatever a cell contains."""
    if isinstance(value, int):
        return value
    clean = "".join(ch if ch.isprintable() else "\N{REPLACEMENT CHARACTER}" for ch in value)
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"
