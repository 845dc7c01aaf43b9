"""The console in a real browser: a lost network loses no note, and a script is not needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

from factories.accounts import InstitutionFactory, sign_in_fully
from factories.events import AgendaItemFactory, EventFactory, RoomFactory
from hiwar.events.models import Note

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext
    from pytest_django.live_server_helper import LiveServer

    from hiwar.accounts.models import User
    from hiwar.events.models import Event

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def event(facilitator: User) -> Event:
    InstitutionFactory.create()
    made = EventFactory.create(attribution="chatham_house")
    AgendaItemFactory.create(event=made)
    RoomFactory.create(event=made)
    return made


def test_notes_written_without_a_network_arrive_once(
    window: BrowserContext, live_server: LiveServer, facilitator: User, event: Event
) -> None:
    client = Client()
    sign_in_fully(client, facilitator)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    window.add_cookies(
        [
            {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url},
            {"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": live_server.url},
        ]
    )
    page = window.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"/desk/events/{event.code}/day/")
    page.get_by_text("Everything is sent.").wait_for()
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [n["html"] for n in one["nodes"]]) for one in found] == []
    window.set_offline(True)
    for number in range(3):
        page.get_by_label("Note", exact=True).fill(f"note {number}")
        page.get_by_role("button", name="Keep the note").click()
        page.get_by_text(f"not sent yet: {number + 1}").wait_for()
    assert not Note.objects.exists()
    window.set_offline(False)
    page.get_by_text("Everything is sent.").wait_for()
    assert sorted(Note.objects.values_list("text", flat=True)) == ["note 0", "note 1", "note 2"]
    page.close()
