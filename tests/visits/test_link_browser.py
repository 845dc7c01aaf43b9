"""The private programme on a phone: without a network, renewed, and wiped when withdrawn."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from browsing import wait_until
from hiwar.common.models import PrivateLink
from hiwar.visits.actions.programme import ItemChange, change_programme
from hiwar.visits.actions.sharing import make_link, withdraw_link
from hiwar.visits.actions.stops import StopChange
from hiwar.visits.models import ShareLink, Visit, VisitItem

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.exhaustive("screens"),
]

LOOKS = "() => caches.open('visit').then((kept) => kept.keys()).then((keys) => keys.length)"


@pytest.fixture
def link(visit: Visit, staff: dict) -> tuple[ShareLink, str]:
    head = visit.travellers.get(is_head=True)
    # The link must be open today, whichever day the tests run on.
    today = timezone.localdate()
    made, token = make_link(actor=staff["IR"], visit=visit, kind="programme", traveller=head,
                            now=datetime(2027, 3, 20, tzinfo=UTC))  # fmt: skip
    PrivateLink.objects.update(ends_on=max(made.private_link.ends_on, today))
    return made, token


@pytest.mark.parametrize("language", ["ar", "en"])
def test_programme_opens_offline_after_the_first_load(
    window: BrowserContext, link: tuple[ShareLink, str], language: str
) -> None:
    page = window.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"/v/{link[1]}/?language={language}")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    wait_until(page, f"({LOOKS})().then((n) => n >= 3)")
    wait_until(page, "caches.match(location.pathname).then((found) => Boolean(found))")
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    for violation in Axe().run(page).response["violations"]:
        raise AssertionError(violation["id"], violation["nodes"][0]["html"])
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert page.get_by_text("09:00–10:00").first.is_visible()
    window.set_offline(True)
    page.reload()
    page.locator("[data-offline]").wait_for(state="visible")
    assert page.locator("details.day").count() == 5
    assert "Zaytun" in page.content() or "الزيتون" in page.content()
    font = page.evaluate("getComputedStyle(document.querySelector('summary')).fontWeight")
    assert int(font) >= 600, "the page is shown without its style"
    window.set_offline(False)


def test_change_arrives_and_withdrawing_empties_the_phone(
    window: BrowserContext, link: tuple[ShareLink, str], staff: dict
) -> None:
    page = window.new_page()
    page.goto(f"/v/{link[1]}/?language=en")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    wait_until(page, f"({LOOKS})().then((n) => n >= 3)")
    wait_until(page, "caches.match(location.pathname).then((found) => Boolean(found))")
    assert "Version 1" in page.content()
    item = VisitItem.objects.get(event__code="velmark-01")
    change = ItemChange(item=item, stop=StopChange(starts=time(9, 20)))
    change_programme(actor=staff["IR"], visit=item.visit, changes=[change], reason="inside only",
                     now=datetime(2027, 3, 23, 9, tzinfo=UTC))  # fmt: skip
    page.get_by_text("Version 2").wait_for()
    assert "09:20" in page.content()
    assert "inside only" not in page.content()
    withdraw_link(actor=staff["IR"], link=link[0], now=datetime(2027, 3, 23, 10, tzinfo=UTC))
    page.get_by_text("This link is closed").wait_for()
    wait_until(page, "caches.has('visit').then((kept) => !kept)")
    window.set_offline(True)
    blank = window.new_page()
    with pytest.raises(Exception, match="ERR_"):
        blank.goto(f"/v/{link[1]}/")
    window.set_offline(False)


def test_worker_rules_its_own_address_and_no_more(window: BrowserContext, link: tuple) -> None:
    page = window.new_page()
    page.goto(f"/v/{link[1]}/")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    scopes = page.evaluate(
        "() => navigator.serviceWorker.getRegistrations()"
        ".then((all) => all.map((one) => new URL(one.scope).pathname))"
    )
    assert scopes == ["/v/"]
    page.goto("/en/")
    assert page.evaluate("() => navigator.serviceWorker.controller") is None
