"""Taking part on a small phone, against a real installation, with script and without."""

from __future__ import annotations

import gzip
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from browsing import PATIENCE_MS, go_online, wait_until
from dialogues.served import CODE, Served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

pytestmark = pytest.mark.browser

WORDS = f"""
import django; django.setup()
from datetime import date
from hiwar.dialogues.models import Dialogue, Round, Statement
dialogue = Dialogue.objects.get(code="{CODE}")
dialogue.title = {{"ar": "الشباب والعمل", "en": "Youth and work"}}
dialogue.question = {{"ar": "ما الذي يفتح باب العمل أمام الشباب والشابات في منطقتنا؟",
    "en": "What opens the door to work for young people in our area?"}}
dialogue.introduction = {{"ar": "نجمع الآراء قبل أن نكتب.", "en": "We listen before we write."}}
dialogue.ground_rules = [{{"ar": "نحترم الجميع.", "en": "We respect everybody."}}]
dialogue.asks_about = ["sex", "age_band", "sector"]
dialogue.save()
Round.objects.filter(dialogue=dialogue).update(
    who_decides={{"ar": "مجلس الإدارة", "en": "The board"}}, decision_on=date(2027, 3, 1),
    ends_on=date(2027, 1, 15), on_the_table={{"ar": "ورقة سياسات", "en": "A policy paper"}})
for one in Statement.objects.filter(dialogue=dialogue):
    one.text = {{"ar": f"يجب أن تموّل البلديات تدريباً مدفوعاً لكل خريجة وخريج، رقم {{one.number}}",
        "en": f"Municipalities should pay for training for every graduate, number {{one.number}}"}}
    one.save()
"""
ADDRESS = f"/d/{CODE}/"
PATHS = ("", "join/", "vote/", "statements/add/", "mine/", "about-me/", "poster/")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    server = Served(folder, f"sqlite:///{folder}/hiwar.sqlite3")
    subprocess.run([sys.executable, "-c", WORDS], env=server.environment, check=True)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def phone(chromium: Browser, served: Served) -> Iterator[Callable[..., BrowserContext]]:
    """Return a function that hands out a phone nobody has used, 360 pixels wide."""
    made: list[BrowserContext] = []

    def take(**options: Any) -> BrowserContext:
        context = chromium.new_context(
            base_url=f"http://127.0.0.1:{served.port}",
            viewport={"width": 360, "height": 740},
            **options,
        )
        context.set_default_timeout(PATIENCE_MS)
        made.append(context)
        return context

    yield take
    for context in made:
        context.close()


def count(served: Served) -> int:
    return int(served.query("SELECT count(*) FROM dialogues_vote")[0][0])


def people(served: Served) -> int:
    return int(served.query("SELECT count(*) FROM dialogues_participant")[0][0])


def begin(context: BrowserContext, language: str) -> Page:
    page = context.new_page()
    page.goto(f"/{language}{ADDRESS}vote/")
    page.wait_for_load_state("networkidle")
    return page


def words(page: Page) -> str:
    return page.locator("#statement").inner_text()


def choose(page: Page, kind: str) -> None:
    """Tap a vote once the guard against a second tap is over, and wait for the next statement."""
    before = words(page)
    page.wait_for_timeout(400)
    page.locator(f".vote-{kind}").click()
    page.wait_for_function(
        "(old) => document.querySelector('#statement').innerText !== old", arg=before
    )


def holder(context: BrowserContext) -> int:
    """Return for whom the browser speaks."""
    [cookie] = [one for one in context.cookies() if one["name"] == f"d-{CODE}"]
    return int(cookie["value"][1:17], 16)


def until_sent(page: Page) -> None:
    page.locator("#waits").wait_for(state="hidden")


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("with_script", [True, False], ids=["script", "plain"])
def test_somebody_votes(
    phone: Callable[..., BrowserContext], served: Served, language: str, with_script: bool
) -> None:
    votes, persons = count(served), people(served)
    page = begin(phone(java_script_enabled=with_script), language)
    seen = [words(page)]
    for kind in ("agree", "disagree", "pass"):
        if with_script:
            choose(page, kind)
        else:
            page.locator(f".vote-{kind}").click()
        seen.append(words(page))
    assert len(set(seen)) == 4
    if with_script:
        until_sent(page)
        assert page.evaluate("document.activeElement.id") == "statement"
    assert (count(served) - votes, people(served) - persons) == (3, 1)
    assert page.locator("#gauge").get_attribute("value") == "3" or with_script


@pytest.mark.parametrize("with_script", [True, False], ids=["script", "plain"])
def test_back_and_change(
    phone: Callable[..., BrowserContext], served: Served, with_script: bool
) -> None:
    page = begin(phone(java_script_enabled=with_script), "ar")
    first = words(page)
    choose(page, "agree") if with_script else page.locator(".vote-agree").click()
    votes = count(served)
    page.locator("#back").click()
    assert words(page) == first
    assert page.locator(".vote-agree").get_attribute("aria-pressed") == "true"
    choose(page, "disagree") if with_script else page.locator(".vote-disagree").click()
    if with_script:
        until_sent(page)
    number = int(first.rsplit(" ", 1)[1])
    latest = served.query(
        "SELECT choice FROM dialogues_vote JOIN dialogues_statement s ON s.id = statement_id"
        f" WHERE s.number = {number} AND participant_id = {holder(page.context)}"
    )
    assert latest == [(-1,)]
    assert count(served) <= votes + 1


def test_votes_without_network_are_sent_once(
    phone: Callable[..., BrowserContext], served: Served
) -> None:
    context = phone()
    page = begin(context, "ar")
    choose(page, "agree")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.wait_for_load_state("networkidle")
    wait_until(
        page, "caches.open('part').then((kept) => kept.keys()).then((all) => all.length >= 5)"
    )
    until_sent(page)
    votes, persons = count(served), people(served)
    context.set_offline(True)
    choose(page, "disagree")
    choose(page, "pass")
    assert "2" in page.locator("#waits").inner_text()
    page.reload()
    page.wait_for_function("() => !document.querySelector('#waits').hidden")
    assert "2" in page.locator("#waits").inner_text()
    assert count(served) == votes
    go_online(context)
    page.evaluate("dispatchEvent(new Event('online'))")
    until_sent(page)
    assert (count(served), people(served)) == (votes + 2, persons)
    page.reload()
    page.wait_for_load_state("networkidle")
    assert (count(served), people(served)) == (votes + 2, persons)


def test_a_double_tap_votes_once(phone: Callable[..., BrowserContext], served: Served) -> None:
    page = begin(phone(), "en")
    votes = count(served)
    page.wait_for_timeout(400)
    page.locator(".vote-agree").dblclick()
    page.wait_for_timeout(300)
    until_sent(page)
    page.wait_for_load_state("networkidle")
    assert count(served) == votes + 1


def test_two_tabs_do_not_send_twice(phone: Callable[..., BrowserContext], served: Served) -> None:
    context = phone()
    one = begin(context, "en")
    two = begin(context, "en")
    votes, persons = count(served), people(served)
    context.set_offline(True)
    choose_offline(one)
    choose_offline(two)
    go_online(context)
    for page in (one, two):
        page.evaluate("dispatchEvent(new Event('online'))")
    one.wait_for_timeout(500)
    for page in (one, two):
        page.evaluate("dispatchEvent(new Event('online'))")
        until_sent(page)
    assert people(served) == persons + 1
    assert 1 <= count(served) - votes <= 2


def test_votes_left_on_a_phone_stay_with_who_cast_them(
    phone: Callable[..., BrowserContext], served: Served
) -> None:
    context = phone()
    page = begin(context, "ar")
    votes, persons = count(served), people(served)
    context.set_offline(True)
    choose_offline(page)
    page.close()
    context.clear_cookies()
    go_online(context)
    page = begin(context, "ar")
    until_sent(page)
    choose(page, "pass")
    until_sent(page)
    page.wait_for_load_state("networkidle")
    assert (count(served), people(served)) == (votes + 2, persons + 2)


def choose_offline(page: Page) -> None:
    page.wait_for_timeout(400)
    page.locator(".vote-agree").click()
    page.wait_for_function("() => !document.querySelector('#waits').hidden")


@pytest.mark.parametrize("with_script", [True, False], ids=["script", "plain"])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "اتصلوا على 0599123456 لفتح مركز تدريب في القرية"),
        ("en", "Call 0599123456 to open a training centre in the village"),
    ],
)
def test_a_telephone_number_is_warned_of(
    phone: Callable[..., BrowserContext],
    served: Served,
    language: str,
    text: str,
    with_script: bool,
) -> None:
    page = phone(java_script_enabled=with_script).new_page()
    page.goto(f"/{language}{ADDRESS}statements/add/")
    field = page.locator("textarea")
    field.fill(text)
    if with_script:
        page.locator("#warned .notice").wait_for()
    page.locator("form .button-primary").click()
    page.locator("input[name=confirm]").wait_for()
    assert page.locator("#warned .notice").count() == 1
    assert field.input_value() == text
    field.fill(text.replace("0599123456", "") + (" (بلا سكربت)" if not with_script else ""))
    page.locator("input[name=confirm]").check()
    page.locator("form .button-primary").click()
    page.wait_for_url("**/mine/#s*")
    assert page.locator(".own").count() == 1


@pytest.mark.parametrize("with_script", [True, False])
def test_a_change_of_language_keeps_what_was_typed(
    phone: Callable[..., BrowserContext], served: Served, with_script: bool
) -> None:
    page = phone(java_script_enabled=with_script).new_page()
    page.goto(f"/ar{ADDRESS}statements/add/")
    there = "SELECT count(*) FROM dialogues_statement"
    before = served.query(there)
    page.locator("textarea").fill("نص لم يكتمل")
    page.locator("button[lang=en]").click()
    page.wait_for_url(f"**/en{ADDRESS}statements/add/")
    assert page.locator("textarea").input_value() == "نص لم يكتمل"
    assert served.query(there) == before
    page.goto(f"/ar{ADDRESS}vote/")
    number = page.locator("[name=statement]").input_value()
    page.locator("nav a[lang=en]").click()
    assert page.locator("[name=statement]").input_value() == number


def test_leaving_and_forgetting(phone: Callable[..., BrowserContext]) -> None:
    context = phone()
    page = begin(context, "ar")
    choose(page, "agree")
    until_sent(page)
    page.goto(f"/ar{ADDRESS}mine/")
    page.locator("form[data-forget] button >> nth=0").click()
    page.wait_for_url("**/ar/d/left/")
    assert [one["name"] for one in context.cookies() if one["name"].startswith("d-")] == []
    assert page.evaluate("indexedDB.databases()") == []
    page.goto(f"/ar{ADDRESS}vote/")
    page.locator("#leave").click()
    page.wait_for_url("**/ar/d/left/")
    assert "حوار" not in page.locator("main").inner_text()


def weigh(context: BrowserContext, page: Page) -> tuple[list[str], list[float], CDPSession]:
    """Note every request of a page and the bytes that came for it."""
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    asked: list[str] = []
    came: list[float] = []
    session.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
    session.on("Network.loadingFinished", lambda event: came.append(event["encodedDataLength"]))
    return asked, came, session


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_first_load_is_light(phone: Callable[..., BrowserContext], language: str) -> None:
    context = phone()
    page = context.new_page()
    asked, came, _session = weigh(context, page)
    page.goto(f"/{language}{ADDRESS}vote/")
    page.wait_for_load_state("networkidle")
    assert len(asked) <= 8, asked
    assert sum(came) <= 60_000
    scripts = [page.request.get(url).body() for url in asked if url.endswith(".js")]
    packed = sum(len(gzip.compress(one)) for one in scripts)
    assert packed <= 4608
    until_sent(page)
    choose(page, "agree")
    # What keeps the page and hands the phone over comes once, after the first vote.
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.wait_for_load_state("networkidle")
    bytes_before = sum(came)
    for _number in range(3):
        choose(page, "pass")
    page.wait_for_load_state("networkidle")
    per_statement = (sum(came) - bytes_before) / 3
    assert per_statement <= 2000


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_first_page_is_light(phone: Callable[..., BrowserContext], language: str) -> None:
    context = phone()
    page = context.new_page()
    asked, came, _session = weigh(context, page)
    page.goto(f"/{language}/")
    page.wait_for_load_state("networkidle")
    # Pictures aside: the mark in the tab, and the drawing of a house that has not named itself.
    assert len([url for url in asked if not url.endswith(".svg")]) <= 6, asked
    # A server of a real house hands texts out as `prepare` packed them.
    texts = [page.request.get(url).body() for url in asked if url.endswith((".css", ".js", ".svg"))]
    saved = sum(len(text) - len(gzip.compress(text)) for text in texts)
    assert sum(came) - saved <= 60_000


@pytest.mark.parametrize("language", ["ar", "en"])
def test_pages_are_accessible_and_fit(phone: Callable[..., BrowserContext], language: str) -> None:
    page = phone(reduced_motion="reduce").new_page()
    faults: list[tuple[str, str]] = []
    for path in PATHS:
        page.goto(f"/{language}{ADDRESS}{path}")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append((path, "runs off the side"))
        for violation in Axe().run(page).response["violations"]:
            faults += [(path, f"{violation['id']}: {n['html']}") for n in violation["nodes"]]
        assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    assert faults == []


@pytest.mark.parametrize("language", ["ar", "en"])
def test_question_and_button_are_seen_at_once(
    phone: Callable[..., BrowserContext], language: str
) -> None:
    page = phone().new_page()
    page.goto(f"/{language}{ADDRESS}")
    button = page.locator(".button-primary")
    assert button.count() == 1
    box = button.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 480
    page.goto(f"/{language}{ADDRESS}vote/")
    last = page.locator(".vote-pass").bounding_box()
    assert last is not None
    assert last["y"] + last["height"] < 740


def heard(page: Page) -> str:
    """Return what a screen reader says of where the keyboard is: role, name and state."""
    return page.locator(":focus").aria_snapshot().partition("\n")[0]


def tab_to(page: Page, *said: str) -> None:
    """Press Tab until all of these words are heard together, as somebody does who sees nothing."""
    for _press in range(30):
        page.keyboard.press("Tab")
        if all(word in heard(page) for word in said):
            return
    raise AssertionError(f"the keyboard never comes to {said}")


@pytest.mark.parametrize(
    ("language", "choices", "important"),
    [
        ("ar", ("أوافق", "لا أوافق", "تخطي"), "مهم"),
        ("en", ("Agree", "Disagree", "Pass"), "Important"),
    ],
)
def test_a_vote_is_done_by_what_is_heard_and_the_keyboard_alone(
    phone: Callable[..., BrowserContext], served: Served, language: str,
    choices: tuple[str, str, str], important: str,
) -> None:  # fmt: skip
    """From the page of the dialogue to the next statement, in the order of the accessible tree."""
    page = phone().new_page()
    page.goto(f"/{language}{ADDRESS}")
    page.wait_for_load_state("networkidle")
    start = page.locator("main a.button-primary, main button.button-primary").first
    tab_to(page, start.inner_text().strip().splitlines()[0])
    page.keyboard.press("Enter")
    page.locator("#statement").wait_for()
    page.wait_for_load_state("networkidle")
    before = words(page)
    said = page.locator("main").aria_snapshot()
    order = [said.index(before), *(said.index(f'button "{name}"') for name in choices)]
    assert order == sorted(order), said
    votes = count(served)
    query = "SELECT count(*) FROM dialogues_vote WHERE is_important"
    marked = served.query(query)[0][0]
    tab_to(page, "checkbox", important)
    page.keyboard.press("Space")
    page.wait_for_timeout(400)
    tab_to(page, f'button "{choices[0]}"')
    page.keyboard.press("Enter")
    page.wait_for_function(
        "(old) => document.querySelector('#statement').innerText !== old", arg=before
    )
    until_sent(page)
    assert count(served) == votes + 1
    assert served.query(query)[0][0] == marked + 1
    # What comes next is heard without searching for it.
    assert page.evaluate("document.activeElement.id") == "statement"
    assert words(page) in heard(page)
