"""The card of a public page: drawn of what the page says now, and of no other page."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from django.conf import settings
from PIL import Image

from factories.accounts import InstitutionFactory, UserFactory
from factories.dossiers import DossierFactory
from factories.publishing import NOW, make_item, make_public
from hiwar.common.share_cards import HEIGHT, WIDTH
from hiwar.publishing.actions.openings import withdraw_item
from hiwar.publishing.exports.share_card import broken_lines, share_card, typeface
from hiwar.publishing.queries.share_cards import Card

if TYPE_CHECKING:
    from django.test import Client

    from hiwar.accounts.models import User

ALM, LRM = "\u061c", "\u200e"
LONG = "انتخابات الهيئات المحلية وما يقوله الناس عنها في القرى والمخيمات " * 8


def card_named_by(client: Client, page: str) -> str:
    text = client.get(page, follow=True).content.decode()
    assert '<meta name="twitter:card" content="summary_large_image">' in text
    (address,) = re.findall(r'<meta property="og:image" content="([^"]+)">', text)
    return str(address).removeprefix(settings.PUBLIC_ORIGIN)


def drawn(client: Client, page: str) -> Image.Image:
    address = card_named_by(client, page)
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert answer["Content-Type"] == "image/png"
    assert "max-age=60" in answer["Cache-Control"]
    picture = Image.open(io.BytesIO(answer.content))
    assert picture.size == (WIDTH, HEIGHT) == (1200, 630)
    assert len(answer.content) < 40_000
    return picture.convert("RGB")


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ar", "en"])
def test_pages_of_the_site_have_cards_of_their_own(
    client: Client, roles: object, language: str
) -> None:
    InstitutionFactory.create()
    item = make_public(make_item(UserFactory.create(roles=["media"])))
    DossierFactory.create(code="OPEN", visibility="public")
    text = client.get(f"/{language}/news/{item.code}/", follow=True).request["PATH_INFO"]
    pages = [text, f"/{language}/", f"/{language}/news/", f"/{language}/work/OPEN/"]
    assert len({drawn(client, page).tobytes() for page in pages}) == len(pages)


@pytest.mark.django_db
def test_what_is_not_for_everybody_has_no_card(
    client: Client, roles: object, director: User
) -> None:
    InstitutionFactory.create()
    writer = UserFactory.create(roles=["media"])
    item = make_public(make_item(writer))
    DossierFactory.create(code="SHUT", visibility="team")
    card = card_named_by(client, f"/ar/news/{item.code}/")
    assert client.get(card).status_code == 200
    withdraw_item(actor=director, item=item, reason={"ar": "خطأ", "en": "An error"}, now=NOW)
    assert client.get(card).status_code == 404
    for none in ("/card/ar/work/SHUT.png", "/card/ar/nowhere.png", "/card/ar/d.png",
                 "/card/ar/desk.png", "/card/xx.png", "/card/ar/news.png/x.png"):  # fmt: skip
        assert client.get(none).status_code == 404, none
    assert client.post("/card/ar/news.png").status_code == 405


def test_a_long_title_is_set_smaller_and_then_cut_at_a_word() -> None:
    face = typeface("amiri-bold.ttf", 50)
    lines = list(broken_lines(LONG, face, 1056, "rtl"))
    assert len(lines) > 4
    assert all(face.getlength(line, "rtl") <= 1056 for line in lines)
    assert " ".join(line.strip(ALM) for line in lines) == LONG.strip()
    short, long, longer = (
        share_card(Card(LONG[:cut].strip(), "", "", "شُرفة", "ar")) for cut in (60, 330, 400)
    )
    assert short != long == longer


def test_a_line_begins_as_its_paragraph_would_go_on() -> None:
    face = typeface("amiri-bold.ttf", 50)
    for text, mark in (("نسبة", ALM), ("Shurfa", LRM), ("14", "")):
        first, second = broken_lines(f"{text} 30%", face, 60, "rtl")
        assert (first, second) == (text, f"{mark}30%")


@pytest.mark.parametrize("title", ["", "한국어 제목", "\u202e", "ا" * 300, "😀 خبر"])
def test_any_title_gives_a_card(title: str) -> None:
    card = Image.open(io.BytesIO(share_card(Card(title, title, title, "شُرفة", "ar"))))
    assert card.size == (WIDTH, HEIGHT)
    ink = np.asarray(card.convert("L").crop((80, 150, 1200, 600))).min()
    assert (ink < 100) == (title == "ا" * 300)
