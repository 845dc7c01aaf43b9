"""A list at the desk: found by words, narrowed by filters, sorted, turned page by page.

The page of every list is this frame: a room says its rows and its words. What lies inside a record
(the statements of a dialogue) stands in the frame of the record, and turns its pages the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from django.db.models import F, Model
from django.shortcuts import render

from hiwar.common.multilingual import MultilingualField, in_readers_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    Option = tuple[str, Any, int | None]

Row = TypeVar("Row", bound=Model)
LONGEST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Listing:
    """What the page of a list says.

    Attributes
    ----------
    title : str
        The heading.
    url, everything : str
        The address of the whole list, and the words of the link to it.
    no_match, none_yet, why : str
        What is said when nothing matches, when there is nothing at all, and what would stand here.
    search : str
        What is looked through; empty where nobody searches.
    lead, fewer : str
        What the list is for, and what to try when nothing matches.
    is_quiet : bool
        Whether that there is nothing is said in passing, beside other things of the page.
    new, first : tuple of (str, str) or None
        Label and address of making an entry, and of making the first one; None for who may not.
    """

    title: str
    url: str
    everything: str
    no_match: str
    none_yet: str
    why: str = ""
    search: str = ""
    lead: str = ""
    fewer: str = ""
    is_quiet: bool = False
    new: tuple[str, str] | None = None
    first: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Select:
    """A list to choose from beside the words: its name in the address, label, options, choice."""

    name: str
    label: str
    every: str
    options: Iterable[tuple[str, Any]]
    current: str


@dataclass(frozen=True, slots=True)
class Bulk:
    """What is done with several rows at once: rows have boxes named ``selected``.

    ``every`` and ``every_url`` do it with the whole list, where it is narrowed.
    """

    url: str
    label: str
    every: str = ""
    every_url: str = ""


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


def ordered(rows: QuerySet[Row], chosen: str, fields: Mapping[str, str]) -> QuerySet[Row]:
    """Return rows by what `sort_columns` says is chosen; ``fields`` name what each column sorts by.

    A text in several languages is sorted as the reader reads it.
    """
    path = fields[chosen.removeprefix("-")]
    by = in_readers_language(path) if _is_multilingual(rows.model, path) else F(path)
    is_turned = chosen.startswith("-")
    return rows.order_by(by.desc(nulls_last=True) if is_turned else by.asc(nulls_last=True), "pk")


def _is_multilingual(model: type[Model], path: str) -> bool:
    first, _dots, rest = path.partition("__")
    field = model._meta.get_field(first)
    related = field.related_model
    if rest and isinstance(related, type):
        return _is_multilingual(related, rest)
    return isinstance(field, MultilingualField)


def list_page(
    request: HttpRequest,
    template: str,
    listing: Listing,
    *,
    page: Mapping[str, Any],
    rows: Sequence[object],
    words: str = "",
    filters: Sequence[tuple[str, Sequence[Mapping[str, object]]]] = (),
    chosen: Mapping[str, str] | None = None,
    **context: Any,
) -> HttpResponse:
    """Render a list whose template extends ``common/list_page.html`` and says what a row shows.

    Parameters
    ----------
    page, rows
        What `paged` returned, and what stands on it.
    words, filters
        What is searched for; a label for readers (empty for the usual one) with the links of each
        group.
    chosen
        What is kept while somebody searches.
    context
        More for the template. The frame knows ``selects`` (`Select`, beside the words),
        ``conditions`` (a form in place of the words), ``headings`` (of `sort_columns`, where there
        is no head of a table), ``columns`` and ``caption`` of a table, ``bulk`` (`Bulk`), ``count``
        (how many there are, in words) and ``is_narrowed``.
    """
    selects: Sequence[Select] = context.get("selects", ())
    narrowing = [*(chosen or {}).values(), *(select.current for select in selects)]
    kept = {**(chosen or {}), "sort": request.GET.get("sort", "")}
    context = {
        "listing": listing,
        "rows": rows,
        "words": words,
        "filters": filters,
        "chosen": [(name, value) for name, value in kept.items() if value],
        "is_narrowed": bool(words or any(narrowing)),
        **page,
        **context,
    }
    return render(request, template, context)
