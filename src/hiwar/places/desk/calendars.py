"""Calendars at the desk: the week, the year, and what nothing is scheduled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.pages import attempt, attempt_and_say, part_or_404
from hiwar.places import rules
from hiwar.places.actions import calendars as act
from hiwar.places.forms import CalendarForm, PauseForm, SeasonForm
from hiwar.places.models import Calendar, Pause, Season
from hiwar.places.queries import the_calendar

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.http import HttpRequest, HttpResponse


@needs(rules.can_change_places)
def list_calendars(request: HttpRequest) -> HttpResponse:
    calendars = Calendar.objects.order_by("code", "pk").prefetch_related("seasons")
    return render(request, "places/calendars.html", {
        "calendars": calendars, "first": the_calendar(),
    })  # fmt: skip


@needs(rules.can_change_places)
def calendar(request: HttpRequest, key: str) -> HttpResponse:
    """Show a calendar: its week, its pauses, the seasons that come and those that went."""
    subject = part_or_404(Calendar.objects.all(), key)
    today = timezone.localdate()
    seasons = list(subject.seasons.order_by("starts_on", "pk"))
    return render(request, "places/calendar.html", {
        "calendar": subject,
        "weekend": [str(WEEKDAYS[number - 1]) for number in subject.weekend],
        "hours": subject.working_hours.order_by("season_kind", "pk"),
        "pauses": [
            (pause, str(WEEKDAYS[pause.weekday - 1]))
            for pause in subject.pauses.order_by("weekday", "starts", "pk")
        ],
        "coming": [season for season in seasons if season.ends_on >= today],
        "past": [season for season in reversed(seasons) if season.ends_on < today],
    })  # fmt: skip


@needs(rules.can_change_places)
def new(request: HttpRequest) -> HttpResponse:
    return _calendar_form(request, None)


@needs(rules.can_change_places)
def edit(request: HttpRequest, key: str) -> HttpResponse:
    return _calendar_form(request, part_or_404(Calendar.objects.all(), key))


def _calendar_form(request: HttpRequest, subject: Calendar | None) -> HttpResponse:
    initial = {}
    if subject:
        hours = subject.working_hours.filter(season_kind="").first()
        initial = {
            "name": subject.name, "code": subject.code, "time_zone": subject.time_zone,
            "weekend": subject.weekend,
            "opens": hours.opens if hours else None, "closes": hours.closes if hours else None,
        }  # fmt: skip
    form = CalendarForm(request.POST or None, initial=initial)
    return _form_page(
        request, form,
        lambda: act.save_calendar(
            actor=me(request), calendar=subject, values=form.cleaned_data, now=timezone.now()
        ),
        title=_("Change the calendar") if subject else _("Enter a calendar"),
        verb=_("Save the calendar"), done=_("The calendar is saved."), subject=subject,
    )  # fmt: skip


@needs(rules.can_change_places)
def new_season(request: HttpRequest, key: str) -> HttpResponse:
    return _season_form(request, part_or_404(Calendar.objects.all(), key), None)


@needs(rules.can_change_places)
def season(request: HttpRequest, key: str) -> HttpResponse:
    subject = part_or_404(Season.objects.select_related("calendar"), key)
    return _season_form(request, subject.calendar, subject)


def _season_form(request: HttpRequest, owner: Calendar, subject: Season | None) -> HttpResponse:
    names = ("name", "kind", "starts_on", "ends_on", "is_estimated")
    initial = {name: getattr(subject, name) for name in names} if subject else {}
    form = SeasonForm(request.POST or None, initial=initial)
    return _form_page(
        request, form,
        lambda: act.save_part(
            actor=me(request), part=subject or Season(calendar=owner), values=form.cleaned_data,
            now=timezone.now(),
        ),
        title=_("Change the season") if subject else _("Enter a season or a holiday"),
        verb=_("Save the season"), done=_("The season is saved."), subject=owner,
        remove_url=reverse("places:remove_season", args=[subject.pk]) if subject else "",
    )  # fmt: skip


@needs(rules.can_change_places)
def new_pause(request: HttpRequest, key: str) -> HttpResponse:
    owner = part_or_404(Calendar.objects.all(), key)
    form = PauseForm(request.POST or None)
    return _form_page(
        request, form,
        lambda: act.save_part(
            actor=me(request), part=Pause(calendar=owner), values=form.cleaned_data,
            now=timezone.now(),
        ),
        title=_("Enter a pause of the week"), verb=_("Save the pause"),
        done=_("The pause is saved."), subject=owner,
    )  # fmt: skip


@needs(rules.can_change_places)
@require_POST
def remove_season(request: HttpRequest, key: str) -> HttpResponse:
    subject = part_or_404(Season.objects.select_related("calendar"), key)
    return _remove(request, subject, _("The season is removed."))


@needs(rules.can_change_places)
@require_POST
def remove_pause(request: HttpRequest, key: str) -> HttpResponse:
    subject = part_or_404(Pause.objects.select_related("calendar"), key)
    return _remove(request, subject, _("The pause is removed."))


def _remove(request: HttpRequest, part: Season | Pause, done: str) -> HttpResponse:
    calendar = part.calendar
    attempt(
        request, lambda: act.remove_part(actor=me(request), part=part, now=timezone.now()), done
    )
    return redirect("places:calendar", calendar.pk)


def _form_page(
    request: HttpRequest, form: forms.Form, act_on_it: Callable[[], object], *,
    title: str, verb: str, done: str, subject: Calendar | None, remove_url: str = "",
) -> HttpResponse:  # fmt: skip
    acted: list[object] = []
    if attempt_and_say(request, form, lambda: acted.append(act_on_it()), done):
        target = acted[0] if isinstance(acted[0], Calendar) else subject
        assert target is not None  # noqa: S101 -- a season or a pause has its calendar
        return redirect("places:calendar", target.pk)
    back = reverse("places:calendar", args=[subject.pk]) if subject else reverse("places:calendars")
    return form_page(
        request,
        form,
        title=title,
        verb=verb,
        back=back,
        remove_url=remove_url,
        lead=str(subject.name) if subject else "",
        under_url="",
        below=0,
        template="places/form.html",
    )
