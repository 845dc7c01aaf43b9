"""Drafts out of DOCX: automatic numbers, text before and after changes, notes, comments, frames."""

from __future__ import annotations

import zipfile
from collections import Counter
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Literal

from lxml import etree

from hiwar.engine.law.akoma_reader import LawFileError, safe_parser
from hiwar.engine.law.docx_numbering import Numbering, W

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_PARTS, _MOST_BYTES, _MOST_PART = 4000, 300_000_000, 60_000_000
_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"
_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_NEW = frozenset([f"{W}ins", f"{W}moveTo"])
_OLD = frozenset([f"{W}del", f"{W}moveFrom"])
_INSIDE = frozenset(
    f"{W}{name}"
    for name in ("hyperlink", "smartTag", "sdt", "sdtContent", "fldSimple", "bdo", "dir",
                 "customXml", "ins", "moveTo", "del", "moveFrom")
)  # fmt: skip
_WRAPPERS = _NEW | _OLD | {f"{W}sdt", f"{W}sdtContent", f"{W}customXml"}
_SIGNS = {f"{W}tab": "\t", f"{W}br": " ", f"{W}cr": " ", f"{W}noBreakHyphen": "\u2011"}
View = Literal["accepted", "before"]


@dataclass(frozen=True, slots=True)
class DocxParagraph:
    """A paragraph of a document.

    Attributes
    ----------
    text : str
        Its words.
    label : str
        Its automatic number, as shown; empty without one.
    place : str
        `body`, `cell` or `frame`.
    notes : tuple of (int, int)
        Place in the text, and number, of each note that is marked there.
    """

    text: str
    label: str
    place: str
    notes: tuple[tuple[int, int], ...] = ()

    def line(self) -> str:
        """Return label and words as one line.

        Returns
        -------
        str
            As printed.
        """
        return " ".join(part for part in (self.label, self.text) if part)


@dataclass(frozen=True, slots=True)
class DocxComment:
    """A comment beside the text; it is private until somebody says otherwise.

    Attributes
    ----------
    author, day, text : str
        As written; the day as the file has it.
    on : str
        The words it stands on, as accepted.
    beside : str
        The words of the paragraph in which it begins, as accepted; empty where it stands in none.
    turn : int
        The how manieth paragraph with these words that is, from 0.
    """

    author: str
    day: str
    text: str
    on: str
    beside: str = ""
    turn: int = 0


@dataclass(frozen=True, slots=True)
class DocxText:
    """What a DOCX holds.

    Attributes
    ----------
    accepted, before : tuple of DocxParagraph
        The text with all tracked changes taken, and with none.
    has_changes : bool
        Whether the two are to be asked about.
    authors : tuple of str
        Who changed.
    comments : tuple of DocxComment
        In order.
    notes : tuple of str
        Footnotes and endnotes; note 1 is the first.
    headers : tuple of str
        Running heads and feet, apart from the text.
    """

    accepted: tuple[DocxParagraph, ...]
    before: tuple[DocxParagraph, ...]
    has_changes: bool
    authors: tuple[str, ...]
    comments: tuple[DocxComment, ...]
    notes: tuple[str, ...]
    headers: tuple[str, ...]

    def text(self, view: View = "accepted") -> str:
        """Return the text for the reader of laws.

        Parameters
        ----------
        view : str
            `accepted` or `before`.

        Returns
        -------
        str
            A paragraph a line, automatic numbers in front.
        """
        paragraphs = self.accepted if view == "accepted" else self.before
        return "\n".join(paragraph.line() for paragraph in paragraphs) + "\n"


def read_docx(content: bytes) -> DocxText:
    """Read a DOCX.

    Parameters
    ----------
    content : bytes
        The file.

    Returns
    -------
    DocxText
        Both texts where changes were tracked, never a third.

    Raises
    ------
    LawFileError
        `unreadable`, `too_large` (more than 4,000 parts, 300 MB unpacked, or a part of 60 MB),
        `encrypted`, `no_body`.
    """
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise LawFileError("encrypted")  # or the format before DOCX: neither can be read
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = _parts(archive)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, RuntimeError, KeyError):
        raise LawFileError("unreadable") from None
    document = parts.get("document")
    body = None if document is None else document.find(f"{W}body")
    if body is None:
        raise LawFileError("no_body")
    notes = _Notes(parts)
    views = [_View(view, parts, notes).paragraphs(body) for view in ("accepted", "before")]
    changed = list(body.iter(*_NEW, *_OLD))
    authors = tuple(dict.fromkeys(filter(None, (e.get(f"{W}author") for e in changed))))
    return DocxText(
        views[0], views[1], bool(changed), authors, _comments(parts, body), tuple(notes.texts()),
        tuple(
            text
            for name, part in sorted(parts.items())
            if name.startswith(("header", "footer"))
            and (text := " ".join(_plain(p) for p in part.iter(f"{W}p")).strip())
        ),
    )  # fmt: skip


def _parts(archive: zipfile.ZipFile) -> dict[str, etree._Element]:
    entries = archive.infolist()
    if len(entries) > _MOST_PARTS or sum(e.file_size for e in entries) > _MOST_BYTES:
        raise LawFileError("too_large")
    parts = {}
    for entry in entries:
        folder, _slash, name = entry.filename.rpartition("/")
        if folder != "word" or not name.endswith(".xml"):
            continue
        with archive.open(entry) as stream:
            data = stream.read(_MOST_PART + 1)
        if len(data) > _MOST_PART:
            raise LawFileError("too_large")
        try:
            parts[name.removesuffix(".xml")] = etree.fromstring(data, safe_parser())
        except etree.XMLSyntaxError:
            if name == "document.xml":
                raise LawFileError("unreadable") from None
    return parts


def _plain(paragraph: etree._Element) -> str:
    """Return the words of a paragraph as accepted, without numbers."""
    return "".join(text for text, _note in _words(paragraph, "accepted")).strip()


def _words(element: etree._Element, view: View) -> Iterator[tuple[str, str]]:
    """Yield the words of a paragraph in one view, and the marks of notes (`kind:id`)."""
    left_out = _OLD if view == "accepted" else _NEW
    for child in element:
        tag = child.tag
        if tag in left_out:
            continue
        if tag == f"{W}r":
            yield from _run(child)
        elif tag in _INSIDE:
            yield from _words(child, view)


def _run(run: etree._Element) -> Iterator[tuple[str, str]]:
    for child in run:
        if child.tag in {f"{W}t", f"{W}delText"}:
            yield child.text or "", ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag], ""
        elif child.tag in {f"{W}footnoteReference", f"{W}endnoteReference"}:
            kind = "footnote" if "footnote" in child.tag else "endnote"
            yield "", f"{kind}:{child.get(f'{W}id')}"


class _Notes:
    """Numbers notes in the order of their marks, the same in both views."""

    def __init__(self, parts: dict[str, etree._Element]) -> None:
        self._written: dict[str, str] = {}
        self._numbers: dict[str, int] = {}
        for part, kind in (("footnotes", "footnote"), ("endnotes", "endnote")):
            root = parts.get(part)
            for note in root.iter(f"{W}{kind}") if root is not None else ():
                text = " ".join(_plain(paragraph) for paragraph in note.iter(f"{W}p")).strip()
                self._written[f"{kind}:{note.get(f'{W}id')}"] = text

    def number(self, key: str) -> int:
        return self._numbers.setdefault(key, len(self._numbers) + 1)

    def texts(self) -> list[str]:
        return [self._written.get(key, "") for key in self._numbers]


@dataclass
class _Open:
    """A paragraph that is being put together: a mark that does not count joins it to the next."""

    label: str = ""
    words: list[str] = field(default_factory=list)
    notes: list[tuple[int, int]] = field(default_factory=list)
    is_begun: bool = False


class _View:
    def __init__(self, view: View, parts: dict[str, etree._Element], notes: _Notes) -> None:
        self.view = view
        self.notes = notes
        self.numbering = Numbering(parts.get("numbering"), parts.get("styles"))

    def paragraphs(self, body: etree._Element) -> tuple[DocxParagraph, ...]:
        return tuple(self._blocks(body, "body"))

    def _blocks(self, container: etree._Element, place: str) -> Iterator[DocxParagraph]:
        open_ = _Open()
        for child in container:
            if child.tag == f"{W}p":
                yield from self._paragraph(child, place, open_)
            elif child.tag == f"{W}tbl":
                for row in child.iter(f"{W}tr"):
                    if self._is_gone(row.find(f"{W}trPr")):
                        continue
                    for cell in row.iterchildren(f"{W}tc", f"{W}sdt"):
                        yield from self._blocks(cell, "cell")
            elif child.tag in _WRAPPERS - (_OLD if self.view == "accepted" else _NEW):
                yield from self._blocks(child, place)
        if open_.words or open_.label:
            yield self._closed(open_, place)

    def _is_gone(self, properties: etree._Element | None) -> bool:
        """Return whether a paragraph mark or table row is not there in this view."""
        if properties is None:
            return False
        names = ("del", "moveFrom") if self.view == "accepted" else ("ins", "moveTo")
        return any(properties.find(f"{W}{name}") is not None for name in names)

    def _paragraph(
        self, element: etree._Element, place: str, open_: _Open
    ) -> Iterator[DocxParagraph]:
        properties = element.find(f"{W}pPr")
        mark = None if properties is None else properties.find(f"{W}rPr")
        words = list(_words(element, self.view))
        joins = self._is_gone(mark)
        has_words = any(text or note for text, note in words)
        # A paragraph that is not there at all in this view is not counted either.
        if not open_.is_begun and (has_words or not joins):
            open_.label = self.numbering.label(properties)
            open_.is_begun = True
        for text, note in words:
            if note:
                open_.notes.append((sum(map(len, open_.words)), self.notes.number(note)))
            else:
                open_.words.append(text)
        if not joins:
            yield self._closed(open_, place)
            open_.label, open_.is_begun = "", False
            open_.words, open_.notes = [], []
        for box in self._boxes(element):
            yield from self._blocks(box, "frame")

    @staticmethod
    def _closed(open_: _Open, place: str) -> DocxParagraph:
        return DocxParagraph("".join(open_.words), open_.label, place, tuple(open_.notes))

    @staticmethod
    def _boxes(element: etree._Element) -> Iterator[etree._Element]:
        """Yield text boxes; of two ways to draw one the first counts."""
        for box in element.iter(f"{W}txbxContent"):
            above = [ancestor.tag for ancestor in box.iterancestors()]
            nested = above.index(f"{W}txbxContent") if f"{W}txbxContent" in above else len(above)
            if element.tag in above and above.index(element.tag) > nested:
                continue
            if _ALTERNATE not in above or _CHOICE in above[: above.index(_ALTERNATE)]:
                yield box


def _comments(parts: dict[str, etree._Element], body: etree._Element) -> tuple[DocxComment, ...]:
    root = parts.get("comments")
    if root is None:
        return ()
    places = _places_of_comments(body)
    on: dict[str, list[str]] = {}
    open_: set[str] = set()
    for element in body.iter():
        if element.tag == f"{W}commentRangeStart":
            open_.add(element.get(f"{W}id", ""))
        elif element.tag == f"{W}commentRangeEnd":
            open_.discard(element.get(f"{W}id", ""))
        elif element.tag == f"{W}t" and element.text:
            for name in open_:
                on.setdefault(name, []).append(element.text)
    return tuple(
        DocxComment(
            comment.get(f"{W}author", ""), comment.get(f"{W}date", ""),
            "\n".join(_plain(paragraph) for paragraph in comment.iter(f"{W}p")).strip(),
            "".join(on.get(comment.get(f"{W}id", ""), ())),
            *places.get(comment.get(f"{W}id", ""), ("", 0)),
        )
        for comment in root.iter(f"{W}comment")
    )  # fmt: skip


def _places_of_comments(body: etree._Element) -> dict[str, tuple[str, int]]:
    """Return where each comment begins: the words of the paragraph, and its turn among equals."""
    places: dict[str, tuple[str, int]] = {}
    turns: Counter[str] = Counter()
    waiting: list[str] = []  # begun between two paragraphs: they stand with the next one
    for element in body.iter(f"{W}p", f"{W}commentRangeStart", f"{W}commentReference"):
        if element.tag == f"{W}p":
            words = _plain(element)
            here = [*waiting, *(
                mark.get(f"{W}id", "")
                for mark in element.iter(f"{W}commentRangeStart", f"{W}commentReference")
            )]  # fmt: skip
            for name in here:
                places.setdefault(name, (words, turns[words]))
            turns[words] += 1
            waiting = []
        elif next(element.iterancestors(f"{W}p"), None) is None:
            waiting.append(element.get(f"{W}id", ""))
    return places
