"""Feeds and the map of the site: valid by schemas that are not ours, of all that is public."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from lxml import etree

from factories.open_data import NOW, WORD, public_house
from hiwar.common.navigation import page_sources

if TYPE_CHECKING:
    from django.test import Client

    House = dict[str, Any]

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).parent
SPACES = {
    "a": "http://www.w3.org/2005/Atom", "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
}  # fmt: skip
KINDS = ["site-news", "results", "papers", "joint-statements", "events", "forums", "laws"]


@pytest.fixture
def house(roles: object) -> House:
    return public_house()


def faults(name: str, content: bytes) -> str:
    """Return what a schema finds wrong in a document."""
    schema = etree.RelaxNG(etree.parse(FOLDER / name))
    return "" if schema.validate(etree.fromstring(content)) else str(schema.error_log)


def test_feeds_are_valid_and_hold_every_kind(client: Client, house: House) -> None:
    for language in ("ar", "en"):
        for of in ("news", *(source.kind for source in page_sources())):
            atom = client.get(f"/{language}/feeds/{of}.atom")
            assert faults("atom.rng", atom.content) == "", of
            assert faults("rss.rng", client.get(f"/{language}/feeds/{of}.rss").content) == "", of
            news = json.loads(client.get(f"/{language}/feeds/{of}.json").content)
            assert news["version"] == "https://jsonfeed.org/version/1.1"
            entries = etree.fromstring(atom.content).findall("a:entry", SPACES)
            assert len(entries) == len(news["items"]), of
            assert bool(entries) == (of == "news" or of in KINDS), of
            for item in news["items"]:
                assert item["id"].startswith("urn:uuid:")
                assert WORD in item["title"]
                assert datetime.fromisoformat(item["date_published"])
                if "/d/" not in item["url"]:
                    assert client.get(urlsplit(item["url"]).path).status_code == 200, item["url"]
    of_law = client.get(f"/en/laws/{house['law'].pk}/feed/")
    assert faults("atom.rng", of_law.content) == ""
    assert client.get("/en/feeds/nothing.atom").status_code == 404
    assert client.get("/en/feeds/news.atom")["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("spoil", [
    lambda feed: feed.remove(feed.find("a:updated", SPACES)),
    lambda feed: feed.remove(feed.find("a:id", SPACES)),
    lambda feed: feed.find("a:entry/a:updated", SPACES).__setattr__("text", "yesterday"),
    lambda feed: etree.SubElement(feed, "{http://www.w3.org/2005/Atom}colour"),
])  # fmt: skip
def test_the_schema_finds_faults(client: Client, house: House, spoil: Any) -> None:
    feed = etree.fromstring(client.get("/en/feeds/news.atom").content)
    spoil(feed)
    assert faults("atom.rng", etree.tostring(feed))


def test_a_dossier_has_a_feed_as_long_as_everybody_may_read_it(
    client: Client, house: House
) -> None:
    news = json.loads(client.get("/en/feeds/dossier/OPEN.json").content)
    assert len(news["items"]) == 6
    assert faults("atom.rng", client.get("/en/feeds/dossier/OPEN.atom").content) == ""
    assert 'href="/en/feeds/dossier/OPEN.atom"' in client.get("/en/feeds/").text
    type(house["dossier"]).objects.update(visibility="institution")
    assert client.get("/en/feeds/dossier/OPEN.json").status_code == 404
    assert "OPEN.atom" not in client.get("/en/feeds/").text


def test_the_map_names_each_page_in_each_language_with_the_others_beside_it(
    client: Client, house: House
) -> None:
    root = etree.fromstring(client.get("/sitemap.xml").content)
    addresses = {each.findtext("s:loc", namespaces=SPACES): each for each in root}
    assert len(addresses) == len(root)
    for address, each in addresses.items():
        others = {link.get("hreflang"): link.get("href") for link in each.findall("x:link", SPACES)}
        assert address in others.values()
        assert others["x-default"] in others.values()
        assert all(other in addresses for other in others.values())
        # The results here are counts alone, of which no page can be drawn.
        if "/d/" not in address:
            assert client.get(urlsplit(address).path).status_code == 200, address
    for part in ("/d/", "/papers/", "/events/", "/forums/", "/laws/", "/work/OPEN", "/news/"):
        assert any(part in address for address in addresses), part
    later = addresses[next(a for a in addresses if "/papers/training-pay" in a)]
    assert later.findtext("s:lastmod", namespaces=SPACES) == NOW.isoformat()


def test_what_is_withdrawn_leaves_feeds_and_map_at_once(client: Client, house: House) -> None:
    type(house["version"]).objects.update(withdrawn_at=NOW)
    type(house["publication"]).objects.update(state="withdrawn")
    type(house["event"]).objects.update(visibility="institution")
    for of in ("papers", "results", "events"):
        assert json.loads(client.get(f"/en/feeds/{of}.json").content)["items"] == []
    sitemap = client.get("/sitemap.xml").text
    assert "/papers/training-pay" not in sitemap
    assert "/results/" not in sitemap
    assert f"/events/{house['event'].code}" not in sitemap
