"""Each page in both languages: direction, language, no English left in Arabic, nothing inline."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from hiwar.accounts.actions import people
from hiwar.accounts.models import Role

pytestmark = pytest.mark.django_db

DESK = [
    "morning", "account", "profile", "password", "app", "passkey", "codes", "staff", "invite",
    "roles", "institution", "activity", "confirm",
]  # fmt: skip
VISITOR = ["sign_in", "forgot"]
INLINE = re.compile(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=", re.IGNORECASE)


def check(html: str, language: str) -> None:
    direction = {"ar": "rtl", "en": "ltr"}[language]
    assert f'<html lang="{language}" dir="{direction}"' in html
    assert not INLINE.search(html)
    assert html.count("<h1") == 1
    assert 'id="main"' in html


@pytest.fixture
def house(db):
    return InstitutionFactory.create()


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("page", VISITOR)
def test_page_of_signing_in(client, house, page, language):
    html = client.get(reverse(f"accounts:{page}"), {"language": language}).content.decode()
    check(html, language)


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("page", DESK)
def test_page_of_the_desk(client, house, director, page, language):
    sign_in_fully(client, director)
    response = client.get(reverse(f"accounts:{page}"), {"language": language})
    assert response.status_code == 200
    check(response.content.decode(), language)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_pages_that_need_somebody(client, house, director, facilitator, language):
    sign_in_fully(client, director)
    page = reverse("accounts:person", args=[facilitator.pk])
    check(client.get(page, {"language": language}).content.decode(), language)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_pages_of_an_invitation(client, house, director, language, now):
    invitation, token = people.invite(
        actor=director,
        email="basel@house.example",
        name={"ar": "باسل"},
        role=Role.objects.get(code="media"),
        language=language,
        at=timezone.now(),
    )
    address = reverse("accounts:accept", args=[token])
    check(client.get(address, {"language": language}).content.decode(), language)
    people.withdraw_invitation(actor=director, invitation=invitation, at=timezone.now())
    closed = client.get(address, {"language": language})
    assert closed.status_code == 410
    check(closed.content.decode(), language)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_choice_of_a_second_factor(client, house, roles, language):
    sign_in_fully(client, UserFactory.create(app=False), factor="")
    page = client.get(reverse("accounts:account"), {"language": language})
    check(page.content.decode(), language)


@pytest.mark.parametrize(
    ("language", "told"), [("ar", "مجتمع يصغي"), ("en", "A society that listens")]
)
def test_first_page_tells_who_the_institution_is(client, house, language, told):
    html = client.get(f"/{language}/").content.decode()
    check(html, language)
    assert told in html
    assert reverse("accounts:sign_in") in html


def test_first_page_before_there_is_an_institution(client):
    assert client.get("/ar/").status_code == 200


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("", "ar"), ("en-GB,en;q=0.9", "en"), ("fr,ar;q=0.5", "ar"), ("de", "ar"), ("ar-PS", "ar")],
)
def test_first_page_follows_the_browsers_language(client, accepted, language):
    response = client.get("/", headers={"accept-language": accepted})
    assert response.url == f"/{language}/"


def test_language_switch_keeps_the_place(client, director):
    sign_in_fully(client, director)
    html = client.get("/desk/activity/?verb=accounts.user.close&language=ar").content.decode()
    assert "/desk/activity/?verb=accounts.user.close&amp;language=en" in html
    assert 'lang="en"' in client.get("/desk/?language=en").content.decode()
    assert '<html lang="en"' in client.get("/desk/staff/").content.decode()


def test_public_page_sets_no_cookie(client, house):
    assert not client.get("/ar/").cookies


def test_user_text_is_escaped(client, director):
    UserFactory.create(name={"ar": "<script>alert(1)</script>"}, roles=["media"])
    sign_in_fully(client, director)
    html = client.get("/desk/staff/").content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


def test_arabic_desk_speaks_arabic(client, house, director):
    """The catalogue covers these pages: no label of the menu or the forms is left in English."""
    sign_in_fully(client, director)
    for page in ("morning", "account", "staff", "invite", "activity"):
        html = client.get(reverse(f"accounts:{page}"), {"language": "ar"}).content.decode()
        text = re.sub(
            r"<(script|svg|option|bdi|code)\b.*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL
        )
        words = set(re.findall(r"[A-Za-z]{4,}", text)) - {"English", "Hiwar"}
        assert not words, f"{page}: {sorted(words)}"
