"""In what letters a text is written, and what language a text of strangers seems to be in."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from hiwar.common.multilingual import installation_languages, script_of_language

if TYPE_CHECKING:
    from collections.abc import Mapping

# How Unicode begins the name of a letter, and the code of its script (ISO 15924).
_BY_NAME = {
    "LATIN": "Latn", "ARABIC": "Arab", "HEBREW": "Hebr", "CYRILLIC": "Cyrl", "GREEK": "Grek",
    "DEVANAGARI": "Deva", "BENGALI": "Beng", "TAMIL": "Taml", "THAI": "Thai", "ETHIOPIC": "Ethi",
    "ARMENIAN": "Armn", "GEORGIAN": "Geor", "SYRIAC": "Syrc", "CJK": "Hans", "HANGUL": "Kore",
    "HIRAGANA": "Jpan", "KATAKANA": "Jpan",
}  # fmt: skip
# What a text is filed under where the installation speaks no language of its letters.
_USUAL = {
    "Latn": "en", "Arab": "ar", "Hebr": "he", "Cyrl": "ru", "Grek": "el", "Deva": "hi",
    "Beng": "bn", "Taml": "ta", "Thai": "th", "Ethi": "am", "Armn": "hy", "Geor": "ka",
    "Hans": "zh", "Kore": "ko", "Jpan": "ja",
}  # fmt: skip


def script_of_text(text: str) -> str:
    """Return the script that most letters of a text are in; empty without letters.

    >>> script_of_text("القواسمي (A)"), script_of_text("Édith Île"), script_of_text("2027")
    ('Arab', 'Latn', '')
    """
    counts = Counter(
        _BY_NAME.get(unicodedata.name(letter, "").partition(" ")[0], "")
        for letter in text
        if letter.isalpha()
    )
    return counts.most_common(1)[0][0] if counts else ""


def language_of_text(text: str) -> str:
    """Return under which language a text is filed whose author named none.

    The first language of the installation in its letters; else the usual one of these letters;
    for a text without letters the first of the installation.
    """
    languages = installation_languages()
    script = script_of_text(text)
    spoken = (code for code in languages if script_of_language(code) == script)
    return next(spoken, _USUAL.get(script, languages[0]) if script else languages[0])


def in_same_script(texts: Mapping[str, str], language: str) -> str:
    """Return a text in a language, else in one of the same letters; empty where there is none."""
    codes = (language, *installation_languages(), *texts)
    script = script_of_language(language)
    return next(
        (texts[code] for code in codes if code in texts and script_of_language(code) == script), ""
    )
