"""Figures of attendance as files: a table for each question, small numbers hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from hiwar.common.tables import write_csv, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hiwar.events.queries.figures import Figures


def table(found: Figures) -> Iterator[list[object]]:
    """Yield the rows of a file: what is counted, then each question with its definition."""
    yield [_("Activities"), found.activities]
    yield [_("Attendances"), found.times]
    yield [_("Different people"), found.people]
    yield [_("Person-hours"), found.hours]
    for one in found.breakdowns:
        yield []
        yield [one.title, one.note]
        yield [one.title, *one.heads]
        for label, cells in one.rows:
            yield [label, *(_cell(number) for _head, number in cells)]
    yield []
    yield [_("Numbers of one to four people are hidden, and others that would give them away.")]


def as_csv(found: Figures) -> bytes:
    """Return the figures as CSV."""
    return write_csv(table(found))


def as_xlsx(found: Figures) -> bytes:
    """Return the figures as a spreadsheet."""
    return write_xlsx(table(found), title=_("Attendance"), widths=[32], freeze="")


def _cell(value: int | None) -> object:
    return _("hidden") if value is None else value
