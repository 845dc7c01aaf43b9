"""People as a table: XLSX, right to left for Arabic, and CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from hiwar.common.scripts import columns_of_names, names_in_columns
from hiwar.common.tables import write_csv, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hiwar.contacts.queries.vcards import Card


def header() -> list[str]:
    """Return the headings in the reader's language."""
    return [
        _("Code"), _("Honorific"), *columns_of_names().values(), _("Post"), _("Organisation"),
        _("Telephone"), _("E-mail"), _("Language of letters"),
    ]  # fmt: skip


def row(card: Card) -> list[str]:
    """Return the cells of a person."""
    reach = {kind: " / ".join(p.value for p in card.points if p.kind == kind)
             for kind in ("phone", "email")}  # fmt: skip
    return [
        card.code, card.title_of_address, *names_in_columns(card.names),
        " / ".join(str(held.title) for held in card.posts),
        " / ".join(str(held.organisation) for held in card.posts),
        reach["phone"], reach["email"], card.language,
    ]  # fmt: skip


def as_csv(cards: Iterable[Card]) -> bytes:
    """Return people as CSV."""
    return write_csv([header(), *map(row, cards)])


def as_xlsx(cards: Iterable[Card]) -> bytes:
    """Return people as a spreadsheet."""
    widths = (12, 14, *(30 for _column in columns_of_names()), 30, 34, 22, 30, 12)
    return write_xlsx([header(), *map(row, cards)], title=_("People"), widths=widths)
