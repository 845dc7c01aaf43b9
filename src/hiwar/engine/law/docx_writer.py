"""DOCX with tracked changes: accepted it is the new text, rejected the old one, by paragraph."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from hiwar.engine.law.redline import compare_paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hiwar.engine.law.redline import Row
    from hiwar.engine.law.words import Edit

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_LATIN = re.compile(r"[A-Za-z][\w.&'’/-]*(?:[ ]+[A-Za-z][\w.&'’/-]*)*(?:[ ]?\(\d+\))?")
_TAG = re.compile("<[^>]*>")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    '<Override PartName="/word/styles.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    '{kind}" Target="{target}"/></Relationships>'
)
_STYLES = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:styles xmlns:w="{_MAIN}">'
    "<w:docDefaults><w:rPrDefault><w:rPr>"
    '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Traditional Arabic"/>'
    '<w:sz w:val="24"/><w:szCs w:val="28"/><w:lang w:val="en-GB" w:bidi="ar-SA"/>'
    '</w:rPr></w:rPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" '
    'w:styleId="Normal"><w:name w:val="Normal"/></w:style></w:styles>'
)


@dataclass(frozen=True, slots=True)
class Signature:
    """Who changed, and when, as the file says it.

    Attributes
    ----------
    author : str
        A name.
    instant : str
        ISO 8601 in UTC, such as `2026-11-28T09:00:00Z`.
    """

    author: str
    instant: str


def to_docx(
    old: Sequence[str], new: Sequence[str], signature: Signature, *, direction: str = "rtl"
) -> bytes:
    """Write the difference of two texts as tracked changes.

    Parameters
    ----------
    old, new : sequence of str
        Paragraphs; the same twice for a clean copy.
    signature : Signature
        Whose changes they are.
    direction : str
        `rtl` or `ltr`.

    Returns
    -------
    bytes
        A DOCX. With all changes accepted its paragraphs are ``new``, with all rejected ``old``.

    Notes
    -----
    What moved unchanged is a tracked move; what moved and changed goes and comes. Insertions stand
    before deletions. A paragraph that ends with an insertion before one that is wholly inserted is
    replaced whole, and whole paragraphs bear a second author: a word processor that takes both
    marks for one would otherwise join the two paragraphs when they are rejected.
    """
    body = "".join(_Document(signature, direction).paragraphs(compare_paragraphs(old, new)))
    return _packed(body, '<w:pgSz w:w="11906" w:h="16838"/>')


def to_docx_table(
    title: Sequence[str],
    widths: Sequence[int],
    rows: Sequence[Sequence[tuple[str, str]]],
    signature: Signature,
    *,
    direction: str = "rtl",
) -> bytes:
    """Write a table whose cells bear tracked changes, on a sheet that lies on its side.

    Parameters
    ----------
    title : sequence of str
        Paragraphs above the table.
    widths : sequence of int
        Of the columns, in parts of the whole.
    rows : sequence of sequence of tuple of str
        Of each cell the old and the new text, a paragraph a line; the same twice for what does not
        change. The first row is the head, and stands on each page.
    signature : Signature
        Whose changes they are.
    direction : str
        `rtl`, with the first column on the right, or `ltr`.

    Returns
    -------
    bytes
        A DOCX. With all changes accepted its cells are the new texts, with all rejected the old.
    """
    document = _Document(signature, direction)
    whole = 14000
    sizes = [whole * width // sum(widths) for width in widths]

    def cell(texts: tuple[str, str], size: int) -> str:
        old, new = (text.split("\n") for text in texts)
        inner = "".join(document.paragraphs(compare_paragraphs(old, new)))
        return f'<w:tc><w:tcPr><w:tcW w:w="{size}" w:type="dxa"/></w:tcPr>{inner}</w:tc>'

    lines = []
    for at, row in enumerate(rows):
        head = "" if at else "<w:trPr><w:tblHeader/></w:trPr>"
        cells = "".join(cell(texts, size) for texts, size in zip(row, sizes, strict=True))
        lines.append(f"<w:tr>{head}{cells}</w:tr>")
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    visual = "<w:bidiVisual/>" if direction == "rtl" else ""
    grid = "".join(f'<w:gridCol w:w="{size}"/>' for size in sizes)
    above = "".join(document.paragraphs(compare_paragraphs(title, title)))
    table = (
        f'<w:tbl><w:tblPr>{visual}<w:tblW w:w="{whole}" w:type="dxa"/>'
        f"<w:tblBorders>{borders}</w:tblBorders></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
        f"{''.join(lines)}</w:tbl><w:p/>"
    )
    return _packed(
        above + table,
        '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
        '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" '
        'w:footer="567" w:gutter="0"/>',
    )


def _packed(body: str, page: str) -> bytes:
    xml = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="{_MAIN}">'
        f"<w:body>{body}<w:sectPr>{page}</w:sectPr></w:body></w:document>"
    )
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _RELATIONS.format(kind="officeDocument", target="word/document.xml")),
            ("word/document.xml", xml),
            ("word/styles.xml", _STYLES),
            ("word/_rels/document.xml.rels", _RELATIONS.format(kind="styles", target="styles.xml")),
        ):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)
    return stream.getvalue()


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """Runs of words, and what is to be done with the mark behind them: ``""`` for nothing."""

    edits: tuple[tuple[str, str], ...]
    mark: str = ""


class _Document:
    def __init__(self, signature: Signature, direction: str) -> None:
        self.signature, self.is_rtl = signature, direction == "rtl"
        self.count = 0

    def paragraphs(self, rows: Sequence[Row]) -> Iterator[str]:
        """Yield the paragraphs of the document in order."""
        planned = [paragraph for row in _in_place(rows) for paragraph in _planned(*row)]
        for paragraph in _apart(planned):
            yield self._paragraph(paragraph)

    def _change(self, kind: str, *, is_whole: bool = False) -> str:
        self.count += 1
        author = self.signature.author + (" ¶" if is_whole and kind == "ins" else "")
        return (f'<w:{kind} w:id="{self.count}" w:author={quoteattr(author)} '
                f'w:date="{self.signature.instant}"')  # fmt: skip

    def _paragraph(self, paragraph: _Paragraph) -> str:
        is_whole = bool(paragraph.mark)
        mark = ""
        if is_whole:
            mark = f"<w:rPr>{self._change(paragraph.mark, is_whole=True)}/></w:rPr>"
        runs = []
        for kind, text in paragraph.edits:
            if not text:
                continue
            inner = self._runs(text, is_gone=kind in {"del", "moveFrom"})
            opening = f"{self._change(kind, is_whole=is_whole)}>" if kind else ""
            runs.append(f"{opening}{inner}</w:{kind}>" if kind else inner)
        direction = "<w:bidi/>" if self.is_rtl else ""
        inner = "".join(runs)
        if paragraph.mark in {"moveFrom", "moveTo"}:
            inner = self._ranged(paragraph.mark, inner)
        return f"<w:p><w:pPr>{direction}{mark}</w:pPr>{inner}</w:p>"

    def _ranged(self, kind: str, inner: str) -> str:
        """Put a tracked move into its range; the name joins both ends."""
        self.count += 1
        name = f"move{hash_of(_TAG.sub('', inner))}"
        opening = (
            f'<w:{kind}RangeStart w:id="{self.count}" w:name="{name}" '
            f'w:author={quoteattr(self.signature.author)} w:date="{self.signature.instant}"/>'
        )
        return f'{opening}{inner}<w:{kind}RangeEnd w:id="{self.count}"/>'

    def _runs(self, text: str, *, is_gone: bool) -> str:
        """Return runs, Latin words in runs of their own so that their order holds."""
        tag = "delText" if is_gone else "t"
        parts: list[tuple[str, bool]] = []
        at = 0
        for match in _LATIN.finditer(text):
            parts += [(text[at : match.start()], self.is_rtl), (match[0], False)]
            at = match.end()
        parts.append((text[at:], self.is_rtl))
        return "".join(
            f"<w:r>{'<w:rPr><w:rtl/></w:rPr>' if is_rtl else ''}"
            f'<w:{tag} xml:space="preserve">{escape(_clean(part))}</w:{tag}></w:r>'
            for part, is_rtl in parts
            if part
        )


def hash_of(text: str) -> int:
    """Return a number for a text that is the same on every machine.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    int
        From 0 to 2³² - 1.
    """
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def _in_place(rows: Sequence[Row]) -> Iterator[tuple[Row, str]]:
    """Yield the rows with what is shown of each; what moved is shown at both its places."""
    steady = {at for row in rows if row.new and not row.is_moved for at in row.old}
    left: dict[int, list[Row]] = {}
    for row in sorted((row for row in rows if row.old), key=lambda row: row.old):
        if row.new and not row.is_moved:
            continue
        before = row.old[0] - 1
        while before >= 0 and before not in steady:
            before -= 1
        left.setdefault(before, []).append(row)

    def behind(at: int) -> Iterator[tuple[Row, str]]:
        return ((row, "from" if row.new else "gone") for row in left.get(at, ()))

    yield from behind(-1)
    for row in rows:
        if row.new:
            yield row, "to" if row.is_moved else "here"
            for at in row.old if not row.is_moved else ():
                yield from behind(at)


def _planned(row: Row, what: str) -> Iterator[_Paragraph]:
    is_move = row.status == "same" and len(row.old) == len(row.new) == 1
    if what in {"from", "gone"}:
        kind = "moveFrom" if what == "from" and is_move else "del"
        for text in row.old_text().split("\n") if len(row.old) > 1 else [row.old_text()]:
            yield _Paragraph(((kind, text),), kind)
        return
    if what == "to" or not row.old:
        kind = "moveTo" if what == "to" and is_move else "ins"
        for text in row.new_text().split("\n") if len(row.new) > 1 else [row.new_text()]:
            yield _Paragraph(((kind, text),), kind)
        return
    yield from _edited(row.edits)


def _edited(edits: Sequence[Edit]) -> Iterator[_Paragraph]:
    """Yield the paragraphs of words that changed; a new or lost line feed is a paragraph mark."""
    runs: list[tuple[str, str]] = []
    for edit in _ordered(edits):
        kinds = {"equal": "", "delete": "del", "insert": "ins"}
        if edit.kind == "spelling":
            parts = [("ins", edit.new), ("del", edit.old)]
        else:
            parts = [(kinds[edit.kind], edit.new or edit.old)]
        for kind, text in parts:
            pieces = text.split("\n")
            for at, piece in enumerate(pieces):
                runs.append((kind, piece))
                if at + 1 < len(pieces):
                    yield _Paragraph(tuple(runs), kind)
                    runs = []
    yield _Paragraph(tuple(runs))


def _ordered(edits: Sequence[Edit]) -> list[Edit]:
    """Put insertions before the deletions they stand beside."""
    ordered: list[Edit] = []
    for edit in edits:
        if edit.kind == "insert" and ordered and ordered[-1].kind == "delete":
            ordered.insert(len(ordered) - 1, edit)
        else:
            ordered.append(edit)
    return ordered


def _apart(planned: Sequence[_Paragraph]) -> Iterator[_Paragraph]:
    """Replace whole what ends with an insertion right before a paragraph that is all inserted."""
    for at, paragraph in enumerate(planned):
        following = planned[at + 1] if at + 1 < len(planned) else None
        runs = [run for run in paragraph.edits if run[1]]
        touches = (
            following is not None and following.mark == "ins" and not paragraph.mark
            and any(kind for kind, _text in runs)
            and _last_kept(runs) == "ins"
        )  # fmt: skip
        if not touches:
            yield paragraph
            continue
        new = "".join(text for kind, text in runs if kind != "del")
        old = "".join(text for kind, text in runs if kind != "ins")
        yield _Paragraph((("ins", new),), "ins")
        yield _Paragraph((("del", old),), "del")


def _last_kept(runs: Sequence[tuple[str, str]]) -> str:
    kept = [kind for kind, _text in runs if kind != "del"]
    return kept[-1] if kept else ""
