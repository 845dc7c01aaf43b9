"""The table of measurements, on the terminal and as a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

HEAD = """# Benchmarks

Written by `make bench`; do not edit. CPU seconds of work after the imports (reading a Parquet file
and computing map, groups, representative statements and consensus), one thread, median of several
runs, each in a process of its own; largest resident memory of that process. The quality report
(stability, accuracy, privacy, manipulation), which no other engine makes, is not part of it. The
search for a gap by held-out votes, which no other engine makes either, is part of the default
mode: up to a second, which is most of the time of a small conversation. Compat is the method of the
peer.

Agreement is the adjusted Rand index of the groups with those that were published (real
conversations) or planted (synthetic ones, seed 7): 1 is complete, 0 is chance. Statements about the
participant are those that the publisher named. Figures of different machines are not comparable;
ratios nearly are.

"""
COLUMNS = ("conversation", "votes", "Hiwar", "of it reading", "memory", "agreement",
           "red-dwarf 0.4.0", "memory", "agreement", "times faster", "times smaller")  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One conversation with what each peer needed."""

    name: str
    shape: tuple[int, int, int]
    measured: Mapping[str, dict[str, float] | str]

    def cells(self) -> list[str]:
        """Return the cells of the table."""
        ours, theirs = (self.measured[name] for name in ("Hiwar", "red-dwarf 0.4.0"))
        cells = [self.name, f"{self.shape[2]:,}"]
        if isinstance(ours, str):
            cells += [ours, "", "", ""]
        else:
            cells += [_seconds(ours["cpu"]), _seconds(ours["load"]), _memory(ours), _share(ours)]
        if isinstance(theirs, str):
            return [*cells, theirs, "", "", "", ""]
        cells += [_seconds(theirs["cpu"]), _memory(theirs), _share(theirs)]
        if isinstance(ours, str):
            return [*cells, "", ""]
        ratios = theirs["cpu"] / ours["cpu"], theirs["peak"] / ours["peak"]
        return [*cells, f"{ratios[0]:.1f}", f"{ratios[1]:.1f}"]

    def line(self) -> str:
        """Return the row for a terminal."""
        named = zip(COLUMNS, self.cells(), strict=True)
        return " · ".join(f"{name} {cell}" for name, cell in named if cell)


def write(page: Path, rows: Sequence[Row], versions: Mapping[str, str]) -> None:
    """Write the page."""
    lines = ["| " + " | ".join(COLUMNS) + " |", "|---" * len(COLUMNS) + "|"]
    lines += ["| " + " | ".join(row.cells()) + " |" for row in rows]
    used = ", ".join(f"{name} {number}" for name, number in versions.items())
    page.write_text(HEAD + "\n".join(lines) + f"\n\nMeasured with {used}.\n", encoding="utf-8")


def _seconds(value: float) -> str:
    return f"{value:.2f} s"


def _memory(measured: Mapping[str, float]) -> str:
    return f"{measured['peak']:,.0f} MB"


def _share(measured: Mapping[str, float]) -> str:
    return f"{measured['agreement']:.3f}" if "agreement" in measured else "no groups"
