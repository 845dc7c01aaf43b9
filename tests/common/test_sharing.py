"""What messengers show of a page of the site is what the page says, and of no other page."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.utils.html import strip_tags

from addresses import TAGS, faults_of_sharing
from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.dossiers import DossierFactory
from factories.publishing import make_item, make_public

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
TAG = re.compile(r'<meta (?:property|name)="((?:og|twitter):[a-z_]+)" content="([^"]*)">')


def tags_of(client: Client, path: str) -> dict[str, str]:
    page = client.get(path, follow=True)
    assert page.status_code == 200, path
    found = [(name, html.unescape(value)) for name, value in TAG.findall(page.content.decode())]
    assert len(found) == len(dict(found)), f"{path} says something twice"
    return dict(found)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_page_of_the_site_says_what_it_is(
    client: Client, roles: object, language: str
) -> None:
    house = InstitutionFactory.create()
    item = make_public(make_item(UserFactory.create(roles=["media"])))
    dossier = DossierFactory.create(code="OPEN", visibility="public")
    text = client.get(f"/{language}/news/{item.code}/", follow=True)
    path = text.request["PATH_INFO"]
    title = strip_tags(text.content.decode().partition("<h1>")[2].partition("</h1>")[0])
    tags = tags_of(client, path)
    assert tags["og:title"] == html.unescape(title)
    assert tags["og:type"] == "article"
    assert tags["og:locale"] == language
    assert tags["og:site_name"] == house.name.in_language(language)
    assert tags["og:description"] != ""
    assert tags["og:url"].startswith(f"{settings.PUBLIC_ORIGIN}/{language}/news/{item.code}")
    assert tags["twitter:card"] == "summary_large_image"
    assert tags["og:image"].startswith(f"{settings.PUBLIC_ORIGIN}/card/{language}/news/{item.code}")
    assert tags_of(client, f"/{language}/")["og:title"] == house.name.in_language(language)
    tags = tags_of(client, f"/{language}/work/OPEN/")
    assert tags["og:title"] == dossier.title.in_language(language)
    assert tags["og:url"] == f"{settings.PUBLIC_ORIGIN}/{language}/work/OPEN/"
    for name in ("about", "news", "papers", "laws", "statements", "forums", "contact", "search"):
        assert tags_of(client, f"/{language}/{name}/")["og:title"] != "", name


def test_what_is_not_for_everybody_says_nothing(client: Client, roles: object) -> None:
    InstitutionFactory.create()
    assert tags_of(client, "/desk/sign-in/") == {}
    sign_in_fully(client, UserFactory.create(roles=["director"]))
    assert tags_of(client, "/desk/") == {}
    assert tags_of(client, "/ar/d/") == {}


def test_the_walk_sees_a_page_that_says_nothing_and_one_that_says_too_much() -> None:
    silent, hidden = HttpResponse("<html>"), HttpResponse('<html><meta name="robots">')
    assert len(faults_of_sharing(silent, "/ar/news/")) == len(TAGS)
    assert faults_of_sharing(hidden, "/ar/news/") == []
    told = HttpResponse('<meta property="og:url" content="x">')
    assert faults_of_sharing(told, "/v/secret/") == ["says og:url"]
