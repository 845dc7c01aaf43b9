"""Figures of attendance as files: a table for each question, small numbers hidden."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

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
    """Return the figures as CSV that spreadsheet programs open with Arabic intact."""
    out = io.StringIO()
    csv.writer(out).writerows([[_safe(cell) for cell in row] for row in table(found)])
    return ("\ufeff" + out.getvalue()).encode()


def as_xlsx(found: Figures) -> bytes:
    """Return the figures as a spreadsheet, right to left where the reader's language is."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 -- a new book has one
    sheet.sheet_view.rightToLeft = get_language_bidi()
    for row in table(found):
        sheet.append([_safe(cell) for cell in row])
    sheet.column_dimensions["A"].width = 32
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(value: int | None) -> object:
    return _("hidden") if value is None else value


def _safe(value: object) -> object:
    """Keep a spreadsheet program from taking text for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" else value
