"""Agenda, rooms, roles and preparations of an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.pages import attempt, attempt_and_say, attempt_with_form
from hiwar.events import rules
from hiwar.events.actions import programme as act
from hiwar.events.desk.pages import event_or_404, frame_of_event, one_or_404, page_of_event
from hiwar.events.exports.letters import when
from hiwar.events.forms.desk import ItemForm, RoleForm, RoomForm
from hiwar.events.models import Event
from hiwar.events.queries.attribution import rule_text
from hiwar.events.queries.programme import roles_of, rooms_of, timetable

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

NAMES = dict(Event.Attribution.choices)


@needs(rules.can_see_events)
def agenda(request: HttpRequest, code: str) -> HttpResponse:
    """Show the agenda; move or take out the item whose button was pressed; add one."""
    subject = event_or_404(request, code)
    may_run = rules.can_run_event(request.user, subject)
    if request.method == "POST" and may_run and "title_ar" not in request.POST:
        _press(request, subject)
        return redirect("events:agenda", code)
    form = ItemForm(request.POST if may_run and request.POST else None)
    if attempt_and_say(
        request,
        form,
        lambda: act.add_item(
            actor=me(request), event=subject, now=timezone.now(), values=form.cleaned_data
        ),
        _("The item is added."),
    ):
        return redirect("events:agenda", code)
    table = timetable(subject)
    lines = [(line, NAMES.get(line.attribution, "")) for line in table.lines]
    return page_of_event(
        request, "agenda", subject, tab="agenda", table=table, lines=lines, form=form
    )


def _press(request: HttpRequest, event: Event) -> None:
    actor, now = me(request), timezone.now()
    for name, by in (("up", -1), ("down", 1)):
        if key := request.POST.get(name):
            item = one_or_404(event.agenda.all(), key)
            attempt(request, lambda: act.move_item(actor=actor, item=item, by=by, now=now), "")  # noqa: B023 -- called before the next turn
    if key := request.POST.get("remove"):
        item = one_or_404(event.agenda.all(), key)
        attempt(
            request,
            lambda: act.remove_item(actor=actor, item=item, now=now),
            _("The item is taken out."),
        )


@needs(rules.can_run_events)
def item(request: HttpRequest, code: str, key: str) -> HttpResponse:
    subject = event_or_404(request, code)
    agenda_item = one_or_404(subject.agenda.all(), key)
    initial = {name: getattr(agenda_item, name) for name in ItemForm.base_fields}
    form = ItemForm(request.POST or None, initial=initial)
    if form.is_valid() and attempt_with_form(
        form,
        lambda: act.update_item(
            actor=me(request), item=agenda_item, changes=form.cleaned_data, now=timezone.now()
        ),
    ):
        return redirect("events:agenda", code)
    return form_page(
        request, form, title=agenda_item.title, verb=_("Save"), item=agenda_item,
        back=reverse("events:agenda", args=[code]), template="events/desk/item.html",
        **frame_of_event(request, subject),
    )  # fmt: skip


@needs(rules.can_see_events)
def print_agenda(request: HttpRequest, code: str) -> HttpResponse:
    """Show the agenda as a sheet of paper: the rule first, then the times."""
    subject = event_or_404(request, code)
    context = {
        "event": subject,
        "when": when(subject),
        "table": timetable(subject),
        "lines": [(line, NAMES.get(line.attribution, "")) for line in timetable(subject).lines],
        "rule": rule_text(subject.attribution),
        "rooms": rooms_of(subject),
    }
    return render(request, "events/desk/print_agenda.html", context)


@needs(rules.can_see_events)
def rooms(request: HttpRequest, code: str) -> HttpResponse:
    subject = event_or_404(request, code)
    may_run = rules.can_run_event(request.user, subject)
    form = RoomForm(request.POST if may_run and request.POST else None)
    if attempt_and_say(
        request,
        form,
        lambda: act.add_room(
            actor=me(request), event=subject, now=timezone.now(), values=form.cleaned_data
        ),
        _("The room is added."),
    ):
        return redirect("events:rooms", code)
    return page_of_event(request, "rooms", subject, tab="rooms", rooms=rooms_of(subject), form=form)


@needs(rules.can_run_events)
def room(request: HttpRequest, code: str, key: str) -> HttpResponse:
    subject = event_or_404(request, code)
    chosen_room = one_or_404(subject.rooms.all(), key)
    if "remove" in request.POST:
        attempt(
            request,
            lambda: act.remove_room(actor=me(request), room=chosen_room, now=timezone.now()),
            _("The room is taken out."),
        )
        return redirect("events:rooms", code)
    initial = {name: getattr(chosen_room, name) for name in RoomForm.base_fields}
    form = RoomForm(request.POST or None, initial=initial)
    if form.is_valid() and attempt_with_form(
        form,
        lambda: act.update_room(
            actor=me(request), room=chosen_room, changes=form.cleaned_data, now=timezone.now()
        ),
    ):
        return redirect("events:rooms", code)
    return form_page(
        request, form, title=chosen_room.label, verb=_("Save"), room=chosen_room,
        back=reverse("events:rooms", args=[code]), template="events/desk/room.html",
        **frame_of_event(request, subject),
    )  # fmt: skip


@needs(rules.can_run_events)
def roles(request: HttpRequest, code: str) -> HttpResponse:
    subject = event_or_404(request, code)
    form = RoleForm(request.POST or None, initial={"code": request.GET.get("role", "")})
    if form.is_valid() and attempt_with_form(
        form,
        lambda: act.set_role(
            actor=me(request), event=subject, now=timezone.now(), **form.cleaned_data
        ),
    ):
        return redirect("events:roles", code)
    return page_of_event(request, "roles", subject, form=form, roles=roles_of(subject))


@require_POST
@needs(rules.can_run_events)
def prepare(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Tick a line of preparation off, or open it again."""
    subject = event_or_404(request, code)
    line = one_or_404(subject.preparations.all(), key)
    attempt(
        request,
        lambda: act.tick_preparation(
            actor=me(request),
            preparation=line,
            is_done=line.done_at is None,
            now=timezone.now(),
        ),
        "",
    )
    return redirect(f"{request.path.partition('/prepare/')[0]}/#preparation")
