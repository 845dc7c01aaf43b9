"""Every page of every address in a browser: accessible, in its language, within its width."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as installation
from django.core.management import call_command

from addresses import DOORS, OF_READERS, walk
from addresses.dialogues import demo_participant
from hiwar.accounts.models import Role, User
from hiwar.dialogues.queries.tokens import Bearer, cookie_name, make_token
from security.places import ACCESS, all_paths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Page
    from pytest_django.fixtures import SettingsWrapper
    from pytest_django.live_server_helper import LiveServer

    from addresses import Walk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.walk,
    pytest.mark.django_db(transaction=True),
    pytest.mark.exhaustive("pages"),
]

WIDTHS = {"phone": 360, "tablet": 768, "desk": 1280}
# Only what is wrong is worth its way out of the browser.
WRONG = {"resultTypes": ["violations"]}
DARK = WRONG | {"runOnly": ["color-contrast"]}
RUNS_OFF = "document.documentElement.scrollWidth > innerWidth"


def violations(page: Page, label: str, options: dict[str, list[str]]) -> list[str]:
    """Return what axe names on the page as it stands."""
    named = Axe().run(page, options=options).response["violations"]
    return [
        f"{label} {violation['id']}: {node['html'][:200]}"
        for violation in named
        for node in violation["nodes"]
    ]


def faults_of(page: Page, language: str, *, by_night: bool) -> Iterator[str]:
    """Yield what is wrong with a page: one load, each width by resizing, axe once.

    Axe reads the first language of the installation; contrasts by night are read in the others.
    What it judges hangs on the page and its colours, not on the words.
    """
    for name, width in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate(RUNS_OFF):
            yield f"runs off the side of a {name}"
    if language == installation.LANGUAGES[0][0]:
        page.set_viewport_size({"width": WIDTHS["phone"], "height": 800})
        yield from violations(page, "axe", WRONG)
    elif by_night:
        page.emulate_media(color_scheme="dark")
        yield from violations(page, "dark", DARK)
        page.emulate_media(color_scheme="light")


def window_of(context: BrowserContext, client: object, url: str, language: str) -> Page:
    """Return a window of a browser that holds the cookies of a test client."""
    cookies = {key: morsel.value for key, morsel in client.cookies.items()}  # type: ignore[attr-defined]
    cookies[installation.LANGUAGE_COOKIE_NAME] = language
    context.add_cookies(
        [{"name": name, "value": value, "url": url} for name, value in cookies.items()]
    )
    return context.new_page()


@pytest.mark.costly("loads the demonstration and opens all pages in a browser")
@pytest.mark.parametrize("language", [code for code, _ in installation.LANGUAGES])
def test_every_page_is_accessible_and_fits_each_width(
    window: BrowserContext, live_server: LiveServer, settings: SettingsWrapper, language: str
) -> None:
    settings.DEMO = True
    call_command("load_demo", verbosity=0)
    settings.DEMO = False
    user = User.objects.filter(roles__code="director").earliest("pk")
    user.roles.set(Role.objects.all())
    person = demo_participant()
    code = person.dialogue.code
    token = make_token(code, Bearer(person.pk, is_stored=True))
    walked: Walk = walk(language, user, {cookie_name(code): token})
    assert walked.faults == []
    assert window.browser is not None
    visitor = window.browser.new_context(base_url=live_server.url)
    pages = {
        True: window_of(visitor, walked.visitor, live_server.url, language),
        False: window_of(window, walked.staff, live_server.url, language),
    }
    faults: list[str] = []
    routes = all_paths()
    for name in sorted(walked.pages):
        page = pages[ACCESS[name] in DOORS]
        page.goto(f"{live_server.url}{walked.examples[name]}", wait_until="load")
        html = page.locator("html")
        spoken = html.get_attribute("lang")
        if name not in OF_READERS and spoken != language:
            faults.append(f"{name}: speaks {spoken}")
        if html.get_attribute("dir") != ("rtl" if spoken == "ar" else "ltr"):
            faults.append(f"{name}: {spoken} runs {html.get_attribute('dir')}")
        faults += [
            f"{name}: {fault}"
            for fault in faults_of(page, language, by_night="{" not in routes[name])
        ]
    visitor.close()
    assert not faults, "\n".join(faults)
    assert len(walked.pages) > len(ACCESS) // 3
