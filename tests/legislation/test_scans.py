"""Scanned laws: read in a process apart, every number confirmed by a person, or typed by one."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, ImageDraw, ImageFont

from factories.accounts import UserFactory, sign_in_fully
from factories.legislation import NOW, make_law
from hiwar.analysis.laws.scan_child import ScanAnswer
from hiwar.analysis.laws.scans import ScanPage, letters_read
from hiwar.common.files.types import PDF
from hiwar.common.files.uploads import SentFile
from hiwar.legislation.actions import drafts as act
from hiwar.legislation.models import LawDraft, LawVersion
from hiwar.legislation.queries.drafts import doubts_of, reading_of

if TYPE_CHECKING:
    from django.test import Client

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
KNOWN = {"dated_on": "2027-04-11", "authority": "official", "source": "Office",
         "visibility": "institution"}  # fmt: skip


def scanned(*lines: str) -> bytes:
    """Return a PDF that holds a picture of some lines and no letter."""
    page, stream = Image.new("L", (1240, 700), 255), BytesIO()
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(size=36)
    for at, line in enumerate(lines):
        pen.text((120, 100 + 90 * at), line, fill=0, font=font)
    page.save(stream, format="PDF", resolution=150)
    return stream.getvalue()


@pytest.fixture
def officer(roles: object) -> User:
    return UserFactory.create(roles=["researcher"])


@pytest.fixture
def desk(client: Client, officer: User) -> Client:
    sign_in_fully(client, officer)
    return client


def at(name: str, draft: LawDraft, **more: int) -> str:
    return reverse(f"legislation:{name}", kwargs={"key": draft.law_id, "draft": draft.pk, **more})


def test_a_scan_is_read_and_saved_once_every_number_was_confirmed(
    desk: Client, officer: User, client: Client
) -> None:
    if "ltr" not in letters_read():
        pytest.skip("Debian's tesseract-ocr and poppler-utils are absent: scans are not read")
    law = make_law(officer)
    content = scanned("Article 1", "The fund answers within sixty days.", "It ends in 2030.")
    form = {"file": SimpleUploadedFile("scan.pdf", content), "language": "en"}
    assert desk.post(reverse("legislation:bring_file", args=[law.pk]), form).status_code == 302
    draft = LawDraft.objects.get()
    assert draft.text.split("\n")[::2] == ["Article 1", "It ends in 2030."]
    picture = desk.get(at("draft_picture", draft, page=1))
    assert (picture["Content-Type"], picture.content[:4]) == ("image/png", b"\x89PNG")
    assert desk.get(at("draft_picture", draft, page=2)).status_code == 404
    assert (
        'alt="Picture of page 1"'
        in desk.get(at("draft", draft), {"language": "en"}).content.decode()
    )
    desk.post(at("save_draft", draft), KNOWN)
    assert not LawVersion.objects.exists()
    for doubt in doubts_of(draft, reading_of(draft)):
        seen = {"line": doubt.line, "turn": doubt.turn, "before": doubt.text, "what": "accept"}
        desk.post(at("draft", draft), seen)
    desk.post(at("save_draft", draft), KNOWN)
    assert LawVersion.objects.get().provisions.get(kind="article").eid == "art_1"
    sign_in_fully(client, UserFactory.create(roles=["director"]))
    assert client.get(at("draft_picture", draft, page=1)).status_code == 404


def test_pages_that_nothing_reads_are_typed_one_behind_the_other(
    desk: Client, officer: User
) -> None:
    sent = SentFile("scan.pdf", scanned("-"), PDF)
    pages = ScanAnswer((ScanPage(()), ScanPage(())))
    draft = act.bring_scan(
        actor=officer, law=make_law(officer), sent=sent, scan=pages, language="ar", now=NOW
    )
    answer = desk.post(f"{at('draft', draft)}?page=1", {"what": "type", "after": "مادة (1)\r\nنص."})
    assert answer["Location"].endswith("?page=2")
    desk.post(at("draft", draft), {"what": "type", "after": "مادة (2)\nيعمل به."})
    draft.refresh_from_db()
    assert draft.text == "مادة (1)\nنص.\nمادة (2)\nيعمل به."
    desk.post(at("draft", draft), {"what": "undo"})
    draft.refresh_from_db()
    assert draft.text == "مادة (1)\nنص."
