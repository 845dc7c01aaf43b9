"""The desk of events: from nothing to a held session, in both languages, for every role."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.events import (
    AgendaItemFactory,
    EventFactory,
    InvitationFactory,
    RoomFactory,
    path_of,
)
from factories.places import furnished_calendar
from hiwar.common.links.queries import token_of
from hiwar.events.actions import minutes, proceedings
from hiwar.events.exports.letters import body_with_link
from hiwar.events.models import Event, FollowUp, Invitation, Note, Room
from hiwar.events.urls import desk

if TYPE_CHECKING:
    from collections.abc import Callable

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
PAST = datetime(2026, 10, 6, 8, tzinfo=UTC)
NEW = {
    "template": "session",
    "title_ar": "حوار",
    "day": "2026-12-02",
    "starts": "10:00",
    "zone": "Asia/Hebron",
}
Enter = "Callable[..., Client]"


@pytest.fixture
def desk_of(roles: None) -> Enter:
    InstitutionFactory.create()
    furnished_calendar()

    def enter(user: User | None = None, role: str = "facilitator", language: str = "en") -> Client:
        client = Client()
        sign_in_fully(client, user or UserFactory.create(roles=[role]))
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return client

    return enter


def address(name: str, *parts: object) -> str:
    return reverse(f"events:{name}", args=parts)


@pytest.fixture
def full(director: User) -> Event:
    """Return an event of the past that has something on every page."""
    event = EventFactory.create(
        starts_on=PAST.date(), ends_on=PAST.date(), attribution="chatham_house", quota=40,
        published_at=PAST, safety_note={"ar": "باب", "en": "Door"}, owner=director,
    )  # fmt: skip
    item = AgendaItemFactory.create(event=event)
    room = RoomFactory.create(event=event)
    RoomFactory.create(event=event, kind=Room.Kind.WOMEN_ONLY)
    InvitationFactory.create(event=event)
    there = proceedings.check_in(
        actor=director, room=room, key=uuid4(), now=PAST, name="زهرة", sex="female"
    )
    for kind in Note.Kind:
        proceedings.write_note(
            actor=director, event=event, key=uuid4(), now=PAST, item=item, speaker=there,
            writing=proceedings.Writing(f"نص {kind}", "ar", kind),
        )  # fmt: skip
    turn = proceedings.queue_speaker(
        actor=director, room=room, key=uuid4(), now=PAST, attendance=there
    )
    proceedings.start_speech(actor=director, speech=turn, now=PAST)
    proceedings.queue_speaker(actor=director, room=room, key=uuid4(), now=PAST, attendance=there)
    minutes.draft_minutes(actor=director, event=event, now=PAST)
    return event


def every_page(event: Event) -> list[str]:
    """Return the address of every page of an event that is only read."""
    acts = {"hold", "prepare", "send", "replies", "speak", "note", "settle_note", "follow_up"}
    acts |= {"draft", "publish_minutes", "approve"}
    keys = {
        "item": event.agenda.get().pk,
        "room": event.rooms.order_by("pk")[0].pk,
        "door": event.rooms.get(kind="mixed").pk,
        "invitation": event.invitations.get().pk,
        "letter": event.invitations.get().pk,
        "calendar": event.invitations.get().pk,
        "conclusion": event.conclusions.order_by("position", "pk")[0].pk,
        "paragraph": event.minutes.get(audience="public").paragraphs.order_by("position")[0].pk,
    }
    found = []
    for one in desk:
        if one.name in acts:
            continue
        parts: list[object] = [event.code] if "code" in str(one.pattern) else []
        parts += [keys[one.name]] if one.name in keys else []
        found.append(address(str(one.name), *parts))
    return found


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_page_opens(desk_of: Enter, director: User, full: Event, language: str) -> None:
    client = desk_of(director, language=language)
    for path in every_page(full):
        answer = client.get(path)
        assert answer.status_code == 200, path
    for view in ("week", "month", "past"):
        shown = client.get(f"{address('list')}?view={view}&day=2026-10-06")
        assert full.title[language] in shown.content.decode(), view


def test_from_nothing_to_published_and_invited(desk_of: Enter) -> None:
    client = desk_of()
    assert client.get(address("list")).status_code == 200
    client.post(address("new"), NEW)
    event = Event.objects.get()
    assert event.agenda.count() == 8
    refused = client.post(address("publish", event.code), follow=True)
    assert "safety note" in refused.content.decode()
    event.refresh_from_db()
    assert event.published_at is None
    client.post(address("rule", event.code), {"attribution": "chatham_house"})
    fields = {
        "title_ar": "حوار", "starts_on": "2026-12-02", "starts": "10:00", "ends_on": "2026-12-02",
        "ends": "12:30", "zone": "Asia/Hebron", "form": "in_person", "visibility": "institution",
        "quota": "40", "safety_note_ar": "باب خلفي",
    }  # fmt: skip
    saved = client.post(address("settings", event.code), fields)
    assert saved.status_code == 302
    client.post(address("publish", event.code))
    who = {"name": "ضيفة", "email": "guest@example.org", "language": "ar"}
    client.post(address("invitations", event.code), who)
    sent = client.post(address("send", event.code), follow=True).content.decode()
    assert "1 message is in the outbox" in sent
    invited = Invitation.objects.get()
    message = invited.messages.get()
    assert token_of(invited.private_link) not in message.body
    assert path_of(invited) in body_with_link(message)
    shown = client.get(address("invitation", event.code, invited.pk)).content.decode()
    assert shown.count(path_of(invited)) == 2
    assert "METHOD:REQUEST" in message.calendar
    assert message.sent_at is None


def test_the_console_keeps_a_note_once(desk_of: Enter, full: Event, facilitator: User) -> None:
    client = desk_of(facilitator)
    fields = {"key": str(uuid4()), "text": "قيل", "kind": "said"}
    path = address("note", full.code)
    before = full.notes.count()
    for _each in range(2):
        answer = client.post(path, fields, headers={"accept": "application/json"})
        assert answer.json() == {"kept": True}
    assert full.notes.count() == before + 1
    empty = client.post(path, {**fields, "text": ""}, headers={"accept": "application/json"})
    assert empty.status_code == 400
    action = {"text": "رسالة", "due_on": "2026-12-10", "owner": str(facilitator.pk)}
    client.post(address("follow_up", full.code), action)
    assert FollowUp.objects.get().owner == facilitator
    overdue = client.get("/desk/")
    assert overdue.status_code == 200


def test_speaking_by_button(desk_of: Enter, full: Event, facilitator: User) -> None:
    client = desk_of(facilitator)
    waiting = full.speeches.get(started_at=None)
    path = address("speak", full.code)
    client.post(path, {"start": str(waiting.pk)})
    client.post(path, {"end": str(waiting.pk)})
    waiting.refresh_from_db()
    assert waiting.seconds is not None
    room = full.rooms.get(kind="mixed")
    join = {"join": "1", "room": str(room.pk), "label": "صف ثالث", "sex": "male"}
    live = client.post(path, join, headers={"hx-request": "true"})
    assert "صف ثالث" in live.content.decode()


def test_the_door_takes_code_list_and_name(desk_of: Enter, full: Event, facilitator: User) -> None:
    client = desk_of(facilitator)
    room = full.rooms.get(kind="mixed")
    women = full.rooms.get(kind="women_only")
    path = address("door", full.code, room.pk)
    invited = full.invitations.get()
    client.post(path, {"code": invited.code, "key": str(uuid4())})
    client.post(path, {"name": "أحمر", "on_paper": "on", "key": str(uuid4())})
    assert sorted(room.attendances.values_list("way", flat=True)) == ["code", "list", "paper"]
    wrong = client.post(path, {"code": "NOPE99", "key": str(uuid4())})
    assert "No invitation to this event has this code" in wrong.content.decode()
    assert client.get(address("door", full.code, women.pk)).status_code == 403
    last = room.attendances.get(way="paper")
    client.post(path, {"undo": str(last.pk)})
    assert room.attendances.count() == 2


def test_a_private_event_is_not_there_for_others(desk_of: Enter, full: Event) -> None:
    Event.objects.filter(pk=full.pk).update(visibility="personal")
    client = desk_of(role="programme_manager")
    for path in every_page(full):
        if full.code in path:
            assert client.get(path).status_code == 404, path


def test_sixty_items_are_a_light_page_and_few_questions(
    desk_of: Enter, facilitator: User, django_assert_max_num_queries: Callable[..., object]
) -> None:
    event = EventFactory.create()
    for number in range(60):
        AgendaItemFactory.create(event=event, position=number)
    client = desk_of(facilitator)
    path = address("agenda", event.code)
    client.get(path)
    with django_assert_max_num_queries(30):  # type: ignore[attr-defined]  # a context manager
        answer = client.get(path)
    assert len(answer.content) < 100_000
    assert answer.content.count(b'name="up"') == 60


def test_a_mailed_answer_is_read(desk_of: Enter, facilitator: User) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from hiwar.events.exports.calendar import request_for

    event = EventFactory.create(published_at=timezone.now())
    invited = InvitationFactory.create(event=event, email="guest@example.org")
    content = request_for(invited, organizer="house@example.org").replace(b"\r\n ", b"")
    content = content.replace(b"METHOD:REQUEST", b"METHOD:REPLY")
    content = content.replace(b"NEEDS-ACTION", b"DECLINED")
    client = desk_of(facilitator)

    def upload(data: bytes) -> str:
        file = SimpleUploadedFile("a.ics", data)
        answer = client.post(address("replies", event.code), {"file": file}, follow=True)
        return answer.content.decode()

    assert "1 answer was read" in upload(content)
    invited.refresh_from_db()
    assert (invited.state, invited.channel) == ("declined", "mail")
    assert "not a calendar file" in upload(b"hello")
    assert "no answer to this event" in upload(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")


def test_an_event_is_moved_and_keeps_its_length(desk_of: Enter) -> None:
    event = EventFactory.create()
    length, day = event.ends_at - event.starts_at, event.starts_on + timedelta(days=3)
    client = desk_of()
    assert address("move", event.code) in client.get(address("event", event.code)).content.decode()
    wish = {"day": day.isoformat(), "starts": event.starts.isoformat("minutes"), "zone": event.zone}
    moved = client.post(address("move", event.code), wish)
    assert moved.url == address("event", event.code)
    event.refresh_from_db()
    assert (event.starts_on, event.ends_at - event.starts_at) == (day, length)
    wrong = client.post(address("move", event.code), {**wish, "day": "soon"})
    assert wrong.status_code in {200, 422}
    event.refresh_from_db()
    assert event.starts_on == day
