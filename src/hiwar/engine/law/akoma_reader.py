"""Akoma Ntoso 3.0, in: our own files come back equal, others with addresses of our form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from hiwar.engine.law.addresses import number_of, part_of
from hiwar.engine.law.folding import fold
from hiwar.engine.law.lexicon import lexicon
from hiwar.engine.law.marks import read_number
from hiwar.engine.law.numbers import Number, letter_rank
from hiwar.engine.law.structure import ADDRESS, CONTAINERS, Law, Provision

if TYPE_CHECKING:
    from collections.abc import Iterator

_LANGUAGES = {"ara": "ar", "eng": "en", "fra": "fr", "heb": "he", "spa": "es", "deu": "de"}
_KINDS = {kind: kind for kind in CONTAINERS | {"article", "paragraph", "point"}} | {
    "clause": "paragraph", "alinea": "paragraph", "subparagraph": "point", "subclause": "point",
    "indent": "point", "subpart": "section", "subchapter": "section", "subtitle": "section",
    "subdivision": "subsection", "tome": "book", "rule": "article", "subrule": "paragraph",
    "hcontainer": "unit", "level": "unit", "list": "unit", "proviso": "unit",
    "transitional": "unit",
}  # fmt: skip
_OWN = re.compile(r"([a-z]+)_([0-9a-z-]+)(?:_\d+)?$")
_BLANKS = re.compile(r"[ \t]*[\r\n]+\s*")
_LETTER = re.compile(r"[\s()\-.]*([^\W\d_])[\s()\-.:]*$")
_DOCUMENTS = ("act", "bill", "doc", "statement", "debateReport", "portion")


class LawFileError(ValueError):
    """A file is not what it is said to be; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def tag_of(element: etree._Element) -> str:
    """Return the name of an element without its namespace.

    Parameters
    ----------
    element : lxml.etree._Element
        Any node; comments and instructions have an empty name.

    Returns
    -------
    str
        Its local name.
    """
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def safe_parser() -> etree.XMLParser:
    """Return a parser that opens no file, no network, no entity and no bomb.

    Returns
    -------
    lxml.etree.XMLParser
        For files of strangers.
    """
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip


def from_akoma_ntoso(content: bytes) -> Law:
    """Read a law from Akoma Ntoso.

    Parameters
    ----------
    content : bytes
        The file.

    Returns
    -------
    Law
        Equal to the law that `to_akoma_ntoso` wrote. Of others, addresses that are not of our
        form are made from the printed numbers.

    Raises
    ------
    LawFileError
        `unreadable` where it is no XML, `no_body` where it holds no document with a body.
    """
    try:
        root = etree.fromstring(content, safe_parser())
    except etree.XMLSyntaxError:
        raise LawFileError("unreadable") from None
    document = root if tag_of(root) in _DOCUMENTS else _first(root, _DOCUMENTS)
    body = None if document is None else _first(document, ("body", "mainBody", "portionBody"))
    if document is None or body is None:
        raise LawFileError("no_body")
    named = next(
        (e.get("language", "") for e in document.iter() if tag_of(e) == "FRBRlanguage"), ""
    )
    language = _LANGUAGES.get(named, named[:2] or "ar")
    reader = _Reader(language if language in {"ar", "en", "fr"} else "en")
    provisions = [reader.provision(child, "") for child in body if tag_of(child) in _KINDS]
    provisions = [p for p in provisions if not (p.eid == "hcontainer_0" and not p.full_text())]
    provisions += reader.attached(document)
    loose = [child for child in body if tag_of(child) not in _KINDS]
    if lines := [line for child in loose for line in _lines(child)]:
        provisions.append(Provision("unit", reader.unique("hcontainer_1"), text="\n".join(lines)))
    return Law(
        language, "rtl" if language in {"ar", "he", "fa", "ur"} else "ltr",
        _text(document, "preface"), _text(document, "preamble"), tuple(provisions),
        _text(document, "conclusions"),
    )  # fmt: skip


def _first(element: etree._Element, names: tuple[str, ...]) -> etree._Element | None:
    return next((child for child in element.iter() if tag_of(child) in names), None)


def _text(document: etree._Element, name: str) -> str:
    part = next((child for child in document if tag_of(child) == name), None)
    return "" if part is None else "\n".join(_lines(part))


def _written(element: etree._Element) -> str:
    return _BLANKS.sub(" ", "".join(element.itertext())).strip(" \t\r\n")


def _lines(element: etree._Element) -> list[str]:
    """Return the paragraphs of an element; the number of an item stands before its text."""
    lines: list[str] = []
    number = ""
    if (element.text or "").strip():
        lines.append(_BLANKS.sub(" ", element.text or "").strip())
    for child in element:
        tag = tag_of(child)
        if tag == "num":
            number = _written(child)
            continue
        if tag in {"p", "block", "listIntroduction", "listWrapUp", "heading", "subheading",
                   "crossHeading", "docTitle", "longTitle", "formula", "span"}:  # fmt: skip
            written = [_written(child)]
        else:
            written = _lines(child)
        if number and written:
            written, number = [f"{number} {written[0]}".strip(), *written[1:]], ""
        lines += written
        if (child.tail or "").strip():
            lines.append(_BLANKS.sub(" ", child.tail or "").strip())
    return [*lines, number] if number else lines


class _Reader:
    def __init__(self, jurisdiction: str) -> None:
        self.words = lexicon(jurisdiction)
        self.taken: set[str] = set()

    def unique(self, wanted: str) -> str:
        eid, again = wanted, 2
        while eid in self.taken:
            eid, again = f"{wanted}_{again}", again + 1
        self.taken.add(eid)
        return eid

    def provision(self, element: etree._Element, parent: str) -> Provision:
        kind = _KINDS[tag_of(element)]
        if kind == "unit" and element.get("name") == "annex":
            kind = "annex"
        label = heading = ""
        before: list[str] = []
        after: list[str] = []
        children: list[etree._Element] = []
        for child in element:
            tag = tag_of(child)
            if tag == "num":
                label = _written(child)
            elif tag == "heading":
                heading = _written(child)
            elif tag in _KINDS:
                children.append(child)
            elif tag == "wrapUp":
                after += _lines(child)
            else:
                (after if children else before).extend(_lines(child))
        eid = self._address(element, kind, label, parent)
        inside = tuple(self.provision(child, eid) for child in children)
        return Provision(kind, eid, number_of(eid), label, heading, "\n".join(before), inside,
                         "\n".join(after))  # fmt: skip

    def _address(self, element: etree._Element, kind: str, label: str, parent: str) -> str:
        match = _OWN.match(element.get("eId", "").rpartition("__")[2])
        if match and match[1] == ADDRESS[kind]:
            part = f"{match[1]}_{match[2]}"
        else:
            number, is_letter = self._number(label)
            part = part_of(kind, number, is_letter=is_letter)
            part = part if number else f"{part}_1"
        nested = f"{parent}__{part}" if parent else part
        return self.unique(nested if kind != "article" or part in self.taken else part)

    def _number(self, label: str) -> tuple[Number | None, bool]:
        folded = fold(label)
        if (letter := _LETTER.match(folded)) and letter_rank(letter[1]):
            return Number(letter_rank(letter[1])), True
        heading = self.words.heading.match(folded)
        read = read_number(folded, heading.end() if heading else 0, self.words)
        return (read[0], False) if read else (None, False)

    def attached(self, document: etree._Element) -> Iterator[Provision]:
        """Yield attachments as annexes."""
        for at, part in enumerate(
            (e for e in document.iter() if tag_of(e) in {"attachment", "component"}), 1
        ):
            body = _first(part, ("body", "mainBody"))
            if body is None:
                continue
            eid = self.unique(f"annex_{at}")
            title = _text(part, "heading")
            if not title:
                heading = next((e for e in part if tag_of(e) == "heading"), None)
                title = "" if heading is None else _written(heading)
            inside = tuple(self.provision(child, eid) for child in body if tag_of(child) in _KINDS)
            lines = [line for e in body if tag_of(e) not in _KINDS for line in _lines(e)]
            yield Provision("annex", eid, number_of(eid), "", title, "\n".join(lines), inside)
