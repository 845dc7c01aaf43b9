"""A disk that fills: what somebody wrote is shown again, slow work waits, votes go on."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.forms import Field, FileField
from django.test import RequestFactory

from hiwar.common.disk import has_room, is_full
from hiwar.common.files.uploads import UploadField
from hiwar.common.imports.forms import UploadForm
from hiwar.common.imports.importers import importers
from hiwar.common.jobs import queue
from hiwar.common.jobs import worker as worker_module
from hiwar.common.views import server_error

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def full_disk(db: None, tmp_path: Path) -> Iterator[DatabaseWrapper]:
    """Return a database of its own that may grow by no page more.

    SQLite ends the whole transaction of whoever meets a full disk: that of the tests must live.
    """
    name = str(tmp_path / "small.sqlite3")
    own = DatabaseWrapper({**connection.settings_dict, "NAME": name, "OPTIONS": {}}, "small")
    with own.cursor() as cursor:
        cursor.execute("CREATE TABLE written (words text)")
        cursor.execute("PRAGMA max_page_count = 2")
    yield own
    own.close()


def test_words_that_could_not_be_saved_are_shown_again(full_disk: DatabaseWrapper) -> None:
    words = "ثلاث كلمات <b>مهمة</b> لا تضيع"
    sent = {"text": words, "password": "secret", "csrfmiddlewaretoken": "token"}
    try:
        with full_disk.cursor() as cursor:
            cursor.execute("INSERT INTO written VALUES (%s)", ["y" * 3_000_000])
    except DatabaseError as error:
        fault = error
        answer = server_error(RequestFactory().post("/desk/", sent))
    assert is_full(fault)
    assert answer.status_code == 507
    page = answer.content.decode()
    assert "ثلاث كلمات &lt;b&gt;مهمة&lt;/b&gt; لا تضيع" in page
    assert "secret" not in page
    assert "token" not in page


def test_files_are_shed_before_votes(monkeypatch: pytest.MonkeyPatch) -> None:
    nearly_full = shutil._ntuple_diskusage(100, 96, 4)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: nearly_full)
    fields: list[Field] = [UploadField("common.none")]
    for importer in importers():
        fields += UploadForm(importer).fields.values()
    takers = [field for field in fields if isinstance(field, FileField)]
    assert len(takers) > len(importers()) >= 5
    for field in takers:
        with pytest.raises(ValidationError) as refused:
            field.clean(SimpleUploadedFile("a.csv", b"name\n"))
        assert refused.value.error_list[0].code == "no_room"
    assert has_room(), "votes and forms without files go on"


def test_other_faults_are_told_as_before() -> None:
    try:
        raise ValueError("something else")
    except ValueError:
        answer = server_error(RequestFactory().post("/desk/", {"text": "three words here"}))
    assert answer.status_code == 500
    assert "three words" not in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("has_room", "is_without_slow"), [(True, False), (False, True)])
def test_slow_work_waits_while_the_disk_is_nearly_full(
    has_room: bool, is_without_slow: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(worker_module, "has_room", lambda _least: has_room)
    monkeypatch.setattr(queue, "claim", lambda **how: asked.append(how))
    worker = worker_module.Worker(places=3)
    assert not worker._take()
    assert asked[0]["without_slow"] is is_without_slow
