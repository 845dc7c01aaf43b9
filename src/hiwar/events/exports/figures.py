"""Figures of attendance as files: a table for each question, small numbers hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from hiwar.common.tables import write_csv, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hiwar.events.queries.figures import Figures


def table(figures: Figures) -> Iterator[list[object]]:
    """Yield the rows of a file: what is counted, then each question with its definition."""
    yield [_("Activities"), figures.activities]
    yield [_("Attendances"), figures.times]
    yield [_("Different people"), figures.people]
    yield [_("Person-hours"), figures.hours]
    for breakdown in figures.breakdowns:
        yield []
        yield [breakdown.title, breakdown.note]
        yield [breakdown.title, *breakdown.heads]
        for label, cells in breakdown.rows:
            yield [label, *(_cell(number) for _head, number in cells)]
    yield []
    yield [_("Numbers of one to four people are hidden, and others that would give them away.")]


def as_csv(figures: Figures) -> bytes:
    """Return the figures as CSV."""
    return write_csv(table(figures))


def as_xlsx(figures: Figures) -> bytes:
    """Return the figures as a spreadsheet."""
    return write_xlsx(table(figures), title=_("Attendance"), widths=[32], freeze="")


def _cell(value: int | None) -> object:
    return _("hidden") if value is None else value
