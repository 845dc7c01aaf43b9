"""Visits at the desk: the list, a new one, its page, its steps, its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hiwar.accounts.access import me, needs
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.lists import Listing, choice_of, filter_links, list_page, words_of
from hiwar.common.desk.pages import attempt, attempt_and_say, attempt_with_form, paged
from hiwar.common.queries import activities, audit_entries
from hiwar.visits import rules
from hiwar.visits.actions import visits as act
from hiwar.visits.desk.pages import TONES, form_of_visit, page_of_visit, visit_or_404
from hiwar.visits.desk.spreadsheets import KIND
from hiwar.visits.forms import visits as forms
from hiwar.visits.models import Visit
from hiwar.visits.queries.conflicts import STOP, conflicts
from hiwar.visits.queries.desk import leaving_soon, search_visits, to_cancel, visits_for
from hiwar.visits.queries.plans import items_of, plan_of
from hiwar.visits.queries.programme import counts_of, programme_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

RECENT = 8


@needs(rules.can_see_visits)
def list_visits(request: HttpRequest) -> HttpResponse:
    words = words_of(request)
    state = choice_of(request, "state", Visit.State.values)
    page = paged(request, search_visits(request.user, words, state))
    counted = visits_for(request.user).order_by("state").values("state").annotate(n=Count("pk"))
    counts = dict(counted.values_list("state", "n"))
    options = [
        ("", _("All"), sum(counts.values())),
        *((code, label, counts.get(code, 0)) for code, label in Visit.State.choices),
    ]
    chosen = {"q": words, "state": state}
    may_run = rules.can_run_visits(request.user)
    new_url = reverse("visits:new")
    listing = Listing(
        title=_("Visits"),
        search=_("Search in titles and senders"),
        url=reverse("visits:list"),
        everything=_("All visits"),
        no_match=_("No visit matches"),
        none_yet=_("No visit yet"),
        why=_(
            "A visit holds the delegation, its programme, the ways between, and the pack that"
            " they carry."
        ),
        new=(_("New visit"), new_url) if may_run else None,
        first=(_("Plan the first visit"), new_url) if may_run else None,
    )
    return list_page(
        request,
        "visits/desk/list.html",
        listing,
        page=page,
        rows=[
            (visit, TONES.get(Visit.State(visit.state), "")) for visit in page["page"].object_list
        ],
        words=words,
        filters=[("", filter_links("state", state, options, chosen, with_none=False))],
        chosen={"state": state},
    )


@needs(rules.can_run_visits)
def new(request: HttpRequest) -> HttpResponse:
    form = forms.NewVisitForm(request.POST or None)
    added: list[Visit] = []

    def make() -> None:
        facts = dict(form.cleaned_data)
        template = facts.pop("template")
        added.append(
            act.create_visit(
                actor=me(request), template=template, new=act.NewVisit(**facts), now=timezone.now()
            )
        )

    if form.is_valid() and attempt_with_form(form, make):
        return redirect("accounts:import_files_of", KIND, added[0].pk)
    visits = reverse("visits:list")
    return form_page(
        request, form, title=_("New visit"), verb=_("Continue"), back=visits,
        trail=[(_("Visits"), visits)], template="visits/desk/new.html",
        lead=_("The template brings a welcome letter, advice and a holding statement in both "
               "languages. A delegation file follows on the next page."),
    )  # fmt: skip


@needs(rules.can_see_visits)
def visit(request: HttpRequest, code: str) -> HttpResponse:
    subject = visit_or_404(request, code)
    items = items_of(subject)
    clashes = conflicts(plan_of(subject, items))
    days = programme_of(subject, items=items)
    return page_of_visit(
        request,
        "visit",
        subject,
        tab="overview",
        counts=counts_of(days),
        days=days,
        travellers=subject.travellers.count(),
        grave=sum(conflict.weight == STOP for conflict in clashes),
        conflicts=len(clashes),
        leaving=leaving_soon(me(request), subject),
        to_cancel=to_cancel(subject),
        versions=subject.versions.select_related("made_by").order_by("-number"),
        steps=[(state, Visit.State(state).label) for state in act.NEXT[subject.state]],
        is_empty=not items and not subject.travellers.exists(),
        activities=activities(audit_entries(subject=subject.reference)[:RECENT]),
    )


@needs(rules.can_run_visits)
def settings(request: HttpRequest, code: str) -> HttpResponse:
    subject = visit_or_404(request, code)
    names = [name for name in forms.SettingsForm.base_fields if name != "dossiers"]
    initial = {name: getattr(subject, name) for name in names}
    initial["dossiers"] = subject.dossiers.order_by("code", "pk")
    form = forms.SettingsForm(request.POST or None, initial=initial, user=request.user)
    if attempt_and_say(
        request,
        form,
        lambda: act.update_visit(
            actor=me(request), visit=subject, changes=form.cleaned_data, now=timezone.now()
        ),
        _("The settings are saved."),
    ):
        return redirect("visits:visit", code)
    return form_of_visit(request, form, subject, title=_("Settings"), verb=_("Save"))


@needs(rules.can_run_visits)
def step(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a step means; then take it."""
    subject = visit_or_404(request, code)
    form = forms.StepForm(request.POST or None)
    asked = request.GET.get("state", "")
    state = asked if asked in act.NEXT[subject.state] else ""
    if request.method == "POST" and form.is_valid():
        done = attempt(
            request,
            lambda: act.take_step(
                actor=me(request), visit=subject, now=timezone.now(), **form.cleaned_data
            ),
            _("The visit is now: %(state)s.")
            % {"state": Visit.State(form.cleaned_data["state"]).label},
        )
        state = form.cleaned_data["state"]
        if done or state not in act.NEXT[subject.state]:
            return redirect("visits:visit", code)
    if not state:
        return redirect("visits:visit", code)
    return page_of_visit(
        request,
        "step",
        subject,
        form=form,
        state=state,
        label=Visit.State(state).label,
        reasons=Visit.Reason.choices,
    )


@needs(rules.can_run_visits)
def copy(request: HttpRequest, code: str) -> HttpResponse:
    subject = visit_or_404(request, code)
    if request.method == "POST":
        title = {
            language: _("%(title)s (copy)") % {"title": text}
            for language, text in subject.title.items()
        }
        copies: list[Visit] = []
        done = attempt(
            request,
            lambda: copies.append(
                act.copy_visit(actor=me(request), visit=subject, title=title, now=timezone.now())
            ),
            _("This is the copy; private links and documents stayed behind."),
        )
        return redirect("visits:visit", copies[0].code if done else code)
    return page_of_visit(request, "copy", subject)
