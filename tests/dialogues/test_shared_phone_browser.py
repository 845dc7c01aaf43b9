"""A telephone that goes from hand to hand: nobody sees or signs what somebody else said on it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from browsing import PATIENCE_MS, go_online, wait_until
from dialogues.served import CODE, Served
from dialogues.test_outbox_browser import RECOMMENDATIONS
from dialogues.test_participant_browser import (
    ADDRESS,
    WORDS,
    begin,
    choose,
    choose_offline,
    count,
    holder,
    people,
    until_sent,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser
offline = pytest.mark.exhaustive("offline")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    server = Served(folder, f"sqlite:///{folder}/hiwar.sqlite3")
    for script in (WORDS, RECOMMENDATIONS):
        subprocess.run([sys.executable, "-c", script], env=server.environment, check=True)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def phone(chromium: Browser, served: Served) -> Iterator[Callable[..., BrowserContext]]:
    taken: list[BrowserContext] = []

    def take(**options: Any) -> BrowserContext:
        base = f"http://127.0.0.1:{served.port}"
        size = {"width": 360, "height": 740}
        context = chromium.new_context(base_url=base, viewport=size, **options)
        context.set_default_timeout(PATIENCE_MS)
        taken.append(context)
        return context

    yield take
    for context in taken:
        context.close()


def kept(context: BrowserContext, language: str = "en") -> Page:
    """Vote once, and wait until the phone keeps what it needs without a network."""
    page = begin(context, language)
    choose(page, "agree")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    wait_until(
        page,
        "caches.open('part').then((kept) => kept.keys())"
        ".then((all) => all.some(({url}) => url.endsWith('/kept/')) && all.length >= 4)",
    )
    until_sent(page)
    return page


def by_person(served: Served) -> list[int]:
    """Return how many votes each participant has, in the order of their numbers."""
    query = "SELECT count(*) FROM dialogues_vote GROUP BY participant_id ORDER BY 1"
    return [int(row[0]) for row in served.query(query)]


def votes_of(served: Served, person: int) -> int:
    query = f"SELECT count(*) FROM dialogues_vote WHERE participant_id = {person}"
    return int(served.query(query)[0][0])


def hear_of_network(context: BrowserContext, page: Page) -> None:
    go_online(context)
    page.evaluate("dispatchEvent(new Event('online'))")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_phone_without_network_asks_who_is_there(
    phone: Callable[..., BrowserContext], served: Served, language: str
) -> None:
    context = phone()
    page = kept(context, language)
    first, seen = holder(context), words(page)
    name = page.locator("#who bdi").inner_text()
    held = page.evaluate(
        "caches.open('part').then(async (kept) => Promise.all((await kept.keys())"
        ".map(async (one) => (await kept.match(one)).text())))"
    )
    assert not [text for text in held if f"{first:016x}" in text or name in text or seen in text]
    context.set_offline(True)
    choose_offline(page)
    page.reload()
    page.locator("#asked").wait_for()
    assert not page.locator("#ballot").is_visible()
    assert name in page.locator("#people button").inner_text()
    assert "2" in page.locator("#people button").inner_text()
    before, persons = votes_of(served, first), people(served)
    page.locator("#another").click()
    page.locator("#ballot").wait_for()
    assert page.locator(".vote[aria-pressed=true]").count() == 0
    assert not page.locator("#back").is_visible()
    assert page.locator("#gauge").get_attribute("value") == "0"
    choose(page, "disagree")
    choose(page, "disagree")
    hear_of_network(context, page)
    until_sent(page)
    assert people(served) == persons + 1
    second = holder(context)
    assert second != first
    assert (votes_of(served, first), votes_of(served, second)) == (before + 1, 2)
    page.reload()
    page.locator("#statement").wait_for()
    assert page.locator("#gauge").get_attribute("value") == "2"
    assert name not in page.locator("#who").inner_text()


@offline
def test_who_was_there_goes_on(phone: Callable[..., BrowserContext], served: Served) -> None:
    context = phone()
    page = kept(context)
    first, persons, before = holder(context), people(served), count(served)
    context.set_offline(True)
    page.reload()
    page.locator("#people button").click()
    page.locator("#ballot").wait_for()
    assert page.locator("#gauge").get_attribute("value") == "1"
    choose(page, "pass")
    hear_of_network(context, page)
    until_sent(page)
    assert (holder(context), people(served), count(served)) == (first, persons, before + 1)
    assert votes_of(served, first) == 2


@offline
def test_three_people_share_a_phone_without_network(
    phone: Callable[..., BrowserContext], served: Served
) -> None:
    context = phone()
    page = kept(context)
    first, persons = holder(context), people(served)
    context.set_offline(True)
    choose(page, "agree")
    for _newcomer in range(2):
        page.locator("[data-another] button").click()
        page.wait_for_function("() => document.querySelector('#gauge').value === 0")
        page.locator("#ballot").wait_for()
        assert page.locator(".vote[aria-pressed=true]").count() == 0
        choose(page, "disagree")
    page.reload()
    page.locator("#asked").wait_for()
    assert page.locator("#people button").count() == 3
    # The first one comes back, and what she says is hers.
    page.locator("#people button", has_text="2").click()
    page.locator("#ballot").wait_for()
    page.wait_for_timeout(400)
    page.locator(".vote-pass").click()
    page.wait_for_function("() => document.querySelector('#waits').innerText.includes('4')")
    hear_of_network(context, page)
    until_sent(page)
    assert people(served) == persons + 2
    assert votes_of(served, first) == 3
    # Whose votes are all sent is not offered to the next one any more.
    context.set_offline(True)
    page.reload()
    page.locator("#asked").wait_for()
    assert page.locator("#people button").count() == 1


@offline
def test_a_dialogue_by_code_lets_nobody_else_begin_without_network(
    phone: Callable[..., BrowserContext], served: Served
) -> None:
    context = phone()
    begin(context, "en")
    set_access(served, "code")
    try:
        page = kept(context)
        context.set_offline(True)
        choose_offline(page)
        page.reload()
        page.locator("#another").click()
        said = page.locator("main").inner_text()
        assert "paper" in said
        assert page.locator("#ballot, #people").count() == 0
        persons, before = people(served), count(served)
        hear_of_network(context, page)
        page.goto(f"/en{ADDRESS}vote/")
        until_sent(page)
        assert (people(served), count(served)) == (persons, before + 1)
        page.locator("[data-another] button").click()
        page.wait_for_url("**/join/")
    finally:
        set_access(served, "open")


@offline
@pytest.mark.parametrize("with_script", [True, False], ids=["script", "plain"])
def test_another_person_begins_with_a_network(
    phone: Callable[..., BrowserContext], served: Served, with_script: bool
) -> None:
    context = phone(java_script_enabled=with_script)
    page = context.new_page()
    page.goto(f"/ar{ADDRESS}vote/")
    page.wait_for_load_state("networkidle")
    if with_script:
        choose(page, "agree")
        until_sent(page)
    else:
        page.locator(".vote-agree").click()
    first, seen = holder(context), page.locator("#who bdi").inner_text()
    if with_script:
        page.route("**/votes", lambda route: route.abort())
        choose(page, "agree")
    page.locator("[data-another] button").click()
    page.wait_for_function("(old) => !document.querySelector('#who')?.innerText.includes(old)",
                           arg=seen)  # fmt: skip
    page.locator("#statement").wait_for()
    assert holder(context) != first
    if with_script:
        page.unroute("**/votes")
        page.evaluate("dispatchEvent(new Event('online'))")
        until_sent(page)
        assert votes_of(served, first) == 2


@offline
def test_what_one_person_typed_is_not_the_next_ones(
    phone: Callable[..., BrowserContext], served: Served
) -> None:
    context = phone()
    page = kept(context)
    page.goto(f"/en{ADDRESS}recommendations/")
    page.locator("#R1 details summary").click()
    page.locator("#R1 textarea").fill("What only I think")
    page.route("**/recommendations/", lambda route: route.abort())
    page.locator("#R1 .vote-disagree").click()
    page.locator("#held").wait_for()
    first = holder(context)
    page.goto(f"/en{ADDRESS}statements/add/")
    page.locator("textarea").fill("Trams should run at night in every town of ours")
    page.route("**/statements/add/", lambda route: route.abort())
    page.locator("form#compose .button-primary").click()
    page.locator("#held").wait_for()
    page.locator("[data-another] button").click()
    page.locator("#statement").wait_for()
    assert holder(context) != first
    page.unroute("**/statements/add/")
    page.unroute("**/recommendations/")
    page.goto(f"/en{ADDRESS}statements/add/")
    assert page.locator("textarea").input_value() == ""
    page.goto(f"/en{ADDRESS}recommendations/")
    page.locator("#held").wait_for(state="hidden")
    assert page.locator("#R1 textarea").input_value() == ""
    assert page.locator("[aria-pressed=true]").count() == 0
    said = "SELECT participant_id, choice FROM dialogues_support WHERE reason LIKE '%only I%'"
    assert served.query(said) == [(first, "object")]
    trams = "SELECT count(*) FROM dialogues_statement WHERE text LIKE '%Trams%'"
    assert served.query(trams) == [(0,)]


@offline
def test_other_tabs_do_not_show_who_was_there_before(
    phone: Callable[..., BrowserContext], served: Served
) -> None:
    context = phone()
    page = kept(context)
    name = page.locator("#who bdi").inner_text()
    other = begin(context, "en")
    assert name in other.locator("#who").inner_text()
    page.locator("[data-another] button").click()
    other.wait_for_function("(old) => !document.querySelector('#who')?.innerText.includes(old)",
                            arg=name)  # fmt: skip


def set_access(served: Served, way: str) -> None:
    script = f"""
import django; django.setup()
from hiwar.dialogues.models import Dialogue
Dialogue.objects.filter(code="{CODE}").update(accepts_open_link={way == "open"})
"""
    subprocess.run([sys.executable, "-c", script], env=served.environment, check=True)
