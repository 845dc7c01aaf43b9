"""Frozen texts as files: each note on the page of its mark, DOCX that runs both ways, who reads."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn
from lxml import etree
from pypdf import PdfReader

from factories.accounts import UserFactory, sign_in_fully
from factories.papers import NOW, blocks_in, make_paper, make_ready, write
from hiwar.papers.actions import versions
from hiwar.papers.actions.blocks import add_block
from hiwar.papers.exports.document import document_of
from hiwar.papers.exports.printing import (
    MARK,
    NOTE,
    Plan,
    print_version,
    repeated_marks,
    strayed_marks,
    version_page,
)
from hiwar.papers.models import Paper, PaperFile, PaperVersion
from hiwar.papers.tasks import files_that_wait, make_file

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

TABLE = {"ar": "المحافظة | 2024 [[1]]\nنابلس | 41", "en": "Governorate | 2024 [[1]]\nNablus | 41"}


@pytest.fixture
def version(roles: object) -> PaperVersion:
    paper = make_ready(make_paper())
    first = next(block for block in blocks_in(paper) if block.kind == "paragraph")
    write(paper, first, {"ar": "تأخر صرف بدل التدريب [[1]] عن كثيرين",
                         "en": "Training pay [[1]] came late for many people"})  # fmt: skip
    assert paper.owner is not None
    table = add_block(actor=paper.owner, paper=paper, kind="table", after=first, now=NOW)
    write(paper, table, TABLE)
    return versions.freeze_paper(actor=paper.owner, paper=paper, now=NOW)


def parts_of(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_note_stands_on_the_page_of_its_mark(version: PaperVersion, language: str) -> None:
    printed = print_version(version, language)
    marks = [name for name in printed.places if name.startswith(MARK)]
    # In the sentence, in the table, and behind the recommendation.
    assert len(marks) == 3
    assert strayed_marks(printed.places) == []
    # One note serves the three marks of its number on a page.
    pages = {printed.places[name] for name in marks}
    assert len([name for name in printed.places if name.startswith(NOTE)]) == len(pages)
    assert PdfReader(io.BytesIO(printed.content)).trailer["/Root"]["/Lang"] == language


def test_marks_without_their_note_are_seen_and_notes_can_stand_at_the_end(
    version: PaperVersion,
) -> None:
    places = {f"{MARK}0-1": 3, f"{NOTE}0-1": 3, f"{MARK}1-1": 3, f"{MARK}2-1": 4, f"{NOTE}2-1": 5}
    assert strayed_marks(places) == [f"{MARK}2-1"]
    assert repeated_marks(places) == {f"{MARK}1-1"}
    page, marks = version_page(version, "en", Plan(at_end=True))
    assert not marks
    assert 'class="foot"' not in page
    assert page.count('<li id="note-1"') == 1
    assert page.count('href="#note-1"') == 3


def test_document_mirrors_its_tables_and_keeps_notes_under_the_line(
    version: PaperVersion,
) -> None:
    content = document_of(version, "ar")
    notes = etree.fromstring(parts_of(content).read("word/footnotes.xml"))
    references = re.findall(
        rb'footnoteReference w:id="(\d+)"', parts_of(content).read("word/document.xml")
    )
    assert references == [b"1", b"2", b"3"]
    assert [note.get(qn("w:id")) for note in notes] == ["-1", "0", "1", "2", "3"]
    document = Document(io.BytesIO(content))
    (table,) = document.tables
    assert table._tblPr.find(qn("w:bidiVisual")) is not None
    assert [cell.text for cell in table.rows[1].cells] == ["نابلس", "41"]
    spoken = [paragraph for paragraph in document.paragraphs if "بدل التدريب" in paragraph.text]
    assert spoken
    assert all(paragraph._p.pPr.find(qn("w:bidi")) is not None for paragraph in spoken)
    assert b"[[" not in parts_of(content).read("word/document.xml")
    english = Document(io.BytesIO(document_of(version, "en")))
    assert english.tables[0]._tblPr.find(qn("w:bidiVisual")) is None


def test_files_are_asked_for_on_freezing_made_once_and_read_as_the_paper_is(
    version: PaperVersion, client: Client
) -> None:
    rows = PaperFile.objects.order_by("language", "form")
    assert [(row.language, row.form) for row in rows] == [
        ("ar", "docx"), ("ar", "pdf"), ("en", "docx"), ("en", "pdf"),
    ]  # fmt: skip
    row = rows[2]
    make_file.func(str(row.pk))
    make_file.func(str(row.pk))
    row.refresh_from_db()
    assert row.file is not None
    assert row.file.name == "training-pay-1-en.docx"
    where = ["en", "training-pay", 1, "docx"]
    public = reverse("public_papers:file", args=where)
    desk = reverse("papers:file", args=[row.pk])
    # Before it is published it is read at the desk alone, by who may read the paper.
    assert client.get(public).status_code == 404
    assert client.get(desk).status_code in {302, 403, 404}
    sign_in_fully(client, UserFactory.create(roles=[]))
    assert client.get(desk).status_code in {403, 404}
    paper = Paper.objects.get()
    sign_in_fully(client, paper.owner)
    assert client.get(desk).content[:2] == b"PK"
    page = client.get(reverse("papers:ready", args=["training-pay"])).text
    assert desk in page
    client.logout()
    assert paper.owner is not None
    versions.publish_paper(actor=paper.owner, paper=paper, now=NOW)
    make_file.func(str(row.pk))
    answer = client.get(public)
    assert answer.content[:2] == b"PK"
    assert "attachment" in answer["Content-Disposition"]
    assert public in client.get(reverse("public_papers:paper", args=["en", "training-pay"])).text
    versions.withdraw_paper(
        actor=paper.owner, paper=Paper.objects.get(), reason={"en": "An error"}, now=NOW
    )
    assert client.get(public).status_code == 404


def test_what_waits_with_nothing_in_the_queue_is_asked_for_again(version: PaperVersion) -> None:
    from django_tasks_db.models import DBTaskResult

    assert list(files_that_wait(NOW)) == []
    DBTaskResult.objects.all().delete()
    assert len(list(files_that_wait(NOW))) == 4
