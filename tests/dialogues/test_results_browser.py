"""The page of results in a browser: one sheet of paper, lines that open, nothing off the side."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pypdf
import pytest

from dialogues.test_publications import make_closed
from hiwar.dialogues.actions import publications

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from playwright.sync_api import BrowserContext

    from hiwar.accounts.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.costly("a browser prints two sheets and opens two pages")
def test_the_sheet_is_one_sheet_and_lines_open_without_script(
    window: BrowserContext, director: User, now: datetime, settings: Any, tmp_path: Path
) -> None:
    settings.DATA = tmp_path
    words = {
        "ar": "يجب أن تموّل البلديات تدريباً مدفوعاً لكل خريجة وخريج في المناطق البعيدة عن المدن " * 2,
        "en": "Municipalities should pay for the training of every graduate far from the cities "
        * 2,
    }
    dialogue = make_closed(now)
    dialogue.statements.update(text=words)
    made = publications.prepare_publication(actor=director, dialogue=dialogue, now=now)
    for at, row in enumerate(made.document["statements"]):
        # The worst case: five long lines shared, the others dividing.
        row.update(texts=words, shared=at < 5, dividing=at >= 5)
    made.save()
    publications.publish(actor=director, publication=made, now=now)
    for language in ("ar", "en"):
        page = window.new_page()
        page.goto(f"/{language}/d/{dialogue.code}/results/1/sheet/")
        pdf = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
        assert len(pdf.pages) == 1
        assert [round(float(side) / 72 * 25.4) for side in pdf.pages[0].mediabox[2:]] == [210, 297]
        page.set_viewport_size({"width": 360, "height": 800})
        page.goto(f"/{language}/d/{dialogue.code}/results/")
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        row = page.locator("details.scale-row").first
        assert not row.locator(".opinion").first.is_visible()
        row.locator("summary").click()
        assert row.locator(".opinion").first.is_visible()
        page.close()
