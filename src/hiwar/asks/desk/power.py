"""The power and interest map of an issue at the desk; private, each opening is logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.accounts.models import User
from hiwar.asks import rules
from hiwar.asks.actions import power as act
from hiwar.asks.desk.plan import dossier_or_404
from hiwar.asks.forms import power as forms
from hiwar.asks.models import Influence, MapReader, PowerEntry
from hiwar.asks.queries.power import SIDE, arrows_of, marks_of, may_read_map
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.pages import attempt, attempt_and_say, part_or_404

if TYPE_CHECKING:
    from django.forms import BaseForm
    from django.http import HttpRequest

    from hiwar.asks.queries.power import Mark
    from hiwar.dossiers.models import Dossier


def _dossier(request: HttpRequest, code: str) -> Dossier:
    dossier = dossier_or_404(request, code)
    if not may_read_map(me(request), dossier):
        raise Http404
    return dossier


def _marks(request: HttpRequest, dossier: Dossier) -> list[Mark]:
    return marks_of(me(request), dossier, timezone.localdate(), mirrored=get_language_bidi())


def _entry(request: HttpRequest, key: str) -> PowerEntry:
    row = part_or_404(PowerEntry.objects.select_related("dossier"), key)
    marks = _marks(request, _dossier(request, row.dossier.code))
    entry = next((mark.entry for mark in marks if mark.entry.pk == row.pk), None)
    if entry is None:
        raise Http404
    return entry


def _form_page(
    request: HttpRequest, form: BaseForm, dossier: Dossier, title: str, lead: str = ""
) -> HttpResponse:
    return form_page(
        request,
        form,
        title=title,
        verb=_("Save"),
        dossier=dossier,
        lead=lead or str(dossier),
        back=reverse("asks:power_map", args=[dossier.code]),
        template="asks/form.html",
    )


@needs(rules.can_draw_maps)
def power_map(request: HttpRequest, code: str) -> HttpResponse:
    """Show the map of an issue, as a square and as a table."""
    dossier = _dossier(request, code)
    act.open_map(actor=me(request), dossier=dossier, now=timezone.now())
    marks = _marks(request, dossier)
    readers = MapReader.objects.filter(dossier=dossier).select_related("user")
    response = render(request, "asks/power_map.html", {
        "dossier": dossier, "marks": marks, "arrows": arrows_of(marks), "side": SIDE,
        "is_mirrored": get_language_bidi(),
        "map_readers": [row.user for row in readers.order_by("named_at", "pk")],
    })  # fmt: skip
    response["Cache-Control"] = "no-store"
    return response


@needs(rules.can_draw_maps)
def add_power(request: HttpRequest, code: str) -> HttpResponse:
    """Put a post or body on the map."""
    dossier = _dossier(request, code)
    form = forms.PlaceForm(
        me(request), request.POST or None, initial={"seen_on": timezone.localdate()}
    )
    if attempt_and_say(request, form, lambda: act.place_on_map(
            actor=me(request), dossier=dossier, assessment=form.assessment(), now=timezone.now(),
            subject=form.cleaned_data["post"] or form.cleaned_data["organisation"],
        ), _("It stands on the map.")):  # fmt: skip
        return redirect("asks:power_map", dossier.code)
    return _form_page(request, form, dossier, _("Put somebody on the map"))


@needs(rules.can_draw_maps)
def edit_power(request: HttpRequest, key: str) -> HttpResponse:
    """Say anew what is thought of a post or body."""
    entry = _entry(request, key)
    initial = {name: getattr(entry, name) for name in ("power", "interest", "stance", "confidence",
                                                       "evidence", "seen_on")}  # fmt: skip
    form = forms.AssessmentForm(request.POST or None, initial=initial)
    if attempt_and_say(request, form, lambda: act.assess_again(
            actor=me(request), entry=entry, assessment=form.assessment(), now=timezone.now(),
        ), _("The entry is changed.")):  # fmt: skip
        return redirect("asks:power_map", entry.dossier.code)
    return _form_page(request, form, entry.dossier, _("Change an entry of the map"), str(entry))


@require_POST
@needs(rules.can_draw_maps)
def remove_power(request: HttpRequest, key: str) -> HttpResponse:
    entry = _entry(request, key)
    attempt(
        request,
        lambda: act.take_off_map(actor=me(request), entry=entry, now=timezone.now()),
        _("It is off the map."),
    )
    return redirect("asks:power_map", entry.dossier.code)


@needs(rules.can_draw_maps)
def add_influence(request: HttpRequest, code: str) -> HttpResponse:
    """Say who on the map reaches whom."""
    dossier = _dossier(request, code)
    entries = {str(mark.entry.pk): mark.entry for mark in _marks(request, dossier)}
    form = forms.InfluenceForm([(key, str(row)) for key, row in entries.items()],
                               request.POST or None)  # fmt: skip
    if attempt_and_say(request, form, lambda: act.draw_influence(
            actor=me(request), source=entries[form.cleaned_data["source"]],
            target=entries[form.cleaned_data["target"]], how=form.cleaned_data["how"],
            now=timezone.now(),
        ), _("It stands on the map.")):  # fmt: skip
        return redirect("asks:power_map", dossier.code)
    return _form_page(request, form, dossier, _("Who reaches whom"))


@require_POST
@needs(rules.can_draw_maps)
def remove_influence(request: HttpRequest, key: str) -> HttpResponse:
    influence = part_or_404(Influence.objects.select_related("source__dossier", "target"), key)
    dossier = _dossier(request, influence.source.dossier.code)
    if influence.pk not in {arrow.influence.pk for arrow in arrows_of(_marks(request, dossier))}:
        raise Http404
    attempt(
        request,
        lambda: act.erase_influence(actor=me(request), influence=influence, now=timezone.now()),
        _("It is off the map."),
    )
    return redirect("asks:power_map", dossier.code)


@needs(rules.can_draw_maps)
def map_readers(request: HttpRequest, code: str) -> HttpResponse:
    """Name who alone reads the map."""
    dossier = _dossier(request, code)
    named = MapReader.objects.filter(dossier=dossier).order_by().values_list("user", flat=True)
    staff = User.objects.filter(is_active=True).order_by("email")
    # Beside colleagues with a permission for maps, no one could open it.
    form = forms.MapReadersForm([user for user in staff if rules.can_draw_maps(user)],
                                request.POST or None, initial={"users": list(named)})  # fmt: skip
    if attempt_and_say(request, form, lambda: act.name_map_readers(
            actor=me(request), dossier=dossier, users=form.cleaned_data["users"],
            now=timezone.now(),
        ), _("Who reads this map is saved.")):  # fmt: skip
        return redirect("asks:power_map", dossier.code)
    return _form_page(request, form, dossier, _("Who reads this map"))
