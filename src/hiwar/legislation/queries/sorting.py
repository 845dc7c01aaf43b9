"""Whether a comment seems to be about substance or about drafting, and which word says so."""

from __future__ import annotations

import re

from hiwar.engine.law.folding import word_key
from hiwar.legislation.models import Comment

# Beginnings of words by which people speak of how a text is written.
_DRAFTING = {
    "ar": ("صياغ", "عبار", "لفظ", "الفاظ", "مصطلح", "تعريف", "ترقيم", "املائ", "لغوي", "نحوي",
           "غموض", "غامض", "وضوح", "توضيح", "واضح", "تكرار", "فاصله", "جدول", "عنوان", "احاله"),
    "en": ("wording", "drafting", "definition", "typo", "spelling", "grammar", "punctuat",
           "unclear", "ambigu", "clarif", "numbering", "renumber", "reference", "heading",
           "comma", "table"),
}  # fmt: skip
_PREFIX = re.compile(r"^(?:[وف]?(?:[بكل]?ال|لل|[بل]))(?=\w{3})")
_WORD = re.compile(r"\w+")


def suggested_kind(text: str) -> tuple[str, str]:
    """Return the kind that a comment seems to be of, and the word that says so or nothing.

    >>> suggested_kind("نقترح إعادة الصياغة")
    ('drafting', 'الصياغة')
    >>> suggested_kind("خفض النسبة إلى 5%")
    ('substantive', '')
    """
    beginnings = tuple(str(word_key(word)) for words in _DRAFTING.values() for word in words)
    for word in _WORD.findall(text):
        key = word_key(word)
        if _PREFIX.sub("", key).startswith(beginnings) or key.startswith(beginnings):
            return Comment.Kind.DRAFTING, word
    return Comment.Kind.SUBSTANTIVE, ""
