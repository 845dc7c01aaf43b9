"""People as a table: XLSX, right to left for Arabic, and CSV."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hiwar.contacts.queries.cards import Card

FORMULA = ("=", "+", "-", "@", "\t", "\r")
ILLEGAL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535))


def header() -> list[str]:
    """Return the headings in the reader's language."""
    return [
        _("Code"), _("Honorific"), _("Name in Arabic"), _("Name in English"), _("Post"),
        _("Organisation"), _("Telephone"), _("E-mail"), _("Language of letters"),
    ]  # fmt: skip


def row(card: Card) -> list[str]:
    """Return the cells of a person, none of which a spreadsheet takes for a formula."""
    reach = {kind: " / ".join(p.value for p in card.points if p.kind == kind)
             for kind in ("phone", "email")}  # fmt: skip
    latin = next((text for code, text in card.names.items() if code != "ar"), "")
    cells = (
        card.code, card.title_of_address, card.names.get("ar", ""), latin,
        " / ".join(str(held.title) for held in card.posts),
        " / ".join(str(held.organisation) for held in card.posts),
        reach["phone"], reach["email"], card.language,
    )  # fmt: skip
    return [safe(cell) for cell in cells]


def safe(text: str) -> str:
    """Return a cell that is text for every spreadsheet program."""
    clean = text.translate(ILLEGAL)
    return f"'{clean}" if clean.startswith(FORMULA) else clean


def as_csv(cards: Iterable[Card]) -> bytes:
    """Return people as CSV with a mark by which spreadsheet programs know the letters."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(header())
    writer.writerows(row(card) for card in cards)
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def as_xlsx(cards: Iterable[Card]) -> bytes:
    """Return people as a spreadsheet; every cell is text, the sheet runs with the language."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("People"))
    sheet.sheet_view.rightToLeft = get_language_bidi()
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFGHI", (12, 14, 30, 30, 30, 34, 22, 30, 12), strict=True):
        sheet.column_dimensions[letter].width = width

    def cells(texts: Sequence[str], *, is_bold: bool = False) -> list[WriteOnlyCell]:
        made = []
        for text in texts:
            cell = WriteOnlyCell(sheet, value=text)
            cell.data_type = "s"
            cell.font = Font(bold=is_bold)
            made.append(cell)
        return made

    sheet.append(cells(header(), is_bold=True))
    for card in cards:
        sheet.append(cells(row(card)))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
