"""The component page as a browser shows it: accessible, in both directions, at every width."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.utils import translation

from hiwar.common.desk.components import components

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test import RequestFactory
    from playwright.sync_api import Browser, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

Opened = "Callable[..., Page]"


def serve(pages: dict[str, str]) -> Callable[[Route], None]:
    """Answer from the pages given and from the static files, and from nowhere else."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix("http://hiwar.test")
        found = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
        if path in pages:
            route.fulfill(body=pages[path], content_type="text/html; charset=utf-8")
        elif found:
            route.fulfill(path=str(found))
        else:
            route.abort()

    return answer


@pytest.fixture
def opened(chromium: Browser, rf: RequestFactory) -> Iterator[Opened]:
    contexts = []

    def open_page(language: str, theme: str = "light", width: int = 1280, **more: object) -> Page:
        request = rf.get("/desk/components/")
        request.user = AnonymousUser()
        with translation.override(language):
            html = components(request).content.decode()
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, **more
        )
        contexts.append(context)
        context.route("**/*", serve({"/": html}))
        page = context.new_page()
        page.goto("http://hiwar.test/")
        page.evaluate("document.fonts.ready")
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_component_page_has_no_violation(opened: Opened, language: str, theme: str) -> None:
    page = opened(language, theme)
    found = Axe().run(page).response["violations"]
    said = [(v["id"], [node["html"] for node in v["nodes"]]) for v in found]
    assert said == []


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_runs_off_the_page(opened: Opened, width: int) -> None:
    page = opened("ar", width=width)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_both_directions_stand_side_by_side(opened: Opened) -> None:
    page = opened("ar")
    for section in page.locator(".specimen").all():
        sides = section.locator(".specimen-side")
        arabic, english = sides.nth(0).bounding_box(), sides.nth(1).bounding_box()
        assert arabic
        assert english
        assert arabic["x"] > english["x"]
        assert arabic["y"] == english["y"]


def test_arabic_text_is_larger_at_the_same_role(opened: Opened) -> None:
    page = opened("en")
    size = "node => parseFloat(getComputedStyle(node).fontSize)"
    arabic = page.locator("[lang=ar] .read p").first.evaluate(size)
    english = page.locator(".specimen-side[lang=en] .read p").first.evaluate(size)
    assert 1.06 <= arabic / english <= 1.10


def test_own_families_are_used(opened: Opened) -> None:
    page = opened("ar")
    loaded = page.evaluate(
        "[...document.fonts].filter(f => f.status === 'loaded')"
        ".map(f => f.family.replaceAll('\"', ''))"
    )
    assert set(loaded) >= {"Hiwar Sans Core", "Hiwar Latin Core", "Hiwar Naskh Core"}


def test_languages_change_hands_without_script(opened: Opened) -> None:
    page = opened("ar", java_script_enabled=False)
    side = page.locator(".specimen-side[lang=ar] .tongues")
    assert side.locator("input[type=text]").first.is_visible()
    side.locator(".tongue > label").nth(1).click()
    assert not side.locator("input[type=text]").first.is_visible()
    assert side.locator("input[type=text]").nth(1).is_visible()


def test_dialog_opens_and_closes(opened: Opened) -> None:
    page = opened("ar")
    page.locator("[data-dialog=ar-dialog]").click()
    assert page.locator("#ar-dialog").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#ar-dialog").is_visible()


def test_table_filter_reads_arabic_as_people_type_it(opened: Opened) -> None:
    page = opened("ar")
    page.locator("#ar-table-filter").fill("العاصمه وضواحيها")
    assert page.locator("#ar-table tbody tr:visible").count() == 1


def test_theme_can_be_chosen(opened: Opened) -> None:
    page = opened("ar")
    ground = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(ground)
    page.locator("[data-theme-switch]").click()
    assert page.evaluate(ground) != before
    assert page.locator("[data-theme-switch]").get_attribute("aria-pressed") == "true"


def test_keyboard_shows_where_it_is(opened: Opened) -> None:
    page = opened("ar")
    page.keyboard.press("Tab")
    ring = page.evaluate(
        "(s => [s.outlineStyle, s.outlineWidth, s.outlineOffset])"
        "(getComputedStyle(document.activeElement))"
    )
    assert ring == ["solid", "3px", "3px"]


def test_motion_stops_for_who_asks(opened: Opened) -> None:
    page = opened("ar", reduced_motion="reduce")
    length = page.locator("progress:not([value])").first.evaluate(
        "node => parseFloat(getComputedStyle(node).animationDuration)"
    )
    assert length < 0.001
