"""What opens without an account, and what leaks nowhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.events import (
    AgendaItemFactory,
    EventFactory,
    InvitationFactory,
    RoomFactory,
    path_of,
)
from hiwar.common.links.actions import make_link
from hiwar.common.models import SearchDocument
from hiwar.common.search.query import find
from hiwar.events.actions import events as act
from hiwar.events.actions import feeds, minutes, proceedings
from hiwar.events.models import Event, Invitation, InvitationMessage
from roles import PERMITS, roles_that_differ

if TYPE_CHECKING:
    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
PAST = datetime(2026, 10, 6, 8, tzinfo=UTC)


@pytest.fixture
def invited() -> Invitation:
    InstitutionFactory.create()
    soon = timezone.localdate() + timedelta(days=10)
    event = EventFactory.create(
        attribution="chatham_house", published_at=timezone.now(), starts_on=soon, ends_on=soon,
        safety_note={"en": "Back door"},
    )  # fmt: skip
    AgendaItemFactory.create(event=event)
    InvitationFactory.create(event=event, name="مدعوة أخرى", email="other@example.org")
    return InvitationFactory.create(event=event, name="ضيفة", language="ar")


def test_opening_a_link_changes_nothing_and_shows_nobody_else(invited: Invitation) -> None:
    before = Invitation.objects.order_by("pk").values()
    kept = list(before)
    for language in ("", "?language=en"):
        page = Client().get(path_of(invited) + language).content.decode()
        assert "Who said it, and who was there, may not be passed on" in page
        assert "ولا" in page
        assert "مدعوة أخرى" not in page
        assert "other@example.org" not in page
        assert "Back door" not in page
    assert Client().head(path_of(invited)).status_code == 200
    file = Client().get(f"{path_of(invited)}.ics").content
    assert b"BEGIN:VEVENT" in file
    assert b"ATTENDEE" not in file
    assert list(Invitation.objects.order_by("pk").values()) == kept


def test_an_answer_by_the_link(invited: Invitation) -> None:
    client, path = Client(), path_of(invited)
    assert "id_needs" not in client.get(path).content.decode()
    client.post(path, {"answer": "accepted", "may_contact": "on"})
    invited.refresh_from_db()
    assert (invited.state, invited.channel, invited.may_contact) == ("accepted", "link", True)
    client.post(path, {"needs": "كرسي متحرك"})
    invited.refresh_from_db()
    assert invited.needs == "كرسي متحرك"
    refused = client.post(path, {"answer": "delegated"}).content.decode()
    assert 'role="alert"' in refused
    client.post(path, {"answer": "delegated", "delegated_to": "نائبة"})
    invited.refresh_from_db()
    assert (invited.state, invited.delegated_to) == ("delegated", "نائبة")


@pytest.mark.parametrize("path", ["/e/x", "/e/x.ics", "/calendar/x.ics", "/en/events/x/"])
def test_what_is_not_there(path: str) -> None:
    InstitutionFactory.create()
    assert Client().get(path).status_code == 404


def test_an_invitation_of_an_unpublished_event_opens_nothing(invited: Invitation) -> None:
    Event.objects.update(published_at=None)
    assert Client().get(path_of(invited)).status_code == 410


def test_a_feed_is_private_says_304_and_ends(director: User) -> None:
    shown = EventFactory.create(title={"ar": "ظاهر", "en": "Shown"})
    EventFactory.create(title={"ar": "مخفي", "en": "Hidden"}, visibility="personal")
    feed, token = feeds.make_feed(actor=director, now=timezone.now())
    assert token not in str(feed.private_link.__dict__)
    path = f"/calendar/{token}.ics"
    first = Client().get(path)
    assert first["Content-Type"].startswith("text/calendar")
    text = first.content.decode()
    assert "ظاهر" in text
    assert "مخفي" not in text
    again = Client().get(path, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    act.move_event(actor=director, event=shown, starts=shown.ends, now=timezone.now())
    changed = Client().get(path, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert "SEQUENCE:1" in changed.content.decode()
    newer, newer_token = feeds.make_feed(actor=director, now=timezone.now())
    assert Client().get(path).status_code == 410
    feeds.revoke_feed(actor=director, feed=newer, now=timezone.now())
    assert Client().get(f"/calendar/{newer_token}.ics").status_code == 410


def test_the_commands_are_safe_to_run_twice(
    invited: Invitation, capsys: pytest.CaptureFixture[str]
) -> None:
    invited.state = "accepted"
    invited.save()
    day = timezone.localdate() + timedelta(days=2)
    act.move_event(actor=None, event=invited.event, starts_on=day, now=timezone.now())
    for _each in range(2):
        call_command("send_event_reminders")
    assert InvitationMessage.objects.count() == 1
    call_command("recompute_instants")
    assert "events: 0 moved" in capsys.readouterr().out


SECRETS = ("زنبقة", "Zanbaqa", "سرداخلي", "private-codeword")


@pytest.mark.parametrize("role", roles_that_differ("events", among=tuple(PERMITS)))
def test_nothing_of_a_protected_event_is_found_anywhere(role: str, director: User) -> None:
    """Search every page, feed, search and file of events as a role, and as nobody."""
    InstitutionFactory.create()
    private = act.create_event(
        actor=director, kind="meeting", title={"ar": "private-codeword", "en": "private-codeword"},
        starts_on=PAST.date(), starts=PAST.time(), ends=PAST.replace(hour=9).time(),
        zone="Asia/Hebron", now=PAST, visibility="personal",
    )  # fmt: skip
    event = act.create_event(
        actor=director, kind="session", title={"ar": "جلسة", "en": "Session"},
        starts_on=PAST.date(), starts=PAST.time(), ends=PAST.replace(hour=9).time(),
        zone="Asia/Hebron", now=PAST, attribution="chatham_house", published_at=PAST,
        visibility="public",
    )  # fmt: skip
    room = RoomFactory.create(event=event)
    InvitationFactory.create(event=event, name="زنبقة")
    there = proceedings.check_in(actor=director, room=room, key=uuid4(), now=PAST, name="Zanbaqa")
    for kind, text in (("said", "قالت زنبقة رأيها"), ("internal", "سرداخلي")):
        proceedings.write_note(
            actor=director, event=event, key=uuid4(), now=PAST, speaker=there,
            writing=proceedings.Writing(text, "ar", kind),
        )  # fmt: skip
    _internal, public = minutes.draft_minutes(actor=director, event=event, now=PAST)
    public.approved_at = PAST
    public.save()
    minutes.publish_minutes(actor=director, minutes=public, now=PAST)
    pages = ["", "agenda/", "agenda/print/", "minutes/", "minutes/print/", "day/figures/", "rooms/"]
    paths = [f"/desk/events/{event.code}/{page}" for page in pages]
    paths += [f"/desk/events/{private.code}/{page}" for page in pages]
    paths += ["/desk/events/", "/desk/events/?view=past", "/desk/events/?q=zanbaqa", "/desk/"]
    paths += ["/desk/events/?view=month&day=2026-10-06", "/desk/events/?q=private-codeword"]
    paths += [f"/en/events/{event.code}/", f"/ar/events/{event.code}/minutes/"]
    seen = 0
    reader = UserFactory.create(roles=[] if role == "outsider" else [role])
    for user in [reader, None]:
        client = Client()
        if user is not None:
            sign_in_fully(client, user)
            for word in SECRETS:
                assert find(user, word).count == 0, (user, word)
            link, token = make_link(purpose="events.calendar", now=PAST)
            feeds.CalendarFeed.objects.create(user=user, private_link=link, made_at=PAST)
            paths_of = [*paths, f"/calendar/{token}.ics"]
        else:
            paths_of = paths
        for path in paths_of:
            answer = client.get(path)
            text = answer.content.decode()
            seen += answer.status_code == 200
            asked = "?q=" in path
            for word in SECRETS:
                echo = (f'value="{word}"', f"q={word}")
                shown = text
                for one in echo if asked else ():
                    shown = shown.replace(one, "")
                assert word not in shown, (user, path, word)
    assert seen >= 2
    assert SearchDocument.objects.filter(kind="events.event").count() == 2
    assert find(director, "private-codeword").count == 1
    own = Client().get(f"/en/events/{event.code}/minutes/").content.decode()
    assert "[…]" in own
