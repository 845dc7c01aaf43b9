"""Where a comment stands after the text moved on: at its words, or honestly nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from hiwar.engine.blocks.words import plain_text, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping


class Place(StrEnum):
    """What became of the place of a comment."""

    SAME = "same"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Quote:
    """The words that a comment is about, with a few before and after them."""

    block: str
    words: str
    before: str = ""
    after: str = ""


def find_place(quote: Quote, texts: Mapping[str, str]) -> tuple[Place, str]:
    """Return what became of the words that a comment is about.

    Parameters
    ----------
    quote : Quote
        Without words the comment is about the whole block.
    texts : mapping of block to text
        The blocks that stand now.

    Returns
    -------
    Place, str
        With the key of the block it stands at now. Never a place that merely looks alike: the words
        stand in their block as they were; or exactly so, with a neighbour, in one other block only;
        or the text was changed; or the block is gone, and the key is empty.
    """
    wanted = _folded(quote.words)
    if quote.block in texts:
        text = _folded(texts[quote.block])
        if not wanted or _stands(wanted, text):
            return Place.SAME, quote.block
    if wanted:
        others = [
            key for key, text in texts.items()
            if key != quote.block and _with_neighbour(quote, _folded(text))
        ]  # fmt: skip
        if len(others) == 1:
            return Place.MOVED, others[0]
    if quote.block in texts:
        return Place.CHANGED, quote.block
    return Place.GONE, ""


def _folded(text: str) -> str:
    return plain_text(words_of(text)).replace("\n", " ")


def _stands(wanted: str, text: str) -> bool:
    return f" {wanted} " in f" {text} "


def _with_neighbour(quote: Quote, text: str) -> bool:
    wanted, before, after = (_folded(part) for part in (quote.words, quote.before, quote.after))
    near = [part for part in (f"{before} {wanted}" if before else "",
                              f"{wanted} {after}" if after else "") if part]  # fmt: skip
    return any(text.count(part) == 1 for part in near)
