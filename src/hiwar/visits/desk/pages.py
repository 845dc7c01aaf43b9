"""What the desk's pages of a visit share: finding it, its tabs, acting and saying so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hiwar.common.desk.frames import form_page
from hiwar.visits import rules
from hiwar.visits.models import Visit, VisitItem
from hiwar.visits.queries.desk import visits_for

if TYPE_CHECKING:
    from django.forms import BaseForm
    from django.http import HttpRequest, HttpResponse

S = Visit.State
TONES = {
    S.DRAFT: "notice", S.FIXED: "primary", S.UNDER_WAY: "primary", S.HELD: "accent",
    S.POSTPONED: "danger", S.CANCELLED: "danger",
}  # fmt: skip


def visit_or_404(request: HttpRequest, code: str) -> Visit:
    """Return a visit that whoever asks may read."""
    return get_object_or_404(visits_for(request.user).select_related("partner"), code=code)


def item_or_404(visit: Visit, number: str) -> VisitItem:
    """Return an item of a visit by its number."""
    items = VisitItem.objects.filter(visit=visit).select_related("event__venue", "visit", "leg")
    if not number.isascii() or not number.isdigit() or len(number) > 4:
        raise Http404
    return get_object_or_404(items, event__code=f"{visit.code}-{int(number):02}")


def page_of_visit(
    request: HttpRequest, name: str, visit: Visit, *, tab: str = "", **context: Any
) -> HttpResponse:
    """Render a page of a visit with its tabs, on the clock of the place visited."""
    frame = frame_of_visit(request, visit, tab)
    template = f"visits/desk/{name}.html"
    with timezone.override(ZoneInfo(visit.zone)):
        return render(request, template, {**context, **frame, "title": visit.title})


def form_of_visit(
    request: HttpRequest, form: BaseForm, visit: Visit, *, tab: str = "", **context: Any
) -> HttpResponse:
    """Render the page of a form (`form_page`) of a visit, on the clock of the place visited."""
    with timezone.override(ZoneInfo(visit.zone)):
        return form_page(request, form, **frame_of_visit(request, visit, tab), **context)


def frame_of_visit(request: HttpRequest, visit: Visit, tab: str) -> dict[str, Any]:
    """Return what the frame of a page says of the visit it belongs to."""
    home = reverse("visits:visit", args=[visit.code])
    return {
        "visit": visit,
        "record": {"title": visit.title, "url": home},
        "trail": [(_("Visits"), reverse("visits:list"))],
        "styles": ["visits/desk.css"],
        "tabs": tabs(request, visit, tab),
        "may_run": rules.can_run_visits(request.user),
        "may_publish": rules.can_publish_visit(request.user, visit),
        "may_see_documents": rules.can_see_documents(request.user, visit),
        "tone": TONES.get(S(visit.state), ""),
    }


def tabs(request: HttpRequest, visit: Visit, current: str) -> list[dict[str, object]]:
    """Return the pages of a visit that this person may open."""
    may_run = rules.can_run_visits(request.user)
    offered = [
        ("overview", "visit", pgettext("tab of a visit", "Overview"), True),
        ("programme", "programme", _("Programme"), True),
        ("travellers", "travellers", _("Travellers"), True),
        ("bookings", "bookings", _("Bookings"), True),
        ("pack", "pack", _("Pack"), True),
        ("links", "links", _("Private links"), may_run),
        ("afterwards", "afterwards", _("Afterwards"), True),
    ]
    return [
        {
            "label": label,
            "url": reverse(f"visits:{name}", args=[visit.code]),
            "current": key == current,
            "count": None,
        }
        for key, name, label, is_open in offered
        if is_open
    ]
