"""Words for people, from the package's one catalogue, without any framework."""

from __future__ import annotations

import gettext
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Lang = Literal["ar", "en"]
LANGUAGES: tuple[Lang, ...] = ("ar", "en")
DEFAULT: Lang = "ar"
_LOCALE = Path(__file__).resolve().parents[1] / "locale"


def gettext_noop(message: str) -> str:
    """Mark a message for the catalogue; it is translated where it is shown."""
    return message


def translator(lang: str) -> gettext.NullTranslations:
    """Return the catalogue of a language, with `gettext`, `ngettext` and `pgettext`.

    Falls back to the English message ids when no catalogue was compiled for the language.
    """
    return gettext.translation("django", _LOCALE, languages=[lang], fallback=True)


def language_of(environment: Mapping[str, str]) -> Lang:
    """Choose the language from LC_ALL, LC_MESSAGES and LANG; Arabic where they name neither."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        code = environment.get(name, "")[:2].lower()
        for lang in LANGUAGES:
            if code == lang:
                return lang
    return DEFAULT
