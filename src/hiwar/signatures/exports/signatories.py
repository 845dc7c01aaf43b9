"""Lists of signatories as files: the public one, and the desk's with every answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hiwar.common import dates
from hiwar.common.scripts import columns_of_names, names_in_columns
from hiwar.common.tables import write_csv, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hiwar.signatures.queries.requests import Asked
    from hiwar.signatures.queries.signatories import Signatories

DESK_WIDTHS = (44, 20, 28, 28, 16, 16, 60, 12, 40, 30)


def signatories_csv(signatories: Signatories) -> bytes:
    """Return who signed, as everybody may read it, as text with commas."""
    return write_csv(_lines(signatories))


def signatories_xlsx(signatories: Signatories) -> bytes:
    """Return who signed, as everybody may read it, as a spreadsheet."""
    widths = (8, *(44 for _column in columns_of_names()), 16, 20, 60, 12)
    return write_xlsx(_lines(signatories), title=_("Signatories"), widths=widths)


def answers_csv(rows: Iterable[Asked]) -> bytes:
    """Return every answer as the desk knows it, as text with commas."""
    return write_csv(_desk_lines(rows))


def answers_xlsx(rows: Iterable[Asked]) -> bytes:
    """Return every answer as the desk knows it, as a spreadsheet."""
    return write_xlsx(_desk_lines(rows), title=_("Answers"), widths=DESK_WIDTHS)


def answer_label(answer: str) -> str:
    """Return how an answer of an organisation reads."""
    return {
        "signed": pgettext("answer to a request to sign", "signed"),
        "reserved": pgettext("answer to a request to sign", "signed with reservation"),
        "withdrawn": pgettext("answer to a request to sign", "signature withdrawn"),
        "declined": pgettext("answer to a request to sign", "does not sign"),
        "silent": pgettext("answer to a request to sign", "no answer yet"),
        "removed": pgettext("answer to a request to sign", "no longer asked"),
    }[answer]


def _lines(signatories: Signatories) -> Iterator[list[str]]:
    yield [
        _("No."),
        *columns_of_names().values(),
        _("Signed on"),
        _("With reservation"),
        _("Reservation"),
        _("Paragraph"),
    ]
    for row in signatories.rows:
        yield [
            str(row.number),
            *names_in_columns(row.name),
            dates.local_day(row.signed_at).isoformat(),
            pgettext("with reservation", "yes") if row.is_reserved
            else pgettext("with reservation", "no"),
            row.reservation,
            str(row.paragraph or ""),
        ]  # fmt: skip


def _desk_lines(rows: Iterable[Asked]) -> Iterator[list[str]]:
    yield [
        _("Organisation"),
        pgettext("of an organisation asked to sign", "Answer"),
        _("Who signed for it"),
        _("Function"),
        _("Signed on"),
        _("How it came"),
        _("Reservation"),
        _("Paragraph"),
        _("Source"),
        _("E-mail address"),
    ]
    for row in rows:
        signature = row.signature
        yield [
            row.name or _("An organisation that is closed to you"),
            answer_label(row.answer),
            signature.signer if signature else "",
            signature.function if signature else "",
            dates.local_day(signature.signed_at).isoformat() if signature else "",
            str(signature.get_way_display()) if signature else "",
            signature.reservation if signature else "",
            str(signature.paragraph or "") if signature else "",
            signature.source if signature else "",
            row.request.email if row.name else "",
        ]
