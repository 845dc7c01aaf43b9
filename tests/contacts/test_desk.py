"""Every screen of the register answers, in both languages, and does what it says."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from factories import imports
from factories.accounts import UserFactory
from factories.contacts import (
    ContactPointFactory,
    InteractionFactory,
    MissionFactory,
    NoteFactory,
    OrganisationFactory,
    PersonFactory,
    PostFactory,
    PostHoldingFactory,
)
from factories.imports import at
from factories.spreadsheets import xlsx
from hiwar.common.imports.content import report_of
from hiwar.common.models import AuditEntry, ImportRun, SearchDocument
from hiwar.contacts.actions import merges, people
from hiwar.contacts.models import (
    ContactPoint,
    DuplicatePair,
    Interaction,
    NameKey,
    Note,
    Organisation,
    Person,
    PersonName,
    Post,
    PostHolding,
)
from hiwar.contacts.queries import search_people

pytestmark = pytest.mark.django_db


@pytest.fixture
def lina(roles):
    return UserFactory.create(roles=["international_relations"])


@pytest.fixture
def desk(at_desk, lina):
    return at_desk(lina)


def world(lina, now):
    mission = MissionFactory.create()
    post = PostFactory.create(organisation=mission, style="consul")
    holding = PostHoldingFactory.create(post=post, starts_on=date(2025, 1, 1))
    talk = InteractionFactory.create(organisation=mission, post=post)
    talk.people.add(holding.person)
    talk.promises.create(text="Send the text", due_on=date(2026, 1, 1))
    ContactPointFactory.create(person=holding.person)
    NoteFactory.create(person=holding.person)
    twin = people.create_person(actor=lina, shown_name={"ar": "منى القواسمي"}, now=now)
    ContactPointFactory.create(person=twin)
    people.index_person(person=holding.person)
    holding.person.names.create(language="ar", text="منى القواسمي")
    merges.find_duplicates(actor=lina, now=now)
    return mission, post, holding, talk


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_page_answers(desk, lina, now, language):
    mission, post, holding, talk = world(lina, now)
    pair = DuplicatePair.objects.first()
    keys = {
        "person": holding.person_id, "organisation": mission.pk, "post": post.pk,
        "interaction": talk.pk, "pair": pair.pk, "settle": talk.promises.get().pk,
        "edit_person": holding.person_id, "name_person": holding.person_id,
        "consent": holding.person_id, "relate": holding.person_id,
        "person_post": holding.person_id, "edit_organisation": mission.pk, "join": mission.pk,
        "new_post": mission.pk, "edit_post": post.pk, "hold": post.pk, "order": post.pk,
        "promise": talk.pk,
    }  # fmt: skip
    plain = ["people", "new_person", "organisations", "new_organisation", "missions",
             "interactions", "new_interaction", "duplicates", "export"]  # fmt: skip
    paths = [reverse(f"contacts:{name}") for name in plain]
    paths += [reverse(f"contacts:{name}", args=[key]) for name, key in keys.items()]
    for kind, key in (("person", holding.person_id), ("post", post.pk)):
        paths += [reverse(f"contacts:{name}", args=[kind, key])
                  for name in ("note", "point", "visibility")]  # fmt: skip
    paths.append(reverse("contacts:leave_post", args=[post.pk, holding.pk]))
    for path in paths:
        answer = desk.get(path, {"language": language})
        assert answer.status_code == 200, path


def test_a_person_is_added_in_a_minute(desk, lina):
    body = OrganisationFactory.create()
    answer = desk.post(
        reverse("contacts:new_person"),
        {"shown_name_ar": "د. هبة عودة", "phone": "0599 111 222", "organisation": str(body.pk),
         "title_ar": "مديرة البرامج"},
    )  # fmt: skip
    assert answer.status_code == 302, answer.context["form"].errors
    person = Person.objects.get()
    assert answer["Location"] == reverse("contacts:person", args=[person.pk])
    assert person.honorific == "doctor"
    assert person.holdings.get().post.organisation == body
    page = desk.get(answer["Location"]).content.decode()
    assert "0599 111 222" in page
    found = desk.get(reverse("contacts:people"), {"q": "Hiba"}).content.decode()
    assert "هبة عودة" in found


def test_bad_input_is_answered_in_words(desk, lina, now):
    _mission, post, holding, _talk = world(lina, now)
    long = "ن" * 5000
    cases = [
        (reverse("contacts:new_person"), {"shown_name_ar": ""}),
        (reverse("contacts:new_person"), {"shown_name_ar": long}),
        (reverse("contacts:new_person"), {"shown_name_ar": "رنا", "phone": "12"}),
        (reverse("contacts:new_person"), {"shown_name_ar": "رنا", "title_ar": "x"}),
        (reverse("contacts:hold", args=[post.pk]), {"person": "لا أحد"}),
        (reverse("contacts:hold", args=[post.pk]), {"person": "منى القواسمي"}),
        (reverse("contacts:new_interaction"), {"kind": "call", "happened_on": "2020-01-01",
                                               "subject": "x", "visibility": "institution"}),
        (reverse("contacts:new_organisation"), {"name_ar": "x", "kind": "nonsense"}),
        (reverse("contacts:edit_person", args=[holding.person_id]), {"shown_name_ar": "x",
                                                                     "birth_year": "12"}),
        (reverse("accounts:import_files", args=["contacts.people"]), {}),
    ]  # fmt: skip
    for path, given in cases:
        answer = desk.post(path, given)
        assert answer.status_code == 200, path
        assert answer.context["form"].errors, (path, given)
        assert 'role="alert"' in answer.content.decode(), (path, given)
    for key in ("nonsense", "00000000-0000-4000-8000-000000000000"):
        assert desk.get(reverse("contacts:person", args=[key])).status_code == 404
    assert desk.get(reverse("contacts:note", args=["planet", str(post.pk)])).status_code == 404


def test_namesakes_are_told_apart_by_the_beginning_of_the_key(desk, lina, now):
    post = PostFactory.create()
    first = PersonFactory.create()
    second = PersonFactory.create()
    for one in (first, second):
        people.index_person(person=one)
        one.names.create(language="ar", text="منى القواسمي")
    given = {"person": f"منى القواسمي #{second.pk.hex[:8]}"}
    assert desk.post(reverse("contacts:hold", args=[post.pk]), given).status_code == 302
    assert post.holdings.get().person == second


def test_a_contact_is_written_down_from_the_page_of_the_post(desk, lina, now):
    mission, post, _holding, _talk = world(lina, now)
    address = f"{reverse('contacts:new_interaction')}?post={post.pk}"
    assert f'value="{post.pk}" selected' in desk.get(address).content.decode()
    desk.post(
        address,
        {"kind": "letter", "happened_on": "2026-01-02", "subject": "A letter went out",
         "post": str(post.pk), "visibility": "institution"},
    )  # fmt: skip
    made = Interaction.objects.get(subject="A letter went out")
    assert made.organisation == mission
    page = desk.get(reverse("contacts:post", args=[post.pk])).content.decode()
    assert "A letter went out" in page


def test_removing_and_putting_back(desk, lina, now):
    person = PersonFactory.create()
    body = OrganisationFactory.create()
    desk.post(reverse("contacts:remove_person", args=[person.pk]))
    assert desk.get(reverse("contacts:person", args=[person.pk])).status_code == 404
    desk.post(reverse("contacts:restore_person", args=[person.pk]))
    assert desk.get(reverse("contacts:person", args=[person.pk])).status_code == 200
    desk.post(reverse("contacts:remove_organisation", args=[body.pk]))
    desk.post(reverse("contacts:restore_organisation", args=[body.pk]))
    assert Organisation.objects.get(pk=body.pk).removed_at is None
    talk = InteractionFactory.create()
    desk.post(reverse("contacts:remove_interaction", args=[talk.pk]))
    assert desk.get(reverse("contacts:interaction", args=[talk.pk])).status_code == 404
    desk.post(reverse("contacts:restore_interaction", args=[talk.pk]))
    assert desk.get(reverse("contacts:interaction", args=[talk.pk])).status_code == 200


def test_a_pair_is_decided_side_by_side_and_undone(desk, lina, now):
    world(lina, now)
    pair = DuplicatePair.objects.get()
    address = reverse("contacts:pair", args=[pair.pk])
    desk.post(address, {"decision": "first", "birth_year": "second"})
    pair.refresh_from_db()
    assert pair.state == DuplicatePair.State.MERGED
    old = desk.get(reverse("contacts:person", args=[pair.second_id]))
    assert old["Location"] == reverse("contacts:person", args=[pair.first_id])
    merge = pair.first.merges_kept.get()
    desk.post(reverse("contacts:undo_merge", args=[merge.pk]))
    assert desk.get(reverse("contacts:person", args=[pair.second_id])).status_code == 200
    desk.post(address, {"decision": "apart"})
    assert desk.get(address).status_code == 404


def spreadsheet(*rows: list[object], joined: str = "") -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if joined:
        book.active.merge_cells(joined)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def upload(desk, content: bytes, name: str = "people.xlsx") -> ImportRun:
    answer, run = imports.send(desk, "contacts.people", people=(name, content))
    assert run is not None, answer.context["form"].errors
    return run


def test_a_messy_spreadsheet_is_looked_at_confirmed_and_undone(desk, lina):
    content = spreadsheet(
        ["قائمة الحضور"],
        [],
        ["م", "الاسم الكامل / Full name", "رقم الجوال", "الجهة", "المسمى الوظيفي", "Remarks"],
        [1, "السيدة منال غازي", "0599 100 200", "بلدية وادي الزيتون", "منسقة", ""],
        [2, "منال  غازى", "+970599100200", "", "", ""],
        [3, "", "0599100300", "", "", ""],
        [4, "فادي جمال", "12", "بلدية وادى الزيتون", "مهندس", ""],
    )
    run = upload(desk, content)
    page = desk.get(at("import_run", run)).content.decode()
    assert not Person.objects.exists()
    assert run.counts["people"] == 2
    assert run.counts["problems"] == {"name_missing": 1, "phone_unreadable": 1}
    assert page.index("table-frame") < page.index("key-figures")
    assert "0599 100 200" in page, "as it was written, not as it is compared"
    people = reverse("contacts:people")
    assert f'href="{people}" aria-current="page"' in page, "the menu marks the room of the file"
    assert 'href="/desk/" aria-current' not in page
    desk.post(at("confirm_import", run))
    assert Person.objects.count() == 2
    assert Organisation.objects.count() == 1
    manal = Person.objects.get(sex="female")
    assert set(manal.names.values_list("text", flat=True)) == {"منال غازي", "منال غازى"}
    assert {person.pk for person in search_people(lina, "منال غازى")} == {manal.pk}
    desk.post(at("undo_import", run))
    assert not Person.objects.exists()
    assert not Organisation.objects.exists()
    assert not SearchDocument.objects.filter(kind="contacts.person").exists()


def test_what_the_columns_mean_is_remembered(desk, lina):
    content = "أ;ب\nفادي جمال;0599100200\n".encode("cp1256")
    run = upload(desk, content, "old.csv")
    assert run.choices["people"]["mapping"] == {}
    desk.post(at("confirm_import", run))
    assert not Person.objects.exists(), "without a column of names nothing comes in"
    meanings = {"part": "people", "people-column-0": "name", "people-column-1": "phone"}
    desk.post(at("import_run", run), meanings)
    run.refresh_from_db()
    assert run.counts["people"] == 1
    again = upload(desk, content + "هدى كتانة;\n".encode("cp1256"), "new.csv")
    assert again.choices["people"]["mapping"] == {"0": "name", "1": "phone"}
    desk.post(at("discard_import", again))
    assert not ImportRun.objects.filter(pk=again.pk).exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\x01\x02" * 50, b"PK\x03\x04 broken", b"BEGIN:VCARD\nFN:x", "\ufeff\n".encode()],
)
def test_a_bad_file_is_refused_in_words(desk, lina, content):
    answer, run = imports.send(desk, "contacts.people", people=("x.csv", content))
    assert answer.status_code == 200
    assert run is None
    assert not ImportRun.objects.exists()
    assert 'role="alert"' in answer.content.decode()


def test_what_is_not_taken_is_said_before_it_is_brought_in(desk, lina):
    rows = [
        ["الاسم", "المؤسسة", "ملاحظات", "القطاع"],
        ["سهى ريان", "مركز التل", "لا يتصل", "قطاع ما"],
    ]
    run = upload(desk, xlsx(hidden_help=[["help"]], first=rows, second=[["Name"], ["Sami Ward"]]))
    report = report_of(run)
    assert {(one.why, one.title, one.count) for one in report.not_taken} == {
        ("value", "القطاع", 1),
    }  # fmt: skip
    assert report.about["people"]["left"] == ["second"]
    assert report.about["people"]["hidden"] == ["hidden_help"]
    page = desk.get(at("import_run", run)).content.decode()
    assert "hidden_help" in page
    assert "سهى ريان" in page
    desk.post(at("confirm_import", run))
    person = Person.objects.get()
    assert person.shown_name == {"ar": "سهى ريان"}
    assert [str(row.organisation) for row in person.memberships.all()] == ["مركز التل"]
    note = person.notes.get()
    assert (note.text, note.visibility, note.owner) == ("لا يتصل", "personal", lina)
    desk.post(at("undo_import", run))
    for model in (Person, Organisation, Note):
        assert not model.objects.exists()


def test_an_organisation_that_differs_is_asked_about(desk, lina):
    head = "الاسم,الجوال,سنة الميلاد,المؤسسة,المنصب\n"
    rows = (
        "محمد خالد العيسى,0599711001,1987,بلدية الساحل,مدير\n"
        "محمد خالد العيسى,0599711001,1987,نقابة النور,أمين\n"
    )
    run = upload(desk, (head + rows).encode(), "list.csv")
    assert (run.counts["people"], run.counts["to_decide"]) == (2, 1)
    desk.post(at("confirm_import", run))
    pair = DuplicatePair.objects.get()
    assert "other-organisation" in {reason["code"] for reason in pair.reasons}
    later = upload(
        desk, (head + "محمد خالد العيسى,0599711001,1987,نادي الفجر,مدير\n").encode(), "2.csv"
    )
    assert (later.counts["people"], later.counts["known"]) == (1, 0), (
        "known with other organisations"
    )


def test_the_sheet_and_the_line_of_headings_are_chosen(desk, lina):
    run = upload(desk, xlsx(first=[["الاسم"], ["رنا حداد"]], second=[["Name"], ["Sami Ward"]]))
    chosen = {"part": "people", "choose": "1", "people-sheet-sheet": "second"}
    desk.post(at("import_run", run), chosen)
    run.refresh_from_db()
    assert [row.cells[0] for row in report_of(run).rows] == ["Sami Ward"]
    desk.post(at("import_run", run), {**chosen, "people-sheet-line": "0"})
    run.refresh_from_db()
    assert run.counts["lines"] == 2, "the heading is a row like the others"


def test_nobody_is_lost_without_a_line_of_headings(desk, lina):
    run = upload(desk, "رنا عوكل,0599000001\nهدى كتانة,0599000002\n".encode(), "list.csv")
    assert run.counts["lines"] == 2
    meanings = {"part": "people", "people-column-0": "name", "people-column-1": "phone"}
    desk.post(at("import_run", run), meanings)
    desk.post(at("confirm_import", run))
    assert Person.objects.count() == 2


def test_what_a_row_adds_to_somebody_known_is_shown_field_by_field_and_undone(desk, lina):
    first = upload(desk, spreadsheet(["الاسم", "جوال"], ["رنا حداد", "0599000001"]))
    desk.post(at("confirm_import", first))
    before = everything_of_people()
    rows = spreadsheet(
        ["الاسم", "جوال", "بريد إلكتروني", "المؤسسة", "المنصب"],
        ["رنا  حدّاد", "0599000001", "rana@example.org", "مركز التل", "مديرة"],
    )
    run = upload(desk, rows)
    assert [row.outcome for row in report_of(run).rows] == ["changed"]
    changes = {(one.field, one.after) for row in report_of(run).changed for one in row.changes}
    assert ("email", "rana@example.org") in changes
    assert ("post", "مديرة · مركز التل") in changes
    page = desk.get(at("import_run", run)).content.decode()
    assert "rana@example.org" in page
    desk.post(at("confirm_import", run))
    assert everything_of_people() != before
    desk.post(at("undo_import", run))
    assert everything_of_people() == before


def everything_of_people() -> list[list[object]]:
    """Return all columns of all rows that speak of people."""
    models = (Person, PersonName, ContactPoint, NameKey, Organisation, Post, PostHolding)
    rows = [sorted(map(str, model.objects.values_list())) for model in models]
    keyless = SearchDocument.objects.values_list("record", "folded_title", "folded_body")
    return [*rows, sorted(map(str, keyless))]


def test_cells_joined_downwards_speak_for_every_row(desk, lina):
    content = spreadsheet(
        ["الاسم", "المؤسسة", "المنصب"],
        ["رنا حداد", "ملتقى السنديان", "مديرة"],
        ["فادي جمال", None, "محاسب"],
        joined="B2:B3",
    )
    desk.post(at("confirm_import", upload(desk, content)))
    assert Organisation.objects.get().posts.count() == 2


def test_people_leave_the_house_with_a_reason_and_no_formula(desk, lina):
    person = PersonFactory.create(shown_name={"ar": "منى", "en": "=HYPERLINK(1)"})
    NoteFactory.create(person=person, text="must stay here")
    ContactPointFactory.create(person=person, value="0599123456")
    ContactPointFactory.create(person=person, value="02-2950000", key="22950000", is_private=False)
    address = reverse("contacts:export")
    assert desk.post(address, {"kind": "xlsx"}).status_code == 200, "a reason is asked for"
    for kind in ("xlsx", "csv", "vcf3", "vcf4"):
        answer = desk.post(address, {"kind": kind, "reason": "letters"})
        text = answer.content.decode(errors="replace")
        if kind == "xlsx":
            sheet = load_workbook(io.BytesIO(answer.content)).active
            assert sheet.sheet_view.rightToLeft
            cells = [str(cell.value or "") for row in sheet.iter_rows() for cell in row]
            assert all(cell.data_type == "s" for row in sheet.iter_rows() for cell in row
                       if cell.value)  # fmt: skip
            text = "\n".join(cells)
        assert "must stay here" not in text
        assert "0599123456" not in text
        assert "2950000" in text
        if kind in {"xlsx", "csv"}:
            assert "'=HYPERLINK(1)" in text
    whole = desk.post(address, {"kind": "csv", "reason": "letters", "with_private": "on"})
    assert "0599123456" in whole.content.decode()
    entries = AuditEntry.objects.filter(verb="contacts.person.export")
    assert entries.count() == 5
    assert entries.first().changed["reason"] == ["", "letters"]
