"""On the day: the console of a session, and the door of each room."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.pages import attempt, attempt_with_form, key_of
from hiwar.common.refusals import Refused
from hiwar.contacts.models import Person
from hiwar.events import rules
from hiwar.events.actions import proceedings as act
from hiwar.events.desk.pages import event_or_404, one_or_404, page_of_event
from hiwar.events.forms.desk import CheckInForm, FollowUpForm, NoteForm
from hiwar.events.models import Attendance, Note
from hiwar.events.queries import proceedings as ask
from hiwar.events.queries.attribution import rule_text
from hiwar.events.queries.programme import agenda_of, rooms_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from hiwar.events.models import Event, Room

LISTED = 60


@needs(rules.can_attend_events)
def console(request: HttpRequest, code: str) -> HttpResponse:
    """Show queue, timer, notes and totals, in large letters."""
    subject = event_or_404(request, code)
    if not rules.can_enter_console(request.user, subject):
        raise PermissionDenied
    return page_of_event(
        request,
        "console",
        subject,
        tab="console",
        **_live(request, subject),
        rule=rule_text(subject.attribution),
        rooms=rooms_of(subject),
        agenda=agenda_of(subject),
        kinds=Note.Kind.choices,
        sexes=Person.Sex.choices,
        attendances=ask.visible_attendance(request.user, subject),
        lines=list(reversed(ask.notes_of(request.user, subject)))[:LISTED],
        follow_ups=subject.follow_ups.select_related("owner").order_by("due_on", "pk"),
        follow_up_form=FollowUpForm(),
        new_key=uuid4(),
    )


@needs(rules.can_attend_events)
def live(request: HttpRequest, code: str) -> HttpResponse:
    """Return what changes while people speak: queue, timer, totals, share."""
    subject = event_or_404(request, code)
    if not rules.can_enter_console(request.user, subject):
        raise PermissionDenied
    context = {"event": subject, **_live(request, subject)}
    return render(request, "events/desk/_live.html", context)


def _live(request: HttpRequest, event: Event) -> dict[str, object]:
    spoken, now = ask.finished_speeches(event), timezone.now()
    totals = ask.room_totals(request.user, event)
    speaking = ask.on_the_floor(event)
    began = speaking.started_at if speaking and speaking.started_at else now
    seconds = int((now - began).total_seconds())
    return {
        "totals": totals,
        "present": sum(total.present for total in totals),
        "women": sum(total.women for total in totals),
        # Whose sex nobody noted is neither.
        "stated": sum(total.women + total.men for total in totals),
        "queue": ask.queue(event),
        "speaking": speaking,
        "speaking_for": seconds,
        "clock": f"{seconds // 60}:{seconds % 60:02}",
        "share": ask.share_of(spoken),
        "shares": ask.shares_by_room(event),
        "is_under_quota": ask.is_under_quota(spoken, event.quota, now),
    }


@require_POST
@needs(rules.can_attend_events)
def speak(request: HttpRequest, code: str) -> HttpResponse:
    """Join the queue, take the floor, end, leave: one button each."""
    subject = event_or_404(request, code)
    actor, now, post = me(request), timezone.now(), request.POST

    def do() -> None:
        if "join" in post:
            room = one_or_404(subject.rooms.all(), post.get("room", ""))
            attendances = ask.visible_attendance(request.user, subject)
            attendance = _one(attendances, key_of(post.get("attendance", "")))
            act.queue_speaker(
                actor=actor,
                room=room,
                key=key_of(post.get("key", "")) or uuid4(),
                now=now,
                attendance=attendance,
                label=post.get("label", ""),
                sex=_sex(post.get("sex", "")),
            )
            return
        for name, verb in (("start", _start), ("end", act.end_speech), ("leave", act.leave_queue)):
            if key := post.get(name):
                verb(actor=actor, speech=one_or_404(subject.speeches.all(), key), now=now)

    def _start(**values: object) -> None:
        item = _one(subject.agenda.all(), key_of(post.get("item", "")))
        act.start_speech(item=item, **values)  # type: ignore[arg-type]  # as the other verbs take it

    attempt(request, do, "")
    if request.headers.get("HX-Request"):
        return live(request, code)
    return redirect("events:console", code)


def _sex(text: str) -> str:
    return text if text in Person.Sex.values else ""


@require_POST
@needs(rules.can_attend_events)
def note(request: HttpRequest, code: str) -> HttpResponse:
    """Keep a note; the browser's outbox asks for JSON and sends again until it hears of it."""
    subject = event_or_404(request, code)
    wants_json = request.headers.get("Accept", "").startswith("application/json")
    form = NoteForm(request.POST)
    if not form.is_valid():
        if wants_json:
            return JsonResponse({"kept": False, "say": _("Write something first.")}, status=400)
        return redirect("events:console", code)
    cleaned = form.cleaned_data
    seen = ask.visible_attendance(request.user, subject)
    try:
        act.write_note(
            actor=me(request),
            event=subject,
            key=cleaned["key"],
            writing=act.Writing(
                cleaned["text"], get_language() or "ar", cleaned["kind"], cleaned["based_on"]
            ),
            now=timezone.now(),
            item=_one(subject.agenda.all(), cleaned["item"]),
            room=_one(subject.rooms.all(), cleaned["room"]),
            speaker=_one(seen, cleaned["speaker"]),
        )
    except Refused as refused:
        if wants_json:
            return JsonResponse({"kept": False, "say": str(refused)}, status=403)
        messages.error(request, str(refused))
    if wants_json:
        return JsonResponse({"kept": True})
    return redirect("events:console", code)


def _one(rows, key: UUID | None):  # type: ignore[no-untyped-def]  # whatever the rows are
    return rows.filter(pk=key).first() if key else None


@require_POST
@needs(rules.can_attend_events)
def settle_note(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Choose which of two wordings stands."""
    subject = event_or_404(request, code)
    note_kept = one_or_404(subject.notes.all(), key)
    text = request.POST.get("text", "")
    attempt(
        request,
        lambda: act.choose_wording(
            actor=me(request), note=note_kept, text=text, now=timezone.now()
        ),
        _("This wording stands. The other is kept with it."),
    )
    return redirect("events:console", code)


@require_POST
@needs(rules.can_attend_events)
def follow_up(request: HttpRequest, code: str) -> HttpResponse:
    """Write down an action, or mark one as done."""
    subject = event_or_404(request, code)
    actor, now = me(request), timezone.now()
    back = "events:minutes" if "back" in request.POST else "events:console"
    if key := request.POST.get("finish"):
        follow_up_due = one_or_404(subject.follow_ups.all(), key)
        attempt(
            request,
            lambda: act.finish_follow_up(actor=actor, follow_up=follow_up_due, now=now),
            _("The action is done."),
        )
        return redirect(back, code)
    form = FollowUpForm(request.POST)
    if not form.is_valid():
        attempt(request, _refuse_empty, "")
        return redirect(back, code)
    attempt(
        request,
        lambda: act.add_follow_up(
            actor=actor,
            event=subject,
            key=key_of(request.POST.get("key", "")) or uuid4(),
            now=now,
            **form.cleaned_data,
        ),
        _("The action is written down."),
    )
    return redirect(back, code)


def _refuse_empty() -> None:
    raise act.NothingWritten


@needs(rules.can_attend_events)
def door(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Check people in to one room: by code, from the list, or as they come."""
    subject = event_or_404(request, code)
    where: Room = one_or_404(subject.rooms.select_related("event"), key)
    if not rules.can_check_in(request.user, where):
        raise PermissionDenied
    words = request.GET.get("q", "").strip()
    form = CheckInForm(request.POST or None)
    if request.method == "POST" and _check_in(request, where, form):
        return redirect("events:door", code, key)
    return page_of_event(
        request,
        "door",
        subject,
        room=where,
        words=words,
        expected=ask.expected(request.user, where, words)[:LISTED],
        there=ask.attendance_of(request.user, where, words)[:LISTED],
        count=where.attendances.count(),
        form=form,
        new_key=uuid4(),
    )


def _check_in(request: HttpRequest, room: Room, form: CheckInForm) -> bool:
    """Do what the pressed button says; return whether it was done."""
    actor, now, post = me(request), timezone.now(), request.POST
    key = key_of(post.get("key", "")) or uuid4()
    if undo := post.get("undo"):
        arrival = one_or_404(ask.attendance_of(actor, room), undo)
        return attempt(
            request,
            lambda: act.take_back_check_in(actor=actor, attendance=arrival, now=now),
            _("The check-in is taken back."),
        )
    if invited := post.get("invitation"):
        arrival = one_or_404(ask.expected(actor, room), invited)
        return attempt(
            request,
            lambda: act.check_in(actor=actor, room=room, key=key, now=now, invitation=arrival),
            _("Checked in."),
        )
    if not form.is_valid():
        return False
    cleaned = dict(form.cleaned_data)
    code, on_paper = cleaned.pop("code"), cleaned.pop("on_paper")
    if code:
        name = cleaned["name"]
        return attempt_with_form(
            form,
            lambda: act.check_in_by_code(
                actor=actor, room=room, code=code, key=key, now=now, name=name
            ),
        )
    way = Attendance.Way.PAPER if on_paper else Attendance.Way.DOOR
    return attempt_with_form(
        form, lambda: act.check_in(actor=actor, room=room, key=key, now=now, way=way, **cleaned)
    )


@needs(rules.can_see_events)
def figures(request: HttpRequest, code: str) -> HttpResponse:
    """Show who came, by what they said about themselves; small cells are hidden."""
    subject = event_or_404(request, code)
    rooms = [(str(room.pk), str(room.label)) for room in rooms_of(subject)]
    ages = [(band, band) for band in ask.BANDS] + [("", _("not stated"))]
    ways = [("yes", _("yes")), ("no", _("no")), ("", _("not stated"))]
    tables = [
        (_("Room"), ask.disaggregated(subject, "room_id", rooms)),
        (_("Age"), ask.disaggregated(subject, "age_band", ages)),
        (_("Disability"), ask.disaggregated(subject, "disability", ways)),
    ]
    spoken = ask.finished_speeches(subject)
    return page_of_event(
        request,
        "figures",
        subject,
        tables=[
            (title, table.columns, [*zip([*table.rows, _("All")], table.cells, strict=True)])
            for title, table in tables
        ],
        share=ask.share_of(spoken),
        shares=ask.shares_by_room(subject),
    )
