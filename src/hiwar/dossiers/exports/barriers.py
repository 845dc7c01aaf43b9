"""Files of the barrier register, as far as who takes them along may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from hiwar.common.tables import write_csv, write_xlsx
from hiwar.dossiers.queries.vocabularies import word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hiwar.dossiers.queries.barriers import Row

WIDTHS = (48, 16, 30, 22, 16, 18, 14, 14, 48, 30, 30, 40)


def barriers_csv(rows: Iterable[Row]) -> bytes:
    """Return barriers as text with commas, marked so that spreadsheets read Arabic."""
    return write_csv(_lines(rows))


def barriers_xlsx(rows: Iterable[Row]) -> bytes:
    """Return barriers as a spreadsheet that runs in the direction of the reader's language."""
    return write_xlsx(_lines(rows), title=_("Barriers"), widths=WIDTHS)


def _lines(rows: Iterable[Row]) -> Iterator[list[str]]:
    yield [
        _("Barrier"),
        _("Kind"),
        _("Barriers of"),
        _("Place"),
        _("Kind of locality"),
        _("State"),
        _("Identified on"),
        _("In this state since"),
        _("How it is known"),
        _("Source"),
        _("Dossier"),
        _("What was done"),
    ]
    for row in rows:
        yield _line(row)


def _line(row: Row) -> list[str]:
    barrier = row.barrier
    return [
        str(barrier.title),
        word("barrier_kind", barrier.kind),
        _(", ").join(word("group", code) for code in row.groups),
        str(barrier.place) if barrier.place else "",
        word("locality_kind", barrier.locality_kind) if barrier.locality_kind else "",
        str(barrier.get_state_display()),
        barrier.identified_on.isoformat(),
        barrier.state_on.isoformat(),
        str(barrier.fact.text) if barrier.fact else str(barrier.evidence),
        barrier.fact.source if barrier.fact else barrier.evidence_source,
        str(barrier.dossier) if barrier.dossier else "",
        _(", ").join(f"{link.label}: {link.title} ({link.state_label})" for link in row.links),
    ]
