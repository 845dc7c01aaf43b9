"""How a source of the library is cited, wherever it is: in its own language and its own signs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hiwar.analysis.references import FIELDS, cite, csl_of

if TYPE_CHECKING:
    from hiwar.evidence.models import Source


def citation_of(source: Source, locator: str = "") -> str:
    """Return the citation of a source with the place in it, as a note has it."""
    return cite(csl_of(_values(source)), locator)


def csl_json(source: Source) -> dict[str, Any]:
    """Return a source as other programs take it: CSL-JSON, named by its key."""
    entry = csl_of({**_values(source), "id": str(source.pk)})
    return {**entry, "note": source.note} if source.note else entry


def _values(source: Source) -> dict[str, Any]:
    return {name: getattr(source, name) for name in FIELDS}
