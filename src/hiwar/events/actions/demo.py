"""The events of the demonstration: a forum of five sessions, a national session, two of old."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction

from hiwar.accounts.actions.demo import demo_email
from hiwar.accounts.models import User
from hiwar.common.dates import local_day
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import remove_record
from hiwar.dossiers.models import Dossier
from hiwar.events.actions import attribution, minutes, proceedings, programme, series
from hiwar.events.actions.events import Wall, update_event
from hiwar.events.models import (
    CalendarFeed,
    Conclusion,
    Event,
    OpenQuestion,
    Series,
    Venue,
)
from hiwar.events.queries import search_documents
from hiwar.places.queries.calendars import the_calendar
from hiwar.places.queries.deadlines import days_off

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hiwar.events.models import Room

SPACE = UUID("7d1d52de-3f0c-4c52-9f61-6d1c8f3f2b10")
LED_BY = "DF1"
BANDS = ("18-19", "20-24", "25-29", "30-39", "40-59")


def load_demo_events(folder: Path, at: datetime) -> tuple[int, int, list[str]]:
    """Load the events that are missing: how many were made, were there, and what was wrong."""
    file = folder / "events/events.json"
    runner = User.objects.filter(email=demo_email("ED"), is_demo=True).first()
    if runner is None or not file.is_file():
        return 0, 0, []
    document = json.loads(file.read_text("utf-8"))
    loaded, there, wrong = 0, 0, []
    for entry in [*document["archive"], *document["events"]]:
        if Event.objects.filter(code=entry["code"]).exists():
            there += 1
            continue
        try:
            load_event(actor=runner, document=document, entry=entry, at=at)
        except (KeyError, ValidationError, Refused) as error:
            wrong.append(f"event {entry.get('code', '?')}: {error}")
            continue
        loaded += 1
    return loaded, there, wrong


@transaction.atomic
def load_event(
    *, actor: User, document: Mapping[str, Any], entry: Mapping[str, Any], at: datetime
) -> Event:
    """Make one event of the demonstration through the actions that staff use."""
    day, starts = _day_of(entry, at), time.fromisoformat(entry["starts"])
    title = document["series"][entry["series"]]
    more: dict[str, object] = {
        "code": entry["code"],
        "is_demo": True,
        "series": _series(actor, title, at),
        "where": entry.get("where", {}),
    }
    if "dossier" in entry:
        more["dossier"] = Dossier.objects.filter(code=entry["dossier"], is_demo=True).first()
    if "ends" in entry:
        wall = Wall(day, starts, day, time.fromisoformat(entry["ends"]), document["zone"])
        code = str(more.pop("code"))
        event = series.import_archive_event(
            actor=actor, title=entry["title"], wall=wall, now=at, more=more
        )
        Event.objects.filter(pk=event.pk).update(code=code)
        return event
    code = str(more.pop("code"))
    event = programme.create_from_template(
        actor=actor,
        template=entry["template"],
        title=entry["title"],
        moment=programme.Moment(day, starts, document["zone"]),
        now=at,
        more=more,
    )
    Event.objects.filter(pk=event.pk).update(code=code)
    event.refresh_from_db()
    update_event(actor=actor, event=event, changes={"safety_note": entry["safety_note"]}, now=at)
    attribution.set_attribution(actor=actor, event=event, attribution=entry["attribution"], now=at)
    is_minuted = "minutes_read_by" in entry
    attribution.publish_event(actor=actor, event=event, now=at, is_for_everybody=is_minuted)
    for room_entry in entry.get("rooms", []):
        values = {name: room_entry[name] for name in ("label", "kind", "capacity")}
        values["facilitator"] = _staff(room_entry["facilitator"])
        programme.add_room(actor=actor, event=event, now=at, values=values)
    for number, text in enumerate(entry.get("questions", []), start=1):
        OpenQuestion.objects.create(event=event, text=text, position=number)
    for role, who in entry.get("roles", {}).items():
        programme.set_role(actor=actor, event=event, code=role, user=_staff(who), now=at)
    if "attendance" in entry:
        _hold(actor, event, entry)
    return event


def _hold(actor: User, event: Event, entry: Mapping[str, Any]) -> None:
    """Let people come, write the notes, close the event and draft its minutes."""
    began = event.starts_at
    for label, kind, women, men in entry["attendance"]:
        values = {"label": {"ar": label, "en": label}, "kind": kind, "facilitator": _staff(LED_BY)}
        room = programme.add_room(actor=actor, event=event, now=began, values=values)
        _fill(actor, room, women, men, began)
    items = list(event.agenda.order_by("position", "pk"))
    notes = [_in_languages(note) for note in entry["notes"]]
    for number, note in enumerate(notes):
        proceedings.write_note(
            actor=actor,
            event=event,
            key=uuid5(SPACE, f"{event.code} note {number}"),
            writing=proceedings.Writing(note["text"]["ar"], "ar", note["kind"]),
            item=items[min(number + 2, len(items) - 1)],
            now=began + timedelta(minutes=20 + number * 10),
        )
    for number, action in enumerate(entry.get("actions", [])):
        proceedings.add_follow_up(
            actor=actor,
            event=event,
            key=uuid5(SPACE, f"{event.code} action {number}"),
            text=action["text"],
            due_on=date.fromisoformat(action["due"]),
            owner=_staff(action["owner"]),
            now=event.ends_at,
        )
    attribution.hold_event(actor=actor, event=event, now=event.ends_at)
    _internal, public = minutes.draft_minutes(actor=actor, event=event, now=event.ends_at)
    second = _staff(entry.get("minutes_read_by", ""))
    if second is not None:
        for paragraph, note in zip(public.paragraphs.order_by("position"), notes, strict=True):
            texts, noted = note["text"], dict(paragraph.text)
            minutes.write_paragraph(
                actor=actor, paragraph=paragraph, texts=texts, now=event.ends_at
            )
            for conclusion in event.conclusions.all():
                if dict(conclusion.text) == noted:
                    Conclusion.objects.filter(pk=conclusion.pk).update(text=texts)
            for question in event.questions.all():
                if dict(question.text) == noted:
                    OpenQuestion.objects.filter(pk=question.pk).update(text=texts)
        minutes.approve_minutes(actor=second, minutes=public, now=event.ends_at)
        minutes.publish_minutes(actor=actor, minutes=public, now=event.ends_at)


def _day_of(entry: Mapping[str, Any], at: datetime) -> date:
    """Return the day of an event, or so many days before today; none falls on a day of rest."""
    if "day" in entry:
        return date.fromisoformat(entry["day"])
    day = local_day(at) - timedelta(days=entry["days_ago"])
    calendar = the_calendar()
    rest = days_off(calendar, day - timedelta(days=30)) if calendar is not None else None
    while rest is not None and rest.reason(day) is not None:
        day -= timedelta(days=1)
    return day


def _in_languages(note: Mapping[str, Any]) -> dict[str, Any]:
    text = note["text"]
    return {**note, "text": text if isinstance(text, dict) else {"ar": text}}


def _fill(actor: User, room: Room, women: int, men: int, at: datetime) -> None:
    for number in range(women + men):
        proceedings.check_in(
            actor=actor,
            room=room,
            key=uuid5(SPACE, f"{room.event.code} {room.code} {number}"),
            now=at - timedelta(minutes=women + men - number),
            way="door",
            name="",
            sex="female" if number < women else "male",
            age_band=BANDS[number % len(BANDS)],
        )


def remove_demo_events(folder: Path) -> int:
    """Remove the events of the demonstration with all that hangs on them; return how many."""
    mine = Event.objects.filter(is_demo=True)
    codes = _codes(folder)
    events = list(mine.filter(code__in=codes))
    following = list(mine.filter(continues__in=events)) + list(
        mine.filter(series__events__in=events)
    )
    gone = {event.pk for event in (*events, *following)}
    kept = Series.objects.filter(events__pk__in=gone).values_list("pk", flat=True)
    keys = list(kept)
    Event.objects.filter(continues__in=gone).update(continues=None)
    CalendarFeed.objects.filter(user__is_demo=True).delete()
    for event in Event.objects.filter(pk__in=gone):
        event.notes.all().delete()
        remove_record(search_documents.KIND, event.pk)
        event.delete()
    Series.objects.filter(pk__in=keys, events=None).delete()
    Venue.objects.filter(is_demo=True, events=None).delete()
    return len(gone)


def _codes(folder: Path) -> list[str]:
    file = folder / "events/events.json"
    if not file.is_file():
        return []
    document = json.loads(file.read_text("utf-8"))
    return [entry["code"] for entry in [*document["archive"], *document["events"]]]


def _series(actor: User, title: Mapping[str, str], at: datetime) -> Series:
    known = next(
        (candidate for candidate in Series.objects.all() if dict(candidate.title) == dict(title)),
        None,
    )
    return known or series.open_series(actor=actor, title=title, now=at)


def _staff(code: str) -> User | None:
    return User.objects.filter(email=demo_email(code), is_demo=True).first()
