"""One national session in four rooms, through the screens, with its numbers (O4, 1-3 and 7-9)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from hiwar.common.models import AuditEntry
from hiwar.events.actions import proceedings
from hiwar.events.actions.events import Wall
from hiwar.events.actions.series import import_archive_event
from hiwar.events.models import Event, Invitation, Paragraph, Room, Speech
from hiwar.events.queries import proceedings as ask
from hiwar.events.queries.names import forms_of, names_in

if TYPE_CHECKING:
    from hiwar.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive("journeys")]
DAY = date(2026, 11, 23)
BEGAN = datetime(2026, 11, 23, 8, tzinfo=UTC)
ROOMS = (
    ("رام الله", "mixed", 15, 19),
    ("غزة", "mixed", 6, 5),
    ("الخليل", "women_only", 18, 0),
    ("خارج الوطن", "online", 2, 7),
)
WOMEN = ["ليان", "رنا", "هبة", "سمر", "دانا", "رزان", "سوسن", "غادة", "مها", "نجوى", "عبير"]
MEN = ["وسيم", "باسل", "زياد", "عماد", "فراس", "نضال", "حاتم", "رامي"]
FAMILIES = ["شقير", "حمدان", "قواسمي", "نتشة", "دويك", "برغوثي", "خواجا", "صيدم"]
MINUTES_OF_WOMEN, MINUTES_OF_MEN = (15, 6, 20, 10), (20, 10, 0, 15)


def names(pool: list[str], count: int, start: int) -> list[str]:
    return [
        f"{pool[(start + n) % len(pool)]} {FAMILIES[(start + n) // len(pool) % len(FAMILIES)]}"
        for n in range(count)
    ]


def enter(user: User, language: str = "ar") -> Client:
    client = Client()
    sign_in_fully(client, user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def at(name: str, *parts: object) -> str:
    return reverse(f"events:{name}", args=parts)


def prepare(client: Client, leaders: list[User]) -> Event:
    """Plan the session from its template and open its four rooms."""
    client.post(
        at("new"),
        {
            "template": "session", "title_ar": "الانتخابات المحلية", "title_en": "Local elections",
            "day": DAY.isoformat(), "starts": "10:00", "zone": "Asia/Hebron",
        },
    )  # fmt: skip
    event = Event.objects.get()
    for (label, kind, *_count), leader in zip(ROOMS, leaders, strict=True):
        fields = {"label_ar": label, "kind": kind, "facilitator": str(leader.pk)}
        assert client.post(at("rooms", event.code), fields).status_code == 302
    refused = client.post(at("publish", event.code), follow=True).content.decode()
    assert "ملاحظة السلامة" in refused
    client.post(at("rule", event.code), {"attribution": "chatham_house"})
    saved = client.post(
        at("settings", event.code),
        {
            "title_ar": "الانتخابات المحلية", "title_en": "Local elections", "quota": "40",
            "starts_on": DAY.isoformat(), "ends_on": DAY.isoformat(), "starts": "10:00",
            "ends": "12:30", "zone": "Asia/Hebron", "form": "hybrid", "visibility": "institution",
            "safety_note_ar": "الباب الخلفي",
        },
    )  # fmt: skip
    assert saved.status_code == 302
    client.post(at("publish", event.code))
    event.refresh_from_db()
    assert event.published_at
    return event


def let_in(client_of: dict[object, Client], event: Event) -> list[str]:
    """Check 72 people in, each room by who leads it: by list, by code, and as they come."""
    rooms = list(event.rooms.order_by("position"))
    everybody: list[str] = []
    start_women = start_men = 0
    for room, (_label, _kind, women, men) in zip(rooms, ROOMS, strict=True):
        client, path = client_of[room.facilitator_id], at("door", event.code, room.pk)
        listed = [(name, "female") for name in names(WOMEN, women, start_women)]
        listed += [(name, "male") for name in names(MEN, men, start_men)]
        start_women, start_men = start_women + women, start_men + men
        for number, (name, sex) in enumerate(listed):
            everybody.append(name)
            key = str(uuid4())
            if number % 3 == 0:
                client.post(
                    at("invitations", event.code), {"name": name, "language": "ar", "sex": sex}
                )
                one = Invitation.objects.get(event=event, name=name)
                client.post(path, {"code": one.code, "key": key})
                client.post(path, {"code": one.code, "key": str(uuid4())})
            else:
                paper = {"on_paper": "on"} if number % 3 == 2 else {}
                given = {"name": name, "sex": sex, "key": key, "may_contact": "on", **paper}
                client.post(path, given)
                client.post(path, given)
    return everybody


def let_speak(actor: User, event: Event) -> None:
    """Let women speak 51 minutes and men 45, room by room."""
    clock = BEGAN + timedelta(minutes=10)
    for room, women, men in zip(
        event.rooms.order_by("position"), MINUTES_OF_WOMEN, MINUTES_OF_MEN, strict=True
    ):
        for sex, length in (("female", women), ("male", men)):
            if not length:
                continue
            who = room.attendances.filter(sex=sex).order_by("arrived_at", "pk").first()
            turn = proceedings.queue_speaker(
                actor=actor, room=room, key=uuid4(), now=clock, attendance=who
            )
            proceedings.start_speech(actor=actor, speech=turn, now=clock)
            clock += timedelta(minutes=length)
            proceedings.end_speech(actor=actor, speech=turn, now=clock)


def test_one_session_in_four_rooms(
    director: User, facilitator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    InstitutionFactory.create()
    dima = UserFactory.create(email="dima@house.example", roles=["facilitator"])
    hebron = UserFactory.create(email="hebron@house.example", roles=["facilitator"])
    clients = {one.pk: enter(one) for one in (facilitator, dima, hebron)}
    areej = clients[facilitator.pk]
    monkeypatch.setattr("django.utils.timezone.now", lambda: BEGAN - timedelta(hours=1))
    event = prepare(areej, [facilitator, dima, hebron, facilitator])

    monkeypatch.setattr("django.utils.timezone.now", lambda: BEGAN + timedelta(minutes=5))
    everybody = let_in(clients, event)
    assert len(set(everybody)) == 72
    totals = ask.room_totals(facilitator, event)
    assert [(one.present, one.women) for one in totals] == [(34, 15), (11, 6), (18, 18), (9, 2)]
    live = areej.get(at("live", event.code)).content.decode()
    assert "41 من 72 (57%)" in live
    women_only = event.rooms.get(kind=Room.Kind.WOMEN_ONLY)
    assert areej.get(at("door", event.code, women_only.pk)).status_code == 403
    hers = clients[hebron.pk].get(at("door", event.code, women_only.pk)).content.decode()
    assert str(women_only.attendances.first()) in hers
    console = areej.get(at("console", event.code)).content.decode()
    hidden = women_only.attendances.values_list("name", flat=True)
    assert not [name for name in hidden if name in console]

    let_speak(facilitator, event)
    share = ask.share_of(ask.finished_speeches(event))
    assert (share.seconds // 60, share.women // 60, share.percent) == (96, 51, 53.1)
    assert Speech.objects.count() == 7
    figures = areej.get(at("figures", event.code)).content.decode()
    assert "53.1" in figures

    write_notes(areej, event, everybody)
    monkeypatch.setattr("django.utils.timezone.now", lambda: BEGAN + timedelta(hours=3))
    areej.post(at("hold", event.code))
    areej.post(at("draft", event.code))
    no_name_is_left(event, everybody)
    two_people_publish(areej, enter(director), director, event, everybody)
    the_series_goes_on(areej, director, event, everybody)


def write_notes(areej: Client, event: Event, everybody: list[str]) -> None:
    """Write a note about each of 72 people, by name, from the console."""
    items = list(event.agenda.order_by("position"))
    for number, name in enumerate(everybody):
        kinds = ("said", "agreed", "not_agreed", "to_study", "question")
        fields = {
            "key": str(uuid4()), "kind": kinds[number % 5], "item": str(items[number % 8].pk),
            "text": f"رأت {name} أن المهلة قصيرة، ورقم الملاحظة {number}",
        }  # fmt: skip
        assert areej.post(at("note", event.code), fields).status_code == 302


def no_name_is_left(event: Event, everybody: list[str]) -> None:
    """Look for each of 72 names, and for each word of them, in the version for everybody."""
    texts = Paragraph.objects.filter(minutes__event=event, minutes__audience="public")
    public = "\n".join(str(one.text) for one in texts)
    assert texts.count() == 72
    forms = forms_of(everybody)
    assert not [name for name in everybody if name in public]
    assert not names_in(public, forms)
    for word in {part for name in everybody for part in name.split()}:
        assert word not in public, word


def two_people_publish(
    areej: Client, salma: Client, director: User, event: Event, everybody: list[str]
) -> None:
    """Open the version for staff under a line of the log; translate, approve and publish."""
    texts = Paragraph.objects.filter(minutes__event=event, minutes__audience="public")
    opened = AuditEntry.objects.filter(verb="events.minutes.open", actor=director.reference)
    assert salma.get(at("internal", event.code)).status_code == 200
    assert opened.count() == 1
    first = texts.order_by("position").first()
    assert first is not None
    areej.post(at("paragraph", event.code, first.pk), {"text_ar": str(first.text), "text_en": "A"})
    first.refresh_from_db()
    assert set(first.text) == {"ar", "en"}
    areej.post(at("approve", event.code, "public"))
    assert not event.minutes.filter(approved_at__isnull=False).exists()
    salma.post(at("approve", event.code, "public"))
    salma.post(at("publish_minutes", event.code))
    event.refresh_from_db()
    assert event.state == Event.State.MINUTES_PUBLIC
    assert {one.kind for one in event.conclusions.all()} == {"agreed", "not_agreed", "to_study"}
    for path in (at("minutes", event.code), at("print_minutes", event.code)):
        shown = salma.get(path).content.decode()
        assert not [name for name in everybody if name in shown]


def the_series_goes_on(areej: Client, director: User, event: Event, everybody: list[str]) -> None:
    """Plan the next session in one action, with the questions and who agreed."""
    Invitation.objects.filter(event=event, name=everybody[0]).update(may_contact=True)
    event.attendances.filter(name=everybody[0]).update(may_contact=True)
    for day in (date(2024, 4, 10), date(2024, 4, 21)):
        import_archive_event(
            actor=director, title={"ar": f"أرشيف {day}"}, now=BEGAN,
            wall=Wall(day, time(10), day, time(12), "Asia/Hebron"), more={"series": event.series},
        )  # fmt: skip
    areej.post(
        at("next", event.code), {"day": "2027-11-22", "starts": "10:00", "zone": "Asia/Hebron"}
    )
    following = Event.objects.get(continues=event)
    event.refresh_from_db()
    Event.objects.filter(is_archive=True).update(series=event.series)
    assert following.questions.count() == event.questions.count() > 0
    assert [one.name for one in following.invitations.all()] == [everybody[0]]
    history = areej.get(at("event", following.code)).content.decode()
    assert "+02:00" in history
    assert "+03:00" in history
