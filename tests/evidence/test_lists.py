"""Lists of sources and media items: looked at first, nothing lost in silence, undone whole."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.urls import reverse

from factories import imports
from factories.accounts import UserFactory, sign_in_fully
from factories.evidence import NOW, make_item, make_media_item, make_source
from factories.spreadsheets import xlsx
from hiwar.common.imports.content import report_of
from hiwar.common.search.query import find as search
from hiwar.evidence.actions import sources
from hiwar.evidence.models import MediaItem, Source
from hiwar.evidence.queries.citing import in_order_of_bibliography

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

    from hiwar.accounts.models import User
    from hiwar.common.models import ImportRun

pytestmark = pytest.mark.django_db
RIS = """TY  - JOUR
AU  - التميمي، رنا
AU  - وزارة العمل
TI  - أثر التدريب غير المدفوع
T2  - مجلة الدراسات
PY  - 2024
VL  - 3
SP  - 15
EP  - 20
DO  - https://doi.org/10.1234/a.b
AB  - ملخص
ER  -
TY  - RPRT
TI  - سوق العمل والشباب
PY  - 2024
ER  -
TY  - BOOK
AU  - Haddad, Layla
ER  -
TY  - BOOK
TI  - Work
PY  - 1445هـ
SN  - 978-0-306-40615-8
UR  - not an address
ER  -
"""


@pytest.fixture
def officer(roles: object) -> User:
    return UserFactory.create(roles=["researcher"])


@pytest.fixture
def desk(client: Client, officer: User) -> Client:
    sign_in_fully(client, officer)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def post(desk: Client, step: str, run: ImportRun) -> HttpResponse:
    answer = desk.post(imports.at(step, run))
    run.refresh_from_db()
    return answer


def page(desk: Client, run: ImportRun) -> str:
    return desk.get(imports.at("import_run", run)).content.decode()


def found(reader: User, words: str) -> list[object]:
    return [hit.record for group in search(reader, words).groups for hit in group.hits]


def test_references_come_in_as_sources_and_go_as_they_came(desk: Client, officer: User) -> None:
    make_source(officer)
    answer, run = imports.send(
        desk, "evidence.sources", sources=("zotero.ris", RIS.encode()), visibility="institution"
    )
    assert run is not None, answer.content.decode()
    report, shown = report_of(run), page(desk, run)
    assert Source.objects.count() == 1
    assert [(row.line, row.outcome) for row in report.rows] == [
        (1, "new"),
        (13, "known"),
        (20, "new"),
    ]
    told = {(problem.line, problem.code) for problem in report.problems}
    assert told == {
        (13, "there"), (17, "title_missing"), (20, "issued_unreadable"), (20, "isbn_unreadable"),
        (20, "url_unreadable"),
    }  # fmt: skip
    assert [(lost.title, lost.count) for lost in report.not_taken] == [("AB", 1)]
    assert "This is no year or day of the common calendar" in shown
    post(desk, "confirm_import", run)
    article, book = Source.objects.filter(import_run=run).order_by("-kind")
    if article.kind != "article-journal":
        article, book = book, article
    assert (article.title, article.language, article.doi, article.pages, article.issued) == (
        "أثر التدريب غير المدفوع", "ar", "10.1234/a.b", "15-20", "2024",
    )  # fmt: skip
    assert article.authors == [{"family": "التميمي", "given": "رنا"}, {"literal": "وزارة العمل"}]
    assert (book.language, book.issued, book.isbn, book.url) == ("en", "", "", "")
    assert found(officer, "التدريب غير المدفوع") == [article.pk]
    source_page = desk.get(reverse("evidence:source", args=[article.pk])).content.decode()
    cited = (
        "رنا التميمي ووزارة العمل، «أثر التدريب غير المدفوع»، مجلة الدراسات، المجلد 3، 2024، "
        "ص \u206615–20\u2069، https://doi.org/10.1234/a.b."
    )
    assert cited in source_page
    listed = desk.get(reverse("evidence:export_sources", args=["txt"]), {"q": "مجلة الدراسات"})
    assert listed.content.decode() == f"{cited}\r\n"
    post(desk, "undo_import", run)
    assert run.state == "undone"
    assert Source.objects.count() == 1
    assert found(officer, "التدريب غير المدفوع") == []


def test_what_leaves_as_csl_json_comes_in_equal(desk: Client, officer: User) -> None:
    source = make_source(
        officer, container="مجلة", doi="10.1234/x", url="https://example.org/a", volume="2",
        pages="3-4", publisher_place="رام الله", issued="2024-03-05", note="ملاحظة", number="7",
        isbn="9780306406157", kind="article-newspaper",
    )  # fmt: skip
    content = desk.get(reverse("evidence:export_sources", args=["json"])).content
    fields = [*sources.FIELDS]
    before = Source.objects.values(*fields).get(pk=source.pk)
    assert desk.get(reverse("evidence:export_sources", args=["xml"])).status_code == 404
    _answer, run = imports.send(
        desk, "evidence.sources", sources=("x.json", content), visibility="institution", again="on"
    )
    assert run is not None
    # It is there already, and comes in once more because that was asked for.
    assert [problem.is_notice for problem in report_of(run).problems] == [True]
    post(desk, "confirm_import", run)
    assert Source.objects.values(*fields).get(import_run=run) == before
    assert json.loads(content)[0]["issued"] == {"date-parts": [[2024, 3, 5]]}


def test_a_file_that_would_lose_a_record_is_refused_with_its_line(desk: Client) -> None:
    broken = RIS.replace("TY  - BOOK\nAU  - Haddad", "AU  - Haddad")
    answer, run = imports.send(
        desk, "evidence.sources", sources=("list.ris", broken.encode()), visibility="institution"
    )
    assert run is None
    (error,) = answer.context["form"].non_field_errors()
    assert "has 4 references, and 3 of them can be read" in error
    assert "in these lines, or export the list again: 17" in error
    # A list of references is no list of people.
    answer, run = imports.send(desk, "evidence.media", media=("x.ris", RIS.encode()))
    assert run is None


def test_a_spreadsheet_of_sources_comes_in_in_its_own_words(desk: Client) -> None:
    rows = [
        ["م", "العنوان", "المؤلفون", "نوع المصدر", "سنة النشر", "الناشر", "اللغة", "الرابط"],
        ["1", "قرار بقانون العمل", "مجلس الوزراء", "قرار بقانون", "٢٠٢١", "", "عربي",
         "example.org/a"],
        ["2", "Une étude", "Roux, Anne; Petit, Jean", "تقرير", "2020", "Institut", "fr-FR", ""],
        ["3", "x" * 600, "", "شيء", "", "", "", ""],
    ]  # fmt: skip
    _answer, run = imports.send(
        desk, "evidence.sources", sources=("list.xlsx", xlsx(list=rows)), visibility="personal"
    )
    assert run is not None
    codes = {(problem.line, problem.code) for problem in report_of(run).problems}
    assert codes == {(4, "kind_unreadable"), (4, "too_long")}
    assert "Title: xxx" in page(desk, run)
    post(desk, "confirm_import", run)
    law = Source.objects.get(title="قرار بقانون العمل")
    assert (law.kind, law.issued, law.url, law.visibility) == (
        "legislation", "2021", "https://example.org/a", "personal",
    )  # fmt: skip
    study = Source.objects.get(title="Une étude")
    assert (study.language, [name["family"] for name in study.authors]) == ("fr", ["Roux", "Petit"])


def test_what_is_used_since_stays_and_nothing_is_undone(desk: Client, officer: User) -> None:
    _answer, run = imports.send(
        desk, "evidence.sources", sources=("x.ris", RIS.encode()), visibility="institution"
    )
    assert run is not None
    post(desk, "confirm_import", run)
    source = Source.objects.filter(import_run=run).latest("title")
    item = make_item(source)
    answer = desk.post(imports.at("undo_import", run), follow=True).content.decode()
    assert "Something of this list is cited" in answer
    item.delete()
    sources.check(actor=officer, record=source, on=date(2027, 7, 1), result="holds", now=NOW)
    post(desk, "undo_import", run)
    assert (run.state, Source.objects.filter(import_run=run).count()) == ("done", 3)


def test_a_source_that_somebody_may_not_read_is_not_told(client: Client, officer: User) -> None:
    make_source(officer, visibility="personal", title="Work", issued="", language="en")
    other = UserFactory.create(roles=["researcher"])
    sign_in_fully(client, other)
    _answer, run = imports.send(
        client, "evidence.sources", sources=("x.ris", RIS.encode()), visibility="institution"
    )
    assert run is not None
    assert "there" not in {problem.code for problem in report_of(run).problems}
    reader = UserFactory.create(roles=["facilitator"])
    sign_in_fully(client, reader)
    for kind in ("evidence.sources", "evidence.media"):
        assert client.get(reverse("accounts:import_files", args=[kind])).status_code == 403


def test_a_media_list_comes_in_with_what_each_row_says(desk: Client, officer: User) -> None:
    make_media_item(officer, code="CL-9", published_on=date(2026, 6, 2))
    rows = [
        ["code", "date", "outlet", "outlet_kind", "language", "headline", "topic", "tone",
         "cites_us", "reach_estimate", "clipping no"],
        ["CL-1", "01/03/2026", "صباح", "online", "ar", "تقرير حول الشواغر", "شواغر", "positive",
         "yes", "1,200", "7"],
        ["CL-9", "2026-03-02", "MED", "press", "en", "Another", "", "negative", "no", "", ""],
        ["", "2026-06-02", "صباح", "", "", "تقرير عن بدل التدريب", "", "محايد", "", "", ""],
        ["", "2026-03-03", "راديو", "إذاعة", "", "بلا نبرة", "", "", "ربما", "كثير", ""],
        ["", "2099-03-03", "MED", "press", "", "To come", "", "neutral", "", "", ""],
        ["", "someday", "MED", "press", "", "No day", "", "neutral", "", "", ""],
        ["", "2026-03-03", "", "press", "", "No medium", "", "neutral", "", "", ""],
    ]  # fmt: skip
    sent = ("clips.xlsx", xlsx(list=rows))
    _answer, run = imports.send(desk, "evidence.media", media=sent, visibility="institution")
    assert run is not None
    codes = {(problem.line, problem.code) for problem in report_of(run).problems}
    assert codes == {
        (3, "there"), (4, "there"), (5, "tone_unknown"), (6, "day_to_come"), (7, "day_unreadable"),
        (8, "outlet_missing"),
    }  # fmt: skip
    assert run.counts["left_out"] == 4
    desk.post(imports.at("discard_import", run))
    _answer, run = imports.send(
        desk, "evidence.media", media=sent, visibility="institution", tone="neutral"
    )
    assert run is not None
    codes = {(problem.line, problem.code) for problem in report_of(run).problems}
    assert {(5, "cites_institution_unreadable"), (5, "reach_unreadable")} <= codes
    post(desk, "confirm_import", run)
    first = MediaItem.objects.get(code="CL-1")
    assert (first.published_on, first.medium, first.tone, first.cites_institution, first.reach) == (
        date(2026, 3, 1), "online", "positive", True, 1200,
    )  # fmt: skip
    radio = MediaItem.objects.get(headline="بلا نبرة")
    assert (radio.medium, radio.tone, radio.language, radio.reach) == (
        "radio",
        "neutral",
        "ar",
        None,
    )
    assert MediaItem.objects.count() == 3
    post(desk, "undo_import", run)
    assert MediaItem.objects.count() == 1


def test_a_bibliography_begins_with_the_language_of_its_reader_and_the_first_author() -> None:
    sources = [
        Source(title="Work", language="en", authors=[{"family": "Haddad", "given": "L."}]),
        Source(title="ب", language="ar", authors=[{"family": "التميمي", "given": "رنا"}]),
        Source(title="The Atlas", language="en"),
        Source(title="ج", language="ar", authors=[{"literal": "أمانة السجل"}]),
    ]
    ordered = in_order_of_bibliography(sources, "ar")
    assert [source.title for source in ordered] == ["ج", "ب", "The Atlas", "Work"]
