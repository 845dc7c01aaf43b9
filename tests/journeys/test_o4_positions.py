"""O4, step 6, through the screens: four parties by three asks, and a party corrects its own."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse
from openpyxl import load_workbook

from factories.accounts import UserFactory, sign_in_fully
from hiwar.asks.models import Ask, Position, PositionLink
from hiwar.contacts.models import Organisation

if TYPE_CHECKING:
    from hiwar.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive("journeys")]


@pytest.fixture
def demo(settings: object, roles: object) -> User:
    settings.DEMO = True  # type: ignore[attr-defined]
    call_command("load_demo")
    return UserFactory.create(roles=["programme_manager"])


def desk(user: User) -> Client:
    client = Client()
    sign_in_fully(client, user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "ar"
    return client


def at(name: str, *parts: object) -> str:
    return reverse(f"asks:{name}", args=parts)


def test_four_parties_by_three_asks(demo: User) -> None:
    client = desk(demo)
    page = client.get(at("table", "LE")).content.decode()
    assert page.count('role="columnheader"') == 4
    rows = re.findall(r'<th scope="row".*?</tr>', page, re.S)
    assert len(rows) == 4
    assert sum(row.count("غير مذكور") for row in rows) == 3
    assert sum(len(re.findall(r"stance-against", row)) for row in rows) == 2
    sheet = load_workbook(io.BytesIO(client.get(at("table", "LE") + "?as=xlsx").content)).active
    assert sheet.sheet_view.rightToLeft
    text = client.get(at("table", "LE") + "?as=csv").content.decode("utf-8-sig")
    told = list(csv.reader(io.StringIO(text)))
    assert len(told) == 1 + 4 * 3
    assert [row[2] for row in told].count("غير مذكور") == 3
    assert [row[2] for row in told].count("ضد") == 2
    outsider = desk(UserFactory.create(roles=["finance_viewer"]))
    assert outsider.get(at("table", "LE")).status_code == 403
    with override_settings(DEMO=False):
        call_command("remove_demo", "--yes")
    assert not Ask.objects.exists()
    assert not Position.objects.exists()


def test_a_party_corrects_its_own_position(demo: User) -> None:
    client = desk(demo)
    ask = Ask.objects.get(number=1, dossier__code="LE")
    party = Organisation.objects.get(code="PAR-04")
    before = Position.objects.count()
    page = client.post(at("links", "LE"), {"organisation": str(party.pk)}).content.decode()
    address = re.search(r'value="(http[^"]*/p/[^"]+)"', page)
    assert address is not None
    own = "/p/" + address[1].partition("/p/")[2]

    visitor = Client()
    page = visitor.get(own + "?language=ar").content.decode()
    assert "تجمع العائلات المستقلة" in page
    assert "التجديد المدني" not in page
    assert Position.objects.count() == before
    given = {
        f"stance-{ask.pk}": "part",
        f"words-{ask.pk}": "نقبل عشرين في المئة",
        "said_by": "الأمين العام",
    }
    unnamed = visitor.post(own + "?language=ar", {**given, "said_by": ""}).content.decode()
    assert "الاسم والصفة" in unnamed
    preview = visitor.post(own + "?language=ar", given).content.decode()
    assert "هل هذا صحيح؟" in preview
    assert Position.objects.count() == before
    done = visitor.post(own + "?language=ar", {**given, "confirm": "yes"}, follow=True)
    assert "شكراً لكم" in done.content.decode()
    assert Position.objects.count() == before + 1

    page = client.get(at("ask", ask.pk)).content.decode()
    assert "صحّحته الجهة نفسها" in page
    assert "العائلات تختار ممثليها" in page
    assert "نقبل عشرين في المئة" in page
    morning = client.get(reverse("accounts:morning")).content.decode()
    assert "تجمع العائلات المستقلة" in morning
    latest = Position.objects.get(source_kind="link")
    client.post(at("see", latest.pk))
    waits = "صحّحت تجمع العائلات المستقلة"
    assert waits in morning
    assert waits not in client.get(reverse("accounts:morning")).content.decode()
    timeline = client.get(reverse("dossiers:dossier", args=["LE"])).content.decode()
    assert "كوتا 30%" in timeline

    link = PositionLink.objects.get(private_link__withdrawn_at=None)
    client.post(at("withdraw_link", "LE", link.pk))
    assert visitor.get(own).status_code == 410
    assert visitor.post(own, {**given, "confirm": "yes"}).status_code == 410
    unsourced = {"stance": "for", "said_on": "2026-01-05", "source_kind": "letter", "source": ""}
    assert client.post(at("record", ask.pk, party.pk), unsourced).status_code == 200
    assert Position.objects.count() == before + 1
