"""In what letters a text is written, in what language, and the columns that hold one for each."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from babel import Locale
from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hiwar.common.multilingual import installation_languages, script_of_language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    StrOrPromise = str | _StrPromise

NAME_IN = _("Name (%(language)s)")

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


def language_in_words(language: str, reader: str | None = None) -> str:
    """Return what a language is called in the reader's, as CLDR has it; its code where unknown."""
    wished = Locale.parse(language.replace("-", "_"))
    spoken = reader or get_language() or settings.LANGUAGE_CODE
    return wished.get_display_name(spoken.replace("-", "_")) or language


def columns_of_names() -> dict[str, str]:
    """Return the columns of a table that hold names, ``name_fr`` and so on, each with its heading.

    One for each language of the installation, in their order.
    """
    return columns_in_languages("name", NAME_IN)


def names_in_columns(texts: Mapping[str, str]) -> list[str]:
    """Return the cells of these columns for one person or body.

    A name in a language that the installation does not speak stands in the first empty column of
    its letters, else in the first empty one: nobody leaves without a name.
    """
    spoken = installation_languages()
    cells = {code: texts.get(code, "") for code in spoken}
    for code, text in texts.items():
        if code in cells or text in cells.values():
            continue
        empty = [column for column in spoken if not cells[column]]
        alike = [c for c in empty if script_of_language(c) == script_of_language(code)]
        if empty and (alike or not any(cells.values())):
            cells[(alike or empty)[0]] = text
    return list(cells.values())


def columns_in_languages(name: str, wording: StrOrPromise) -> dict[str, str]:
    """Return a column for each language of the installation, ``name_code``, with its heading.

    ``wording`` has a place for the ``language``.
    """
    return {
        f"{name}_{code}": str(wording) % {"language": language_in_words(code)}
        for code in installation_languages()
    }


def headings_in_languages(name: str, wording: StrOrPromise) -> dict[str, list[str]]:
    """Return what files may call these columns, in the languages of the installation and English.

    Examples: ``name_fr``, ``name fr``, ``Name (French)``, ``Nom (français)``.
    """
    headings: dict[str, list[str]] = {}
    for code in installation_languages():
        words = [f"{name}_{code}", f"{name} {code}", f"{name} in {language_in_words(code, 'en')}"]
        for reader in dict.fromkeys((*installation_languages(), "en")):
            with translation.override(reader):
                words.append(columns_in_languages(name, wording)[f"{name}_{code}"])
        headings[f"{name}_{code}"] = list(dict.fromkeys(words))
    return headings
