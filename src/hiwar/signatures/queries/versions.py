"""Questions about versions: which is open, which is shown, how its paragraphs are counted."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from hiwar.common.multilingual import MultilingualText, direction
from hiwar.engine.blocks import changed_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hiwar.signatures.models import Signing, SigningVersion

BREAK = re.compile(r"(?:\r?\n[ \t]*){2,}")


def open_version(signing: Signing) -> SigningVersion | None:
    """Return the version that is open for signature, if there is one."""
    if signing.ended_at is not None:
        return None
    return signing.versions.filter(closed_at=None, replaced_at=None).first()


def signing_version(signing: Signing) -> SigningVersion | None:
    """Return the version that signatories are shown: the last that no other has replaced."""
    return signing.versions.filter(replaced_at=None).order_by("-number", "pk").first()


def paragraphs(text: Mapping[str, str], language: str) -> list[str]:
    """Return the paragraphs of a text as a reader of a language is shown them."""
    shown = MultilingualText(text).in_language(language)
    return [paragraph.strip() for paragraph in BREAK.split(shown.strip()) if paragraph.strip()]


def most_paragraphs(text: Mapping[str, str]) -> int:
    """Return how many paragraphs a text has in the language that has most."""
    return max((len(paragraphs(text, language)) for language in text), default=0)


def text_as_read(text: MultilingualText, language: str) -> dict[str, object]:
    """Return what a template needs to show a text with numbered paragraphs in a language."""
    shown = text.shown_language(language) or language
    return {
        "paragraphs": list(enumerate(paragraphs(text, language), 1)),
        "text_language": shown,
        "text_direction": direction(shown),
        "is_other_language": shown != language,
    }


def changes_between(
    before: SigningVersion, after: SigningVersion, language: str
) -> list[list[tuple[str, str]]]:
    """Return what changed between two versions, paragraph by paragraph, word by word.

    Each paragraph that changed is its words with ``"="``, ``"-"`` or ``"+"``; the others are left
    out. Both are read in the language of the later one, as a reader of ``language`` is shown it.
    """
    shown = after.text.shown_language(language) or language
    old, new = paragraphs(before.text, shown), paragraphs(after.text, shown)
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [
        changed_words("\n".join(old[start:end]), "\n".join(new[new_start:new_end]))
        for tag, start, end, new_start, new_end in steps if tag != "equal"
    ]  # fmt: skip
