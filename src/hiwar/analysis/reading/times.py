"""The column of times: read as a whole, because 03/02/2027 is told by its neighbours."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import numpy as np

from hiwar.analysis.reading import values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hiwar.analysis.problems import Problems
    from hiwar.analysis.reading.options import Dates


class Times:
    """Gathers the cells of times; `resolved` says what they mean together."""

    def __init__(self, file: str, column: int | None, dates: Dates) -> None:
        self._file, self._column, self._dates = file, column, dates
        self._moments = array("q")
        # Cells that need their neighbours: place among the votes, line, text.
        self._open: list[tuple[int, int, str]] = []

    def take(self, fields: Sequence[str], line: int) -> None:
        """Take the time of a vote."""
        if self._column is None:
            return
        cell = fields[self._column]
        moment = values.instant(cell)
        if moment is None:
            moment = values.script_instant(cell)
        if moment is None:
            self._open.append((len(self._moments), line, cell))
        self._moments.append(moment or 0)

    def resolved(self, problems: Problems) -> tuple[NDArray[np.int64] | None, tuple[str, ...]]:
        """Return milliseconds since 1970, or None and why the order of the file stands in."""
        if self._column is None:
            return None, ()
        if not self._open:
            return values.milliseconds(np.frombuffer(self._moments, np.int64).copy()), ()
        if all(values.is_by_day(cell) for _, _, cell in self._open):
            return self._by_day(problems)
        if len(self._open) == len(self._moments):
            return None, ("times_unreadable",)
        self._complain(problems)
        return None, ()

    def _by_day(self, problems: Problems) -> tuple[NDArray[np.int64] | None, tuple[str, ...]]:
        day_first = {"day-first": True, "month-first": False}.get(self._dates)
        if day_first is None:
            day_first = values.days_first(cell for _, _, cell in self._open)
        if day_first is None:
            return None, ("times_ambiguous",)
        moments = np.frombuffer(self._moments, np.int64).copy()
        left = []
        for place, line, cell in self._open:
            moment = values.by_day_instant(cell, day_first=day_first)
            if moment is None:
                left.append((place, line, cell))
            moments[place] = moment or 0
        self._open = left
        self._complain(problems)
        return values.milliseconds(moments), ("days_first" if day_first else "months_first",)

    def _complain(self, problems: Problems) -> None:
        for _, line, cell in self._open:
            problems.add("bad_time", self._file, line, (self._column or 0) + 1, value=cell)
