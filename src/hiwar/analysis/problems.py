"""What is wrong with a file: where, what, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hiwar.analysis.messages import MESSAGES

if TYPE_CHECKING:
    import gettext
    from collections.abc import Mapping

SHOWN = 10


@dataclass(frozen=True)
class Problem:
    """One finding in one file; lines and columns count from 1.

    `times` says in how many lines the very same was found; `line` is then the first.
    """

    kind: str
    file: str
    line: int | None = None
    column: int | None = None
    details: Mapping[str, str | int] = field(default_factory=dict)
    times: int = 1

    def explain(self, words: gettext.NullTranslations) -> str:
        """Say in one line where it is, what happened, how often, and what to do."""
        what, remedy = MESSAGES[self.kind]
        where = self._where(words)
        happened = words.gettext(what).format_map(self.details)
        advice = words.gettext(remedy).format_map(self.details)
        if self.times > 1:
            again = words.ngettext(
                "Found {n} time in all.", "Found {n} times in all.", self.times
            ).format(n=self.times)
            happened = f"{happened} {again}"
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
    """Collects findings, equal ones as one, keeps the first few and counts the rest.

    Attributes
    ----------
    dropped : list of (str, str)
        File and title of each column that nobody reads.
    repaired : int
        Lines whose quotation marks were set right.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[object, ...], Problem] = {}
        self.more = 0
        self.dropped: list[tuple[str, str]] = []
        self.repaired = 0

    def __bool__(self) -> bool:
        return bool(self._found)

    def drop(self, file: str, title: str) -> None:
        """Note a column that is not read."""
        self.dropped.append((file, str(_shorten(title))))

    def add(
        self,
        kind: str,
        file: str,
        line: int | None = None,
        column: int | None = None,
        **details: str | int,
    ) -> None:
        """Note a finding."""
        shortened = {k: _shorten(v) for k, v in details.items()}
        # What says the same of many cells of a wide table is one finding, whatever the column.
        place = None if "value" in details else column
        key = (kind, file, place, *sorted(shortened.items()))
        known = self._found.get(key)
        if known is not None:
            self._found[key] = replace(known, times=known.times + 1)
        elif len(self._found) < SHOWN:
            self._found[key] = Problem(kind, file, line, column, shortened)
        else:
            self.more += 1

    def all(self) -> tuple[Problem, ...]:
        """Return what was found and is kept."""
        return tuple(self._found.values())

    def stop_if_any(self) -> None:
        """Raise `BadInput` when something was found."""
        if self._found:
            raise BadInput(self.all(), self.more)


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
    return BadInput(problems.all())


def _shorten(value: str | int, limit: int = 60) -> str | int:
    """Keep a message readable and its terminal safe, whatever a cell contains."""
    if isinstance(value, int):
        return value
    clean = "".join(ch if ch.isprintable() else "\N{REPLACEMENT CHARACTER}" for ch in value)
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"
