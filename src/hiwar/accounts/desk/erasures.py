"""Erasing people: found by what they name, erased with all the house holds, proven after."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_POST

from hiwar.accounts import rules
from hiwar.accounts.access import me, needs
from hiwar.common.desk.lists import Listing, list_page
from hiwar.common.desk.pages import attempt, attempt_with_form, paged
from hiwar.common.models import Duty, Erasure
from hiwar.common.personal import actions
from hiwar.common.personal.holdings import subject_of, subjects
from hiwar.common.personal.retention import keeping_classes
from hiwar.common.queries import names_of

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from hiwar.common.personal.holdings import Subject
    from hiwar.common.personal.retention import KeepingClass

MOST_SHOWN = 20
# Where rows lie, in the words of the menu.
ROOMS = {
    "common": pgettext_lazy("where rows lie", "Index, log and files"),
    "contacts": pgettext_lazy("where rows lie", "Register"),
    "channels": pgettext_lazy("where rows lie", "Letters"),
    "dossiers": pgettext_lazy("where rows lie", "Dossiers"),
    "events": pgettext_lazy("where rows lie", "Events"),
    "dialogues": pgettext_lazy("where rows lie", "Dialogues"),
    "visits": pgettext_lazy("where rows lie", "Visits"),
    "accounts": pgettext_lazy("where rows lie", "Staff"),
    "asks": pgettext_lazy("where rows lie", "Asks"),
    "legislation": pgettext_lazy("where rows lie", "Laws"),
}


class LookUpForm(forms.Form):
    """Who is meant: a kind of person, and what somebody named."""

    kind = forms.ChoiceField(label=lazy("Who it is"))
    text = forms.CharField(
        label=lazy("Code, number, name, address or receipt"),
        help_text=lazy(
            "For somebody who takes part: the code, the telephone number while the dialogue is "
            "open, the number of the paper form, or the text of a receipt. For a comment on a "
            "draft: its private address, the e-mail address or the name given with it."
        ),
        max_length=4000,
        widget=forms.Textarea({"rows": 2, "dir": "auto", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(subject.code, subject.label) for subject in subjects()]


@needs(rules.can_erase_people)
def erasures(request: HttpRequest) -> HttpResponse:
    """Look somebody up without a trace in the address, and list what was erased."""
    form = LookUpForm(request.POST or None)
    people: list[tuple[str, str]] = []
    subject = None
    is_searched = form.is_valid()
    if is_searched:
        subject = subject_of(form.cleaned_data["kind"])
        people = _people(request, subject, form.cleaned_data["text"]) if subject else []
    listed = paged(request, Erasure.objects.order_by("-asked_at", "pk"))
    names = names_of(erasure.asked_by for erasure in listed["page"])
    rows = [
        (erasure, _label(erasure.kind), names.get(erasure.asked_by, ""))
        for erasure in listed["page"]
    ]
    nothing = _("Nobody was erased yet.")
    listing = Listing(
        title=pgettext("of people", "Erasure"),
        lead=_(
            "Whoever asks to be erased is taken out of what the rooms hold on them, and out of the "
            "log. A search of every table and file then shows what is left, such as the free texts "
            "of others. The log keeps that it was done, and not whose it was."
        ),
        url=reverse("accounts:erasures"),
        everything="",
        no_match=nothing,
        none_yet=nothing,
        is_quiet=True,
    )
    response = list_page(
        request, "accounts/erasures.html", listing, page=listed, rows=rows, form=form,
        people=people, subject=subject, is_searched=is_searched, kept=_kept(),
    )  # fmt: skip
    add_never_cache_headers(response)
    return response


def _kept() -> list[tuple[KeepingClass, int, datetime | None]]:
    """Return what is kept for a time, its days, and when that was last looked after."""
    done = dict(Duty.objects.values_list("name", "last_success_at"))
    return [(kept, kept.days(), done.get(kept.duty)) for kept in keeping_classes()]


def _people(request: HttpRequest, subject: Subject, text: str) -> list[tuple[str, str]]:
    """Return whom a text means, of those whom the reader may erase: key and name."""
    user = me(request)
    records = subject.look_up(user, text.strip())
    known = [record for record in records if subject.may(user, record)]
    return [(str(record.pk), str(subject.name(record))) for record in known[:MOST_SHOWN]]


def _label(kind: str) -> str:
    subject = subject_of(kind)
    return str(subject.label) if subject else kind


@needs(rules.can_erase_people)
def erase(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Say what becomes of one person, and erase when that is confirmed."""
    subject = subject_of(kind)
    record = subject.get(key) if subject else None
    if subject is None or record is None:
        raise Http404
    if not subject.may(me(request), record):
        raise PermissionDenied
    done: list[Erasure] = []
    if request.method == "POST" and attempt(
        request,
        lambda: done.append(
            actions.erase(actor=me(request), kind=kind, keys=[key], now=timezone.now())
        ),
        _("Erased. What is left is being searched for."),
    ):
        return redirect("accounts:erasure", done[0].pk)
    context = {"subject": subject, "name": subject.name(record), "back": subject.home(record)}
    return render(request, "accounts/erase.html", {**context, "kind": kind, "key": key})


@require_POST
@needs(rules.can_erase_people)
def erase_several(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask for the erasure of several people; somebody else carries it out."""
    done: list[Erasure] = []
    attempt(
        request,
        lambda: done.append(
            actions.erase(
                actor=me(request), kind=kind, keys=request.POST.getlist("key"), now=timezone.now()
            )
        ),
        "",
    )
    return redirect("accounts:erasure", done[0].pk) if done else redirect("accounts:erasures")


@needs(rules.can_erase_people)
def erasure(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show what an erasure took and what a search found after; let a second person agree."""
    subject = get_object_or_404(Erasure, pk=key)
    form = forms.Form(request.POST or None)
    if request.method == "POST":
        now = timezone.now()
        agrees = request.POST.get("decision") == "agree"
        act = actions.agree_to_erasure if agrees else actions.take_back_erasure
        form.is_valid()
        if attempt_with_form(form, lambda: act(actor=me(request), erasure=subject, now=now)):
            return redirect("accounts:erasure", key)
    names = names_of([subject.asked_by, subject.done_by])
    context = {
        "erasure": subject,
        "kind": _label(subject.kind),
        "form": form,
        "asked_by": names.get(subject.asked_by, ""),
        "done_by": names.get(subject.done_by, ""),
        "is_mine": subject.asked_by == me(request).reference,
        "counts": _by_room(subject.counts),
        "left": _by_room(subject.proof.get("found", {})),
    }
    return render(request, "accounts/erasure.html", context)


def _by_room(counts: dict[str, int]) -> list[tuple[str, int]]:
    """Return counts of rows by the words of the rooms in which they lie, the largest first."""
    rooms: Counter[str] = Counter()
    for label, number in counts.items():
        room = label.partition(".")[0]
        rooms[str(ROOMS.get(room, room))] += number
    return sorted(rooms.items(), key=lambda pair: (-pair[1], pair[0]))
