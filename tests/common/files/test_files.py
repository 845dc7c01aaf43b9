"""Kept files: what they are, how they are called, that they leave closed, that they go for good."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied

from hiwar.common.files import FileKind, actions, kinds, register_kind
from hiwar.common.files.pages import attachment
from hiwar.common.files.storage import storage
from hiwar.common.files.types import DOCX, HTML, PDF, PNG, TEXT, UNKNOWN, XLSX, XML, type_of
from hiwar.common.models import AuditEntry, StoredFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

    from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks, SettingsWrapper

PICTURE = b"\x89PNG\r\n\x1a\n" + b"canary of a picture"
PAPER = b"%PDF-1.7 canary of a paper"


@pytest.fixture
def folder(settings: SettingsWrapper, tmp_path: Path) -> Iterator[Path]:
    settings.FILES = tmp_path / "files"
    before = dict(kinds._kinds)
    register_kind(FileKind("common.sample", lambda *_: True, frozenset([PDF, PNG]), size=1000))
    register_kind(
        FileKind("common.closed", lambda *_: True, frozenset([PDF]), is_sealed=True,
                 kept=timedelta(days=3))
    )  # fmt: skip
    yield settings.FILES
    kinds._kinds.clear()
    kinds._kinds.update(before)


def keep(
    now: datetime, content: bytes = PAPER, name: str = "a.pdf", kind: str = "sample"
) -> StoredFile:
    file = actions.stage_file(kind=f"common.{kind}", name=name, content=content, now=now)
    return actions.store_file(actor=None, file=file, now=now)


def bytes_below(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def keys_there() -> set[UUID]:
    listed = list(storage().keys())
    return {key for key, _put_at in listed}


def archive(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PAPER, PDF),
        (PICTURE, PNG),
        (archive("[Content_Types].xml", "xl/workbook.xml"), XLSX),
        (archive("[Content_Types].xml", "word/document.xml"), DOCX),
        (archive("word/document.xml", "word/vbaProject.bin"), UNKNOWN),
        (archive("run.exe"), UNKNOWN),
        (b"PK\x03\x04 torn", UNKNOWN),
        ("سطر من الكلام".encode(), TEXT),
        (b"<html><script>1</script>", HTML),
        ("<!doctype html><p>نص</p>".encode("windows-1256"), HTML),
        (b"<?xml version='1.0'?><akomaNtoso/>", XML),
        (b"<?xml version='1.0'?><!-- --><svg onload='x'/>", UNKNOWN),
        (b"<script>1</script>", UNKNOWN),
        (b"\xef\xbb\xbf\n <SVG onload=x>", UNKNOWN),
        (b"MZ\x90\x00", UNKNOWN),
        (b"", UNKNOWN),
    ],
)
def test_the_type_is_what_the_content_says(content: bytes, kind: str) -> None:
    assert type_of(content) == kind


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\x\\ورقة.pdf", "ورقة.pdf"),
        ("invoice\u202efdp.exe", "invoice fdp.exe.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie x.pdf"),
        ("....", "file.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("x" * 900, f"{'x' * 150}.pdf"),
        ("a\x00.PDF", "a.pdf"),
    ],
)
def test_a_hostile_name_becomes_a_plain_one(name: str, clean: str) -> None:
    assert actions.clean_name(name, PDF) == clean


@pytest.mark.django_db
def test_a_file_leaves_as_an_attachment_that_nothing_opens(folder: Path, now: datetime) -> None:
    answer = attachment(reader=None, file=keep(now, PICTURE, "صورة.html"))
    assert answer.content == PICTURE
    assert answer["Content-Type"] == PNG
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["Content-Disposition"].endswith(".html.png")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_the_room_that_keeps_a_file_says_who_reads_it(folder: Path, now: datetime) -> None:
    file = keep(now)
    register_kind(FileKind("common.sample", lambda reader, _: reader == "she", frozenset([PDF])))
    assert attachment(reader="she", file=file).content == PAPER
    with pytest.raises(PermissionDenied):
        attachment(reader="he", file=file)


@pytest.mark.django_db
def test_what_lies_about_its_type_or_is_too_large_is_not_kept(folder: Path, now: datetime) -> None:
    with pytest.raises(actions.TypeNotTaken):
        keep(now, b"<script>1</script>", "paper.pdf")
    with pytest.raises(actions.TypeNotTaken):
        keep(now, kind="unregistered")
    with pytest.raises(actions.FileTooBig):
        keep(now, PAPER + b" " * 1000)
    with pytest.raises(actions.FileTooBig):
        keep(now, b"")
    assert not StoredFile.objects.exists()
    assert not folder.exists()


@pytest.mark.django_db
def test_erasing_leaves_no_byte(
    folder: Path, now: datetime,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    file = keep(now)
    assert b"canary" in bytes_below(folder)
    with django_capture_on_commit_callbacks(execute=True):
        actions.erase_file(actor=None, file=file, now=now)
    assert b"canary" not in bytes_below(folder)
    assert not StoredFile.objects.exists()
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert verbs == {"common.storedfile.store", "common.storedfile.erase"}


@pytest.mark.django_db
def test_what_is_sealed_is_nowhere_in_clear_and_goes_on_its_day(
    folder: Path, now: datetime,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    file = keep(now, kind="closed")
    assert b"canary" not in bytes_below(folder)
    assert actions.read_file(file) == PAPER
    assert actions.purge_files(now=now + timedelta(days=2)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.purge_files(now=now + timedelta(days=3)) == 1
    assert bytes_below(folder) == b""


@pytest.mark.django_db
def test_changed_or_missing_bytes_are_never_given_out(folder: Path, now: datetime) -> None:
    file = keep(now)
    path = next(path for path in folder.rglob("*") if path.is_file())
    path.write_bytes(PAPER + b"!")
    with pytest.raises(actions.FileDamaged):
        actions.read_file(file)
    path.unlink()
    with pytest.raises(actions.FileDamaged):
        attachment(reader=None, file=file)


@pytest.mark.django_db
def test_no_link_in_the_folder_is_followed(folder: Path, now: datetime, tmp_path: Path) -> None:
    file = keep(now)
    path = next(path for path in folder.rglob("*") if path.is_file())
    (tmp_path / "secret").write_bytes(PAPER)
    path.unlink()
    path.symlink_to(tmp_path / "secret")
    with pytest.raises(actions.FileDamaged):
        actions.read_file(file)
    path.unlink()
    path.parent.rmdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / path.name).write_bytes(PAPER)
    path.parent.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(actions.FileDamaged):
        actions.read_file(file)


@pytest.mark.django_db
def test_a_backup_sees_every_file_and_orphans_are_swept(folder: Path, now: datetime) -> None:
    kept, orphan = keep(now), keep(now)
    assert keys_there() == {kept.pk, orphan.pk}
    StoredFile.objects.filter(pk=orphan.pk).delete()
    assert actions.sweep_files(now=now) == 0, "its transaction may still be open"
    long_after = now + timedelta(days=36500)
    assert actions.sweep_files(now=long_after) == 1
    assert keys_there() == {kept.pk}


def test_the_folder_is_closed_to_others(folder: Path) -> None:
    kept = storage()
    key = StoredFile().pk
    kept.put(key, b"x")
    path = next(path for path in folder.rglob("*") if path.is_file())
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    path.with_suffix(".part").touch()
    with pytest.raises(FileExistsError):
        kept.put(key, b"y")
    kept.delete(key)
    assert list(kept.keys()) == []
