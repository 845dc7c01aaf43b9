"""The page in a real browser: accessible, within the screen, reachable by keyboard, printable."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe

from analysis.report import documents
from hiwar.analysis.report import render

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.exhaustive("report")]

CASES = {
    "two": documents.document,
    "five": lambda: documents.document(150, 20, 5),
    "attributes": documents.with_attributes,
    "hostile": documents.hostile,
    "lone": documents.lone,
    "unstable": lambda: documents.document(40, 12, 2, outcome="not_stable"),
}


_UNFOLD = "document.querySelectorAll('details').forEach((part) => { part.open = true })"


def _corrected() -> dict[str, Any]:
    found = documents.document()
    found["quality"]["missingness"]["distance_correlation"] = 0.48
    return found


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Browser:
    """Return the one browser of the run: two of them in one process refuse each other."""
    return chromium


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write each case in both languages."""
    folder = tmp_path_factory.mktemp("reports")
    for name, make in {**CASES, "corrected": _corrected}.items():
        document = make()
        for lang in ("ar", "en"):
            (folder / f"{name}.{lang}.html").write_text(render(document, lang), encoding="utf-8")
    return folder


def _open(browser: Browser, path: Path, width: int = 1280, scheme: str = "light") -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        offline=True,
    )
    page = context.new_page()
    faults: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    page.evaluate("document.fonts.ready")
    assert faults == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    return page


@pytest.mark.parametrize(
    ("name", "lang", "width", "scheme"),
    [
        ("two", "ar", 360, "light"),
        ("two", "ar", 1280, "dark"),
        ("two", "en", 360, "dark"),
        ("two", "en", 1280, "light"),
        ("five", "ar", 1280, "light"),
        ("attributes", "en", 360, "light"),
        ("hostile", "ar", 360, "dark"),
        ("lone", "en", 1280, "dark"),
        ("unstable", "ar", 360, "light"),
    ],
)
def test_page_has_no_accessibility_violation(  # noqa: PLR0917 - one row of the table above
    browser: Browser, folder: Path, name: str, lang: str, width: int, scheme: str
) -> None:
    page = _open(browser, folder / f"{name}.{lang}.html", width, scheme)
    page.evaluate(_UNFOLD)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.context.close()


@pytest.mark.parametrize("lang", ["ar", "en"])
@pytest.mark.parametrize("name", list(CASES))
def test_page_does_not_scroll_sideways(
    browser: Browser, folder: Path, name: str, lang: str
) -> None:
    page = _open(browser, folder / f"{name}.{lang}.html", 360)
    page.evaluate(_UNFOLD)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.context.close()


def test_keyboard_reaches_every_group_of_the_map(browser: Browser, folder: Path) -> None:
    page = _open(browser, folder / "five.en.html")
    reached: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        place = page.evaluate(
            "document.activeElement.closest('svg.people') && "
            "document.activeElement.getAttribute('href')"
        )
        if place:
            reached.append(place)
    groups = [f"#group-{n}" for n in range(1, 6)]
    assert list(dict.fromkeys(reached)) == groups
    page.focus("svg.people a")
    walked = []
    for _ in range(5):
        walked.append(page.evaluate("document.activeElement.getAttribute('href')"))
        page.keyboard.press("ArrowDown")
    assert walked == groups
    assert page.evaluate("document.activeElement.getAttribute('href')") == groups[0]
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#group-1"
    page.context.close()


def test_focus_on_the_map_is_visible(browser: Browser, folder: Path) -> None:
    page = _open(browser, folder / "two.en.html")
    width = "getComputedStyle(document.querySelector('svg.people a .hull')).strokeWidth"
    before = page.evaluate(width)
    page.focus("svg.people a")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert (before, page.evaluate(width)) == ("1.3px", "5px")
    page.context.close()


def test_table_sorts_and_filters(browser: Browser, folder: Path) -> None:
    page = _open(browser, folder / "two.ar.html")
    shown = "[...document.querySelectorAll('#all tbody tr')].filter((row) => !row.hidden).length"
    everything = page.evaluate(shown)
    page.fill("#find", "موازنه")  # as people type it, without the two dots
    assert 0 < page.evaluate(shown) < everything
    page.fill("#find", "")
    page.select_option("#only", "shared")
    assert page.evaluate(shown) == documents.document()["answer"]["shared"]
    page.select_option("#only", "")
    column = "[...document.querySelectorAll('#all tbody tr')].map((r) => +r.cells[3].textContent)"
    page.click("#all th:nth-child(4) button")
    votes = page.evaluate(column)
    assert votes == sorted(votes, reverse=True)
    page.click("#all th:nth-child(4) button")
    assert page.evaluate(column) == sorted(votes)
    page.context.close()


def test_corrected_map_is_a_choice_without_script(browser: Browser, folder: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "corrected.en.html").as_uri())
    assert (page.is_visible(".view0"), page.is_visible(".view1")) == (True, False)
    page.check('input[value="1"]')
    assert (page.is_visible(".view0"), page.is_visible(".view1")) == (False, True)
    assert page.locator("#all tbody tr").count() == len(documents.document()["statements"])
    context.close()


@pytest.mark.parametrize("lang", ["ar", "en"])
@pytest.mark.parametrize("name", ["two", "unstable"])
def test_print_has_no_blank_page_and_the_answer_first(
    browser: Browser, folder: Path, name: str, lang: str
) -> None:
    page = _open(browser, folder / f"{name}.{lang}.html")
    printed = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    texts = [sheet.extract_text().strip() for sheet in printed.pages]
    assert min(len(text) for text in texts) > 40
    assert [round(float(edge)) for edge in printed.pages[0].mediabox[2:]] == [595, 842]
    if lang == "en":
        assert page.inner_text(".sentence").split()[0] in texts[0]
    page.context.close()


def test_folded_parts_are_printed(browser: Browser, folder: Path) -> None:
    page = _open(browser, folder / "two.en.html")
    printed = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    text = " ".join(sheet.extract_text() for sheet in printed.pages)
    assert "Distance from" in text
    page.context.close()
