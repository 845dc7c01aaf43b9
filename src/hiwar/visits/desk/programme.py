"""The programme at the desk: by day with ways and conflicts, items, several changes as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hiwar.accounts.access import me, needs
from hiwar.common.desk.pages import attempt, attempt_and_say, attempt_with_form
from hiwar.events.models import Event
from hiwar.visits import rules
from hiwar.visits.actions import debrief as after
from hiwar.visits.actions import programme as act
from hiwar.visits.actions.stops import Stop, StopChange
from hiwar.visits.desk.pages import form_of_visit, item_or_404, page_of_visit, visit_or_404
from hiwar.visits.forms import visits as forms
from hiwar.visits.models import Leg, Visit, VisitItem
from hiwar.visits.queries.conflicts import STOP, conflicts
from hiwar.visits.queries.plans import items_of, plan_of
from hiwar.visits.queries.programme import counts_of, programme_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

TIMES = ("title", "kind", "day", "starts", "ends", "form", "where", "venue")
HOSTS = ("organisations", "speakers", "staff")


@needs(rules.can_see_visits)
def programme(request: HttpRequest, code: str) -> HttpResponse:
    visit = visit_or_404(request, code)
    items = items_of(visit)
    clashes = conflicts(plan_of(visit, items))
    days = programme_of(visit, items=items, conflicts=clashes)
    keys = {item.event.code for item in items}
    return page_of_visit(
        request,
        "programme",
        visit,
        tab="programme",
        days=days,
        counts=counts_of(days),
        grave=sum(conflict.weight == STOP for conflict in clashes),
        others=[conflict for conflict in clashes if conflict.key not in keys],
        last=visit.versions.order_by("-number").first(),
    )


@needs(rules.can_see_visits)
def item(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """Show an item: who, where, what if it fails, and what was written down."""
    visit = visit_or_404(request, code)
    subject = item_or_404(visit, number)
    items = items_of(visit)
    clashes = [
        conflict
        for conflict in conflicts(plan_of(visit, items))
        if conflict.key == subject.event.code
    ]
    days = programme_of(visit, items=items, conflicts=clashes)
    entry = next(
        candidate for day in days for candidate in day.entries if candidate.item.pk == subject.pk
    )
    return page_of_visit(
        request,
        "item",
        visit,
        tab="programme",
        item=subject,
        entry=entry,
        conflicts=clashes,
        steps=[step for step in str(subject.fallback).splitlines() if step.strip()],
        notes=subject.notes.select_related("recorded_by").order_by("at", "pk"),
        note_form=forms.NoteForm(),
        people_form=forms.PeopleForm(
            initial={name: getattr(subject, f"met_{name}") for name in ("female", "male", "other")}
        ),
        themes_form=forms.ThemesForm(initial={"themes": subject.themes.all()}),
    )


@needs(rules.can_run_visits)
def add_item(request: HttpRequest, code: str) -> HttpResponse:
    visit = visit_or_404(request, code)
    first = {"day": request.GET.get("day") or visit.starts_on, "form": Event.Form.IN_PERSON,
             "kind": Event.Kind.MEETING, "status": VisitItem.Status.REQUESTED}  # fmt: skip
    form = forms.ItemForm(request.POST or None, initial=first, user=request.user)
    if attempt_and_say(
        request,
        form,
        lambda: act.add_item(
            actor=me(request),
            visit=visit,
            stop=Stop(**{name: form.cleaned_data[name] for name in TIMES}),
            hosts=_hosts(form.cleaned_data),
            plain=form.cleaned_data,
            override_reason=form.cleaned_data["override_reason"],
            now=timezone.now(),
        ),
        _("The item is in the programme."),
    ):
        return redirect("visits:programme", code)
    return form_of_visit(
        request, form, visit, tab="programme", title=_("New item"), verb=_("Save"),
        back=reverse("visits:programme", args=[code]), template="visits/desk/item_form.html",
    )  # fmt: skip


def _hosts(cleaned: dict[str, Any]) -> act.Hosts:
    return act.Hosts(**{name: list(cleaned[name]) for name in HOSTS})


@needs(rules.can_run_visits)
def edit_item(request: HttpRequest, code: str, number: str) -> HttpResponse:
    visit = visit_or_404(request, code)
    subject = item_or_404(visit, number)
    event = subject.event
    initial = {name: getattr(event, name) for name in TIMES if name != "day"}
    initial |= {name: getattr(subject, name) for name in (*act.PLAIN, "override_reason")}
    initial |= {name: getattr(subject, name).all() for name in HOSTS} | {"day": event.starts_on}
    form = forms.ItemForm(request.POST or None, initial=initial, user=request.user)
    if form.is_valid():
        cleaned = form.cleaned_data
        stop = {name: cleaned[name] for name in TIMES}
        change = act.ItemChange(
            item=subject,
            stop=StopChange(**stop, drops_venue=cleaned["venue"] is None),
            plain=cleaned,
            hosts=_hosts(cleaned),
            override_reason=cleaned["override_reason"],
        )
        if attempt_with_form(
            form,
            lambda: act.change_programme(
                actor=me(request),
                visit=visit,
                changes=[change],
                reason=cleaned["reason"],
                now=timezone.now(),
            ),
        ):
            messages.success(request, _("The item is changed."))
            return redirect("visits:item", code, number)
    return form_of_visit(
        request, form, visit, tab="programme", title=subject.event.title, verb=_("Save"),
        back=reverse("visits:item", args=[code, number]), template="visits/desk/item_form.html",
    )  # fmt: skip


@needs(rules.can_run_visits)
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Change several items as one step with one reason."""
    visit = visit_or_404(request, code)
    items = items_of(visit)
    data = request.POST or None
    rows = [(item, _row(item, data)) for item in items]
    form = forms.ReasonForm(data)
    if data is not None and all(row.is_valid() for _item, row in rows) and form.is_valid():
        changes = [
            item_change
            for item, row in rows
            if (item_change := _change(item, row, form)) is not None
        ]
        if attempt_with_form(
            form,
            lambda: act.change_programme(
                actor=me(request),
                visit=visit,
                changes=changes,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            ),
        ):
            messages.success(request, _("The programme is changed, in every calendar and link."))
            return redirect("visits:programme", code)
    return page_of_visit(request, "change", visit, tab="programme", rows=rows, form=form)


def _row(item: VisitItem, data: Any) -> forms.RowForm:
    event = item.event
    initial = {
        "day": event.starts_on,
        "starts": event.starts,
        "ends": event.ends,
        "form": event.form,
        "is_cancelled": event.state == Event.State.CANCELLED,
    }
    return forms.RowForm(data, initial=initial, prefix=f"i{event.code.rpartition('-')[2]}")


def _change(item: VisitItem, row: forms.RowForm, form: forms.ReasonForm) -> act.ItemChange | None:
    if not row.has_changed():
        return None
    cleaned = dict(row.cleaned_data)
    is_cancelled = cleaned.pop("is_cancelled")
    return act.ItemChange(
        item=item,
        stop=StopChange(**cleaned),
        is_cancelled=is_cancelled if "is_cancelled" in row.changed_data else None,
        override_reason=form.cleaned_data["override_reason"],
    )


@needs(rules.can_run_visits)
def leg(request: HttpRequest, code: str, number: str) -> HttpResponse:
    visit = visit_or_404(request, code)
    subject = item_or_404(visit, number)
    instance = Leg.objects.filter(item=subject).first() or Leg(
        item=subject, buffer_minutes=visit.buffer_minutes
    )
    form = forms.LegForm(request.POST or None, instance=instance)
    if attempt_and_say(
        request,
        form,
        lambda: act.set_leg(
            actor=me(request), item=subject, facts=form.cleaned_data, now=timezone.now()
        ),
        _("The way is written down."),
    ):
        return redirect("visits:programme", code)
    return form_of_visit(
        request, form, visit, tab="programme", title=_("The way there"), verb=_("Save"),
        lead=subject.event.title, back=reverse("visits:programme", args=[code]),
    )  # fmt: skip


@needs(rules.can_see_visits)
def note(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """Write down what was said; from a phone as well, whoever was there."""
    visit = visit_or_404(request, code)
    subject = item_or_404(visit, number)
    form = forms.NoteForm(request.POST or None)
    with timezone.override(ZoneInfo(visit.zone)):
        form.is_valid()
    if attempt_and_say(
        request,
        form,
        lambda: after.add_note(
            actor=me(request), item=subject, now=timezone.now(), **form.cleaned_data
        ),
        _("It is written down."),
    ):
        return redirect(f"{reverse('visits:item', args=[code, number])}#notes")
    return form_of_visit(
        request, form, visit, tab="programme", title=_("Write down what was said"), verb=_("Save"),
        lead=subject.event.title, back=reverse("visits:item", args=[code, number]),
    )  # fmt: skip


@needs(rules.can_see_visits)
def people(request: HttpRequest, code: str, number: str) -> HttpResponse:
    visit = visit_or_404(request, code)
    subject = item_or_404(visit, number)
    form = forms.PeopleForm(request.POST or None)
    if form.is_valid():
        attempt(
            request,
            lambda: after.count_people(
                actor=me(request), item=subject, counts=form.cleaned_data, now=timezone.now()
            ),
            _("The numbers are kept."),
        )
    return redirect("visits:item", code, number)


@needs(rules.can_run_visits)
def themes(request: HttpRequest, code: str, number: str) -> HttpResponse:
    visit: Visit = visit_or_404(request, code)
    subject = item_or_404(visit, number)
    form = forms.ThemesForm(request.POST or None)
    if form.is_valid():
        attempt(
            request,
            lambda: after.tag_item(
                actor=me(request), item=subject, themes=list(form.cleaned_data["themes"]),
                now=timezone.now(),
            ),
            _("The themes are kept."),
        )  # fmt: skip
    return redirect("visits:item", code, number)
