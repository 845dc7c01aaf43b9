"""The table of positions as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hiwar.common.tables import write_csv, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hiwar.asks.queries.positions import Table

WIDTHS = (32, 32, 20, 48, 14, 20, 32, 24)


def rows(table: Table) -> Iterator[list[str]]:
    """Yield one row for each organisation and ask: what is known, since when and from where."""
    yield [
        _("Organisation"), _("Ask"), pgettext("ask", "Position"), _("In their words"), _("Said on"),
        _("Kind of source"), _("Source"), _("Confirmed by"),
    ]  # fmt: skip
    for row in table.rows:
        for cell in row.cells:
            position = cell.position
            facts = (
                [
                    str(position.get_stance_display()),
                    str(position.words) if position.words else "",
                    position.said_on.isoformat(), str(position.get_source_kind_display()),
                    position.source, position.confirmed_by,
                ]
                if position
                else [_("not stated"), "", "", "", "", ""]
            )  # fmt: skip
            yield [str(row.organisation), str(cell.ask), *facts]


def as_csv(table: Table) -> bytes:
    """Return the table as CSV."""
    return write_csv(rows(table))


def as_xlsx(table: Table) -> bytes:
    """Return the table as a spreadsheet."""
    return write_xlsx(rows(table), title=_("Positions"), widths=WIDTHS)
