"""The text of a version as files, and two versions as a document with tracked changes."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from hiwar.common.tables import file_response, write_csv
from hiwar.engine import law as engine
from hiwar.legislation.queries.laws import text_of

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from hiwar.legislation.models import Law, LawVersion

KINDS = ("docx", "xml", "html", "txt", "csv")
# What a document says of its origin where nobody in particular made it.
NOBODY = engine.Signature("Hiwar", "2000-01-01T00:00:00Z")


def file_of(law: Law, version: LawVersion, kind: str) -> HttpResponse | None:
    """Return the text of a version as a file of one of ``KINDS``; None for any other."""
    if kind not in KINDS:
        return None
    text = text_of(version)
    title = law.title.in_language(version.language)
    content: bytes | str
    if kind == "docx":
        lines = _lines(text)
        content = engine.to_docx(lines, lines, NOBODY, direction=version.direction)
    elif kind == "xml":
        work = engine.Work(
            law.country, version.dated_on, f"version-{version.number}", title, version.dated_on,
            document="bill", subtype=law.sort,
        )  # fmt: skip
        content = engine.to_akoma_ntoso(text, work)
    elif kind == "html":
        content = (
            f'<!doctype html>\n<html lang="{escape(version.language)}" dir="{version.direction}">'
            f'<head><meta charset="utf-8"><title>{escape(title)}</title></head>\n'
            f"<body>\n{engine.to_html(text)}</body></html>\n"
        )
    elif kind == "txt":
        content = engine.to_text(text)
    else:
        head = [_("Address"), _("Number"), _("Heading"), _("Text")]
        content = write_csv(
            [head, *([part.eid, part.label, part.heading, part.full_text()]
                     for part in text.articles())]
        )  # fmt: skip
    return file_response(content, f"law-{version.number}-{version.language}.{kind}")


def tracked_changes(old: LawVersion, new: LawVersion, name: str, now: datetime) -> HttpResponse:
    """Return the difference of two versions as a document with tracked changes of ``name``."""
    before, after = (_lines(text_of(version)) for version in (old, new))
    signature = engine.Signature(name, f"{now:%Y-%m-%dT%H:%M:%SZ}")
    content = engine.to_docx(before, after, signature, direction=new.direction)
    return file_response(content, f"law-{old.number}-{new.number}-{new.language}.docx")


def _lines(text: engine.Law) -> list[str]:
    return engine.to_text(text).rstrip("\n").split("\n")
