"""People as a table: XLSX, right to left for Arabic, and CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from hiwar.common.tables import write_csv, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hiwar.contacts.queries.vcards import Card

WIDTHS = (12, 14, 30, 30, 30, 34, 22, 30, 12)


def header() -> list[str]:
    """Return the headings in the reader's language."""
    return [
        _("Code"), _("Honorific"), _("Name in Arabic"), _("Name in English"), _("Post"),
        _("Organisation"), _("Telephone"), _("E-mail"), _("Language of letters"),
    ]  # fmt: skip


def row(card: Card) -> list[str]:
    """Return the cells of a person."""
    reach = {kind: " / ".join(p.value for p in card.points if p.kind == kind)
             for kind in ("phone", "email")}  # fmt: skip
    latin = next((text for code, text in card.names.items() if code != "ar"), "")
    return [
        card.code, card.title_of_address, card.names.get("ar", ""), latin,
        " / ".join(str(held.title) for held in card.posts),
        " / ".join(str(held.organisation) for held in card.posts),
        reach["phone"], reach["email"], card.language,
    ]  # fmt: skip


def as_csv(cards: Iterable[Card]) -> bytes:
    """Return people as CSV."""
    return write_csv([header(), *map(row, cards)])


def as_xlsx(cards: Iterable[Card]) -> bytes:
    """Return people as a spreadsheet."""
    return write_xlsx([header(), *map(row, cards)], title=_("People"), widths=WIDTHS)
