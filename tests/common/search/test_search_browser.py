"""The desk's search in a browser: by key, live, without script, accessible in both directions."""

from __future__ import annotations

from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db.models import Q
from django.test import Client
from playwright.sync_api import expect

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from hiwar.common.search import sources
from hiwar.common.search.indexing import reindex
from hiwar.common.search.sources import Document, Source, register_source

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOTES = [
    Document(
        UUID(int=1),
        {"ar": "أزمة المياه في المخيمات", "en": "Water in the camps"},
        {
            "ar": "ناقش المشاركون شبكات المياه والصرف الصحي وطالبت البلديات بخطة معلنة.",
            "en": "Participants discussed water networks; municipalities asked for a public plan.",
        },
    ),
    Document(
        UUID(int=2),
        {"ar": "كوتا الشباب في المجالس المحلية"},
        {"ar": "مقاعد للشباب والنساء في كل مجلس، ومراجعة بعد دورة واحدة."},
    ),
]
MEETINGS = [
    Document(
        UUID(int=10 + n),
        {"ar": f"لقاء البلديات رقم {n}", "en": f"Meeting of municipalities {n}"},
        {"ar": "محضر اللقاء عن المياه والطرق.", "en": "Minutes on water and roads."},
    )
    for n in range(1, 9)
]


@pytest.fixture
def offered(monkeypatch, roles):
    monkeypatch.setattr(sources, "_sources", {})
    for order, (kind, label, kept) in enumerate(
        [("test.note", "ملفات القضايا", NOTES), ("test.meeting", "اللقاءات", MEETINGS)]
    ):
        register_source(
            Source(kind, label, lambda kept=kept: kept, lambda _r: Q(), lambda r: f"/{r}/", order)
        )
    reindex()
    InstitutionFactory.create()
    return UserFactory.create(roles=["facilitator"])


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


@pytest.mark.parametrize("language", ["ar", "en"])
def test_results_are_accessible_and_fit_a_small_phone(window, live_server, offered, language):
    enter(window, live_server, offered, language)
    page = window.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    for query in ("", "المياه", "zzz"):
        page.goto(f"/desk/search/?q={query}")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_slash_leads_to_search_and_results_follow_the_typing(window, live_server, offered):
    enter(window, live_server, offered, "ar")
    page = window.new_page()
    page.goto("/desk/")
    page.keyboard.press("/")
    page.wait_for_url("**/desk/search/")
    page.get_by_role("searchbox").press_sequentially("الميا")
    expect(page.locator("#found mark").first).to_have_text("المياه")
    expect(page.locator("#found section")).to_have_count(2)
    expect(page).to_have_url(f"{live_server.url}/desk/search/?q=%D8%A7%D9%84%D9%85%D9%8A%D8%A7")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_have_value("الميا/")
    page.get_by_role("link", name="كلها").click()
    expect(page.locator("#found section")).to_have_count(1)
    expect(page.locator("#found li")).to_have_count(8)
