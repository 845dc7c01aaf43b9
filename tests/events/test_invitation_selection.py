"""Segments at events: who attended, and whom of a segment an event may invite."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from factories.accounts import UserFactory
from factories.contacts import (
    ContactPointFactory,
    OrganisationFactory,
    PersonFactory,
    SegmentFactory,
)
from factories.events import EventFactory, InvitationFactory, RoomFactory
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common import dates
from hiwar.common.models import AuditEntry
from hiwar.contacts.actions import merges
from hiwar.contacts.models import Consent
from hiwar.contacts.queries.segments import people_in, reasons
from hiwar.events.actions import invitations as act
from hiwar.events.models import Attendance, Series
from hiwar.events.queries.invitation_selection import proposal

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
DAY = date(2026, 11, 23)


def person(name, **kwargs):
    return PersonFactory.create(
        shown_name={"en": name}, sort_name=name.casefold(), sector="women", **kwargs
    )


def attend(event, **who):
    room = event.rooms.first() or RoomFactory.create(event=event)
    return Attendance.objects.create(event=event, room=room, arrived_at=NOW, **who)


def consent(one, channel="any", *, given=True, on=DAY - timedelta(days=30)):
    return Consent.objects.create(
        person=one, purpose="invitation", channel=channel, is_given=given, source="x", given_on=on
    )


def term(kind, /, *, denied=False, **values):
    listed = {name: [str(one) for one in found] for name, found in values.items()}
    return {"kind": kind, "values": listed, "is_denied": denied}


def names(found):
    return [str(one) for one in found]


@pytest.fixture
def women():
    return SegmentFactory.create(terms=[term("sector", sector=["women"])])


def test_who_attended_an_event_or_a_series_is_found(director):
    series = Series.objects.create(title={"en": "Series"})
    event, other = EventFactory.create(series=series), EventFactory.create(series=series)
    ada, ben = person("Ada"), person("Ben")
    person("Cem")
    attend(event, person=ada)
    attend(other, invitation=InvitationFactory.create(event=other, person=ben))
    for made, expected in (
        (term("attended", event=[event.pk]), ["Ada"]),
        (term("attended", event=[event.pk], denied=True), ["Ben", "Cem"]),
        (term("attended", event=[event.pk, other.pk]), ["Ada", "Ben"]),
        (term("attended_series", series=[series.pk]), ["Ada", "Ben"]),
    ):
        segment = SegmentFactory.create(terms=[made])
        assert names(people_in(director, segment, DAY)) == expected
    why = reasons(director, SegmentFactory.create(terms=[term("attended", event=[event.pk])]),
                  [ada], DAY)  # fmt: skip
    assert dates.day(event.starts_on) in why[ada.pk][0].text


def test_attendance_follows_a_merge(director):
    event = EventFactory.create()
    kept, other = person("Ada"), person("Ada B")
    attend(event, person=other)
    merges.merge_people(actor=director, kept=kept, other=other, now=NOW)
    segment = SegmentFactory.create(terms=[term("attended", event=[event.pk])])
    assert names(people_in(director, segment, DAY)) == ["Ada"]


@pytest.mark.parametrize("denied", [False, True])
def test_who_may_not_see_attendance_or_the_event_learns_nothing(director, everybody, denied):
    open_event = EventFactory.create()
    closed = EventFactory.create(visibility="personal")
    attend(open_event, person=person("Ada"))
    attend(closed, person=person("Ben"))
    person("Cem")
    of_open = SegmentFactory.create(terms=[term("attended", event=[open_event.pk], denied=denied)])
    of_closed = SegmentFactory.create(terms=[term("attended", event=[closed.pk], denied=denied)])
    expected = ["Ben", "Cem"] if denied else ["Ada"]
    for user in everybody:
        sees = {"director", "programme_manager", "me_officer"} & {
            one.code for one in user.roles.all()
        }
        assert names(people_in(user, of_open, DAY)) == (expected if sees else []), user
        assert names(people_in(user, of_closed, DAY)) == [], user


def test_only_who_agreed_is_invited_and_mail_only_where_mail_was_agreed(director, women):
    event = EventFactory.create()
    ada, ben, cem, dan, eve = (person(name) for name in ("Ada", "Ben", "Cem", "Dan", "Eve"))
    for one in (ada, ben, cem, dan):
        ContactPointFactory.create(
            person=one, kind="email", value=f"{one}@example.org", key=f"{one}@example.org"
        )
    consent(ada)
    consent(ben, "phone")
    consent(cem)
    consent(cem, given=False, on=DAY)
    consent(eve)
    InvitationFactory.create(event=event, person=eve)
    body = OrganisationFactory.create(name={"en": "League"}, sector="women")
    found = proposal(director, event, women, DAY)
    assert [(str(one), mail) for one, mail in found.people] == [
        ("Ada", "Ada@example.org"), ("Ben", ""),
    ]  # fmt: skip
    assert found.organisations == (body,)
    assert (found.count, found.not_agreed, found.invited) == (3, 2, 1)
    made = act.invite_segment(actor=director, event=event, segment=women, proposal=found, now=NOW)
    assert made == 3
    again = proposal(director, event, women, DAY)
    assert (again.count, again.not_agreed, again.invited) == (0, 2, 4)
    entry = AuditEntry.objects.get(verb="events.invitation.invite_segment")
    assert entry.changed == {"segment": ["", women.reference], "count": [0, 3]}
    with pytest.raises(act.InvitedAlready):
        act.invite_segment(actor=director, event=event, segment=women, proposal=found, now=NOW)
    assert event.invitations.count() == 4


def test_whom_a_reader_may_not_read_is_not_invited(director, facilitator, women):
    event = EventFactory.create()
    hidden = person("Hidden", visibility="personal", owner=facilitator)
    consent(hidden)
    assert proposal(director, event, women, DAY).count == 0
    assert proposal(facilitator, event, women, DAY).count == 1
    assert proposal(director, event, women, DAY).not_agreed == 0


def test_who_does_not_run_the_event_invites_nobody(roles, women, director):
    event = EventFactory.create()
    consent(person("Ada"))
    researcher = UserFactory.create(roles=["researcher"])
    assert proposal(researcher, event, women, DAY).count == 0
    found = proposal(director, event, women, DAY)
    with pytest.raises(NotAllowed):
        act.invite_segment(actor=researcher, event=event, segment=women, proposal=found, now=NOW)


def test_a_merged_invitee_is_not_asked_twice(director, women):
    event = EventFactory.create()
    kept, other = person("Ada"), person("Ada B")
    consent(kept)
    consent(other)
    InvitationFactory.create(event=event, person=other)
    merges.merge_people(actor=director, kept=kept, other=other, now=NOW)
    assert proposal(director, event, women, DAY).count == 0


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_screen_shows_who_before_anybody_is_put_on_the_list(at_desk, director, women, language):
    client = at_desk(director)
    client.cookies["hiwar_language"] = language
    event = EventFactory.create()
    consent(person("Ada"))
    person("Ben")
    address = reverse("events:invite_segment", args=[event.code])
    assert address in client.get(reverse("events:invitations", args=[event.code])).content.decode()
    assert client.get(address).status_code == 200
    assert client.get(address, {"segment": "nonsense"}).context["form"].errors
    closed = SegmentFactory.create(visibility="team")
    assert client.get(address, {"segment": str(closed.pk)}).context["form"].errors
    shown = client.get(address, {"segment": str(women.pk)})
    assert "Ada" in shown.content.decode()
    assert "Ben" not in shown.content.decode()
    assert not event.invitations.exists()
    done = client.post(address, {"segment": str(women.pk)}, follow=True)
    assert names(one.person for one in event.invitations.all()) == ["Ada"]
    assert done.status_code == 200
    empty = client.get(address, {"segment": str(women.pk)})
    assert b'class="empty"' in empty.content
