"""A list at the desk: found by words, narrowed by filters, turned page by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.shortcuts import render

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.http import HttpRequest, HttpResponse

    Option = tuple[str, Any, int | None]

LONGEST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Listing:
    """What the page of a list says.

    Attributes
    ----------
    title, search : str
        The heading, and what is looked through.
    url, everything : str
        The address of the whole list, and the words of the link to it.
    no_match, none_yet, why : str
        What is said when nothing matches, when there is nothing at all, and what would stand here.
    new, first : tuple of (str, str) or None
        Label and address of making an entry, and of making the first one; None for who may not.
    """

    title: str
    search: str
    url: str
    everything: str
    no_match: str
    none_yet: str
    why: str = ""
    new: tuple[str, str] | None = None
    first: tuple[str, str] | None = None


def words_of(request: HttpRequest) -> str:
    """Return the words that are searched for."""
    return request.GET.get("q", "").strip()[:LONGEST_WORDS]


def choice_of(request: HttpRequest, name: str, offered: Iterable[str]) -> str:
    """Return what is chosen in the address; nothing where it is not offered."""
    chosen = request.GET.get(name, "")
    return chosen if chosen in set(offered) else ""


def filter_links(
    name: str,
    current: str,
    options: Iterable[Option],
    kept: Mapping[str, str] | None = None,
    *,
    with_none: bool = True,
) -> list[dict[str, object]]:
    """Return links that narrow a list by one thing and keep what else was chosen.

    ``options`` are a code, a label and how many there are; with ``with_none`` also those of which
    there are none.
    """
    others = {key: value for key, value in (kept or {}).items() if value and key != name}
    return [
        {
            "label": label,
            "url": f"?{urlencode({name: code, **others})}",
            "current": code == current,
            "count": count,
        }
        for code, label, count in options
        if with_none or count or code in {"", current}
    ]


def sort_columns(
    request: HttpRequest, columns: Mapping[str, Any], usual: str
) -> tuple[str, dict[str, dict[str, object]]]:
    """Return by what a list is sorted, and the headings that sort it.

    ``columns`` are labels by name; the address says ``sort=name``, or ``sort=-name`` from the last
    to the first. A heading is what the component *table* takes; the one that sorts the list turns
    it round. ``usual`` is taken where the address says nothing that there is.
    """
    chosen = request.GET.get("sort", "")
    if chosen.removeprefix("-") not in columns:
        chosen = usual
    headings: dict[str, dict[str, object]] = {}
    for name, label in columns.items():
        parameters = request.GET.copy()
        parameters.pop("page", None)
        parameters["sort"] = f"-{name}" if chosen == name else name
        sorted_so = {name: "ascending", f"-{name}": "descending"}.get(chosen, "")
        headings[name] = {
            "label": label,
            "sort_url": f"?{parameters.urlencode()}",
            "sorted": sorted_so,
        }
    return chosen, headings


def list_page(
    request: HttpRequest,
    template: str,
    listing: Listing,
    *,
    page: Mapping[str, Any],
    rows: Sequence[object],
    words: str,
    filters: Sequence[tuple[str, Sequence[Mapping[str, object]]]],
    chosen: Mapping[str, str],
    **context: Any,
) -> HttpResponse:
    """Render a list whose template extends ``common/list_page.html`` and says what a row shows.

    ``page`` is what `paged` returned, ``rows`` what stands on it, ``filters`` a label for readers
    (empty for the usual one) with the links of each group, and ``chosen`` what is kept while
    somebody searches.
    """
    context |= {
        **page,
        "listing": listing,
        "rows": rows,
        "words": words,
        "filters": filters,
        "chosen": [(name, value) for name, value in chosen.items() if value],
        "is_narrowed": bool(words or any(chosen.values())),
    }
    return render(request, template, context)
