"""Every page that opens without a key: accessible, in its language, nothing off the side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from hiwar.accounts.models import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.exhaustive("pages"),
]

# Addresses that answer with something else than a page.
NOT_PAGES = ("healthz", "readyz")


def addresses(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """Yield every address that takes nothing from the reader."""
    for entry in patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, route)
        elif "<" not in route and route not in NOT_PAGES:
            yield route


def is_page(client: Client, address: str) -> bool:
    """Return whether an address shows a page of its own to who is signed in."""
    answer = client.get(f"/{address}")
    assert answer.status_code in {200, 302, 405}, (address, answer.status_code)
    return answer.status_code == 200 and answer["Content-Type"].startswith("text/html")


def faults_on_a_tablet_at_night(page: Page) -> Iterator[str]:
    """Yield what runs off the side of a tablet, and what cannot be read in the dark theme."""
    page.set_viewport_size({"width": 768, "height": 1024})
    page.emulate_media(color_scheme="dark")
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        yield "runs off the side of a tablet"
    found = Axe().run(page, options={"runOnly": ["color-contrast"]}).response["violations"]
    yield from (f"dark: {node['html']}" for violation in found for node in violation["nodes"])


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_every_page_is_accessible_and_fits_a_small_phone(
    window: BrowserContext, live_server: LiveServer, roles: None, language: str
) -> None:
    InstitutionFactory.create()
    everybody = list(Role.objects.values_list("code", flat=True))
    anybody = UserFactory.create(email="all@house.example", roles=everybody)
    client = Client()
    sign_in_fully(client, anybody)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    window.add_cookies(
        [
            {"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url},
            {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url},
        ]
    )
    page = window.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    faults: list[tuple[str, str]] = []
    seen = 0
    for address in sorted(set(addresses(get_resolver().url_patterns))):
        if not is_page(client, address):
            continue
        page.goto(f"/{address}")
        seen += 1
        html = page.locator("html")
        if page.url.removeprefix(live_server.url)[1:3] not in dict(settings.LANGUAGES):
            assert html.get_attribute("lang") == language, address
        assert html.get_attribute("dir") == ("rtl" if html.get_attribute("lang") == "ar" else "ltr")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append((address, "runs off the side"))
        for violation in Axe().run(page).response["violations"]:
            faults += [(address, f"{violation['id']}: {n['html']}") for n in violation["nodes"]]
        faults += [(address, fault) for fault in faults_on_a_tablet_at_night(page)]
        page.set_viewport_size({"width": 360, "height": 740})
        page.emulate_media(color_scheme="light")
    assert faults == []
    assert seen >= 12
