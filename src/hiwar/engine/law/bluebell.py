"""Bluebell markup, in: indented text with English keywords, as other houses write law."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hiwar.engine.law.addresses import number_of, part_of
from hiwar.engine.law.akoma_reader import LawFileError
from hiwar.engine.law.folding import fold
from hiwar.engine.law.lexicon import lexicon_of_language
from hiwar.engine.law.marks import read_number
from hiwar.engine.law.numbers import Number, letter_rank
from hiwar.engine.law.structure import Law, Provision

if TYPE_CHECKING:
    from collections.abc import Sequence

_KEYWORDS = {
    "BOOK": "book", "TITLE": "title", "TOME": "book", "PART": "part", "SUBPART": "section",
    "CHAPTER": "chapter", "CHAP": "chapter", "SUBCHAPTER": "section", "DIVISION": "division",
    "SUBDIVISION": "subsection", "SUBTITLE": "section", "SECTION": "section", "SEC": "section",
    "SUBSECTION": "subsection", "SUBSEC": "subsection", "ARTICLE": "article", "ART": "article",
    "RULE": "article", "PARAGRAPH": "paragraph", "PARA": "paragraph", "SUBRULE": "paragraph",
    "SUBPARAGRAPH": "point", "SUBPARA": "point", "CLAUSE": "paragraph", "SUBCLAUSE": "point",
    "POINT": "point", "ITEM": "point", "ALINEA": "paragraph", "INDENT": "point",
    "ANNEXURE": "annex", "SCHEDULE": "annex", "APPENDIX": "annex", "ATTACHMENT": "annex",
    "ANNEX": "annex", "LEVEL": "unit", "PROVISO": "unit",
}  # fmt: skip
_FRAME = {"PREFACE": "preface", "PREAMBLE": "preamble", "CONCLUSIONS": "conclusion"}
_FRAME_HEAD = re.compile(r"(PREFACE|PREAMBLE|CONCLUSIONS)(?:[.{].*)?$")
_DROPPED = ("BODY", "ITEMS", "BLOCKLIST", "BULLETS", "P", "BLOCKS", "QUOTE")
_HEAD = re.compile(
    rf"({'|'.join(sorted(_KEYWORDS, key=len, reverse=True))})(?:\.[\w-]+)*(?:\{{[^}}]*\}})?"
    r"(?:[ \t]+(?!-(?:[ \t]|$))(.+?))??(?:[ \t]*(?:^|(?<=[\sA-Z}]))-[ \t]+(.*))?$"
)
_MARKUP = re.compile(r"(?<!\\)(?:\*\*|//|__|\{\{[\^_+\-*]|\{\{(?:>|FOOTNOTE |IMG )\S*\s?|\}\})")
_ESCAPE = re.compile(r"\\(.)")
_SIDE = re.compile(r"(?:CROSSHEADING|SUBHEADING|LONGTITLE|HEADING|FROM|TABLE|TR|TC|TH)\b[ \t]*")
_LETTER = re.compile(r"[\s()\-.]*([^\W\d_]{1,2})[\s()\-.:]*$")


@dataclass
class _Node:
    kind: str
    label: str
    heading: str
    indent: int
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    children: list[_Node] = field(default_factory=list)

    def add(self, line: str) -> None:
        (self.after if self.children else self.before).append(line)


def from_bluebell(text: str, language: str = "ar") -> Law:
    """Read a law from Bluebell markup.

    Parameters
    ----------
    text : str
        The markup.
    language : str
        BCP 47 code of the text.

    Returns
    -------
    Law
        Inline markup is left out and its words are kept; tables become their lines.

    Raises
    ------
    LawFileError
        `no_body` where no keyword is found.
    """
    frame: dict[str, list[str]] = {name: [] for name in _FRAME.values()}
    root = _Node("", "", "", -1)
    open_ = [root]
    part = "body"
    seen = False
    for raw in text.splitlines():
        line = raw.strip()
        if not line:
            continue
        indent = len(raw) - len(raw.lstrip())
        frame_head = _FRAME_HEAD.match(line)
        if frame_head:
            part, seen, open_ = _FRAME[frame_head[1]], True, [root]
            continue
        if line in _DROPPED or line.startswith(tuple(f"{word}{{" for word in _DROPPED)):
            part, seen = ("body", True) if line == "BODY" else (part, seen)
            continue
        head = _HEAD.match(line)
        if head:
            seen, part = True, "body"
            while len(open_) > 1 and open_[-1].indent >= indent:
                open_.pop()
            node = _Node(_KEYWORDS[head[1]], _plain(head[2] or ""), _plain(head[3] or ""), indent)
            open_[-1].children.append(node)
            open_.append(node)
        elif part != "body":
            frame[part].append(_plain(_SIDE.sub("", line, count=1)))
        else:
            while len(open_) > 1 and open_[-1].indent >= indent:
                open_.pop()
            target = open_[-1] if open_[-1] is not root or not root.children else root.children[-1]
            target.add(_plain(_SIDE.sub("", line, count=1)))
    if not seen:
        raise LawFileError("no_body")
    builder = _Builder(language)
    body = builder.all(root.children, "")
    if root.before:
        body = (Provision("unit", "hcontainer_1", text="\n".join(root.before)), *body)
    direction = "rtl" if language in {"ar", "he", "fa", "ur"} else "ltr"
    written = {name: "\n".join(filter(None, lines)) for name, lines in frame.items()}
    return Law(
        language, direction, written["preface"], written["preamble"], body, written["conclusion"]
    )


def _plain(text: str) -> str:
    return _ESCAPE.sub(r"\1", _MARKUP.sub("", text)).strip()


class _Builder:
    def __init__(self, language: str) -> None:
        self.words = lexicon_of_language(language)
        self.taken: set[str] = set()

    def all(self, nodes: Sequence[_Node], parent: str) -> tuple[Provision, ...]:
        return tuple(self._provision(node, parent) for node in nodes)

    def _provision(self, node: _Node, parent: str) -> Provision:
        number, is_letter = self._number(node.label)
        part = part_of(node.kind, number, is_letter=is_letter)
        part = part if number else f"{part}_1"
        wanted = f"{parent}__{part}" if parent and node.kind != "article" else part
        if wanted in self.taken and parent:
            wanted = f"{parent}__{part}"
        eid, again = wanted, 2
        while eid in self.taken:
            eid, again = f"{wanted}_{again}", again + 1
        self.taken.add(eid)
        return Provision(
            node.kind, eid, number if number is None else number_of(eid) or number, node.label,
            node.heading, "\n".join(filter(None, node.before)), self.all(node.children, eid),
            "\n".join(filter(None, node.after)),
        )  # fmt: skip

    def _number(self, label: str) -> tuple[Number | None, bool]:
        folded = fold(label)
        letter = _LETTER.match(folded)
        if letter and len(letter[1]) == 1 and letter_rank(letter[1]):
            return Number(letter_rank(letter[1])), True
        read = read_number(folded, 0, self.words)
        return (read[0], False) if read else (None, False)
