"""How a source of the library is cited, wherever it is: in its own language and its own signs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hiwar.analysis.references import FIELDS, cite, csl_of
from hiwar.engine.names import fold_arabic, fold_latin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hiwar.evidence.models import Source

ARTICLES = ("ال", "the ", "a ", "an ")


def citation_of(source: Source, locator: str = "") -> str:
    """Return the citation of a source with the place in it, as a note has it."""
    return cite(csl_of(_values(source)), locator)


def in_order_of_bibliography(sources: Iterable[Source], language: str) -> list[Source]:
    """Return sources as a bibliography lists them: those in the reader's language first.

    Within a language by the first author, or the title where there is none, whatever the spelling
    of its letters and without the article before it; then by year and title.
    """

    def place(source: Source) -> tuple[bool, str, str, str, str]:
        first = source.authors[0] if source.authors else {}
        name = first.get("family") or first.get("literal") or source.title
        return (
            source.language != language, source.language, _folded(name), source.issued,
            _folded(source.title),
        )  # fmt: skip

    return sorted(sources, key=place)


def _folded(words: str) -> str:
    plain = fold_latin(fold_arabic(words)).casefold().strip()
    return next(
        (plain.removeprefix(article) for article in ARTICLES if plain.startswith(article)), plain
    )


def csl_json(source: Source) -> dict[str, Any]:
    """Return a source as other programs take it: CSL-JSON, named by its key."""
    entry = csl_of({**_values(source), "id": str(source.pk)})
    return {**entry, "note": source.note} if source.note else entry


def _values(source: Source) -> dict[str, Any]:
    return {name: getattr(source, name) for name in FIELDS}
