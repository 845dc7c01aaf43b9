"""Which words of a text say what it is about: substance or drafting, and whom it touches."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hiwar.engine.law.folding import word_key
from hiwar.legislation.models import Comment

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def word_that_begins(text: str, beginnings: Iterable[str]) -> str:
    """Return the first word of a text that begins like one of these; nothing where none does.

    Spelling is folded, and what Arabic joins before a word is passed over.

    >>> word_that_begins("وللنساء مقعدان", ["نسا"])
    'وللنساء'
    """
    keys = tuple(str(word_key(word)) for word in beginnings if word)
    for word in _WORD.findall(text):
        key = word_key(word)
        if keys and (_PREFIX.sub("", key).startswith(keys) or key.startswith(keys)):
            return str(word)
    return ""


def suggested_kind(text: str) -> tuple[str, str]:
    """Return the kind that a comment seems to be of, and the word that says so or nothing.

    >>> suggested_kind("نقترح إعادة الصياغة")
    ('drafting', 'الصياغة')
    >>> suggested_kind("خفض النسبة إلى 5%")
    ('substantive', '')
    """
    word = word_that_begins(text, (word for words in _DRAFTING.values() for word in words))
    return (Comment.Kind.DRAFTING if word else Comment.Kind.SUBSTANTIVE), word
