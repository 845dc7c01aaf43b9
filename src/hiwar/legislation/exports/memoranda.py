"""A memorandum on paper: letter, signatures, annex, as PDF and DOCX."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from hiwar.accounts.queries import the_institution
from hiwar.common.dates import day as written_day
from hiwar.common.dates import local_day
from hiwar.common.multilingual import direction
from hiwar.common.numbering import written
from hiwar.common.printing import isolated, print_page
from hiwar.common.tables import file_response
from hiwar.engine import law as engine
from hiwar.legislation.queries.memoranda import annex_in
from hiwar.signatures.queries.signatories import signatories

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hiwar.common.printing import Printed
    from hiwar.legislation.models import MemorandumEdition

SHEET = Path(__file__).parents[1] / "templates/legislation/memorandum_print.css"


def _context(edition: MemorandumEdition, language: str) -> dict[str, object]:
    memorandum = edition.memorandum
    return {
        "edition": edition, "language": language, "direction": direction(language),
        "institution": the_institution(), "annex": annex_in(edition, language),
        "title": edition.title.in_language(language),
        "addressee": edition.addressee.in_language(language),
        "paragraphs": [part for part in edition.letter.in_language(language).split("\n") if part],
        "number": written(memorandum.number) if memorandum.number else "",
        "sent_on": local_day(memorandum.sent_at) if memorandum.sent_at else None,
        "signed": signatories(edition.signed_version),
    }  # fmt: skip


def memorandum_page(edition: MemorandumEdition, language: str) -> str:
    """Return the page that goes to the printer."""
    with override(language):
        return isolated(
            render_to_string("legislation/memorandum_print.html", _context(edition, language))
        )


def print_memorandum(edition: MemorandumEdition, language: str) -> Printed:
    """Print an edition in a language. Raises ``PrintingAbsent``."""
    return print_page(memorandum_page(edition, language), (SHEET.read_text("utf-8"),))


def memorandum_document(edition: MemorandumEdition, language: str, name: str) -> HttpResponse:
    """Return an edition as DOCX; its annex bears tracked changes of ``name`` on the draft."""
    memorandum, signed = edition.memorandum, signatories(edition.signed_version)
    with override(language):
        lines = [edition.title.in_language(language)]
        if memorandum.number and memorandum.sent_at:
            day = written_day(local_day(memorandum.sent_at))
            lines.append(_("No. %(number)s, %(day)s") % {
                "number": written(memorandum.number), "day": day,
            })  # fmt: skip
        lines += [edition.addressee.in_language(language),
                  *edition.letter.in_language(language).split("\n")]  # fmt: skip
        if signed.rows:
            lines.append(signed.sentence)
            lines += [f"{row.number}. {row.name.in_language(language)}" for row in signed.rows]
            lines += [f"{row.name.in_language(language)}: {row.reservation}"
                      for row in signed.reserved]  # fmt: skip
        lines.append(pgettext("memorandum", "Annex"))
        draft, proposal = pgettext("column", "Draft"), _("Our proposal")
        head = [_("Article"), f"{draft} / {proposal}", _("Reason")]
        rows = [[(words, words) for words in head]]
        for row in annex_in(edition, language):
            label = f"{row['number']}. {row['label']}"
            rows.append([(label, label), (row["old"], row["new"]), (row["reason"],) * 2])
        signature = engine.Signature(name, f"{edition.fixed_at:%Y-%m-%dT%H:%M:%SZ}")
        content = engine.to_docx_table(
            lines, (2, 7, 5), rows, signature, direction=direction(language)
        )
    return file_response(content, f"memorandum-{edition.position}-{language}.docx")
