"""What is open without signing in: private links, the feedback form, the fact of a visit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from hiwar.common.links.pages import behind_link
from hiwar.common.refusals import Refused
from hiwar.events.models import Event
from hiwar.visits.actions import sharing
from hiwar.visits.exports.calendar import PUBLIC, calendar_of
from hiwar.visits.forms.visits import FeedbackForm
from hiwar.visits.models import ShareLink, ThemeTag, Traveller, Visit
from hiwar.visits.queries.links import FEEDBACK, PROGRAMME, state_mark, variant_of
from hiwar.visits.queries.programme import counts_of, programme_of

if TYPE_CHECKING:
    from django.http import HttpRequest

CALENDAR = "text/calendar; charset=utf-8"


@require_safe
@behind_link(PROGRAMME)
def programme(request: HttpRequest, link: ShareLink, token: str) -> HttpResponse:
    """Show the programme to who holds a link; opening it changes nothing."""
    with timezone.override(ZoneInfo(link.visit.zone)):
        return _programme(request, link, token)


def _programme(request: HttpRequest, link: ShareLink, token: str) -> HttpResponse:
    visit = link.visit
    days = programme_of(visit)
    is_press = variant_of(link) == Traveller.Variant.PRESS
    context: dict[str, Any] = {
        "visit": visit,
        "days": days,
        "counts": counts_of(days),
        "today": timezone.localdate(),
        "is_press": is_press,
        "is_staff": variant_of(link) == Traveller.Variant.STAFF,
        "holder": link.traveller.name if link.traveller else "",
        "version": visit.versions.order_by("-number").first(),
        "mark": state_mark(visit),
        "nights": [] if is_press else visit.bookings.filter(kind="nights").order_by("starts_on"),
        "token": token,
        "now": timezone.now(),
    }
    return render(request, "visits/public/programme.html", context)


@require_safe
@behind_link(PROGRAMME)
def state(request: HttpRequest, link: ShareLink, token: str) -> HttpResponse:
    """Return the mark of what a link shows, so that a page knows when to renew itself."""
    return JsonResponse({"mark": state_mark(link.visit)})


@require_safe
@behind_link(PROGRAMME)
def calendar(request: HttpRequest, link: ShareLink, token: str) -> HttpResponse:
    language = get_language() or "en"
    content = calendar_of(link.visit, variant=variant_of(link), language=language)
    return _calendar(request, content, state_mark(link.visit))


def _calendar(request: HttpRequest, content: bytes, mark: str) -> HttpResponse:
    tag = f'"{mark}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304)
    response = HttpResponse(content, content_type=CALENDAR)
    response["Content-Disposition"] = 'inline; filename="programme.ics"'
    response["ETag"] = tag
    response["Cache-Control"] = "private, max-age=0, must-revalidate"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Return the small script that keeps a programme on a phone; it rules ``/v/`` and no more."""
    body = render_to_string("visits/public/worker.js")
    return HttpResponse(body, content_type="text/javascript; charset=utf-8")


@behind_link(FEEDBACK, takes_answers=True)
def feedback(request: HttpRequest, link: ShareLink, token: str) -> HttpResponse:
    form = FeedbackForm(request.POST or None)
    is_done = link.private_link.used_at is not None
    if not is_done and form.is_valid():
        try:
            sharing.give_feedback(
                link=link, language=get_language() or "", now=timezone.now(), **form.cleaned_data
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            is_done = True
    context = {"visit": link.visit, "form": form, "is_done": is_done}
    return render(request, "visits/public/feedback.html", context)


def _published(code: str) -> Visit:
    return get_object_or_404(Visit, code=code, published_at__isnull=False)


@require_safe
def fact(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show the fact of a visit: who came, when, about what; nobody's name and no address."""
    visit = _published(code)
    days = programme_of(visit)
    counts = counts_of(days)
    kinds = [(label, counts[kind]) for kind, label in Event.Kind.choices if kind in counts]
    themes = ThemeTag.objects.filter(items__visit=visit).distinct().order_by("code", "pk")
    context = {"visit": visit, "counts": counts, "kinds": kinds, "themes": themes,
               "days": len(days)}  # fmt: skip
    return render(request, "visits/public/fact.html", context)


@require_safe
def public_calendar(request: HttpRequest, language: str, code: str) -> HttpResponse:
    visit = _published(code)
    content = calendar_of(visit, variant=PUBLIC, language=language)
    return _calendar(request, content, state_mark(visit))
