"""The drawing of a river by the keys, in a browser: one stop, along the ways, across the column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.trace import make_chain

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ALONG = {"ar": ("ArrowLeft", "ArrowRight"), "en": ("ArrowRight", "ArrowLeft")}


def spoken(page: Page) -> str:
    """Return what a screen reader says of where the keys are; empty outside of the drawing."""
    return page.evaluate("""() => {
        const here = document.activeElement.closest(".river-node");
        return here ? here.getAttribute("aria-label") : "";
    }""")  # type: ignore[no-any-return]  # what the script returns


@pytest.mark.costly("a browser opens a page and walks")
@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_keys_follow_the_ways_and_enter_opens_them(
    window: BrowserContext, live_server: LiveServer, roles: object, language: str
) -> None:
    InstitutionFactory.create()
    reader, client = UserFactory.create(roles=["programme_manager"]), Client()
    dossier = make_chain(reader)
    sign_in_fully(client, reader)
    for name, value in (
        (settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value),
        (settings.LANGUAGE_COOKIE_NAME, language),
    ):
        window.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    page = window.new_page()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(reverse("trace:dossier", args=[dossier.code]))
    nodes = page.locator(".river-node")
    page.locator(".river-drawing[role=group]").wait_for()
    assert nodes.count() == page.locator(".river-list .list-item").count()
    assert page.locator(".river-node[tabindex='0']").count() == 1
    along, back = ALONG[language]
    page.locator(".river-node[tabindex='0']").focus()
    page.keyboard.press("Home")
    first = spoken(page)
    assert "(1/" not in first
    assert "; 1/" in first
    page.keyboard.press("ArrowDown")
    assert "; 2/" in spoken(page)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")  # there is nothing above
    assert spoken(page) == first
    led = nodes.evaluate_all("""nodes => {
        const links = nodes[0].ownerSVGElement.dataset.links.trim().split(" ");
        return links.map(pair => pair.split("-").map(at => nodes[at].getAttribute("aria-label")));
    }""")
    page.keyboard.press(along)
    then = spoken(page)
    assert [first, then] in led, "along is where a way leads"
    assert page.locator(".ribbon.is-own").count() == sum(then in pair for pair in led)
    page.keyboard.press(back)
    assert [spoken(page), then] in led
    page.keyboard.press("End")
    assert spoken(page) != first
    assert Axe().run(page).response["violations"] == []
    address = page.evaluate("document.activeElement.getAttribute('href')")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")
