"""A frozen text in words, paragraph by paragraph: exactly what organisations are asked to sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from hiwar.common.templatetags.components import number
from hiwar.engine.blocks.parity import items_of, rows_of
from hiwar.papers.exports.reading import Reader, declared_in, recommendations_shown
from hiwar.papers.queries.content import content_in

if TYPE_CHECKING:
    from hiwar.papers.exports.reading import Shown
    from hiwar.papers.models import PaperVersion


def words_to_sign(version: PaperVersion) -> dict[str, str]:
    """Return a frozen text by language: its paragraphs parted by empty lines, then its notes."""
    content = content_in(version)
    texts = {}
    for language in content["languages"]:
        with override(language):
            texts[language] = "\n\n".join(_paragraphs(Reader(content, language)))
    return texts


def _paragraphs(reader: Reader) -> list[str]:
    blocks = [block for block in reader.blocks() if block.text.strip()]
    asked = {each["block"].number: each for each in recommendations_shown(reader, blocks)}
    paragraphs = [" · ".join(reader.content["byline"])] if reader.content["byline"] else []
    for block in blocks:
        paragraphs.append(_words(reader, block))
        each = asked.get(block.number) if block.number else None
        if each is None:
            continue
        if each["post"]:
            paragraphs.append(_said(_("Addressed to"), f"{each['post']} · {each['organisation']}"))
        for group, gains, loses in each["equity"]:
            said = [(pgettext("equity", "gains"), gains), (pgettext("equity", "may lose"), loses)]
            words = " · ".join(f"{label}: {text}" for label, text in said if text)
            paragraphs.append(f"{group}: {words}")
        if each["budget"]:
            paragraphs.append(_said(_("Cost"), each["budget"]))
    for declared in declared_in(reader):
        rows = [f"{who}: {text}" for who, text in declared.rows] or [declared.none]
        paragraphs.append("\n".join([declared.label, *rows]))
    for note in reader.notes():
        parts = (note.words, note.figures, note.origin, note.day)
        paragraphs.append(f"[{note.number}] " + " · ".join(part for part in parts if part))
    return [paragraph for paragraph in map(_kept_whole, paragraphs) if paragraph]


def _said(label: str, words: str) -> str:
    return f"{label}: {words}"


def _words(reader: Reader, block: Shown) -> str:
    if block.kind == "table":
        return "\n".join(
            " | ".join(reader.plain(cell) for cell in row) for row in rows_of(block.text)
        )
    if block.kind == "list":
        return "\n".join(f"• {reader.plain(item)}" for item in items_of(block.text))
    words = reader.plain(block.text)
    if block.number:
        label = _("Recommendation %(n)s") % {"n": number(block.number)}
        return f"{label}. {words}"
    return words


def _kept_whole(paragraph: str) -> str:
    """Return a paragraph without empty lines, which would part it."""
    return "\n".join(line for line in paragraph.splitlines() if line.strip()).strip()
