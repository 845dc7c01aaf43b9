"""The public site: its pages, its files for programs, its profile by day, the demonstration."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import icalendar
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories.accounts import InstitutionFactory, UserFactory
from factories.events import EventFactory
from factories.publishing import NOW, make_item, make_public, make_text
from hiwar.accounts.actions.demo import load_demo
from hiwar.publishing.actions.demo import load_demo_site, remove_demo_site
from hiwar.publishing.actions.profile import change_profile
from hiwar.publishing.forms.items import ProfileForm
from hiwar.publishing.models import Item
from hiwar.publishing.queries.profile import former_officers, officers_on

if TYPE_CHECKING:
    from django.test import Client

    from hiwar.publishing.models import PublicProfile

DEMO = Path(__file__).resolve().parents[2] / "demo"
PAGES = ("about", "contact", "privacy", "search", "feeds", "news", "press", "opportunities")
ATOM = "{http://www.w3.org/2005/Atom}"


def form_of(**values: str) -> ProfileForm:
    return ProfileForm(values)


@pytest.fixture
def profile(db: None) -> PublicProfile:
    InstitutionFactory.create()
    form = form_of(
        officers_ar="2020-01-01 | 2027-02-28 | المدير | سالم\n2027-03-01 | | المديرة | هند",
        officers_en="2020-01-01 | 2027-02-28 | Director | Salem\n2027-03-01 | | Director | Hind",
        funders_ar="2026 | 60 | الصندوق", funders_en="2026 | 60 | The fund",
        security_email="safe@house.example", telephone="+970 2 555 0100",
    )  # fmt: skip
    assert form.is_valid(), form.errors
    return change_profile(actor=None, changes=form.cleaned_data, now=NOW)


def test_a_new_director_counts_from_the_set_day_on(profile: PublicProfile) -> None:
    def names(day: date) -> list[str]:
        return [officer.person["en"] for officer in officers_on(profile, day)]

    assert (names(date(2027, 2, 28)), names(date(2027, 3, 1))) == (["Salem"], ["Hind"])
    assert [each.person["en"] for each in former_officers(profile, date(2027, 3, 1))] == ["Salem"]
    change_profile(actor=None, changes={"telephone": profile.telephone}, now=NOW + timedelta(1))
    profile.refresh_from_db()
    assert profile.modified_at == NOW


@pytest.mark.parametrize("values", [
    {"officers_en": "2020-01-01 | Director | Salem"},
    {"officers_en": "2020-13-01 | | Director | Salem"},
    {"officers_en": "2020-02-01 | 2020-01-01 | Director | Salem"},
    {"funders_en": "2026 | 60 | The fund", "funders_ar": "2026 | 61 | الصندوق"},
    {"funders_en": "2026 | 60 | The fund\n2026 | 41 | Another"},
])  # fmt: skip
def test_lines_that_make_no_sense_are_refused(values: dict[str, str]) -> None:
    assert not form_of(**values).is_valid()


def test_pages_stand_in_each_language_empty_or_not(client: Client, db: None) -> None:
    def assert_all_stand() -> None:
        for language in ("ar", "en"):
            for name in PAGES:
                page = client.get(reverse(f"public_publishing:{name}", args=[language]))
                assert page.status_code == 200
                assert page.text.count("<h1") == 1

    assert_all_stand()
    InstitutionFactory.create()
    assert_all_stand()


def test_programs_are_given_what_is_public_in_their_language(
    client: Client, profile: PublicProfile, roles: object
) -> None:
    writer = UserFactory.create(roles=["media"])
    both = make_public(make_item(writer))
    arabic = make_public(make_item(writer, make_text({"ar": "خبر وحيد"}, {"ar": "نص"})))
    draft = make_item(writer, make_text({"ar": "مسودة"}, {"ar": "نص"}))
    feed = ElementTree.fromstring(client.get("/en/feeds/news.atom").content)  # noqa: S314 - our own
    assert [each.text for each in feed.iterfind(f"{ATOM}entry/{ATOM}id")] == [f"urn:uuid:{both.pk}"]
    rss = ElementTree.fromstring(client.get("/ar/feeds/news.rss").content)  # noqa: S314 - our own
    assert len(rss.findall("channel/item")) == 2
    news = json.loads(client.get("/ar/feeds/news.json").content)
    assert {each["title"] for each in news["items"]} == {"لقاء عن الشواغر", "خبر وحيد"}
    assert "نابلس" in "".join(each["content_html"] for each in news["items"])
    sitemap = client.get("/sitemap.xml").text
    ElementTree.fromstring(sitemap)  # noqa: S314 - our own
    # Two languages, each with both beside it and one for whoever speaks neither.
    assert sitemap.count(f"/{both.code}") == 8
    assert f"/en/news/{arabic.code}" not in sitemap
    assert draft.code not in sitemap
    assert "Disallow: /desk/" in client.get("/robots.txt").text
    assert "Contact: mailto:safe@house.example" in client.get("/.well-known/security.txt").text
    EventFactory.create(visibility="public", published_at=NOW, title={"en": "Open evening"})
    EventFactory.create(title={"en": "Closed evening"})
    calendar = icalendar.Calendar.from_ical(client.get("/en/feeds/events.ics").content)
    assert not any("Closed" in str(each.get("summary")) for each in calendar.walk("VEVENT"))
    entry = json.loads(client.get("/en/about/profile.json").content)
    assert entry["@type"] == "NGO"
    assert {"@language": "en", "@value": "The fund"} in entry["funder"][0]["name"]


def test_the_page_of_privacy_says_what_becomes_of_an_address_for_the_newsletter(
    client: Client, profile: PublicProfile
) -> None:
    english, arabic = (client.get(f"/{code}/privacy/").text for code in ("en", "ar"))
    assert "kept for 3 years" in english  # as long as what is kept after leaving
    assert "3 سنوات" in arabic


def test_an_unchanged_page_is_not_sent_again_and_asks_no_more_for_more_items(
    client: Client, profile: PublicProfile, roles: object
) -> None:
    writer, director = UserFactory.create(roles=["media"]), UserFactory.create(roles=["director"])
    item = make_public(make_item(writer), director)
    address = client.get(f"/ar/news/{item.code}/")["Location"]
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as asked:
            pages = [client.get(path) for path in (address, "/ar/news/", "/ar/about/")]
        counts.append(len(asked))
        make_public(make_item(writer), director)
    assert counts[0] == counts[1] <= 12
    page = pages[0]
    assert page["Cache-Control"] == "public, max-age=60"
    again = client.get(address, headers={"if-none-match": page["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    client.cookies["hiwar_theme"] = "dark"
    assert "private" in client.get(address)["Cache-Control"]
    assert client.get("/ar/news/", headers={"if-none-match": pages[1]["ETag"]}).status_code == 200
    assert 'id="copy"' in page.text


def test_the_demonstration_has_a_site_and_takes_it_away(client: Client, db: None) -> None:
    document = json.loads((DEMO / "institution.json").read_text("utf-8"))
    load_demo(document=document, at=NOW)
    assert load_demo_site(DEMO, NOW) == (6, 0, [])
    assert load_demo_site(DEMO, NOW) == (0, 6, [])
    for language in ("ar", "en"):
        pages = {
            name: client.get(reverse(f"public_publishing:{name}", args=[language])).text
            for name in PAGES
        }
        assert pages["news"].count('class="list-title"') == 2
        assert 'lang="ar" dir="rtl"' not in pages["news"].partition("<main")[2] or language == "ar"
        assert "46%" in pages["about"]
        assert "press@shurfa.example" in pages["contact"]
    assert remove_demo_site(DEMO) == 6
    assert not Item.objects.exists()
