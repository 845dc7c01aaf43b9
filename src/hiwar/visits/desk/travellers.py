"""Travellers at the desk: who they are, what they need, their permits and papers; bookings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs, recently_confirmed
from hiwar.accounts.rules import can_erase_people
from hiwar.common.desk.pages import attempt, attempt_and_say, key_or_404, part_or_404
from hiwar.visits import rules
from hiwar.visits.actions import travellers as act
from hiwar.visits.actions.visits import settle_booking
from hiwar.visits.desk.pages import form_of_visit, page_of_visit, visit_or_404
from hiwar.visits.forms import visits as forms
from hiwar.visits.models import Booking, Permit, Traveller, TravellerDocument
from hiwar.visits.queries.conflicts import conflicts
from hiwar.visits.queries.desk import diets_of
from hiwar.visits.queries.plans import plan_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hiwar.visits.models import Visit


def traveller_or_404(visit: Visit, number: str) -> Traveller:
    """Return a traveller of a visit by number."""
    if not number.isascii() or not number.isdigit() or len(number) > 4:
        raise Http404
    return get_object_or_404(visit.travellers.select_related("visit"), number=int(number))


@needs(rules.can_see_visits)
def travellers(request: HttpRequest, code: str) -> HttpResponse:
    visit = visit_or_404(request, code)
    listed = list(visit.travellers.order_by("number", "pk"))
    permits = Permit.objects.filter(traveller__visit=visit).select_related("traveller")
    return page_of_visit(
        request,
        "travellers",
        visit,
        tab="travellers",
        travellers=listed,
        diets=diets_of(visit),
        step_free=sum(traveller.is_step_free for traveller in listed),
        permits=permits.order_by("kind", "traveller__number", "pk"),
        unsuitable=[
            conflict
            for conflict in conflicts(plan_of(visit))
            if conflict.code in {"step_free", "lodging"}
        ],
    )


@needs(rules.can_run_visits)
def add_traveller(request: HttpRequest, code: str) -> HttpResponse:
    visit = visit_or_404(request, code)
    form = forms.TravellerForm(request.POST or None)
    if attempt_and_say(
        request,
        form,
        lambda: act.add_traveller(
            actor=me(request), visit=visit, facts=form.cleaned_data, now=timezone.now()
        ),
        _("The traveller is in the list."),
    ):
        return redirect("visits:travellers", code)
    return form_of_visit(
        request, form, visit, tab="travellers", title=_("New traveller"), verb=_("Save"),
        back=reverse("visits:travellers", args=[code]),
    )  # fmt: skip


@needs(rules.can_run_visits)
def edit_traveller(request: HttpRequest, code: str, number: str) -> HttpResponse:
    visit = visit_or_404(request, code)
    subject = traveller_or_404(visit, number)
    shown = traveller_or_404(visit, number)
    form = forms.TravellerForm(request.POST or None, instance=shown)
    if attempt_and_say(
        request,
        form,
        lambda: act.update_traveller(
            actor=me(request), traveller=subject, facts=form.cleaned_data, now=timezone.now()
        ),
        _("The traveller is changed."),
    ):
        return redirect("visits:travellers", code)
    return form_of_visit(
        request, form, visit, tab="travellers", title=subject.name, verb=_("Save"),
        back=reverse("visits:travellers", args=[code]), template="visits/desk/traveller.html",
        traveller=subject, may_erase=can_erase_people(me(request)),
    )  # fmt: skip


@needs(rules.can_run_visits)
def remove_traveller(request: HttpRequest, code: str, number: str) -> HttpResponse:
    visit = visit_or_404(request, code)
    subject = traveller_or_404(visit, number)
    if request.method == "POST":
        attempt(
            request,
            lambda: act.remove_traveller(actor=me(request), traveller=subject, now=timezone.now()),
            _("The traveller is out of the list, papers included."),
        )
        return redirect("visits:travellers", code)
    return page_of_visit(request, "traveller_remove", visit, tab="travellers", traveller=subject)


@needs(rules.can_run_visits)
def permit(request: HttpRequest, code: str, number: str) -> HttpResponse:
    visit = visit_or_404(request, code)
    subject = traveller_or_404(visit, number)
    form = forms.PermitForm(request.POST or None)
    if attempt_and_say(
        request,
        form,
        lambda: act.set_permit(
            actor=me(request), traveller=subject, now=timezone.now(), **form.cleaned_data
        ),
        _("The permit is kept."),
    ):
        return redirect("visits:travellers", code)
    return form_of_visit(
        request, form, visit, tab="travellers", title=" · ".join((_("Permit"), subject.name)),
        verb=_("Save"), back=reverse("visits:travellers", args=[code]),
    )  # fmt: skip


def _may_open_papers(request: HttpRequest, visit: Visit) -> None:
    if not rules.can_see_documents(request.user, visit):
        raise PermissionDenied


@needs(rules.can_open_documents)
@recently_confirmed
def documents(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """List a traveller's papers; what they say is shown one by one and written down."""
    visit = visit_or_404(request, code)
    _may_open_papers(request, visit)
    subject = traveller_or_404(visit, number)
    opened: dict[object, str] = {}
    form = forms.DocumentForm()
    if "open" in request.POST:
        key = key_or_404(request.POST["open"])
        document = get_object_or_404(TravellerDocument, traveller=subject, pk=key)
        opened[document.pk] = act.open_document(
            actor=me(request), document=document, now=timezone.now()
        )
    elif request.method == "POST":
        form = forms.DocumentForm(request.POST)
        if attempt_and_say(
            request,
            form,
            lambda: act.keep_document(
                actor=me(request), traveller=subject, now=timezone.now(), **form.cleaned_data
            ),
            _("The document is sealed."),
        ):
            return redirect("visits:documents", code, number)
    listed = subject.documents.select_related("added_by").order_by("added_at", "pk")
    return page_of_visit(
        request,
        "documents",
        visit,
        tab="travellers",
        form=form,
        traveller=subject,
        documents=[
            (traveller_document, opened.get(traveller_document.pk)) for traveller_document in listed
        ],
    )


@needs(rules.can_see_visits)
def bookings(request: HttpRequest, code: str) -> HttpResponse:
    visit = visit_or_404(request, code)
    notes = {
        conflict.key: conflict
        for conflict in conflicts(plan_of(visit))
        if conflict.code == "lodging"
    }
    listed = visit.bookings.select_related("venue").order_by("starts_on", "kind", "pk")
    return page_of_visit(
        request,
        "bookings",
        visit,
        tab="bookings",
        rows=[(booking, notes.get(str(booking.pk))) for booking in listed],
        states=list(Booking.State.choices),
        to_cancel=sum(booking.state == "to_cancel" for booking in listed),
    )


@needs(rules.can_run_visits)
@require_POST
def settle(request: HttpRequest, code: str, key: str) -> HttpResponse:
    visit = visit_or_404(request, code)
    booking = part_or_404(visit.bookings.select_related("visit"), key)
    form = forms.BookingForm(request.POST)
    if form.is_valid():
        attempt(
            request,
            lambda: settle_booking(
                actor=me(request), booking=booking, now=timezone.now(), **form.cleaned_data
            ),
            _("The booking is settled."),
        )
    return redirect("visits:bookings", code)
