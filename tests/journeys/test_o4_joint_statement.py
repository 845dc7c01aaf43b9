"""A joint statement through screens and links: 17 sign, 2 with reservation, 1 withdraws (O4, 8)."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.contacts import OrganisationFactory
from factories.dossiers import DossierFactory
from hiwar.common.files.actions import read_file
from hiwar.common.models import PrivateLink
from hiwar.common.printing import PrintingAbsent
from hiwar.contacts.models import Membership, Organisation
from hiwar.dossiers.models import JointPrint, JointStatement
from hiwar.dossiers.tasks import make_print
from hiwar.signatures.models import Signature, SigningLetter

if TYPE_CHECKING:
    from hiwar.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive("journeys")]
BEGAN = datetime(2026, 11, 23, 8, tzinfo=UTC)
SENTENCE = "وقّعت 19 جهة، اثنتان منها مع تحفظ."
TEXT_AR = "ندعو إلى نشر سجل الناخبين مبكراً.\n\nندعو إلى خفض سن الترشح."
TEXT_EN = "We ask that the register of voters be published early.\n\nWe ask for a lower age."
RESERVATIONS = {4: "نتحفظ على السن.", 11: "We object to the age."}
WITHDRAWS, ON_PAPER, DECLINES, SILENT = 8, 6, 20, 21
ADDRESS = "councils"


def missing(reason: str) -> None:
    """Leave the test out and say why; where everything is required, that is a failure."""
    if os.environ.get("HIWAR_REQUIRE_ALL"):
        pytest.fail(reason)
    pytest.skip(reason)


def enter(user: User) -> Client:
    client = Client()
    sign_in_fully(client, user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "ar"
    return client


def at(name: str, *parts: object) -> str:
    return reverse(f"dossiers:{name}", args=parts)


def at_signing(name: str, *parts: object) -> str:
    key = JointStatement.objects.get(code=ADDRESS).signing_id
    return reverse(f"signatures:{name}", args=[key, *parts])


def bodies() -> list[Organisation]:
    """Return 22 organisations, the last ten of them members of a coalition."""
    made = [
        OrganisationFactory.create(
            code=f"O-{n:02}", name={"ar": f"جهة رقم {n:02}", "en": f"Body {n:02}"},
            search_text=f"جهه رقم {n:02} body {n:02}", languages=["ar"],
        )
        for n in range(22)
    ]  # fmt: skip
    group = OrganisationFactory.create(code="COA", kind="coalition", name={"ar": "ائتلاف"})
    for one in made[12:]:
        Membership.objects.create(organisation=group, member=one)
    return made


def write_and_ask(client: Client, dossier: str, made: list[Organisation]) -> None:
    """Write the draft, choose twelve bodies and a coalition, and open the text for signature."""
    fields = {
        "title_ar": "مجالس تمثل الجميع", "title_en": "Councils for everyone", "text_ar": TEXT_AR,
        "text_en": TEXT_EN, "kind": "statement", "code": ADDRESS, "sign_by": "2026-12-01",
        "contact_line": "+970 2 000 0000", "visibility": "institution",
    }  # fmt: skip
    assert client.post(at("new_joint", dossier), fields).status_code == 302
    found = client.get(at_signing("ask"), {"q": "رقم 03"}).content.decode()
    assert "جهة رقم 03" in found
    assert "جهة رقم 04" not in found
    client.post(at_signing("ask"), {"organisations": [one.pk for one in made[:12]]})
    group = Organisation.objects.get(code="COA")
    client.post(at_signing("ask"), {"coalition": group.pk})
    assert "22" in client.get(at("open_joint", ADDRESS)).content.decode()
    client.post(at("open_joint", ADDRESS))
    assert SigningLetter.objects.count() == 22


def links(client: Client) -> dict[str, str]:
    """Read every link in the outbox as whoever sends the letters does, and mark each as sent."""
    found = {}
    for letter in SigningLetter.objects.select_related("request__organisation"):
        page = client.get(at_signing("letter", letter.pk)).content.decode()
        match = re.search(r"(/sign/[\w-]{40,}/)", page)
        assert match
        found[letter.request.organisation.code] = match[1]
        client.post(at_signing("letter", letter.pk))
    assert not PrivateLink.objects.exclude(sealed=b"").exists()
    return found


def answer(link: str, number: int, choice: str = "sign", **more: object) -> str:
    """Answer by a link as a signatory does: read, fill in, look once more, confirm, receipt."""
    client = Client()
    read = client.get(link).content.decode()
    assert "ندعو إلى خفض سن الترشح" in read
    form = {
        "answer": choice, "signer": f"هالة {number}", "function": "مديرة", "version": "1",
        "seen": "", **more,
    }  # fmt: skip
    before = Signature.objects.count()
    preview = client.post(link, {**form, "step": "preview"})
    assert (preview.status_code, Signature.objects.count()) == (200, before)
    assert "لم يُحسب هذا بعد" in preview.content.decode()
    done = client.post(link, {**form, "step": "confirm"}, follow=True)
    assert done.redirect_chain
    return done.content.decode()


def collect(client: Client, link: dict[str, str], clock: pytest.MonkeyPatch) -> None:
    """Let twenty sign, one of them on paper; one of them withdraws, one declines, one is silent."""
    for number in range(20):
        now = BEGAN + timedelta(hours=1 + number)
        clock.setattr("django.utils.timezone.now", lambda now=now: now)
        if number == ON_PAPER:
            continue
        held = RESERVATIONS.get(number)
        language = "ar" if number == 4 else "en"
        terms = {"reservation": held, "language": language, "paragraph": "2"} if held else {}
        receipt = answer(link[f"O-{number:02}"], number, "reserve" if held else "sign", **terms)
        assert "شكراً لكم. التوقيع قائم." in receipt
    answer(link[f"O-{DECLINES}"], DECLINES, "decline", signer="", function="", why="لا نوقّع")
    statement = JointStatement.objects.get()
    asked = statement.signing.requests.get(organisation__code=f"O-{ON_PAPER:02}")
    on_paper = f"{timezone.localtime(BEGAN + timedelta(hours=1 + ON_PAPER)):%Y-%m-%dT%H:%M}"
    typed = client.post(
        at_signing("request", asked.pk),
        {
            "answer": "sign", "signer": "رنا", "function": "رئيسة", "version": "1", "seen": "",
            "way": "paper", "source": "كتاب موقّع", "signed_at": on_paper,
        },
    )  # fmt: skip
    assert typed.status_code == 302
    leaver = Client()
    withdraw = f"{link[f'O-{WITHDRAWS:02}']}withdraw/"
    assert "سحب التوقيع؟" in leaver.get(withdraw).content.decode()
    assert leaver.get(withdraw).status_code == 200
    assert not Signature.objects.exclude(withdrawn_at=None).exists()
    gone = leaver.post(withdraw, {"why": "قرار المجلس"}, follow=True).content.decode()
    assert "سُحب التوقيع" in gone


def numbers(page: str) -> tuple[int, int, str]:
    """Return what a public page lists: organisations, reservations, and its sentence."""
    listed = page.split('class="joint-list"')[1].split("</ol>", maxsplit=1)[0]
    held = page.split('class="joint-reservations"')[1].split("</dl>", maxsplit=1)[0]
    sentence = re.search(r'<p class="lead">([^<]*)</p>', page)
    assert sentence
    return listed.count("<li>"), held.count("<dt>"), sentence[1]


def print_all() -> dict[str, str]:
    """Make the prints as the worker does, and return what each says."""
    if shutil.which("pdftotext") is None:
        missing("pdftotext is absent: apt-get install poppler-utils")
    said = {}
    for wanted in JointPrint.objects.order_by("language"):
        with suppress(PrintingAbsent):
            make_print.func(str(wanted.pk))
        wanted.refresh_from_db()
        if "libpango" in wanted.error:
            missing(wanted.error)
        assert (wanted.state, wanted.error) == ("done", "")
        call = ["pdftotext", "-layout", "-", "-"]
        assert wanted.file is not None
        printed = read_file(wanted.file)
        done = subprocess.run(call, input=printed, capture_output=True, check=True)
        said[wanted.language] = done.stdout.decode()
    return said


def files_agree(told: str) -> None:
    """Compare the prints and the tables of the published version with its page."""
    said = print_all()
    assert told in re.sub(r"\s+", " ", said["en"])
    assert len(re.findall(r"Body \d\d", said["en"])) == 19 + 2
    assert "Body 08" not in said["en"]
    assert RESERVATIONS[11] in said["en"]
    # Marks of direction and the spaces between letters and their signs are the printer's own.
    plain = re.sub(r"[\s\u202a-\u202e\u2066-\u2069\u200e\u200f]", "", said["ar"])
    assert "19جهة،اثنتانمنهامعتحفظ" in plain
    # The checksum stands on each page, and may hold any digits.
    assert "08" not in re.sub(r"[0-9a-f]{12,}", "", plain)
    for language in ("ar", "en"):
        file = Client().get(f"/{language}/statements/{ADDRESS}/1/statement.pdf")
        assert file["Content-Type"] == "application/pdf"

    base = f"/ar/statements/{ADDRESS}/1/"
    rows = list(csv.reader(io.StringIO(Client().get(f"{base}signatories.csv").content.decode())))
    assert (len(rows) - 1, sum(row[4] == "نعم" for row in rows)) == (19, 2)
    book = load_workbook(io.BytesIO(Client().get(f"{base}signatories.xlsx").content))
    assert book.active is not None
    assert book.active.max_row == 20


def test_nineteen_sign_two_of_them_with_reservation(
    director: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    InstitutionFactory.create()
    dossier = DossierFactory.create(code="LE")
    areej = enter(UserFactory.create(roles=["programme_manager"]))
    monkeypatch.setattr("django.utils.timezone.now", lambda: BEGAN)
    made = bodies()
    write_and_ask(areej, dossier.code, made)
    link = links(areej)
    for path in link.values():
        assert Client().get(path).status_code == 200
    assert not Signature.objects.exists()
    collect(areej, link, monkeypatch)

    silent = areej.get(at_signing("signing"), {"answer": "silent"}).content.decode()
    assert re.findall(r"جهة رقم \d\d", silent) == [f"جهة رقم {SILENT}"]
    assert "جهة واحدة من 22 لم ترد" in areej.get(reverse("accounts:morning")).content.decode()
    assert Client().get(f"/ar/statements/{ADDRESS}/").status_code == 404
    look = areej.get(at("publish_joint", ADDRESS)).content.decode()
    assert SENTENCE in look
    assert "أسماء 19 جهة بترتيب التوقيع" in look
    seen = re.search(r'name="seen" value="(\w+)"', look)
    assert seen
    salma = enter(director)
    salma.post(at("publish_joint", ADDRESS), {"seen": "x" + seen[1]})
    assert Client().get(f"/ar/statements/{ADDRESS}/").status_code == 404
    salma.post(at("publish_joint", ADDRESS), {"seen": seen[1]})

    page = Client().get(f"/ar/statements/{ADDRESS}/")
    assert page.status_code == 200
    assert page["Last-Modified"] == "Tue, 24 Nov 2026 04:00:00 GMT"
    arabic = page.content.decode()
    assert numbers(arabic) == (19, 2, SENTENCE)
    assert "جهة رقم 08" not in arabic
    # What came on paper was typed in last and stands at its time, between those around it.
    order = re.findall(r"جهة رقم (\d\d)", arabic.split('class="joint-list"')[1].split("</ol>")[0])
    assert order == [f"{n:02}" for n in range(20) if n != WITHDRAWS]
    english = Client().get(f"/en/statements/{ADDRESS}/").content.decode()
    told = "19 organisations signed, 2 of them with reservation."
    assert numbers(english) == (19, 2, told)

    files_agree(told)
    late = Client().post(f"{link['O-00']}withdraw/", {"why": ""})
    assert late.status_code == 422
    assert numbers(Client().get(f"/ar/statements/{ADDRESS}/").content.decode())[0] == 19
    assert f"/desk/statements/{ADDRESS}/" in areej.get(at("dossier", "LE")).content.decode()
