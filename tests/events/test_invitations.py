"""Invitations: closed lists, answers, places, reminders once, needs forgotten."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from factories.accounts import InstitutionFactory
from factories.events import EventFactory, InvitationFactory, path_of
from hiwar.accounts.actions.people import NotAllowed
from hiwar.events.actions import events
from hiwar.events.actions import invitations as act
from hiwar.events.exports.letters import private_address
from hiwar.events.models import Event, Invitation, InvitationMessage
from hiwar.events.queries import invitations as ask

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
S = Invitation.State


def compose(invitation: Invitation, kind: str) -> act.Letter:
    return act.Letter(f"{kind} {invitation}", "{link}")


def answer(invitation: Invitation, state: str, **more: object) -> Invitation:
    given = {"channel": "link", "now": NOW, **more}
    return act.reply(invitation=invitation, answer=state, **given)


def test_nobody_is_asked_before_publishing_and_each_once_per_version(facilitator: User) -> None:
    event = EventFactory.create(state=Event.State.READY)
    InvitationFactory.create(event=event, email="a@example.org")
    with pytest.raises(act.NotPublished):
        act.send_invitations(actor=facilitator, event=event, now=NOW)
    event.published_at = NOW
    event.save()

    def send() -> list[str]:
        made = act.send_invitations(actor=facilitator, event=event, now=NOW)
        return [one.kind for one in made]

    assert send() == ["invitation"]
    assert send() == []
    assert event.state == Event.State.INVITED
    event.sequence += 1
    event.save()
    InvitationFactory.create(event=event)
    assert sorted(send()) == ["change", "invitation"]
    assert InvitationMessage.objects.filter(sent_at=None).count() == 3


def test_one_person_is_on_the_list_once(facilitator: User) -> None:
    event = EventFactory.create()
    with pytest.raises(act.NobodyNamed):
        act.add_invitation(actor=facilitator, event=event, now=NOW)
    from hiwar.contacts.models import Person

    person = Person.objects.create(shown_name={"ar": "رنا"}, created_at=NOW)
    act.add_invitation(actor=facilitator, event=event, now=NOW, person=person)
    with pytest.raises(act.InvitedAlready):
        act.add_invitation(actor=facilitator, event=event, now=NOW, person=person)


def test_places_run_out_and_a_waiting_list_begins(facilitator: User) -> None:
    event = EventFactory.create(capacity=3, allows_plus_one=True, published_at=NOW)
    first, second, third = (InvitationFactory.create(event=event) for _each in range(3))
    assert answer(first, S.ACCEPTED, plus_one="أخت").state == S.ACCEPTED
    with pytest.raises(act.NameTheDelegate):
        answer(second, S.DELEGATED)
    assert answer(second, S.DELEGATED, delegated_to="نائبة").delegated_to == "نائبة"
    assert answer(third, S.ACCEPTED).state == S.WAITLISTED
    counts = ask.answers(event)
    assert (counts.coming, counts.waiting, counts.places_left) == (3, 1, 0)
    answer(first, S.DECLINED)
    third.refresh_from_db()
    act.give_place(actor=facilitator, invitation=third, compose=compose, now=NOW)
    assert third.state == S.ACCEPTED
    assert third.messages.count() == 1


def test_needs_are_asked_of_who_comes_and_forgotten_after(facilitator: User) -> None:
    event = EventFactory.create()
    one = InvitationFactory.create(event=event)
    with pytest.raises(act.NeedsTooEarly):
        act.tell_needs(invitation=one, needs="كرسي متحرك", now=NOW)
    one = answer(one, S.ACCEPTED)
    act.tell_needs(invitation=one, needs="كرسي متحرك", now=NOW)
    assert act.forget_needs(now=NOW) == 0
    assert act.forget_needs(now=event.ends_at + timedelta(hours=1)) == 1
    one.refresh_from_db()
    assert one.needs == ""
    assert act.forget_needs(now=event.ends_at + timedelta(hours=2)) == 0


def test_after_the_day_of_answer_a_no_stays_unless_the_host_changes_it(facilitator: User) -> None:
    event = EventFactory.create(reply_by=date(2026, 11, 20))
    one = answer(InvitationFactory.create(event=event), S.DECLINED)
    with pytest.raises(act.AskTheHost):
        answer(one, S.ACCEPTED)
    changed = answer(one, S.ACCEPTED, actor=facilitator, channel="phone")
    assert (changed.state, changed.channel) == (S.ACCEPTED, "phone")
    late = EventFactory.create(state=Event.State.CANCELLED)
    with pytest.raises(act.AnswersClosed):
        answer(InvitationFactory.create(event=late), S.ACCEPTED)


def test_the_day_of_answer_ends_at_midnight_of_the_place(settings: SettingsWrapper) -> None:
    settings.TIME_ZONE = "Asia/Hebron"
    event = EventFactory.create(reply_by=date(2026, 11, 14))
    declined = InvitationFactory.create(event=event, state=S.DECLINED)
    with pytest.raises(act.AskTheHost):
        answer(declined, S.ACCEPTED, now=datetime(2026, 11, 14, 22, 30, tzinfo=UTC))
    answer(declined, S.ACCEPTED, now=datetime(2026, 11, 14, 21, 30, tzinfo=UTC))
    declined.refresh_from_db()
    assert declined.state == S.ACCEPTED


def test_one_reminder_before_and_one_letter_after(facilitator: User) -> None:
    event = EventFactory.create(published_at=NOW)
    InvitationFactory.create(event=event, state=S.INVITED)
    InvitationFactory.create(event=event, state=S.ATTENDED)
    InvitationFactory.create(event=event, state=S.DECLINED)
    InvitationFactory.create(event=event, state=S.INVITED, is_withdrawn=True)
    before, after = event.starts_at - timedelta(days=2), event.ends_at + timedelta(days=1)
    assert [act.remind(compose=compose, now=NOW)] == [0]
    assert [act.remind(compose=compose, now=before) for _each in range(2)] == [1, 0]
    assert [act.remind(compose=compose, now=after) for _each in range(2)] == [1, 0]
    assert sorted(InvitationMessage.objects.values_list("kind", flat=True)) == [
        "reminder",
        "thanks",
    ]


def test_the_list_is_closed(everybody: list[User], director: User) -> None:
    event = EventFactory.create(owner=director, visibility="personal")
    shown = EventFactory.create()
    for one in (event, shown):
        InvitationFactory.create(event=one, name="سرّي")
    runners = {"director", "programme_manager", "facilitator", "international_relations"}
    for user in everybody:
        code = user.email.partition("@")[0]
        assert not ask.invitees(user, event).exists()
        assert ask.invitees(user, shown).exists() == (code in runners), code
        if code not in runners:
            with pytest.raises(NotAllowed):
                act.add_invitation(actor=user, event=shown, now=NOW, name="x")


def test_a_withdrawn_link_opens_nothing(facilitator: User) -> None:
    InstitutionFactory.create()
    one = InvitationFactory.create(event=EventFactory.create(published_at=NOW))
    path = path_of(one)
    assert Client().get(path).status_code == 200
    act.withdraw_invitation(actor=facilitator, invitation=one, now=NOW)
    assert Client().get(path).status_code == 410
    one.private_link.refresh_from_db()
    assert bytes(one.private_link.sealed) == b""


def test_a_link_ends_a_month_after_its_event_and_moves_with_it(facilitator: User) -> None:
    event = EventFactory.create(published_at=NOW)
    one = act.add_invitation(actor=facilitator, event=event, name="ضيفة", now=NOW)
    assert one.private_link.ends_on == event.ends_on + timedelta(days=30)
    events.move_event(
        actor=facilitator, event=event, starts_on=event.starts_on + timedelta(days=5), now=NOW
    )
    one.private_link.refresh_from_db()
    assert one.private_link.ends_on == event.ends_on + timedelta(days=30)


def test_the_address_is_forgotten_once_no_letter_carries_it(facilitator: User) -> None:
    over, ahead = EventFactory.create(), EventFactory.create()
    gone, kept = (InvitationFactory.create(event=event) for event in (over, ahead))
    Event.objects.filter(pk=over.pk).update(ends_at=NOW - timedelta(minutes=1))
    Event.objects.filter(pk=ahead.pk).update(ends_at=NOW + timedelta(minutes=1))
    assert act.forget_links(now=NOW) == 1
    assert act.forget_links(now=NOW) == 0
    for one, is_known in ((gone, False), (kept, True)):
        one.private_link.refresh_from_db()
        assert bool(private_address(one)) is is_known
