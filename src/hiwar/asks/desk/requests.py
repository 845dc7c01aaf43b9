"""Information requests at the desk: the list, one with its derivation, and the clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.asks import rules
from hiwar.asks.actions import requests as act
from hiwar.asks.desk.plan import dossier_or_404
from hiwar.asks.forms.requests import ClockForm, RequestForm, StepForm
from hiwar.asks.models import Clock, InformationRequest
from hiwar.asks.queries.requests import course_of, courses_of, requests_for
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.lists import Listing, list_page
from hiwar.common.desk.pages import attempt, attempt_and_say, paged, part_or_404
from hiwar.common.models import Visibility
from hiwar.dossiers.queries.dossiers import readable_dossiers
from hiwar.places.queries.derivations import derivation_in_words

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def _request(request: HttpRequest, key: str) -> InformationRequest:
    return part_or_404(requests_for(me(request)), key)


@needs(rules.can_see_asks)
def requests(request: HttpRequest) -> HttpResponse:
    """List the information requests, the latest first."""
    user = me(request)
    page = paged(request, requests_for(user))
    may_edit = rules.can_edit_asks(user)
    nothing = _("No request was filed yet")
    listing = Listing(
        title=_("Information requests"),
        lead=_("What we asked bodies to tell us, what they answered, and where no answer came."),
        url=reverse("asks:requests"), everything="", no_match=nothing, none_yet=nothing,
        why=_("A request names a body, what is asked for, and by which clock an answer is due."),
    )  # fmt: skip
    return list_page(
        request, "asks/requests.html", listing, page=page,
        rows=courses_of(page["page"].object_list, timezone.localdate()),
        dossiers=readable_dossiers(user) if may_edit else [],
    )  # fmt: skip


@needs(rules.can_edit_asks)
def new_request(request: HttpRequest, code: str) -> HttpResponse:
    """File a request for information with a body."""
    dossier = dossier_or_404(request, code)
    form = RequestForm(
        me(request), request.POST or None, initial={"filed_on": timezone.localdate()}
    )
    filed: list[InformationRequest] = []
    if attempt_and_say(request, form, lambda: filed.append(act.file_request(
            actor=me(request), dossier=dossier, now=timezone.now(), **form.cleaned_data,
        )), _("The request is filed; its clock runs.")):  # fmt: skip
        return redirect("asks:request", filed[0].pk)
    return form_page(
        request,
        form,
        title=_("File an information request"),
        verb=_("File it"),
        back=reverse("asks:requests"),
        template="asks/form.html",
        dossier=dossier,
        lead=str(dossier),
    )


@needs(rules.can_see_asks)
def request(request: HttpRequest, key: str) -> HttpResponse:
    """Show a request: how far it has come, until when an answer is due, and why that day."""
    subject, user = _request(request, key), me(request)
    course = course_of(subject, timezone.localdate())
    return render(request, "asks/request.html", {
        "request_": subject, "course": course,
        "derivation": derivation_in_words(course.due.steps) if course.due is not None else [],
        "dossier": subject.dossier, "may_edit": rules.can_edit_asks_of(user, subject.dossier),
        "may_show": rules.can_approve_asks(user) and rules.can_edit_asks_of(user, subject.dossier),
        "is_public": subject.visibility == Visibility.PUBLIC,
    })  # fmt: skip


@needs(rules.can_edit_asks)
def add_step(request: HttpRequest, key: str) -> HttpResponse:
    """Record what happened with a request."""
    subject = _request(request, key)
    form = StepForm(request.POST or None, initial={"day": timezone.localdate()})
    if attempt_and_say(request, form, lambda: act.record_step(
            actor=me(request), request=subject, happened=form.happened(), now=timezone.now(),
        ), _("It is noted.")):  # fmt: skip
        return redirect("asks:request", subject.pk)
    return form_page(
        request,
        form,
        title=_("What happened with the request"),
        verb=_("Record it"),
        back=reverse("asks:request", args=[subject.pk]),
        template="asks/form.html",
        dossier=subject.dossier,
        lead=str(subject),
    )


@require_POST
@needs(rules.can_approve_asks)
def show_request(request: HttpRequest, key: str) -> HttpResponse:
    """Let everybody read a request, or the institution alone."""
    subject, is_public = _request(request, key), request.POST.get("is_public") == "yes"
    attempt(
        request,
        lambda: act.show_request(
            actor=me(request), request=subject, is_public=is_public, now=timezone.now()
        ),
        _("Everybody reads it from now on.") if is_public else _("It is read at the desk alone."),
    )
    return redirect("asks:request", subject.pk)


@needs(rules.can_see_asks)
def clocks(request: HttpRequest) -> HttpResponse:
    """List the clocks, each with the law it stands in, if any."""
    return render(request, "asks/clocks.html", {
        "clocks": Clock.objects.filter(retired_at=None).order_by("pk"),
        "may_edit": rules.can_approve_asks(request.user),
    })  # fmt: skip


def _clock_page(request: HttpRequest, clock: Clock | None) -> HttpResponse:
    form = ClockForm(request.POST or None, instance=clock,
                     initial={} if clock else {"checked_on": timezone.localdate()})  # fmt: skip
    if attempt_and_say(request, form, lambda: act.keep_clock(
            actor=me(request), clock=clock, values=form.cleaned_data, now=timezone.now(),
        ), _("The clock is saved.")):  # fmt: skip
        return redirect("asks:clocks")
    title = _("Enter a clock") if clock is None else _("Correct a clock")
    return form_page(
        request,
        form,
        title=title,
        verb=_("Save"),
        back=reverse("asks:clocks"),
        template="asks/form.html",
    )


@needs(rules.can_approve_asks)
def new_clock(request: HttpRequest) -> HttpResponse:
    """Enter a clock."""
    return _clock_page(request, None)


@needs(rules.can_approve_asks)
def edit_clock(request: HttpRequest, key: str) -> HttpResponse:
    """Correct a clock."""
    clock = part_or_404(Clock.objects, key)
    return _clock_page(request, clock)
