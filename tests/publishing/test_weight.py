"""What a reader of the site downloads on a first visit, with typefaces, style and script."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import brotli
import pytest
from django.contrib.staticfiles import finders

from factories.accounts import InstitutionFactory, UserFactory
from factories.dossiers import DossierFactory
from factories.publishing import make_item, make_public

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
# Bytes, and how many requests; each answer has some 500 bytes of headers besides.
WHOLE, REQUESTS, HEADERS = 60_000, 6, 500
TEXT, STYLE, SCRIPT = 12_000, 10_000, 3_000
LINKED = re.compile(
    r'(?:<link rel="(?:stylesheet|icon)"[^>]* href|<script[^>]* src)="/static/([^"]+)"'
)
SHEET = Path(str(finders.find("common/hiwar.css")))
# What a page in a language is set in: its interface and its titles, and the text of an article.
FACES = {
    "ar": ("hiwar-sans-arabic-core-400", "hiwar-naskh-arabic-core-700"),
    "en": ("hiwar-sans-latin-core-400", "hiwar-serif-latin-core-600"),
}
READING = {"ar": "hiwar-naskh-arabic-core-400", "en": "hiwar-serif-latin-core-400"}


def pressed(name: str) -> int:
    """Return what a file weighs on its way: typefaces and pictures are pressed already."""
    data = Path(str(finders.find(name))).read_bytes()
    return len(data) if name.endswith(".woff2") else len(brotli.compress(data))


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_first_visit_is_light(client: Client, roles: object, language: str) -> None:
    InstitutionFactory.create()
    writer = UserFactory.create(roles=["media"])
    items = [make_public(make_item(writer)) for _ in range(20)]
    DossierFactory.create(code="OPEN", visibility="public")
    article = f"news/{items[0].code}/"
    for path in ("", "news/", article, "about/", "work/", "contact/"):
        page = client.get(f"/{language}/{path}", follow=True, headers={"accept-encoding": "br"})
        assert page.status_code == 200
        assert page["Content-Encoding"] == "br", path
        assert len(page.content) <= TEXT, path
        files = set(LINKED.findall(brotli.decompress(page.content).decode()))
        faces = [*FACES[language], *([READING[language]] if path == article else [])]
        files |= {f"common/fonts/{name}.woff2" for name in faces}
        weights = {name: pressed(name) for name in files}
        assert sum(w for name, w in weights.items() if name.endswith(".css")) <= STYLE
        assert sum(w for name, w in weights.items() if name.endswith(".js")) <= SCRIPT
        requests = 1 + len(files)
        # The mark in the tab is a picture.
        assert requests - 1 <= REQUESTS, (path, sorted(files))
        assert len(page.content) + sum(weights.values()) + HEADERS * requests <= WHOLE, path


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_faces_of_a_page_hold_the_letters_of_its_words(
    client: Client, roles: object, language: str
) -> None:
    """A letter that the light faces lack would load a whole family for its sake."""
    InstitutionFactory.create()
    make_public(make_item(UserFactory.create(roles=["media"])))
    held: set[int] = set()
    for face in re.findall(r"@font-face \{[^}]*\}", SHEET.read_text("utf-8")):
        if any(name in face for name in FACES[language]):
            for start, end in re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", face):
                held.update(range(int(start, 16), int(end or start, 16) + 1))
    for path in ("", "news/", "work/", "search/"):
        page = client.get(f"/{language}/{path}").content.decode()
        body = page[page.index("<body") :]
        body = re.sub(r'<(nav aria-label="(?:اللغة|Language)").*?</nav>', "", body, flags=re.S)
        body = re.sub(r'<bdi dir="ltr">.*?</bdi>', "", body)
        letters = {ord(each) for each in re.sub(r"<[^>]*>|&[a-z#0-9]+;|\s", "", body)}
        assert letters - held == set(), path
