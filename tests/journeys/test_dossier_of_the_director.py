"""The director's morning, in Arabic, on a phone: from what is due to the history of a dossier."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.dossiers import (
    BarrierFactory,
    DocumentFactory,
    DossierFactory,
    FactFactory,
    NextStepFactory,
    ProgrammeFactory,
    StateChangeFactory,
)

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.exhaustive("screens"),
]
TITLE = {"ar": "قانون انتخاب الهيئات المحلية", "en": "Local elections law"}


@pytest.fixture
def director(roles):
    InstitutionFactory.create()
    user = UserFactory.create(roles=["director"])
    dossier = DossierFactory.create(
        code="LE", title=TITLE, state="opened", owner=user, programme=ProgrammeFactory.create(),
        aim={"ar": "مجالس تمثل الجميع", "en": "Councils that represent everyone"},
    )  # fmt: skip
    StateChangeFactory.create(dossier=dossier, reason={"ar": "قرر المجلس", "en": "Decided"})
    fact = FactFactory.create(dossier=dossier)
    DocumentFactory.create(dossier=dossier)
    BarrierFactory.create(dossier=dossier, fact=fact)
    NextStepFactory.create(
        dossier=dossier, owner=user, due_on=timezone.localdate(),
        what={"ar": "الاتصال بالوزارة", "en": "Call the ministry"},
    )  # fmt: skip
    return user


def enter(window: BrowserContext, live_server: LiveServer, user, language: str) -> Page:
    client = Client()
    sign_in_fully(client, user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    window.add_cookies(
        [
            {"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url},
            {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url},
        ]
    )
    page = window.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    return page


def faults_of(page: Page) -> list[str]:
    """Return what is wrong with the page as it stands: accessibility, and what runs off."""
    found = [
        f"{one['id']}: {node['html']}"
        for one in Axe().run(page).response["violations"]
        for node in one["nodes"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("runs off the side")
    return [f"{page.url}: {fault}" for fault in found]


def test_from_the_morning_page_to_the_spine(window, live_server, director):
    page = enter(window, live_server, director, "ar")
    page.goto("/desk/")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    faults = faults_of(page)
    page.get_by_role("link", name="الاتصال بالوزارة").click()
    faults += faults_of(page)
    page.get_by_role("group", name="ما المطلوب عمله؟").get_by_role("textbox").first.fill(
        "إرسال المذكرة"
    )
    page.get_by_label("حتى أي يوم؟").fill("2030-01-15")
    page.get_by_role("button", name="تسجيل الخطوة").click()
    expect(page.get_by_role("status").first).to_contain_text("سُجلت الخطوة")
    page.get_by_role("link", name="السيرة").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE["ar"])
    faults += faults_of(page)
    page.get_by_role("link", name="تغيير الحالة").click()
    page.get_by_label("الحالة الجديدة").select_option("in_dialogue")
    page.get_by_role("group", name=re.compile("ماذا حدث؟")).get_by_role("textbox").first.fill(
        "بدأت الجلسات"
    )
    faults += faults_of(page)
    page.get_by_role("button", name="تغيير الحالة").click()
    timeline = page.locator(".dossier-timeline")
    expect(timeline.get_by_text("بدأت الجلسات")).to_be_visible()
    expect(timeline.get_by_text("إرسال المذكرة")).to_be_visible()
    years = page.locator(".dossier-timeline-year h2").all_inner_texts()
    assert years == sorted(years)
    assert faults == []


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_page_of_a_dossier_is_accessible_on_a_small_phone(
    window, live_server, director, language
):
    page = enter(window, live_server, director, language)
    faults = []
    for path in ("", "facts/", "facts/add/", "documents/", "steps/", "people/", "edit/", "state/",
                 "readers/", "programme/", "put-away/"):  # fmt: skip
        page.goto(f"/desk/dossiers/LE/{path}")
        expect(page.locator("h1").first).to_be_visible()
        faults += faults_of(page)
    page.goto("/desk/barriers/")
    page.locator(".list-title a").first.click()
    faults += faults_of(page)
    assert faults == []
