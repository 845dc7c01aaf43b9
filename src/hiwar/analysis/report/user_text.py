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


def clean(text: object) -> str:
    """Return the text with each harmful character shown as a replacement character."""
    return _HARMFUL.sub("\ufffd", "" if text is None else str(text)).strip()


def statement_text(statement: Mapping[str, Any], lang: str) -> tuple[str, str | None]:
    """Return a statement's text and its language where known, the reader's language first."""
    texts = statement.get("texts") or {}
    for code in (lang, *texts):
        if texts.get(code):
            return clean(texts[code]), (
                code if re.fullmatch("[A-Za-z]{2,3}(-[A-Za-z0-9]+)*", code) else None
            )
    return clean(statement.get("text")), None


def has_arabic(text: str) -> bool:
    """Say whether Arabic letters occur."""
    return bool(_ARABIC.search(text))
