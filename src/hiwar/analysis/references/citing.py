"""How a source is cited: by one of two styles of our own, chosen by the language of the source.

The styles are in CSL; one language for a whole list would set Latin commas between Arabic names.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

_STYLES = Path(__file__).parent / "styles"
_ARABIC = re.compile("[\u0620-\u06d3]")
_ARABIC_LETTERS = frozenset(["ar", "fa", "ur", "ps", "ckb", "sd", "ug"])
# Words between names and before pages, where a Latin source is in one of these.
_LOCALES = {"fr": "fr-FR", "es": "es-ES", "de": "de-DE", "it": "it-IT", "pt": "pt-PT",
            "tr": "tr-TR", "nl": "nl-NL"}  # fmt: skip
_PAGES = re.compile(r"[\dIVXLCivxlc٠-٩]+(\s*[-–]\s*[\dIVXLCivxlc٠-٩]+)?")
_LABEL = re.compile(r"(?:pp?\.?|pages?|ص{1,2}\.?|صفحة|صفحات)\s*(?=[\d٠-٩])", re.IGNORECASE)
# What CSL calls what is known of a source.
_NAMES = {
    "container": "container-title", "publisher": "publisher", "publisher_place": "publisher-place",
    "volume": "volume", "issue": "issue", "pages": "page", "number": "number", "doi": "DOI",
    "isbn": "ISBN", "url": "URL", "title": "title", "language": "language",
}  # fmt: skip
# A style looks up its words while it is used; no two citations are made at a time.
_one_at_a_time = Lock()


def csl_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a source as CSL-JSON.

    ``values`` has ``kind`` (a type of CSL), ``authors`` (names as CSL-JSON has them), ``issued``
    (a year, month or day as 2027-03-31), and text by the names of ``records.FIELDS``.
    """
    entry: dict[str, Any] = {"id": str(values.get("id") or "source"), "type": values["kind"]}
    entry |= {name: values[own] for own, name in _NAMES.items() if values.get(own)}
    if values.get("authors"):
        entry["author"] = [dict(name) for name in values["authors"]]
    if values.get("issued"):
        parts = [int(part) for part in str(values["issued"]).split("-")]
        entry["issued"] = {"date-parts": [parts]}
    return entry


def cite(entry: Mapping[str, Any], locator: str = "") -> str:
    """Return how a source is cited in a note, in the words and signs of its own language.

    Parameters
    ----------
    entry : mapping
        CSL-JSON with ``type`` and ``title``, as ``csl_of`` gives it.
    locator : str
        A page or pages; or words as they are, such as a table.

    Returns
    -------
    str
        Plain text that ends with a full stop. Arabic text has marks around ranges that keep
        their order.
    """
    return _cite(msgspec.json.encode(entry, order="sorted"), locator.strip())


@lru_cache(maxsize=4096)
def _cite(encoded: bytes, locator: str) -> str:
    from citeproc import Citation, CitationItem, CitationStylesBibliography, Locator, formatter
    from citeproc.source.json import CiteProcJSON

    entry = msgspec.json.decode(encoded)
    entry["id"] = "source"
    place = {}
    if locator:
        bare = _LABEL.sub("", locator)
        is_page = _PAGES.fullmatch(bare) is not None
        place["locator"] = Locator("page" if is_page else "section", bare if is_page else locator)
    with _one_at_a_time:
        style = _style(*_style_of(entry))
        listed = CitationStylesBibliography(style, CiteProcJSON([entry]), formatter.plain)
        citation = Citation([CitationItem("source", **place)])
        listed.register(citation)
        return str(listed.cite(citation, None))


@cache
def _style(name: str, locale: str) -> Any:
    from citeproc import CitationStylesStyle

    return CitationStylesStyle(str(_STYLES / f"{name}.csl"), locale=locale, validate=False)


def _style_of(entry: Mapping[str, Any]) -> tuple[str, str]:
    """Return style and locale by the language of a source, or else by the letters of its title."""
    language = str(entry.get("language") or "").partition("-")[0].lower()
    is_told = bool(language) and language != "und"
    if language in _ARABIC_LETTERS or (not is_told and _ARABIC.search(str(entry["title"]))):
        return "arabic", "ar"
    return "latin", _LOCALES.get(language, "en-US")
