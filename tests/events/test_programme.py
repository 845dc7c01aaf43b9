"""Programmes: templates, agendas, rooms, and the rule of attribution."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from factories.events import AgendaItemFactory, EventFactory, RoomFactory, VenueFactory
from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.actions.vocabularies import add_named_entry
from hiwar.common.models import AuditEntry
from hiwar.events.actions import attribution as rule
from hiwar.events.actions import events as act
from hiwar.events.actions import minutes, proceedings, programme, series
from hiwar.events.models import Event, Room
from hiwar.events.queries import programme as ask
from hiwar.events.queries.events import clashes, events_for, search_events
from hiwar.events.queries.templates import FILE, template_choices

if TYPE_CHECKING:
    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
AFTER = datetime(2026, 12, 2, 12, tzinfo=UTC)
MOMENT = programme.Moment(date(2026, 12, 2), time(10), "Asia/Hebron")
TITLE = {"ar": "الانتخابات المحلية وتمثيل النساء", "en": "Local elections"}
SAFE = {"ar": "الخروج من الباب الخلفي", "en": "Leave by the back door"}
A = Event.Attribution


def session(actor: User) -> Event:
    return programme.create_from_template(
        actor=actor, template="session", title=TITLE, moment=MOMENT, now=NOW
    )


@pytest.mark.parametrize("code", list(json.loads(FILE.read_text("utf-8"))["template"]))
def test_every_template_makes_an_event_that_fills_its_time(code: str, facilitator: User) -> None:
    event = programme.create_from_template(
        actor=facilitator, template=code, title=TITLE, moment=MOMENT, now=NOW
    )
    table = ask.timetable(event)
    assert (table.left, table.lines[0].starts) == (0, "10:00")
    assert {one.code for one in ask.roles_of(event)} >= {"chair", "note_taker"}
    assert all(one.item.title["ar"] and one.item.title["en"] for one in table.lines)


def test_template_of_the_house_brings_what_can_be_read(facilitator: User, director: User) -> None:
    """An atelier in the house's own words; lines that make no sense are left out."""
    for vocabulary, code, values in (
        ("events.agenda_item", "walk", {"name": {"fr": "Marche"}, "purpose": {"fr": "Voir"}}),
        ("events.template", "atelier", {
            "name": {"fr": "Atelier de dialogue"}, "kind": ["ball", "workshop"],
            "minutes": ["90"], "roles": ["chair", "clown"], "quota": ["400"],
            "agenda": ["30 speaker walk off_record", "x speaker walk", "10 clown walk",
                       "10 chair nowhere", "60 chair discussion unheard"],
            "preparations": ["sound", "nowhere"],
        }),
    ):  # fmt: skip
        add_named_entry(
            actor=director, vocabulary_code=vocabulary, code=code, values=values, at=NOW
        )
    assert dict(template_choices())["atelier"] == "Atelier de dialogue"
    event = programme.create_from_template(
        actor=facilitator, template="atelier", title=TITLE, moment=MOMENT, now=NOW
    )
    table = ask.timetable(event)
    assert [(line.item.minutes, line.item.attribution) for line in table.lines] == [
        (30, "off_record"), (60, "")
    ]  # fmt: skip
    assert (event.kind, event.quota, table.left) == ("workshop", 100, 0)
    assert [one.code for one in ask.roles_of(event)] == ["chair"]
    assert [one.kind for one in ask.preparations_of(event)] == ["access"]


def test_a_session_is_as_the_scenario_has_it(facilitator: User) -> None:
    event = session(facilitator)
    assert ask.timetable(event).minutes == 150
    assert len([one for one in event.agenda.all() if "question" in one.title["en"].lower()]) == 3
    assert {one.code for one in ask.roles_of(event)} == {
        "chair", "note_taker", "timekeeper", "language_helper", "safety_contact",
    }  # fmt: skip
    kinds = {one.kind for one in ask.preparations_of(event)}
    assert kinds >= {"venue", "access", "childcare", "transport", "safety"}


def test_nothing_is_published_without_safety_note_and_rule(facilitator: User) -> None:
    event = session(facilitator)
    with pytest.raises(rule.SafetyNoteMissing):
        rule.publish_event(actor=facilitator, event=event, now=NOW)
    act.update_event(actor=facilitator, event=event, changes={"safety_note": SAFE}, now=NOW)
    with pytest.raises(rule.RuleMissing):
        rule.publish_event(actor=facilitator, event=event, now=NOW)
    rule.set_attribution(actor=facilitator, event=event, attribution=A.CHATHAM_HOUSE, now=NOW)
    with pytest.raises(NotAllowed):
        rule.publish_event(actor=facilitator, event=event, now=NOW, is_for_everybody=True)
    rule.publish_event(actor=facilitator, event=event, now=NOW)
    assert (event.state, event.published_at) == (Event.State.READY, NOW)


def test_the_agenda_is_put_in_order_and_sums_up(facilitator: User) -> None:
    event = session(facilitator)
    first, second = ask.agenda_of(event)[:2]
    programme.move_item(actor=facilitator, item=second, by=-1, now=NOW)
    programme.move_item(actor=facilitator, item=second, by=-1, now=NOW)
    assert list(ask.agenda_of(event))[:2] == [second, first]
    values = {"minutes": 20, "title": {"ar": "إضافة", "en": "More"}}
    more = programme.add_item(actor=facilitator, event=event, values=values, now=NOW)
    assert ask.timetable(event).left == -20
    assert ask.timetable(event).lines[-1].ends == "12:50"
    programme.remove_item(actor=facilitator, item=more, now=NOW)
    assert ask.timetable(event).left == 0


def test_a_rule_is_tightened_freely_and_loosened_only_with_every_consent(
    director: User, facilitator: User
) -> None:
    event = EventFactory.create(attribution=A.CHATHAM_HOUSE, owner=director)
    item = AgendaItemFactory.create(event=event)
    room = RoomFactory.create(event=event)
    said = proceedings.Writing("قالت شيئاً", "ar")
    people = [
        proceedings.check_in(actor=director, room=room, key=uuid4(), now=AFTER, name=name)
        for name in ("هبة", "سامر", "لم تتكلم")
    ]
    turn = proceedings.queue_speaker(
        actor=director, room=room, key=uuid4(), now=AFTER, attendance=people[0]
    )
    proceedings.start_speech(actor=director, speech=turn, now=AFTER, item=item)
    proceedings.write_note(
        actor=director, event=event, key=uuid4(), writing=said, now=AFTER, speaker=people[1],
        item=item,
    )  # fmt: skip
    rule.set_attribution(actor=director, event=event, attribution=A.OFF_RECORD, now=AFTER)

    def loosen() -> None:
        rule.set_attribution(actor=director, event=event, attribution=A.ON_RECORD, now=AFTER)

    with pytest.raises(rule.AttributionBinding):
        loosen()
    with pytest.raises(rule.AttributionBinding):
        programme.update_item(
            actor=director, item=item, changes={"attribution": A.PUBLIC}, now=AFTER
        )
    consent = {"actor": director, "how": "بالهاتف", "now": AFTER}
    rule.record_consent(speaker=people[0], attribution=A.PUBLIC, **consent)
    rule.record_consent(speaker=people[1], attribution=A.CHATHAM_HOUSE, **consent)
    with pytest.raises(rule.AttributionBinding):
        loosen()
    rule.record_consent(speaker=people[1], attribution=A.ON_RECORD, **consent)
    loosen()
    assert event.attribution == A.ON_RECORD
    stranger = proceedings.queue_speaker(
        actor=director, room=room, key=uuid4(), now=AFTER, label="؟"
    )
    proceedings.start_speech(actor=director, speech=stranger, now=AFTER)
    with pytest.raises(rule.AttributionBinding):
        rule.set_attribution(actor=director, event=event, attribution=A.PUBLIC, now=AFTER)


def test_before_the_event_a_rule_may_still_be_loosened(director: User) -> None:
    event = EventFactory.create(attribution=A.OFF_RECORD)
    rule.set_attribution(actor=director, event=event, attribution=A.PUBLIC, now=NOW)
    assert event.attribution == A.PUBLIC


def test_an_outsider_may_do_nothing(outsider: User, facilitator: User) -> None:
    event = session(facilitator)
    item, room = ask.agenda_of(event)[0], RoomFactory.create(event=event)
    before = AuditEntry.objects.count()
    verbs = (
        lambda: session(outsider),
        lambda: act.update_event(actor=outsider, event=event, changes={"capacity": 1}, now=NOW),
        lambda: act.cancel_event(actor=outsider, event=event, now=NOW),
        lambda: programme.add_item(actor=outsider, event=event, values={}, now=NOW),
        lambda: programme.update_item(actor=outsider, item=item, changes={}, now=NOW),
        lambda: programme.move_item(actor=outsider, item=item, by=1, now=NOW),
        lambda: programme.remove_item(actor=outsider, item=item, now=NOW),
        lambda: programme.add_room(actor=outsider, event=event, values={}, now=NOW),
        lambda: programme.remove_room(actor=outsider, room=room, now=NOW),
        lambda: programme.set_role(actor=outsider, event=event, code="chair", now=NOW),
        lambda: rule.set_attribution(actor=outsider, event=event, attribution="public", now=NOW),
        lambda: rule.publish_event(actor=outsider, event=event, now=NOW),
        lambda: rule.hold_event(actor=outsider, event=event, now=AFTER),
        lambda: proceedings.check_in(actor=outsider, room=room, key=uuid4(), now=NOW, name="x"),
        lambda: minutes.draft_minutes(actor=outsider, event=event, now=AFTER),
        lambda: minutes.open_internal_minutes(actor=outsider, event=event, now=AFTER),
        lambda: series.plan_next_event(actor=outsider, event=event, moment=MOMENT, now=NOW),
    )
    for verb in verbs:
        with pytest.raises(NotAllowed):
            verb()
    assert AuditEntry.objects.count() == before


def test_clashes_of_people_and_venues(facilitator: User, director: User) -> None:
    hall = VenueFactory.create()
    event = EventFactory.create(venue=hall)
    same_hall = EventFactory.create(venue=hall, starts=time(12), ends=time(13))
    after = EventFactory.create(venue=hall, starts=time(12, 30), ends=time(13))
    same_chair = EventFactory.create()
    programme.set_role(actor=director, event=same_chair, code="chair", user=facilitator, now=NOW)
    off = EventFactory.create(venue=hall, state=Event.State.CANCELLED)
    assert set(clashes(event, users=[facilitator.pk])) == {same_hall, same_chair}
    assert after not in clashes(event)
    assert off not in clashes(event)


def test_a_private_event_is_in_no_list_of_others(everybody: list[User], facilitator: User) -> None:
    private = EventFactory.create(visibility="personal", owner=facilitator, title={"en": "Zatar"})
    assert list(search_events(facilitator, words="zatar")) == [private]
    for user in everybody:
        assert not events_for(user).filter(pk=private.pk).exists()
        assert not search_events(user, words="zatar").exists()


def test_the_next_event_carries_questions_and_asks_only_who_agreed(director: User) -> None:
    event = EventFactory.create(attribution=A.CHATHAM_HOUSE, visibility="institution")
    AgendaItemFactory.create(event=event)
    RoomFactory.create(event=event, kind=Room.Kind.WOMEN_ONLY)
    from factories.events import InvitationFactory
    from hiwar.events.models import OpenQuestion

    OpenQuestion.objects.create(event=event, text={"ar": "كيف نموّل الكوتا؟"}, position=1)
    OpenQuestion.objects.create(event=event, text={"ar": "أجيب"}, position=2, answered_at=NOW)
    InvitationFactory.create(event=event, name="وافقت", may_contact=True)
    InvitationFactory.create(event=event, name="لم يوافق")
    InvitationFactory.create(event=event, name="سُحبت", may_contact=True, is_withdrawn=True)
    moment = programme.Moment(date(2027, 3, 27), time(10), "Asia/Hebron")
    new = series.plan_next_event(actor=director, event=event, moment=moment, now=NOW)
    event.refresh_from_db()
    assert (new.continues, new.series, new.attribution) == (event, event.series, "")
    assert new.published_at is None
    assert [str(one.text) for one in new.questions.all()] == ["كيف نموّل الكوتا؟"]
    assert [one.name for one in new.invitations.all()] == ["وافقت"]
    assert (new.agenda.count(), new.rooms.get().kind) == (1, Room.Kind.WOMEN_ONLY)
    assert new.ends == time(12, 30)


@pytest.mark.parametrize(("day", "hours"), [(date(2024, 4, 10), 2), (date(2024, 4, 21), 3)])
def test_an_event_of_the_archive_keeps_the_clock_of_its_day(day: date, hours: int) -> None:
    from zoneinfo import ZoneInfo

    wall = act.Wall(day, time(10), day, time(12), "Asia/Hebron")
    event = series.import_archive_event(actor=None, title=TITLE, wall=wall, now=NOW)
    local = event.starts_at.astimezone(ZoneInfo(event.zone))
    assert local.utcoffset() == timedelta(hours=hours)
    assert (event.state, event.is_archive) == (Event.State.HELD, True)
