"""What was said on a phone reaches the server over whatever network there is, and once."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from browsing import PATIENCE_MS
from dialogues.served import CODE, Served
from dialogues.test_participant_browser import (
    ADDRESS,
    WORDS,
    begin,
    choose,
    choose_offline,
    count,
    people,
    until_sent,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from playwright.sync_api import Browser, BrowserContext, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.exhaustive("offline")]

RECOMMENDATIONS = f"""
import django; django.setup()
from hiwar.dialogues.models import Dialogue, Recommendation, Round
dialogue = Dialogue.objects.get(code="{CODE}")
stage = Round.objects.create(dialogue=dialogue, number=3, kind="recommend", state="open")
for n in (1, 2, 3):
    Recommendation.objects.create(round=stage, code=f"R{{n}}", text={{"ar": f"توصية {{n}}",
        "en": f"Recommendation {{n}}"}})
"""
NO_BASE = {
    "missing": "Object.defineProperty(self, 'indexedDB', {value: undefined})",
    "denied": "IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError') }",
    "failing": (
        "IDBFactory.prototype.open = () => { const r = {error: new DOMException('')};"
        " setTimeout(() => r.onerror()); return r }"
    ),
}


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
    made: list[BrowserContext] = []

    def take(**options: Any) -> BrowserContext:
        base = f"http://127.0.0.1:{served.port}"
        size = {"width": 360, "height": 740}
        context = chromium.new_context(base_url=base, viewport=size, **options)
        context.set_default_timeout(PATIENCE_MS)
        made.append(context)
        return context

    yield take
    for context in made:
        context.close()


def online(page: Page) -> None:
    page.evaluate("dispatchEvent(new Event('online'))")


@pytest.mark.parametrize("failure", ["503", "cut", "nonsense"])
def test_a_vote_waits_for_a_server_that_is_not_well(
    phone: Callable[..., BrowserContext], served: Served, failure: str
) -> None:
    page = begin(phone(service_workers="block"), "ar")
    votes = count(served)

    def answer(route: Route) -> None:
        if failure == "cut":
            route.abort("connectionreset")
        elif failure == "503":
            route.fulfill(status=503, json={"code": "unavailable"})
        else:
            route.fulfill(status=200, body="<html>a hotel's page</html>")

    page.route("**/votes", answer)
    choose(page, "agree")
    choose(page, "disagree")
    assert "2" in page.locator("#waits").inner_text()
    assert count(served) == votes
    page.reload()
    page.wait_for_function("() => document.querySelector('#waits').innerText.includes('2')")
    page.unroute("**/votes")
    online(page)
    until_sent(page)
    assert count(served) == votes + 2


def test_an_answer_that_is_lost_on_the_way_counts_once(
    phone: Callable[..., BrowserContext], served: Served
) -> None:
    page = begin(phone(service_workers="block"), "en")
    votes, persons = count(served), people(served)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    # What is sent again, of itself or because the network is back, goes through.
    page.route("**/votes", lose, times=1)
    choose(page, "agree")
    page.wait_for_function("() => !document.querySelector('#waits').hidden")
    online(page)
    until_sent(page)
    assert (count(served), people(served)) == (votes + 1, persons + 1)


@pytest.mark.parametrize("how", list(NO_BASE))
def test_a_phone_that_keeps_nothing_votes_as_without_script(
    phone: Callable[..., BrowserContext], served: Served, how: str
) -> None:
    context = phone()
    context.add_init_script(NO_BASE[how])
    page = begin(context, "ar")
    votes = count(served)
    first = words(page)
    page.wait_for_timeout(400)
    page.locator(".vote-agree").click()
    page.wait_for_function("(old) => document.querySelector('#statement')?.innerText !== old",
                           arg=first)  # fmt: skip
    assert count(served) == votes + 1
    page.goto(f"/ar{ADDRESS}statements/add/")
    page.locator("textarea").fill(f"فكرة من هاتف لا يحفظ شيئاً: {how}")
    page.locator("form .button-primary").click()
    if page.locator("input[name=confirm]").count():
        page.locator("input[name=confirm]").check()
        page.locator("form .button-primary").click()
    page.wait_for_url("**/mine/#s*")


def test_a_statement_waits_for_the_network_and_is_said_once(
    phone: Callable[..., BrowserContext], served: Served
) -> None:
    context = phone(service_workers="block")
    page = context.new_page()
    page.goto(f"/en{ADDRESS}statements/add/")
    page.locator("textarea").fill("Evening buses would let women take jobs in town")

    def lose(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route("**/statements/add/", lose, times=1)
    page.locator("form .button-primary").click()
    page.locator("#held").wait_for(state="visible")
    online(page)
    page.wait_for_url("**/mine/#s*")
    page.locator(".own").wait_for()
    assert page.locator(".own").count() == 1
    said = "SELECT count(*) FROM dialogues_statement WHERE text LIKE '%Evening buses%'"
    assert served.query(said) == [(1,)]


def test_a_statement_outlives_a_reload_without_network(
    phone: Callable[..., BrowserContext], served: Served
) -> None:
    context = phone(service_workers="block")
    page = context.new_page()
    page.goto(f"/en{ADDRESS}statements/add/")
    page.locator("textarea").fill("Libraries should stay open in the evening for those who study")
    page.route("**/statements/add/", lambda route: route.abort())
    page.locator("form .button-primary").click()
    page.locator("#held").wait_for(state="visible")
    page.unroute("**/statements/add/")
    page.reload()
    page.wait_for_url("**/mine/#s*")
    assert page.locator(".own").count() == 1


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("with_script", [True, False], ids=["script", "plain"])
def test_recommendations_are_answered(
    phone: Callable[..., BrowserContext], served: Served, language: str, with_script: bool
) -> None:
    context = phone(java_script_enabled=with_script, service_workers="block")
    page = context.new_page()
    page.goto(f"/{language}{ADDRESS}recommendations/")
    before = answers(served)
    with answered(page, with_script=with_script):
        page.locator("#R1 .vote-agree").click()
    page.locator("#R2 details summary").click()
    page.locator("#R2 textarea").fill("لا مال لها")
    if with_script:
        page.route("**/recommendations/", lambda route: route.abort())
        page.locator("#R2 .vote-disagree").click()
        page.locator("#held").wait_for(state="visible")
        assert page.locator("#R2 .vote-disagree").get_attribute("aria-pressed") == "true"
        page.unroute("**/recommendations/")
        page.reload()
        page.locator("#held").wait_for(state="hidden")
    else:
        with answered(page, with_script=with_script):
            page.locator("#R2 .vote-disagree").click()
    page.reload()
    assert page.locator("#R1 .vote-agree").get_attribute("aria-pressed") == "true"
    assert page.locator("#R2 textarea").input_value() == "لا مال لها"
    assert answers(served) == [before[0] + 1, before[1] + 1]
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def answered(page: Page, *, with_script: bool) -> AbstractContextManager[Any]:
    """Wait until the server has answered what is sent meanwhile."""
    if with_script:
        return page.expect_response(lambda response: response.request.method == "POST")
    return page.expect_navigation()


def answers(served: Served) -> list[int]:
    sql = "SELECT count(*) FROM dialogues_support WHERE choice = '{}'"
    return [int(served.query(sql.format(one))[0][0]) for one in ("support", "object")]


def test_a_closed_dialogue_says_so_and_keeps_nothing_back(
    phone: Callable[..., BrowserContext], served: Served
) -> None:
    context = phone(service_workers="block")
    page = begin(context, "en")
    votes = count(served)
    context.set_offline(True)
    choose_offline(page)
    set_state(served, "closed")
    try:
        context.set_offline(False)
        page.wait_for_timeout(2500)
        online(page)
        until_sent(page)
        assert "closed" in page.locator("#say").inner_text()
        assert count(served) == votes
    finally:
        # The other tests, which may come after it, need an open one.
        set_state(served, "open")


def set_state(served: Served, state: str) -> None:
    script = f"""
import django; django.setup()
from hiwar.dialogues.models import Dialogue
Dialogue.objects.filter(code="{CODE}").update(state="{state}")
"""
    subprocess.run([sys.executable, "-c", script], env=served.environment, check=True)


def test_a_vote_of_a_pause_waits_on_the_phone_and_is_sent_after_it(
    phone: Callable[..., BrowserContext], served: Served
) -> None:
    page = begin(phone(service_workers="block"), "en")
    votes = count(served)
    served.pause()
    choose(page, "agree")
    page.wait_for_function("() => document.querySelector('#say').innerText.includes('paused')")
    assert "1" in page.locator("#waits").inner_text()
    # The page itself says why as well, and the vote is still there behind it.
    page.reload()
    assert page.locator("form[method=post]").count() == 0
    assert "nothing is taken in here since" in page.locator("main").inner_text()
    assert count(served) == votes
    served.go_on()
    page.reload()
    until_sent(page)
    assert count(served) == votes + 1
