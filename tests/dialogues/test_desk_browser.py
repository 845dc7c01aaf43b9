"""The pages of one dialogue at the desk, in a browser: accessible, in both directions, by key."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.dialogues import DialogueFactory, ParticipantFactory, StatementFactory, VoteFactory
from factories.places import PlaceFactory
from hiwar.dialogues.actions.moderation import appeal, reject_statement
from hiwar.dialogues.models import CodeBatch, Round, Statement, Target

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.exhaustive("screens"),
]

QUESTION = {
    "ar": "كيف نوفر فرص عمل لائقة للشباب في السنوات الخمس القادمة؟",
    "en": "How do we create decent work for young people in the next five years?",
}


@pytest.fixture
def furnished(roles, now):
    """Return a dialogue with something on each of its pages, and who runs it."""
    InstitutionFactory.create()
    runner = UserFactory.create(roles=["facilitator"])
    other = UserFactory.create(roles=["facilitator"])
    dialogue = DialogueFactory.create(
        title={"ar": "عمل الشباب", "en": "Youth employment"}, question=QUESTION, threshold=5
    )
    Round.objects.create(dialogue=dialogue, number=2, kind="recommend")
    for share, count, label in (("0.5", None, "Women"), (None, 3, "Places")):
        Target.objects.create(
            dialogue=dialogue, attribute="sex" if share else "place", share=share, count=count,
            values=["female"] if share else [], label={"en": label, "ar": label},
        )  # fmt: skip
    places = PlaceFactory.create_batch(4)
    people = ParticipantFactory.create_batch(24, dialogue=dialogue, sex="female", place=places[0])
    ParticipantFactory.create_batch(3, dialogue=dialogue, sex="male", place=places[1])
    seed = StatementFactory.create(
        dialogue=dialogue, number=1, theme="training",
        text={"ar": "يجب أن يكون التدريب المهني مجانياً.",
              "en": "Vocational training should be free."},
    )  # fmt: skip
    for at, one in enumerate(people):
        VoteFactory.create(participant=one, statement=seed, choice=(1, 1, -1, 0)[at % 4])
    for number, words in ((2, "يجب ان يكون التدريب المهني مجانيا للجميع، رقمي 0599123456"),
                          (3, "نحتاج إلى قروض صغيرة للنساء."), (4, "كلام غير مفهوم.")):  # fmt: skip
        StatementFactory.create(
            dialogue=dialogue, number=number, text={"ar": words}, source="participant",
            author=people[number], state=Statement.State.HELD,
        )  # fmt: skip
    unclear = Statement.objects.get(dialogue=dialogue, number=4)
    reject_statement(actor=other, statement=unclear, reason="unclear", now=now)
    appeal(statement=unclear, participant=people[4], text="المقصود واضح.", now=now)
    CodeBatch.objects.create(dialogue=dialogue, label="Camp office", size=50, made_at=now)
    return dialogue, runner


def pages_of(dialogue):
    names = ("dialogue", "statements", "add_statement", "review", "objections", "log", "coverage",
             "invite", "poster", "settings", "close")  # fmt: skip
    yield from (reverse(f"dialogues:{name}", args=[dialogue.code]) for name in names)
    yield reverse("dialogues:statement", args=[dialogue.code, 1])
    yield reverse("dialogues:edit_round", args=[dialogue.code, 2])
    yield reverse("dialogues:open_round", args=[dialogue.code, 2])
    yield reverse("dialogues:close_round", args=[dialogue.code, 1])
    yield reverse("dialogues:plan", args=[DialogueFactory.create(state="draft").code])
    yield reverse("wall:page", args=["ar", dialogue.code]) + "?statement=1"


def enter(window, live_server, user, language):
    client = Client()
    sign_in_fully(client, user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    window.add_cookies(
        [
            {"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url},
            {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url},
        ]
    )
    return window.new_page()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_page_of_a_dialogue_is_accessible_on_a_small_phone(
    window, live_server, furnished, language
):
    dialogue, runner = furnished
    page = enter(window, live_server, runner, language)
    page.set_viewport_size({"width": 360, "height": 740})
    faults = []
    for address in pages_of(dialogue):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append((address, "runs off the side"))
        for violation in Axe().run(page).response["violations"]:
            faults += [(address, f"{violation['id']}: {n['html']}") for n in violation["nodes"]]
    assert faults == []


def test_moderator_reviews_by_keyboard_and_the_wall_follows_a_vote(window, live_server, furnished):
    dialogue, runner = furnished
    page = enter(window, live_server, runner, "ar")
    page.goto(reverse("dialogues:review", args=[dialogue.code]), wait_until="load")
    page.keyboard.press("n")
    words = page.locator("blockquote")
    expect(words).to_contain_text("[رقم هاتف]")
    page.wait_for_load_state("load")
    page.keyboard.press("s")
    expect(words).not_to_contain_text("[رقم هاتف]")
    page.wait_for_load_state("load")
    page.keyboard.press("r")
    assert page.evaluate("document.activeElement.name") == "reason"
    page.keyboard.press("a")
    expect(words).to_contain_text("[رقم هاتف]")
    assert Statement.objects.get(dialogue=dialogue, number=3).state == Statement.State.OPEN
    page.goto(reverse("wall:page", args=["ar", dialogue.code]) + "?statement=1")
    agreed = page.locator("[data-number=agree]")
    expect(agreed).to_have_text("50")
    for one in ParticipantFactory.create_batch(6, dialogue=dialogue):
        VoteFactory.create(participant=one, statement=Statement.objects.get(number=1))
    cache.clear()  # The minute in which nothing on the wall moves is over.
    expect(agreed).to_have_text("60")
