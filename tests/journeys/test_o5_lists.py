"""O5, steps 1 and 2, through the screens in Arabic: two lists come in, are decided and undone."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from factories import imports
from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from hiwar.common.models import AuditEntry, ImportRun
from hiwar.contacts.models import DuplicatePair, Merge, Person
from hiwar.contacts.queries.register import open_pairs
from hiwar.events.models import Attendance, Event, Room
from hiwar.events.queries.figures import Selection, figures
from hiwar.places.actions import load_demo_pack
from hiwar.places.models import Season

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.models import User

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.shared_data,
    pytest.mark.exhaustive("journeys"),
]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def tala(roles: object, now: datetime) -> User:
    InstitutionFactory.create()
    load_demo_pack(ROOT / "demo", now)
    return UserFactory.create(roles=["me_officer"])


def desk(user: User, language: str = "ar") -> Client:
    client = Client()
    sign_in_fully(client, user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def at(name: str, *parts: object) -> str:
    return reverse(f"events:{name}", args=parts)


def send(client: Client, **files: tuple[str, bytes]) -> ImportRun | None:
    _answer, run = imports.send(client, "events.attendance", **files)
    imports.work(timezone.now())
    if run is not None:
        run.refresh_from_db()
    return run


def step(client: Client, name: str, run: ImportRun) -> None:
    """Take a step of a run, and let the worker do what it leaves to be done."""
    client.post(imports.at(name, run))
    imports.work(timezone.now())


def lists(folder: Path) -> dict[str, tuple[str, bytes]]:
    data = folder / "demo/scenario-data"
    return {
        "activities": ("s5-activities.csv", (data / "s5-activities.csv").read_bytes()),
        "attendance": ("s5-attendance.csv", (data / "s5-attendance.csv").read_bytes()),
    }


def test_half_a_year_of_lists_becomes_617_people(shared_data: Path, tala: User) -> None:
    client = desk(tala)
    sheet = send(client, **lists(shared_data))
    assert sheet is not None
    problems = sheet.counts["problems"]
    assert problems["activities:weekend"] == 12
    seasons = {str(one.pk): str(one.name["en"]) for one in Season.objects.all()}
    by_season: dict[str, int] = {}
    for kind, count in problems.items():
        name = seasons.get(kind.rpartition(":")[2], "").partition(" ")[0]
        by_season[name] = by_season.get(name, 0) + count
    assert (by_season["Ramadan"], by_season["Eid"]) == (7, 2)
    assert problems["attendance:phone_missing"] == 285
    page = client.get(imports.at("import_run", sheet)).content.decode()
    assert "في عطلة نهاية الأسبوع" in page
    assert "عيد الفطر" in page
    assert imports.at("confirm_import", sheet) in page
    assert not Event.objects.exists()
    assert not Person.objects.exists()

    step(client, "confirm_import", sheet)
    assert Event.objects.count() == 42
    assert Room.objects.filter(kind=Room.Kind.WOMEN_ONLY).count() == 5
    assert Attendance.objects.count() == 1004
    assert Person.objects.count() == 617
    pairs = list(open_pairs(tala))
    assert len(pairs) <= 60
    assert sum(pair.verdict == "namesakes" for pair in pairs) == 12
    shown = client.get(reverse("contacts:duplicates")).content.decode()
    assert str(pairs[0].first) in shown
    for pair in pairs:
        client.post(reverse("contacts:pair", args=[pair.pk]), {"decision": "apart"})
    assert not open_pairs(tala).exists()
    assert Person.objects.filter(merged_into=None).count() == 617

    page = client.get(at("attendance")).content.decode()
    for figure in ("42", "1,004", "617", "3,712"):
        assert figure in page
    found = figures(tala, Selection())
    assert (found.activities, found.times, found.people, found.hours) == (42, 1004, 617, 3712)
    assert [line.people for line in found.sexes] == [333, 284]
    assert found.with_disability == 35
    assert [line.people for line in found.breakdowns[0].lines if line.people] == [374, 180, 43, 20]
    by_donor = [figures(tala, Selection(donor=donor)) for donor in ("DON-A", "DON-B")]
    assert [(one.activities, one.times, one.people) for one in by_donor] == [
        (28, 668, 479), (28, 672, 491),
    ]  # fmt: skip
    assert [one.sexes[0].people for one in by_donor] == [255, 279]
    assert [one.hours for one in by_donor] == [2512, 2448]

    assert send(client, activities=lists(shared_data)["activities"]) is None
    step(client, "undo_import", sheet)
    left = Event, Person, Attendance, DuplicatePair
    assert [model.objects.count() for model in left] == [0, 0, 0, 0]  # type: ignore[attr-defined]
    assert send(client, **lists(shared_data)) is not None
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {f"common.importrun.{verb}" for verb in ("prepare", "confirm", "undo")} <= verbs


def test_small_numbers_leave_neither_the_page_nor_the_files(shared_data: Path, tala: User) -> None:
    client = desk(tala)
    sheet = send(client, **lists(shared_data))
    assert sheet is not None
    step(client, "confirm_import", sheet)
    sheet_of_figures = load_workbook(
        io.BytesIO(client.get(at("attendance") + "?as=xlsx").content)
    ).active
    assert sheet_of_figures.sheet_view.rightToLeft
    text = client.get(at("attendance") + "?as=csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    small = [cell for row in rows for cell in row[1:] if cell in {"1", "2", "3", "4"}]
    assert small == []
    assert any("محجوب لقلة العدد" in row for row in rows)
    assert AuditEntry.objects.filter(verb="events.attendance.export").count() == 2
    stranger = desk(UserFactory.create(roles=["researcher"]))
    assert stranger.get(at("attendance")).status_code == 403
    assert stranger.get(imports.at("import_run", sheet)).status_code == 403


def test_what_was_worked_on_is_not_undone(shared_data: Path, tala: User, now: datetime) -> None:
    client = desk(tala)
    sheet = send(client, **lists(shared_data))
    assert sheet is not None
    step(client, "confirm_import", sheet)
    event = Event.objects.get(code="ACT-03")
    Attendance.objects.create(event=event, room=event.rooms.get(), name="x", arrived_at=now)
    step(client, "undo_import", sheet)
    page = client.get(imports.at("import_run", sheet)).content.decode()
    assert "لم يُتراجع عن شيء" in page
    assert Attendance.objects.count() == 1005
    assert Person.objects.count() == 617


def test_a_field_list_with_odd_headings_is_read_and_its_columns_remembered(tala: User) -> None:
    book = Workbook()
    rows = book.active
    rows.append(["كشف الأنشطة / Activities"])
    rows.append(
        ["رمز النشاط / code", "نوع النشاط", "تاريخ النشاط", "عدد الساعات", "المحافظة", "شيء"]
    )
    rows.append(["T1", "ورشة عمل", "٥/١/٢٠٢٧", "٣", "الخليل", "DON-Z"])
    rows.append(["T2", "حفل", "2027-02-30", "2", "الخليل", ""])
    rows.append(["T1", "ورشة", "2027-01-06", "2", "لا مكان", ""])
    out = io.BytesIO()
    book.save(out)
    people = (
        "رقم;النشاط;الاسم;الجوال\n1;T1;منى حداد;0599 000 111\n2;T1;مني حداد;00970 599000111\n"
        "3;T9;سمر علي;\n4;T1;منى حداد;\n"
    )
    client = desk(tala)
    sheet = send(client, activities=("أنشطة.xlsx", out.getvalue()),
                 attendance=("حضور.csv", people.encode("cp1256")))  # fmt: skip
    assert sheet is not None
    problems = sheet.counts["problems"]
    assert problems["activities:date_unreadable"] == 1
    assert problems["activities:activity_twice"] == 1
    assert problems["attendance:activity_unknown"] == 1
    assert problems["attendance:person_twice"] == 1
    assert (sheet.counts["activities"], sheet.counts["rows"]) == (1, 4)

    known = sheet.choices["activities"]["mapping"]
    columns = {f"activities-column-{column}": code for column, code in known.items()}
    columns |= {"activities-column-5": "donors", "part": "activities"}
    client.post(imports.at("import_run", sheet), columns)
    sheet.refresh_from_db()
    assert sheet.choices["activities"]["mapping"]["5"] == "donors"
    step(client, "confirm_import", sheet)
    event = Event.objects.get()
    assert (event.kind, event.donors) == ("workshop", ["DON-Z"])
    assert event.starts_on.isoformat() == "2027-01-05"
    assert str(event.place) == "الخليل"
    assert event.title["ar"].endswith("T1")
    # The same name without a telephone is for a person to decide, not for a program.
    assert Attendance.objects.count() == 2

    rows["A3"], rows["A5"] = "U1", "U3"
    out = io.BytesIO()
    book.save(out)
    following = send(client, activities=("أنشطة 2.xlsx", out.getvalue()))
    assert following is not None
    assert following.choices["activities"]["mapping"]["5"] == "donors"


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 50, b"PK\x03\x04broken"])
def test_a_file_that_is_no_list_is_refused_in_words(tala: User, content: bytes) -> None:
    client = desk(tala)
    assert send(client, activities=("list.csv", content)) is None
    assert not ImportRun.objects.exists()
    nothing = client.post(
        reverse("accounts:import_files", args=["events.attendance"]), {}
    ).content.decode()
    assert "يُرجى اختيار ملف" in nothing


def field_lists() -> dict[str, tuple[str, bytes]]:
    """Return two workshops to which one woman came under two spellings, with no telephone."""
    activities = (
        "رمز النشاط,نوع النشاط,تاريخ النشاط,عدد الساعات,المحافظة\n"
        "W1,ورشة عمل,2027-01-05,3,الخليل\nW2,ورشة عمل,2027-01-12,2,الخليل\n"
    )
    people = (
        "رقم,النشاط,الاسم,الجنس,سنة الميلاد,المحافظة\n"
        "1,W1,هدى مهدي إسماعيل,أنثى,2006,الخليل\n2,W2,هدى مهدي إسماعيلي,أنثى,2006,الخليل\n"
        "3,W1,سمر علي ناصر,أنثى,1990,الخليل\n4,W2,زياد كامل حسن,ذكر,1980,الخليل\n"
    )
    return {
        "activities": ("أنشطة.csv", activities.encode()),
        "attendance": ("حضور.csv", people.encode()),
    }


def test_a_pair_made_one_counts_once_and_as_two_when_undone(tala: User) -> None:
    client = desk(tala)
    sheet = send(client, **field_lists())
    assert sheet is not None
    step(client, "confirm_import", sheet)
    assert (figures(tala, Selection()).people, figures(tala, Selection()).times) == (4, 4)
    pair = open_pairs(tala).get()
    shown = client.get(reverse("contacts:pair", args=[pair.pk])).content.decode()
    assert "هدى مهدي إسماعيلي" in shown
    client.post(reverse("contacts:pair", args=[pair.pk]), {"decision": "first"})
    assert not open_pairs(tala).exists()
    joined = figures(tala, Selection())
    assert (joined.people, joined.times, joined.hours) == (3, 4, 10)
    assert Attendance.objects.filter(person=pair.second).exists()

    merge = Merge.objects.get()
    client.post(reverse("contacts:undo_merge", args=[merge.pk]))
    assert figures(tala, Selection()).people == 4
    assert open_pairs(tala).get().pk == pair.pk


def test_a_list_copied_from_a_sheet_is_read_and_a_formula_stays_text(tala: User) -> None:
    """Tabs between the columns, and a name that a spreadsheet would calculate."""
    given = field_lists()
    tabs = given["attendance"][1].replace(b",", b"\t")
    tabs += "5\tW2\t=HYPERLINK(1)\tأنثى\t1999\tالخليل\n".encode()
    client = desk(tala)
    sheet = send(client, activities=given["activities"], attendance=("حضور.txt", tabs))
    assert sheet is not None
    assert (sheet.counts["rows"], sheet.counts["activities"]) == (5, 2)
    step(client, "confirm_import", sheet)
    planted = Person.objects.get(birth_year=1999)
    assert str(planted) == "=HYPERLINK(1)"


def test_more_rows_than_can_be_shown_are_refused_before_anything_is_read(tala: User) -> None:
    given = field_lists()
    head, _, row = given["attendance"][1].partition(b"\n")
    many = head + b"\n" + row.partition(b"\n")[0] + b"\n"
    many += many.partition(b"\n")[2] * 20_100
    client = desk(tala)
    answer = client.post(reverse("accounts:import_files", args=["events.attendance"]), {
        "activities": SimpleUploadedFile("a.csv", given["activities"][1]),
        "attendance": SimpleUploadedFile("b.csv", many),
    })  # fmt: skip
    assert "20,000" in answer.content.decode()
    assert not ImportRun.objects.exists()
