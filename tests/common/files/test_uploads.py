"""The door for files to be kept: read by content, never parsed in the server, refused in words."""

from __future__ import annotations

import resource
from typing import TYPE_CHECKING

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.utils import translation

from factories.spreadsheets import HOSTILE, SLOW, endless_card
from hiwar.analysis.laws.child import LawAnswer, LawOrder
from hiwar.common.files import FileKind, actions, kinds, register_kind, uploads
from hiwar.common.files.closed_process import MEMORY, PROCESSOR_SECONDS, Reader
from hiwar.common.files.pages import attachment
from hiwar.common.files.types import HTML, PDF, PNG, TEXT, XLSX
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper

PAGE = b"<!doctype html><title>x</title><script>document.title='ran'</script>"
LAWS = Reader("hiwar.analysis.laws.child", LawAnswer)


class Unread(Refused):
    code = "unread"
    message = "This law cannot be read."


def read_law(content: bytes) -> object:
    answer = LAWS.read(LawOrder("rtl", MEMORY, PROCESSOR_SECONDS), content)
    if answer is None or answer.file is None:
        raise Unread
    return answer.file


@pytest.fixture(autouse=True)
def _kinds(settings: SettingsWrapper, tmp_path: Path) -> Iterator[None]:
    settings.FILES = tmp_path / "files"
    before = dict(kinds._kinds)
    all_types = frozenset([PDF, PNG, TEXT, XLSX, HTML])
    register_kind(FileKind("common.copy", lambda *_: True, all_types))
    register_kind(FileKind("common.small", lambda *_: True, frozenset([PDF]), size=1 << 20))
    register_kind(FileKind("common.law", lambda *_: True, all_types, reader=read_law))
    yield
    kinds._kinds.clear()
    kinds._kinds.update(before)


class CopyForm(forms.Form):
    copy = uploads.UploadField("common.copy", required=False)


class SmallForm(forms.Form):
    copy = uploads.UploadField("common.small")


class LawForm(forms.Form):
    copy = uploads.UploadField("common.law")


def bound(form: type[forms.Form], content: bytes, name: str = "a.bin") -> forms.Form:
    return form({}, {"copy": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize(
    "content", [*(make() for make in HOSTILE.values()), endless_card(),
                *(text.encode() for text in SLOW.values())],
)  # fmt: skip
def test_hostile_files_cost_the_server_nothing(content: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF)
    form = bound(CopyForm, content, "list.xlsx")
    assert form.is_valid()
    assert form.cleaned_data["copy"].content == content
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert after.ru_utime - before.ru_utime < 2
    assert (after.ru_maxrss - before.ru_maxrss) >> 10 < 150


def test_a_form_says_what_it_takes_and_refuses_the_rest() -> None:
    with translation.override("en"):
        assert "PDF, at most 1 MB" in str(SmallForm())
        assert 'accept="application/pdf"' in str(SmallForm())
        for content, words in (
            (b"%PDF-1.7" + b" " * (1 << 20), "too large"),
            (PAGE, "not taken here"),
            (b"", "empty"),
        ):
            form = bound(SmallForm, content, "paper.pdf")
            assert words in str(form.errors["copy"])
        assert "required" in str(SmallForm({}, {}).errors["copy"])
        assert CopyForm({}, {}).is_valid()
    sending = RequestFactory().post("/", {"copy": SimpleUploadedFile("a.txt", b"words")})
    assert CopyForm(*uploads.sent(sending)).files["copy"].read() == b"words"
    assert not CopyForm(*uploads.sent(RequestFactory().get("/"))).is_bound


def test_a_reader_of_a_kind_runs_in_the_closed_process_and_its_answer_goes_along() -> None:
    form = bound(LawForm, "مادة (1)\nنص".encode(), "law.txt")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["copy"].reading.text == "مادة (1)\nنص"
    assert "cannot be read" in str(bound(LawForm, b"%PDF-1.7 torn").errors["copy"])


@pytest.mark.django_db
def test_a_kept_page_leaves_as_the_plain_text_that_it_is(now: datetime) -> None:
    form = bound(CopyForm, PAGE, "الصفحة.html")
    assert form.is_valid()
    sent = form.cleaned_data["copy"]
    file = actions.stage_file(kind="common.copy", name=sent.name, content=sent.content, now=now)
    actions.store_file(actor=None, file=file, now=now)
    answer = attachment(reader=None, file=file)
    assert (file.content_type, file.name) == (HTML, "الصفحة.html.txt")
    assert answer["Content-Type"] == TEXT
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.content == PAGE
