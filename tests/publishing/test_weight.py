"""What a page of the site weighs before typefaces: its text, style and script, compressed."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.contrib.staticfiles import finders

from factories.accounts import InstitutionFactory, UserFactory
from factories.dossiers import DossierFactory
from factories.publishing import make_item, make_public

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
TEXT, STYLE_AND_SCRIPT = 12_000, 16_000
LINKED = re.compile(
    r'(?:<link rel="(?:stylesheet|icon)"[^>]* href|<script[^>]* src)="/static/([^"]+)"'
)


def pressed(content: bytes) -> int:
    return len(gzip.compress(content, 6))


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_page_is_light_before_its_typefaces(client: Client, roles: object, language: str) -> None:
    InstitutionFactory.create()
    writer = UserFactory.create(roles=["media"])
    items = [make_public(make_item(writer)) for _ in range(20)]
    DossierFactory.create(code="OPEN", visibility="public")
    for path in ("", "news/", f"news/{items[0].code}/", "about/", "work/", "work/OPEN/"):
        page = client.get(f"/{language}/{path}", follow=True)
        assert page.status_code == 200
        assert pressed(page.content) <= TEXT, path
        files = set(LINKED.findall(page.content.decode()))
        assert 2 <= len(files) <= 5, path
        weight = 0
        for name in files:
            place = finders.find(name)
            assert place is not None, name
            weight += pressed(Path(str(place)).read_bytes())
        assert weight <= STYLE_AND_SCRIPT, path
