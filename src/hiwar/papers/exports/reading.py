"""The content of a paper as a reader of one language sees it: on pages, in print, in files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hiwar.common.multilingual import MultilingualText, direction
from hiwar.common.templatetags.components import number, share
from hiwar.dossiers.queries.vocabularies import word
from hiwar.engine.blocks import marks_of
from hiwar.engine.blocks.parity import items_of, rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """A block in one language, ready to be put on a page.

    ``html`` is the text with its numbers and marks; ``rows`` the cells of a table, ``items`` the
    lines of a list; ``number`` that of a recommendation.
    """

    key: str
    kind: str
    part: str
    language: str
    direction: str
    html: SafeString
    text: str
    rows: list[list[SafeString]] = field(default_factory=list)
    items: list[SafeString] = field(default_factory=list)
    number: int = 0
    recommendation: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Note:
    """What a citation says in the notes: number, words, numbers with what they are a part of."""

    number: int
    language: str
    words: str
    origin: str
    figures: str
    day: str


def language_shown(languages: Sequence[str], source: str) -> str:
    """Return the language of a paper that a reader is shown: theirs, or that it was written in."""
    wished = get_language() or source
    return wished if wished in languages else source


class Reader:
    """Reads the content of a paper in one language."""

    def __init__(self, content: Json, language: str) -> None:
        self.content, self.language = content, language
        self.citations = {entry["number"]: entry for entry in content["citations"]}

    def text(self, texts: Mapping[str, str]) -> tuple[str, str]:
        """Return words in the language of the reader, or else in the one there is; and which."""
        wanted = MultilingualText(texts)
        for code in (self.language, self.content["language"], *wanted):
            if wanted.get(code):
                return wanted[code], code
        return "", self.language

    @property
    def title(self) -> str:
        """The title."""
        return self.text(self.content["title"])[0]

    def blocks(self) -> list[Shown]:
        """Return the blocks in order; recommendations are numbered."""
        shown, count = [], 0
        for block in self.content["blocks"]:
            count += block["kind"] == "recommendation"
            shown.append(self._block(block, count if block["kind"] == "recommendation" else 0))
        return shown

    def _block(self, block: Json, count: int) -> Shown:
        text, language = self.text(block["texts"])
        is_table, is_list = block["kind"] == "table", block["kind"] == "list"
        return Shown(
            block["key"], block["kind"], block["part"], language, direction(language),
            self.marked(text), text,
            [[self.marked(cell) for cell in row] for row in rows_of(text)] if is_table else [],
            [self.marked(item) for item in items_of(text)] if is_list else [],
            count, block.get("recommendation", {}),
        )  # fmt: skip

    def marked(self, text: str) -> SafeString:
        """Return a text as HTML: marks of citations are numbers that lead to their notes."""
        parts: list[SafeString] = []
        at = 0
        for mark in marks_of(text):
            parts.append(_lines(text[at : mark.start]))
            parts.append(self._mark(mark.number, mark.form))
            at = mark.end
        parts.append(_lines(text[at:]))
        return mark_safe("".join(parts))  # noqa: S308 - each part is escaped

    def plain(self, text: str) -> str:
        """Return a text without marks, its numbers written out."""
        parts, at = [], 0
        for mark in marks_of(text):
            entry = self.citations.get(mark.number)
            words = figure_of(entry["value"], mark.form) if entry and mark.form else ""
            note = f"[{mark.number}]"
            parts += [text[at : mark.start], f"{words} {note}" if words else note]
            at = mark.end
        return "".join([*parts, text[at:]])

    def unmarked(self, text: str) -> str:
        """Return a text with its numbers written out and no sign of its notes."""
        parts, at = [], 0
        for mark in marks_of(text):
            entry = self.citations.get(mark.number)
            words = figure_of(entry["value"], mark.form) if entry and mark.form else ""
            parts += [text[at : mark.start], words]
            at = mark.end
        return "".join([*parts, text[at:]])

    def reference(self, key: int, block: Shown) -> SafeString:
        """Return the sign of a note, as it stands behind the words of a block."""
        return self._mark(key, "")

    def _mark(self, key: int, form: str) -> SafeString:
        entry = self.citations.get(key)
        if entry is None:
            return format_html('<mark dir="ltr">[[{}{}]]</mark>', key, form)
        figure = figure_of(entry["value"], form) if form else ""
        chip = format_html("<bdi>{}</bdi>", figure) if figure else SafeString("")
        return format_html(
            '{}<sup><a href="#note-{}" dir="ltr">{}</a></sup>', chip, key, number(key)
        )  # fmt: skip

    def notes(self) -> list[Note]:
        """Return what each citation says, in the order of its number."""
        return [self._note(entry) for entry in self.content["citations"]]

    def _note(self, entry: Json) -> Note:
        value = entry["value"]
        words, language = self.text(value.get("words", {}))
        origin = self.text(value.get("from", {}))[0]
        parts = [value.get("label", ""), value.get("authors", ""), value.get("publisher", ""),
                 value.get("issued", ""), value.get("locator", "")]  # fmt: skip
        figures = figure_of(value, "#") or value.get("figure", "")
        if figures and value.get("round"):
            figures = f"{figures}, " + _("version %(n)s of the results") % {
                "n": number(value["round"])
            }
        origin = " · ".join(part for part in (origin, *parts) if part)
        if entry.get("cited"):
            # The citation names the source, its title too, as its own language does.
            if entry["kind"] == "source":
                words, origin = entry["cited"], ""
            else:
                origin = entry["cited"]
        return Note(entry["number"], language, words, origin, figures, value.get("day", ""))


def figure_of(value: Mapping[str, Any], form: str) -> str:
    """Return the number of a value: a percentage, or the count with what it is a part of.

    A hidden one says that it is small, in the sentence too.
    """
    if "count" not in value:
        return str(value.get("figure", ""))
    count, of = value["count"], value["of"]
    if count is None or not of:
        return _("fewer than %(n)s") % {"n": number(value.get("threshold", 5))}
    if form == "%":
        return str(share(count, of))
    return _("%(count)s of %(of)s") % {"count": number(count), "of": number(of)}


def _lines(text: str) -> SafeString:
    return format_html_join(SafeString("<br>"), "{}", ((line,) for line in text.split("\n")))


def recommendations_shown(reader: Reader, blocks: Sequence[Shown]) -> list[dict[str, Any]]:
    """Return the recommendations with addressee, equity note by group, cost and evidence."""
    return [
        {
            "block": block,
            "post": reader.text(block.recommendation.get("post", {}))[0],
            "organisation": reader.text(block.recommendation.get("organisation", {}))[0],
            "budget": reader.text(block.recommendation.get("budget", {}))[0],
            "gender_marker": block.recommendation.get("gender_marker"),
            "equity": [
                (word("group", note["group"]), reader.text(note["gains"])[0],
                 reader.text(note["loses"])[0])
                for note in block.recommendation.get("equity", [])
            ],
            "citations": block.recommendation.get("citations", []),
        }
        for block in blocks if block.kind == "recommendation"
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Declared:
    """What a paper says of who paid, or of the interests of its authors; ``none`` in words."""

    label: str
    rows: list[tuple[str, str]]
    none: str


def declared_in(reader: Reader) -> list[Declared]:
    """Return who paid and what the authors declared; nothing of a text that does not say it."""
    interests = reader.content.get("interests")
    if interests is None:
        return []
    said = {
        "funder": (_("Who paid for this work"),
                   _("Nobody beside the institution paid for this work.")),
        "interest": (_("Interests of the authors"), _("None declared.")),
    }  # fmt: skip
    return [
        Declared(
            label,
            [(reader.text(note["who"])[0], reader.text(note["text"])[0])
             for note in interests[kind]],
            none,
        )
        for kind, (label, none) in said.items()
    ]  # fmt: skip
