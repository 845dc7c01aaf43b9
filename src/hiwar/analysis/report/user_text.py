"""What people wrote, made safe to show: no control characters, no forced direction."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# Controls and lone surrogates break a page or its encoding; an override could make a statement
# read backwards, and unlike an isolate it has no honest use in running text.
_HARMFUL = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u202d\\u202e\\ud800-\\udfff\\ufffe\\uffff]"
)
_ARABIC = re.compile("[\\u0600-\\u06ff]")
_LATIN = re.compile("[A-Za-z]")


def clean(text: object) -> str:
    """Return the text with each harmful character shown as a replacement character."""
    return _HARMFUL.sub("\ufffd", "" if text is None else str(text)).strip()


def statement_text(statement: Mapping[str, Any], lang: str) -> tuple[str, str | None]:
    """Return a statement's text and its language, the reader's language first.

    Where the file does not name the language the letters do, so that a voice which cannot read them
    is not asked to: Latin ones on an Arabic page are taken for English. None: as the page.
    """
    texts = statement.get("texts") or {}
    for code in (lang, *texts):
        if texts.get(code):
            return clean(texts[code]), (
                code
                if re.fullmatch("[A-Za-z]{2,3}(-[A-Za-z0-9]+)*", code)
                else _language_by_letters(clean(texts[code]), lang)
            )
    text = clean(statement.get("text"))
    return text, _language_by_letters(text, lang)


def _language_by_letters(text: str, lang: str) -> str | None:
    if has_arabic(text):
        return "ar" if lang != "ar" else None
    return "en" if lang == "ar" and _LATIN.search(text) else None


def has_arabic(text: str) -> bool:
    """Say whether Arabic letters occur."""
    return bool(_ARABIC.search(text))
