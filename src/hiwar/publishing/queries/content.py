"""What a version of an item holds: title, summary and blocks, in all languages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

from hiwar.common.multilingual import MultilingualText
from hiwar.engine import blocks as engine

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hiwar.publishing.models import ItemVersion

    Json = dict[str, Any]

SCHEMA = 1
# Title and summary are merged and compared like blocks; they stand first, whatever is moved.
TITLE, SUMMARY = "title", "summary"
HEADS = (TITLE, SUMMARY)


@dataclass(frozen=True, slots=True)
class Text:
    """The text of an item: title, summary, and its blocks in order."""

    title: MultilingualText
    summary: MultilingualText
    blocks: tuple[engine.Block, ...]

    def all_blocks(self) -> list[engine.Block]:
        """Return title and summary as blocks, and the blocks behind them."""
        heads = zip(HEADS, (self.title, self.summary), strict=True)
        return [*(engine.Block(key, key, dict(texts)) for key, texts in heads), *self.blocks]

    def content(self) -> Json:
        """Return what is kept, as canonical text takes it."""
        return {
            "schema": SCHEMA, TITLE: dict(self.title), SUMMARY: dict(self.summary),
            "blocks": [
                {"key": block.key, "kind": block.kind, "texts": _filled(block.texts)}
                for block in self.blocks
            ],
        }  # fmt: skip


def text_from(blocks: Iterable[engine.Block]) -> Text:
    """Return the text of blocks among which title and summary stand; empty blocks are left out."""
    by_key = {block.key: block for block in blocks}
    heads = [MultilingualText(by_key[key].texts if key in by_key else {}) for key in HEADS]
    rest = tuple(
        block for key, block in by_key.items() if key not in HEADS and _filled(block.texts)
    )
    return Text(heads[0], heads[1], rest)


def text_of(version: ItemVersion) -> Text:
    """Return the text of a version as it was saved."""
    content: Json = json.loads(version.content)
    return Text(
        MultilingualText(content[TITLE]), MultilingualText(content[SUMMARY]),
        tuple(engine.Block(each["key"], each["kind"], each["texts"])
              for each in content["blocks"]),
    )  # fmt: skip


def whole_languages(text: Text) -> tuple[str, ...]:
    """Return the installation's languages in which the title, and every block, has words."""
    return tuple(
        code for code, _name in settings.LANGUAGES
        if text.title.get(code) and all(block.texts.get(code) for block in text.blocks)
        and (not text.summary or text.summary.get(code))
    )  # fmt: skip


def differences(text: Text, source: str) -> list[engine.Difference]:
    """Return what other languages of a text have otherwise than the one it was written in."""
    languages = [code for code, _name in settings.LANGUAGES]
    return [
        difference for block in text.all_blocks()
        for difference in engine.differences(block.kind, block.texts, source, languages)
    ]  # fmt: skip


def shown_language(languages: Sequence[str], wished: str) -> str:
    """Return the language in which a reader is shown a text: whole in one, never mixed."""
    return wished if wished in languages else languages[0] if languages else wished


def readable_content(text: Text, source: str) -> Json:
    """Return the content as the reader of papers takes it: a text without citations."""
    content = text.content()
    blocks = [block | {"part": ""} for block in content["blocks"]]
    return content | {"blocks": blocks, "citations": [], "language": source}


def _filled(texts: Mapping[str, str]) -> dict[str, str]:
    return {code: words for code, words in texts.items() if words.strip()}
