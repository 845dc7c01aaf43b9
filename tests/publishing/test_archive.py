"""The site as files: it opens from a disk, no link is broken, nothing private is in it."""

from __future__ import annotations

import hashlib
import json
import zipfile
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest
from django.core.management import CommandError, call_command
from lxml import html

from factories.open_data import NOW, WORD, public_house
from factories.publishing import make_item, make_text
from hiwar.common.moving.packing import FolderSink
from hiwar.publishing.exports.archive import write_archive
from hiwar.publishing.exports.offline import LINKS, wanted

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page, Request

pytestmark = pytest.mark.django_db
INSIDE = "Quiet draft"


def pages_of(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


def broken_links(folder: Path) -> list[str]:
    """Return the links of pages that lead to no file of the folder, or out of it."""
    broken = []
    for page in pages_of(folder):
        document = html.fromstring(page.read_bytes())
        for element in document.iter():
            for attribute in LINKS.get(str(element.tag), ()):
                link = element.get(attribute) or ""
                target = urlsplit(link)
                if not link or target.scheme in {"mailto", "sms", "tel", "data"}:
                    continue
                place = page.parent / unquote(target.path) if target.path else page
                if target.scheme or target.netloc or not place.is_file():
                    broken.append(f"{page.relative_to(folder)}: {link}")
    return broken


@pytest.mark.costly("writes every public page into a copy of the site")
def test_it_holds_what_everybody_reads_and_no_more(roles: object, tmp_path: Path) -> None:
    house = public_house()
    make_item(house["media"], make_text(dict.fromkeys(("ar", "en"), INSIDE)))
    house["publication"].delete()  # its counts are not those of a whole page
    folder = tmp_path / "site"
    copied = write_archive(FolderSink(folder), None, NOW)
    assert 50 < copied.pages < len(pages_of(folder))
    whole = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert INSIDE.encode() not in whole
    assert b"Persona Grata" not in whole
    assert WORD in (folder / "en/work/OPEN/index.html").read_text()
    assert broken_links(folder) == []
    for page in pages_of(folder):
        document = html.fromstring(page.read_bytes())
        assert not document.findall(".//form"), page
        assert not document.findall(".//script"), page
    consultation = next(path for path in pages_of(folder) if "consultations" in str(path))
    assert "2027" in consultation.read_text()
    assert (folder / "open-data/laws.csv").read_bytes().startswith(b"\xef\xbb\xbfid,")
    sums = dict(
        reversed(line.split("  ", 1)) for line in (folder / "SHA256SUMS").read_text().splitlines()
    )
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert set(sums) == files - {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["made_at"], manifest["pages"]) == (NOW.isoformat(), copied.pages)


def test_the_command_writes_a_zip_and_never_over_a_file(roles: object, tmp_path: Path) -> None:
    target = tmp_path / "site.zip"
    call_command("archive", str(target), verbosity=0)
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        assert {"index.html", "ar/index.html", "en/index.html", "SHA256SUMS"} <= set(
            archive.namelist()
        )
    with pytest.raises(CommandError):
        call_command("archive", str(target), verbosity=0)
    assert [path.name for path in tmp_path.iterdir()] == ["site.zip"]


@pytest.mark.parametrize(("link", "address"), [
    ("/ar/news/", "/ar/news/"), ("?page=2", "/ar/x/?page=2"), ("?page=1", "/ar/x/"),
    ("/ar/x/?q=a", "/ar/x/"), ("/desk/", None), ("/e/token", None),
    ("https://elsewhere.example/ar/", None), ("/ar/search/", None), ("/ar/d/abc/vote/", None),
    ("/open-data/laws.csv", "/open-data/laws.csv"), ("/xx/news/", None),
    ("mailto:a@b.example", None),
    ("/ar/news/%D8%A3/", "/ar/news/أ/"),
])  # fmt: skip
def test_only_addresses_of_the_public_site_are_followed(link: str, address: str | None) -> None:
    assert wanted(link, "/ar/x/") == address


@pytest.mark.exhaustive("pages")
def test_the_demonstration_opens_from_a_disk_in_a_browser(
    roles: object, settings: Any, tmp_path: Path, chromium: Browser
) -> None:
    settings.DEMO = True
    call_command("load_demo", verbosity=0)
    folder = tmp_path / "site"
    call_command("archive", str(folder), verbosity=0)
    assert len(pages_of(folder)) > 100
    assert broken_links(folder) == []
    page = chromium.new_page()
    asked: list[str] = []
    failed: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    page.on("requestfailed", lambda request: failed.append(request.url))
    kinds: dict[str, Path] = {}
    for path in pages_of(folder):
        kinds.setdefault("/".join(path.relative_to(folder).parts[:2]), path)
    for path in kinds.values():
        page.goto(path.as_uri())
        page.wait_for_load_state("networkidle")
        assert page.locator("h1").first.is_visible(), path
        assert is_styled(page), path
    assert failed == []
    assert {urlsplit(address).scheme for address in asked} <= {"file", "data"}
    page.goto((folder / "index.html").as_uri())
    page.locator("a").first.click()
    page.wait_for_load_state()
    page.locator("nav a").nth(1).click()
    page.wait_for_load_state()
    assert page.locator("h1").first.is_visible()
    page.close()


def is_styled(page: Page) -> bool:
    """Return whether the style sheet and a typeface of ours were loaded."""
    loaded: bool = page.evaluate(
        "document.fonts.ready.then(() => [...document.fonts].some(f => f.status === 'loaded'))"
    )
    return loaded
