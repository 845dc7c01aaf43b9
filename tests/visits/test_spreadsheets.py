"""Travellers and a programme out of spreadsheets, through the one desk of files."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from factories import imports
from factories.accounts import sign_in_fully
from factories.spreadsheets import xlsx
from factories.visits import delegation_file, make_visit
from hiwar.common.imports.content import report_of
from hiwar.events.models import Event
from hiwar.visits.models import Visit

PEOPLE = [
    ["م", "الاسم", "Name", "المنصب", "الطعام", "الاحتياجات"],
    ["1", "سيغنه هالفورسن", "Signe Halvorsen", "Head of delegation", "none", "step-free"],
    ["2", "", "", "", "vegetarian", ""],
    ["3", "إيدا نيلسن", "", "نائبة في البرلمان", "نباتي", ""],
]


def programme(visit):
    day = visit.starts_on
    return [
        ["اليوم", "من", "إلى", "النشاط", "النوع", "المكان", "الجهة المضيفة", "تسجيل"],
        [f"{day:%d/%m/%Y}", "9:00", "10:30", "لقاء مع البلدية", "", "قاعة البلدية", "nobody", "x"],
        [f"{day:%Y-%m-%d} 00:00:00", "11:00", "12:00", "Round table", "round table", "", "", ""],
        [f"{day:%d/%m/%Y}", "14:00", "13:00", "Backwards", "", "", "", ""],
        ["1/1/2020", "9:00", "10:00", "Long ago", "", "", "", ""],
    ]


@pytest.mark.django_db
def test_travellers_and_programme_come_in_from_spreadsheets(client, staff, in_english):
    visit = make_visit(staff["IR"])
    sign_in_fully(client, staff["IR"])
    events = Event.objects.count()
    files = {
        "travellers": ("people.xlsx", xlsx(list=PEOPLE)),
        "programme": ("days.xlsx", xlsx(list=programme(visit))),
    }
    answer, run = imports.send(client, "visits.spreadsheet", visit.pk, **files)
    assert run is not None, answer.content.decode()
    run.refresh_from_db()
    report = report_of(run)
    assert [(row.part, row.outcome) for row in report.rows] == [
        ("travellers", "new"), ("travellers", "new"), ("programme", "new"), ("programme", "new"),
        ("travellers", "left_out"), ("programme", "left_out"),
    ]  # fmt: skip
    codes = {(problem.code, problem.line) for problem in report.problems}
    assert {("name_missing", 3), ("hours_unreadable", 4), ("delegation", 5)} <= codes
    assert {(lost.title, lost.count) for lost in report.not_taken} >= {("تسجيل", 1)}
    assert not visit.travellers.exists()
    page = client.get(reverse("accounts:import_run", args=[run.pk]))
    assert "Signe Halvorsen" in page.content.decode()
    client.post(reverse("accounts:confirm_import", args=[run.pk]))
    first, second = visit.travellers.order_by("number")
    assert (first.name, first.other_name, first.diet) == ("Signe Halvorsen", "سيغنه هالفورسن", "")
    assert (first.is_head, first.is_step_free) == (True, True)
    assert (second.name, dict(second.role)) == ("إيدا نيلسن", {"ar": "نائبة في البرلمان"})
    items = [item.event for item in visit.items.order_by("event__starts_at")]
    assert [(event.kind, dict(event.title)) for event in items] == [
        ("meeting", {"ar": "لقاء مع البلدية"}), ("round_table", {"en": "Round table"}),
    ]  # fmt: skip
    client.post(reverse("accounts:undo_import", args=[run.pk]))
    assert not visit.travellers.exists()
    assert Event.objects.count() == events


@pytest.mark.django_db
def test_a_delegation_file_comes_in_by_the_same_desk_and_goes_as_it_came(client, staff, in_english):
    visit = make_visit(staff["IR"])
    sign_in_fully(client, staff["IR"])
    before = Visit.objects.filter(pk=visit.pk).values().get()
    document = delegation_file() | {"vehicle": "x"}
    content = b"\xef\xbb\xbf" + json.dumps(document).encode()
    answer, run = imports.send(
        client, "visits.spreadsheet", visit.pk, delegation=("velmark.json", content)
    )
    assert run is not None, answer.content.decode()
    assert (
        document["members"][0]["name"]
        in client.get(reverse("accounts:import_run", args=[run.pk])).content.decode()
    )
    assert Visit.objects.filter(pk=visit.pk).values().get() == before
    client.post(reverse("accounts:confirm_import", args=[run.pk]))
    assert visit.travellers.count() == len(document["members"])
    assert Visit.objects.get(pk=visit.pk).state == "draft"
    client.post(reverse("accounts:undo_import", args=[run.pk]))
    assert Visit.objects.filter(pk=visit.pk).values().get() == before
    assert not visit.travellers.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [b"{", b"[1]", b'{"a": ' + b"[" * 9000, b"{" + b" " * 10**6 + b"}"],
    ids=["torn", "a list", "deep", "long"],
)
def test_what_is_no_delegation_file_is_refused_in_words(client, staff, content):
    visit = make_visit(staff["IR"])
    sign_in_fully(client, staff["IR"])
    sent = {"delegation": ("x.json", content)}
    answer, run = imports.send(client, "visits.spreadsheet", visit.pk, **sent)
    assert run is None
    assert answer.context["form"].non_field_errors()
