"""One file of a law, of whichever kind, as text for the reader of laws."""

from __future__ import annotations

from dataclasses import dataclass

from hiwar.analysis.laws.pdf import pages_of_pdf
from hiwar.analysis.tables.encodings import decode
from hiwar.analysis.tables.workbook import TableError
from hiwar.engine.law.akoma_reader import LawFileError, from_akoma_ntoso
from hiwar.engine.law.bluebell import from_bluebell
from hiwar.engine.law.docx_reader import DocxComment, read_docx
from hiwar.engine.law.glyphs import read_pages, text_of_pages
from hiwar.engine.law.html_reader import html_text
from hiwar.engine.law.structure import Law  # noqa: TC001 - msgspec reads the annotations

_MOST = 50_000_000
_MOST_TEXT = 20_000_000


@dataclass(frozen=True, slots=True)
class PageFault:
    """A page whose text is not to be trusted: its number from 1, and a code."""

    page: int
    code: str


@dataclass(frozen=True, slots=True)
class LawFile:
    """What a file holds.

    Attributes
    ----------
    kind : str
        `pdf`, `docx`, `html`, `akoma_ntoso`, `bluebell` or `text`.
    text, before : str
        The text; for a DOCX with tracked changes also the text before them, else empty.
    law : Law or None
        Where the file has structure of its own.
    faults : tuple of PageFault
        Pages to be typed or read from their picture.
    set_aside : tuple of str
        Running heads, notes and menus that are not part of the text.
    comments : tuple of DocxComment
        Private.
    """

    kind: str
    text: str = ""
    before: str = ""
    law: Law | None = None
    faults: tuple[PageFault, ...] = ()
    set_aside: tuple[str, ...] = ()
    comments: tuple[DocxComment, ...] = ()


def read_law_file(content: bytes, *, direction: str = "rtl") -> LawFile:
    """Read a file of a law; what it is shows in its first bytes, not in its name.

    Raises ``LawFileError``: `too_large`, `unreadable`, `encrypted`, `no_body`.
    """
    if len(content) > _MOST:
        raise LawFileError("too_large")
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if b"%PDF-" in content[:1024]:
        return _pdf(content, direction)
    if content[:4] == b"PK\x03\x04" or content[:4] == b"\xd0\xcf\x11\xe0":
        draft = read_docx(content)
        before = draft.text("before") if draft.has_changes else ""
        return LawFile("docx", draft.text(), before, set_aside=(*draft.headers, *draft.notes),
                       comments=draft.comments)  # fmt: skip
    if b"akomaNtoso" in content[:4096] or b"ns/akn/3.0" in content[:4096]:
        return LawFile("akoma_ntoso", law=from_akoma_ntoso(content))
    if head[:1] == b"<" and b"<" in head[1:]:
        page = html_text(content)
        return LawFile("html", page.text, set_aside=page.left_out)
    return _text(content)


def _pdf(content: bytes, direction: str) -> LawFile:
    pages = read_pages(pages_of_pdf(content), direction=direction)
    faults = tuple(PageFault(at, page.fault) for at, page in enumerate(pages, 1) if page.fault)
    aside = [line.text for page in pages for line in (*page.heads, *page.notes)]
    return LawFile("pdf", text_of_pages(pages, direction=direction), faults=faults,
                   set_aside=tuple(dict.fromkeys(aside)))  # fmt: skip


def _text(content: bytes) -> LawFile:
    if len(content) > _MOST_TEXT:
        raise LawFileError("too_large")
    try:
        text, _encoding = decode(content)
    except TableError:
        raise LawFileError("unreadable") from None
    if "\0" in text[:4096]:
        raise LawFileError("unreadable")
    lines = {line.strip() for line in text[:100_000].splitlines()}
    if "BODY" in lines or any(line.startswith(("ARTICLE ", "SECTION ")) for line in lines):
        language = "ar" if any("\u0621" <= letter <= "\u064a" for letter in text[:4096]) else "en"
        return LawFile("bluebell", text, law=from_bluebell(text, language))
    return LawFile("text", text)
