"""The lists that the institution words for itself: all of them, one list, one entry."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts import rules
from hiwar.accounts.access import me, needs
from hiwar.accounts.actions import vocabularies as act
from hiwar.accounts.actions.vocabulary_files import all_vocabularies
from hiwar.accounts.forms import VocabularyEntryForm
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.pages import attempt, attempt_with_form
from hiwar.common.multilingual import MultilingualText
from hiwar.common.vocabularies.entries import Entry, Origin, entries
from hiwar.common.vocabularies.lists import Vocabulary, shipped, vocabularies, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.forms import BaseForm
    from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Line:
    """A list among all lists, with how many entries differ from what is shipped or owe a text."""

    vocabulary: Vocabulary
    entries: int
    changed: int
    owed: int


@dataclass(frozen=True, slots=True)
class Row:
    """An entry in its list."""

    entry: Entry
    is_own: bool
    is_changed: bool
    used: int
    orders_up: str
    orders_down: str
    missing: tuple[str, ...]


@needs(rules.can_change_vocabularies)
def overview(request: HttpRequest) -> HttpResponse:
    rooms = [
        (room, [_line(declared) for declared in lists])
        for room, lists in groupby(vocabularies(), key=lambda declared: str(declared.room))
    ]
    return render(request, "accounts/vocabularies.html", {"rooms": rooms})


@needs(rules.can_change_vocabularies)
def listed(request: HttpRequest, code: str) -> HttpResponse:
    declared = _vocabulary_or_404(code)
    return render(
        request,
        "accounts/vocabulary.html",
        {"vocabulary": declared, "rows": list(_rows(declared))},
    )


@needs(rules.can_change_vocabularies)
def add(request: HttpRequest, code: str) -> HttpResponse:
    declared = _vocabulary_or_404(code)
    if declared.is_closed:
        raise Http404
    form = VocabularyEntryForm(request.POST or None, declared=declared)
    if form.is_valid() and attempt_with_form(
        form,
        lambda: act.add_entry(
            actor=me(request), vocabulary_code=code, values=form.cleaned_data, at=timezone.now()
        ),
    ):
        return redirect("accounts:vocabulary", code=code)
    return _entry_page(request, form, declared, _("Add an entry"))


@needs(rules.can_change_vocabularies)
def word(request: HttpRequest, code: str, entry: str) -> HttpResponse:
    declared, known = _entry_or_404(code, entry)
    form = VocabularyEntryForm(request.POST or None, initial=dict(known.values), declared=declared)
    if form.is_valid() and attempt_with_form(
        form,
        lambda: act.word_entry(
            actor=me(request),
            vocabulary_code=code,
            code=entry,
            values=form.cleaned_data,
            at=timezone.now(),
        ),
    ):
        return redirect("accounts:vocabulary", code=code)
    as_shipped = shipped(code).get(entry, {}).get(declared.main.name)
    context = {
        "entry": known,
        "used": declared.uses().get(entry, 0),
        "as_shipped": as_shipped.in_order() if isinstance(as_shipped, MultilingualText) else [],
        "is_changed": known.origin is Origin.CHANGED,
        "is_own": known.origin is Origin.OWN,
    }
    return _entry_page(request, form, declared, known, **context)


def _entry_page(
    request: HttpRequest, form: BaseForm, declared: Vocabulary, title: object, **context: Any
) -> HttpResponse:
    back = reverse("accounts:vocabulary", args=[declared.code])
    trail = [(_("Lists"), reverse("accounts:vocabularies")), (declared.title, back)]
    return form_page(
        request, form, title=title, verb=_("Save the entry"), back=back, trail=trail,
        template="accounts/vocabulary_entry.html", vocabulary=declared, **context,
    )  # fmt: skip


@require_POST
@needs(rules.can_change_vocabularies)
def order(request: HttpRequest, code: str) -> HttpResponse:
    _vocabulary_or_404(code)
    codes = request.POST.get("codes", "").split(",")
    return _done(
        request,
        code,
        lambda: act.order_entries(
            actor=me(request), vocabulary_code=code, codes=codes, at=timezone.now()
        ),
        "",
    )


@require_POST
@needs(rules.can_change_vocabularies)
def retire(request: HttpRequest, code: str, entry: str) -> HttpResponse:
    return _offer(
        request, code, entry, _("The entry is no longer offered. Where it is used it stays."), True
    )


@require_POST
@needs(rules.can_change_vocabularies)
def offer(request: HttpRequest, code: str, entry: str) -> HttpResponse:
    return _offer(request, code, entry, _("The entry is offered again."), False)


@require_POST
@needs(rules.can_change_vocabularies)
def take_back(request: HttpRequest, code: str, entry: str) -> HttpResponse:
    _entry_or_404(code, entry)
    return _done(
        request,
        code,
        lambda: act.remove_entry(
            actor=me(request), vocabulary_code=code, code=entry, at=timezone.now()
        ),
        _("The change is taken back."),
    )


@needs(rules.can_change_vocabularies)
def as_file(request: HttpRequest) -> HttpResponse:
    text = json.dumps(all_vocabularies(), ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="vocabularies.json"'
    return response


def _offer(
    request: HttpRequest, code: str, entry: str, done: str, is_retired: bool
) -> HttpResponse:
    _entry_or_404(code, entry)
    return _done(
        request,
        code,
        lambda: act.retire_entry(
            actor=me(request),
            vocabulary_code=code,
            code=entry,
            is_retired=is_retired,
            at=timezone.now(),
        ),
        done,
    )


def _done(request: HttpRequest, code: str, act_: Callable[[], object], done: str) -> HttpResponse:
    attempt(request, act_, done)
    return redirect("accounts:vocabulary", code=code)


def _vocabulary_or_404(code: str) -> Vocabulary:
    try:
        return vocabulary(code)
    except KeyError:
        raise Http404 from None


def _entry_or_404(code: str, entry: str) -> tuple[Vocabulary, Entry]:
    declared = _vocabulary_or_404(code)
    known = entries(code).get(entry)
    if known is None:
        raise Http404
    return declared, known


def _line(declared: Vocabulary) -> Line:
    known = entries(declared.code).values()
    origins = Counter(entry.origin for entry in known)
    return Line(
        vocabulary=declared,
        entries=sum(not entry.is_retired for entry in known),
        changed=len(known) - origins[Origin.SHIPPED],
        owed=sum(bool(entry.text.missing) for entry in known if not entry.is_retired),
    )


def _rows(declared: Vocabulary) -> Iterator[Row]:
    known, used = entries(declared.code), declared.uses()
    codes = list(known)
    for place, (code, entry) in enumerate(known.items()):
        yield Row(
            entry=entry,
            is_own=entry.origin is Origin.OWN,
            is_changed=entry.origin is Origin.CHANGED,
            used=used.get(code, 0),
            orders_up=",".join(_swapped(codes, place - 1)) if place else "",
            orders_down=",".join(_swapped(codes, place)) if place + 1 < len(codes) else "",
            missing=entry.text.missing,
        )


def _swapped(codes: list[str], place: int) -> list[str]:
    return [*codes[:place], codes[place + 1], codes[place], *codes[place + 2 :]]
