"""Events at the desk: the list, week and month, a new one, its page, its settings, its end."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hiwar.accounts.access import me, needs
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.lists import (
    Listing,
    Select,
    choice_of,
    filter_links,
    list_page,
    ordered,
    sort_columns,
    words_of,
)
from hiwar.common.desk.pages import attempt, attempt_and_say, attempt_with_form, paged
from hiwar.common.queries import activities, audit_entries
from hiwar.events import rules
from hiwar.events.actions import attribution as rule
from hiwar.events.actions import events as act
from hiwar.events.actions.programme import Moment, create_from_template
from hiwar.events.actions.series import plan_next_event
from hiwar.events.desk.pages import TONES, event_or_404, frame_of_event, page_of_event
from hiwar.events.exports.letters import offset, when
from hiwar.events.forms.desk import AttributionForm, EventForm, MomentForm, NewEventForm
from hiwar.events.models import Event
from hiwar.events.queries.attribution import rule_text
from hiwar.events.queries.events import (
    clashes,
    events_between,
    narrowed_events,
    narrowing_of,
    search_events,
)
from hiwar.events.queries.invitations import answers
from hiwar.events.queries.programme import preparations_of, roles_of, rooms_of, timetable
from hiwar.events.queries.series import history, questions_left
from hiwar.places.queries import the_calendar, time_warnings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

RECENT = 6
VIEWS = ("list", "week", "month", "past")


@needs(rules.can_see_events)
def list_events(request: HttpRequest) -> HttpResponse:
    """List events by words, dossier, kind and venue, or show the days of a week or a month."""
    words, today = words_of(request), timezone.localdate()
    shown = choice_of(request, "view", VIEWS) or "list"
    selects = _selects(request)
    narrowed = {select.name: select.current for select in selects}
    if shown in ("week", "month") and not words:
        day = _day(request.GET.get("day", ""), today)
        grid = _grid(request, shown, day, narrowed)
        days = grid.pop("days")
        return _list(
            request, paged(request, []), days, words=words, shown=shown, selects=selects,
            days=days, **grid,
        )  # fmt: skip
    since = None if words or shown == "past" else today
    events = search_events(request.user, words=words, since=since, **narrowed)
    if shown == "past" and not words:
        events = events.filter(ends_on__lt=today)
    columns = {"day": pgettext("list of events", "Day"), "title": _("Title")}
    order, headings = sort_columns(request, columns, "-day" if shown == "past" else "day")
    page = paged(request, ordered(events, order, {"day": "starts_at", "title": "title"}))
    rows = [
        (listed, when(listed), TONES.get(listed.state, "")) for listed in page["page"].object_list
    ]
    return _list(request, page, rows, words=words, shown=shown, selects=selects, headings=headings)


def _list(
    request: HttpRequest,
    page: dict[str, Any],
    rows: list[Any],
    *,
    words: str,
    shown: str,
    selects: list[Select],
    **context: Any,
) -> HttpResponse:
    """Render the list, or the days in its place: they are its rows too."""
    new = (_("New event"), reverse("events:new")) if rules.can_run_events(request.user) else None
    listing = Listing(
        title=_("Events"),
        url=reverse("events:list"),
        everything=_("All events"),
        search=_("Search in titles, purposes and places"),
        no_match=_("No event matches"),
        fewer=_("Try fewer words, or look in all dossiers, kinds and places."),
        none_yet=_("Nothing is planned"),
        why=_(
            "A session, a briefing or a meeting takes a minute to plan: the template brings "
            "agenda, roles and checklist."
        ),
        new=new,
        first=(_("Plan the first event"), new[1]) if new else None,
    )
    kept = {"q": words, **{select.name: select.current for select in selects}}
    return list_page(
        request,
        "events/desk/list.html",
        listing,
        page=page,
        rows=rows,
        words=words,
        filters=[("", filter_links("view", shown, _views(), kept))],
        chosen={"view": "" if shown == "list" else shown},
        is_narrowed=any(kept.values()),
        selects=selects,
        may_import=rules.can_import_attendance(request.user),
        may_count=rules.can_see_attendance(request.user),
        **context,
    )


def _views() -> list[tuple[str, str, None]]:
    return [
        ("list", pgettext("events", "Coming"), None), ("week", _("Week"), None),
        ("month", _("Month"), None), ("past", pgettext("events", "Past"), None),
    ]  # fmt: skip


def _selects(request: HttpRequest) -> list[Select]:
    """Return what the list is narrowed by beside words: only what events of the reader have."""
    dossiers, venues = narrowing_of(request.user)
    offered = (
        ("dossier", _("Dossier"), _("All dossiers"), dossiers),
        ("kind", _("Kind"), _("All kinds"), list(Event.Kind.choices)),
        ("venue", _("Venue"), _("All venues"), venues),
    )
    return [
        Select(name, label, every, options, choice_of(request, name, [c for c, _text in options]))
        for name, label, every, options in offered
        if options
    ]


def _grid(
    request: HttpRequest, shown: str, day: date, narrowed: Mapping[str, str]
) -> dict[str, Any]:
    """Return the days of a week or a month with their events."""
    house_calendar = the_calendar()
    weekend = house_calendar.weekend if house_calendar else []
    first_weekday = (max(weekend) % 7) if weekend else 0
    first = day - timedelta(days=(day.weekday() - first_weekday) % 7)
    days = [first + timedelta(days=n) for n in range(7)]
    before, after = first - timedelta(days=7), first + timedelta(days=7)
    if shown == "month":
        weeks = calendar.Calendar(first_weekday).monthdatescalendar(day.year, day.month)
        days = [shown_day for week in weeks for shown_day in week if shown_day.month == day.month]
        before, after = days[0] - timedelta(days=1), days[-1] + timedelta(days=1)
    by_day: dict[date, list[Event]] = {shown_day: [] for shown_day in days}
    listed = events_between(request.user, days[0], days[-1])
    kept = "".join(f"&{urlencode({name: code})}" for name, code in narrowed.items() if code)
    for event in narrowed_events(listed, **narrowed):
        last = min(event.ends_on, days[-1])
        at = max(event.starts_on, days[0])
        while at <= last:
            by_day[at].append(event)
            at += timedelta(days=1)
    return {
        "days": [
            (shown_day, by_day[shown_day], shown_day.isoweekday() in weekend) for shown_day in days
        ],
        "view": shown,
        "earlier": f"?view={shown}&day={before}{kept}",
        "later": f"?view={shown}&day={after}{kept}",
        "today": timezone.localdate(),
    }


def _day(text: str, today: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return today


@needs(rules.can_run_events)
def new(request: HttpRequest) -> HttpResponse:
    """Ask what, about what and when; the template brings the rest."""
    form = NewEventForm(request.POST or None, reader=me(request))
    events: list[Event] = []

    def make() -> None:
        cleaned = form.cleaned_data
        events.append(
            create_from_template(
                actor=me(request),
                template=cleaned["template"],
                title=cleaned["title"],
                moment=Moment(cleaned["day"], cleaned["starts"], cleaned["zone"]),
                now=timezone.now(),
                more={"dossier": cleaned["dossier"], "series": cleaned["series"]},
            )
        )

    if form.is_valid() and attempt_with_form(form, make):
        return redirect("events:event", events[0].code)
    return form_page(
        request, form, title=_("New event"), verb=_("Plan the event"),
        trail=[(_("Events"), reverse("events:list"))], template="events/desk/new.html",
        lead=_("Three decisions. The template brings the agenda, the roles and the list of what "
               "is needed; all of it can be changed."),
    )  # fmt: skip


@needs(rules.can_see_events)
def event(request: HttpRequest, code: str) -> HttpResponse:
    subject = event_or_404(request, code)
    roles, rooms = roles_of(subject), rooms_of(subject)
    busy = [role.user_id for role in roles if role.user_id]
    busy += [room.facilitator_id for room in rooms if room.facilitator_id]
    seen = set(search_events(request.user).values_list("pk", flat=True))
    at_once = [
        (clash, when(clash)) if clash.pk in seen else (None, when(clash))
        for clash in clashes(subject, users=busy)
    ]
    house_calendar = the_calendar()
    warnings = (
        time_warnings(house_calendar, subject.starts_at, subject.ends_at) if house_calendar else []
    )
    return page_of_event(
        request,
        "event",
        subject,
        tab="overview",
        rule=rule_text(subject.attribution),
        offset=offset(subject),
        roles=roles,
        rooms=rooms,
        preparations=preparations_of(subject),
        table=timetable(subject),
        answers=answers(subject) if rules.can_see_invitees(request.user, subject) else None,
        warnings=warnings,
        clashes=at_once,
        questions=questions_left(subject),
        history=[(event, when(event), offset(event)) for event in history(request.user, subject)],
        activities=activities(audit_entries(subject=subject.reference)[:RECENT]),
        is_past=subject.starts_at <= timezone.now(),
        is_over=subject.state in act.OVER,
        may_publish=rules.can_publish_event(request.user, subject),
    )


@needs(rules.can_run_events)
def settings(request: HttpRequest, code: str) -> HttpResponse:
    subject = event_or_404(request, code)
    initial = {name: getattr(subject, name) for name in EventForm.base_fields}
    form = EventForm(request.POST or None, initial=initial)
    if subject.visibility == "public":
        form.fields["visibility"].disabled = True
        form.fields["visibility"].required = False
    if form.is_valid():
        changes = dict(form.cleaned_data)
        if subject.visibility == "public":
            del changes["visibility"]

        def save() -> None:
            act.update_event(actor=me(request), event=subject, changes=changes, now=timezone.now())

        if attempt_with_form(form, save):
            messages.success(request, _("The changes are saved."))
            return redirect("events:event", code)
    return form_page(
        request, form, title=_("Change the event"), verb=_("Save"),
        template="events/desk/settings.html", **frame_of_event(request, subject),
    )  # fmt: skip


@needs(rules.can_run_events)
def set_rule(request: HttpRequest, code: str) -> HttpResponse:
    """Choose the rule of attribution, each with what it means for whoever comes."""
    subject = event_or_404(request, code)
    form = AttributionForm(request.POST or None, initial={"attribution": subject.attribution})

    def save() -> None:
        rule.set_attribution(
            actor=me(request), event=subject, now=timezone.now(), **form.cleaned_data
        )

    if attempt_and_say(request, form, save, _("The rule is set. Everybody is told it.")):
        return redirect("events:event", code)
    meanings = [
        (attribution.value, attribution.label, rule_text(attribution.value))
        for attribution in Event.Attribution
        if attribution.value
    ]
    return form_page(
        request, form, title=_("Rule of attribution"), verb=_("Set the rule"), meanings=meanings,
        template="events/desk/rule.html", **frame_of_event(request, subject),
    )  # fmt: skip


@needs(rules.can_run_events)
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Say what is still missing; then open the event for inviting."""
    subject = event_or_404(request, code)
    may_publish = rules.can_publish_event(request.user, subject)
    if request.method == "POST":
        everybody = may_publish and "everybody" in request.POST
        done = attempt(
            request,
            lambda: rule.publish_event(
                actor=me(request), event=subject, now=timezone.now(), is_for_everybody=everybody
            ),
            _("The event is published. People can be invited."),
        )
        return redirect("events:event" if done else "events:publish", code)
    return page_of_event(
        request, "publish", subject, rule=rule_text(subject.attribution), may_publish=may_publish
    )


@needs(rules.can_run_events)
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    subject = event_or_404(request, code)
    if request.method == "POST":
        attempt(
            request,
            lambda: act.cancel_event(actor=me(request), event=subject, now=timezone.now()),
            _("The event is called off. Tell the invitees from the page of invitations."),
        )
        return redirect("events:event", code)
    return page_of_event(request, "cancel", subject)


@needs(rules.can_run_events)
def move(request: HttpRequest, code: str) -> HttpResponse:
    """Give the event another day or hour; it stays as long as it was."""
    subject = event_or_404(request, code)
    initial = {"day": subject.starts_on, "starts": subject.starts, "zone": subject.zone}
    form = MomentForm(request.POST or None, initial=initial)

    def save() -> None:
        cleaned = form.cleaned_data
        act.move_event(
            actor=me(request),
            event=subject,
            starts_on=cleaned["day"],
            starts=cleaned["starts"],
            zone=cleaned["zone"],
            now=timezone.now(),
        )

    if attempt_and_say(
        request,
        form,
        save,
        _("The event is moved. Tell the invitees from the page of invitations."),
    ):
        return redirect("events:event", code)
    return form_page(
        request, form, title=_("Move to another time"), verb=_("Move the event"),
        template="events/desk/move.html", **frame_of_event(request, subject),
    )  # fmt: skip


@needs(rules.can_run_events)
def hold(request: HttpRequest, code: str) -> HttpResponse:
    subject = event_or_404(request, code)
    if request.method == "POST":
        attempt(
            request,
            lambda: rule.hold_event(actor=me(request), event=subject, now=timezone.now()),
            _("The event is closed as held. The minutes can be drafted."),
        )
    return redirect("events:event", code)


@needs(rules.can_run_events)
def next_event(request: HttpRequest, code: str) -> HttpResponse:
    """Plan the next event of the series: only the day is asked."""
    subject = event_or_404(request, code)
    form = MomentForm(request.POST or None, initial={"starts": subject.starts})
    events: list[Event] = []

    def make() -> None:
        cleaned = form.cleaned_data
        events.append(
            plan_next_event(
                actor=me(request),
                event=subject,
                moment=Moment(cleaned["day"], cleaned["starts"], cleaned["zone"]),
                now=timezone.now(),
            )
        )

    if attempt_and_say(
        request, form, make, _("The next event is planned, with the questions left open.")
    ):
        return redirect("events:event", events[0].code)
    return form_page(
        request, form, title=_("Plan the next one"), verb=_("Plan the next one"),
        questions=questions_left(subject), template="events/desk/next.html",
        **frame_of_event(request, subject),
    )  # fmt: skip
