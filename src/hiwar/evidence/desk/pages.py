"""What the pages of the library do alike: lists, forms, records of four kinds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from hiwar.accounts.access import me
from hiwar.common.desk import frames
from hiwar.common.desk.lists import Listing, list_page, ordered, sort_columns
from hiwar.common.desk.pages import attempt_and_say, paged, part_or_404
from hiwar.common.files.uploads import sent
from hiwar.common.templatetags.components import number
from hiwar.evidence import rules
from hiwar.evidence.forms.library import LibraryFilterForm
from hiwar.evidence.models import EvidenceItem, Instrument, MediaItem, Source
from hiwar.evidence.queries.library import (
    find,
    instruments_for,
    items_for,
    media_for,
    sources_for,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django import forms
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest, HttpResponse

    from hiwar.dossiers.queries.extension_points import Use

READABLE: dict[type[Model], Callable[..., QuerySet[Any]]] = {
    Source: sources_for,
    EvidenceItem: items_for,
    Instrument: instruments_for,
    MediaItem: media_for,
}
# By what each list is sorted, the usual first.
ORDERS: dict[type[Model], tuple[str, ...]] = {
    Source: ("title", "issued", "added_at"),
    EvidenceItem: ("-added_at", "text"),
    Instrument: ("symbol", "title", "year"),
    MediaItem: ("-published_on", "outlet"),
}
ORDER_LABELS = {
    "title": pgettext_lazy("order of a list", "Title"),
    "issued": pgettext_lazy("order of a list", "Published"),
    "added_at": pgettext_lazy("order of a list", "Entered"),
    "text": pgettext_lazy("order of a list", "Text"),
    "symbol": pgettext_lazy("order of a list", "Symbol"),
    "year": pgettext_lazy("order of a list", "Year"),
    "published_on": pgettext_lazy("order of a list", "Published"),
    "outlet": pgettext_lazy("order of a list", "Outlet"),
}
TONES = {"strong": "success", "usable": "info", "weak": "notice"}


def record_or_404(request: HttpRequest, model: type[Any], key: str) -> Any:
    """Return a record that whoever asks may read."""
    return part_or_404(READABLE[model](me(request)), key)


def tabs(current: str) -> list[dict[str, object]]:
    """Return the four lists of the library."""
    lists = (
        ("sources", _("Sources")), ("items", _("Evidence")), ("instruments", _("Instruments")),
        ("media", _("Media items")),
    )  # fmt: skip
    return [
        {"label": label, "url": reverse(f"evidence:{name}"), "current": name == current}
        for name, label in lists
    ]


def library_list(
    request: HttpRequest,
    model: type[Model],
    name: str,
    shown: Callable[[Any], dict[str, object]],
    words: dict[str, Any],
) -> HttpResponse:
    """Show a list with its words and filters; ``shown`` makes a row of a record."""
    user = me(request)
    form = LibraryFilterForm(model, request.GET, topics=words.pop("topics", ()))
    wish = form.wish()
    rows = find(READABLE[model](user), wish, timezone.localdate())
    fields = [field.removeprefix("-") for field in ORDERS[model]]
    columns = {field: ORDER_LABELS[field] for field in fields}
    order, headings = sort_columns(request, columns, ORDERS[model][0])
    rows = ordered(rows, order, {field: field for field in fields})
    page = paged(request, rows)
    count = page["page"].paginator.count
    listing = Listing(
        title=words.pop("title"),
        lead=words.pop("lead"),
        url=reverse(f"evidence:{name}"),
        everything=_("Clear"),
        no_match=_("Nothing in this list answers the question"),
        fewer=_("Ask with fewer conditions."),
        none_yet=words.pop("empty_title"),
        why=words.pop("empty_text"),
    )
    return list_page(
        request,
        "evidence/list.html",
        listing,
        page=page,
        rows=[shown(record) for record in page["page"].object_list],
        conditions=form,
        is_narrowed=bool(wish),
        headings=headings,
        count=ngettext("%(n)s entry", "%(n)s entries", count) % {"n": number(count)},
        tabs=tabs(name),
        may_edit=rules.can_edit_evidence(user),
        **words,
    )


@dataclass(frozen=True, slots=True)
class FormPage:
    """What a form's page says, where it leads back to, and where it goes on once it is done."""

    title: str
    verb: str
    done: str
    back: str
    after: Callable[[Any], str] | None = None
    record: object = None
    uses: Sequence[Use] = ()
    address: str = ""
    warning: str = ""
    is_correction: bool = False


def form_page(
    request: HttpRequest, form: forms.Form, act: Callable[[], Any], page: FormPage
) -> HttpResponse:
    """Show a form; once it is whole, act, say so, and go on."""
    acted: list[Any] = []
    if attempt_and_say(request, form, lambda: acted.append(act()), page.done):
        return redirect(page.after(acted[0]) if page.after else page.back)
    return frames.form_page(
        request, form, title=page.title, verb=page.verb, back=page.back, lead=page.record,
        template="evidence/form.html", page=page,
    )  # fmt: skip


def bound(request: HttpRequest, form: type[forms.Form], **more: Any) -> Any:
    """Return a form with what a request sends, files too."""
    return form(*sent(request), **more)


def quality(record: Source | EvidenceItem) -> tuple[str, str]:
    """Return the stated quality in words and its tone."""
    if not record.quality:
        return "", ""
    return str(record.get_quality_display()), TONES[record.quality]
