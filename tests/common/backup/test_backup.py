"""A house that is copied and restored is the same house: rows, files, keys, on both databases."""

from __future__ import annotations

import os
import shutil
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import environ
import pytest
from django.db import connection, transaction

from databases import databases
from hiwar.accounts.actions.factors import renew_recovery_codes, use_app_code, use_recovery_code
from hiwar.accounts.models import AuthenticatorApp
from hiwar.channels.actions.ways import hold_channels, let_house_in, the_channel
from hiwar.channels.models import Channel
from hiwar.channels.queries.ways import is_open
from hiwar.common import checks, crypto
from hiwar.common.backup import archive, copying, restoring, rows, sealing
from hiwar.common.models import Duty, VocabularyEntry
from migrated import migrated, template_file

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "four words on paper"


@pytest.fixture(autouse=True)
def _quick_scrypt(monkeypatch):
    monkeypatch.setitem(sealing.SCRYPT, "n", 1 << 4)


@pytest.fixture
def data(settings, tmp_path) -> Path:
    """Give the house a data folder with what belongs into a copy, and what does not."""
    settings.DATA = tmp_path / "house"
    for name in ("log.key", "media/a.pdf", "static/x.css", "installation.key", "serve.lock"):
        path = settings.DATA / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(f"content of {name} ح".encode())
    return settings.DATA


def empty_sqlite(tmp_path) -> object:
    path = tmp_path / "other.sqlite3"
    shutil.copyfile(template_file(), path)
    return opened(f"sqlite:///{path}")


def opened(url: str) -> object:
    config = environ.Env.db_url_config(url)
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA foreign_keys=ON;",
        }  # fmt: skip
    return databases({"default": config})["default"]


def written(tmp_path, now, reader=connection) -> tuple[Path, archive.Manifest]:
    path = tmp_path / "copy.hiwar"
    with path.open("wb") as sink:
        manifest = archive.write(sink, reader=reader, recipients=[], passphrase=SECRET, now=now)
    return path, manifest


@pytest.fixture
def furnished(director, now, data) -> None:
    """Give the house rows of each kind of value."""
    VocabularyEntry.objects.create(
        vocabulary="a", code="ب", values={"z": 1.0, "a": [None, "ت", 2.5]}, changed_at=now
    )
    AuthenticatorApp.objects.filter(user=director).update(
        sealed_secret=b"\0\xff'sealed", added_at=now + timedelta(microseconds=7)
    )


@pytest.mark.django_db
def test_restored_house_is_the_same_house(furnished, tmp_path, now, settings):
    path, manifest = written(tmp_path, now)
    settings.DATA = tmp_path / "restored"
    other = empty_sqlite(tmp_path)
    try:
        told = restoring.restore(path=path, secret=SECRET, connection=other)
        assert told.tables == manifest.tables
        assert told.tables["accounts_user"][0] == 1
        restoring.compare(other, manifest)
        with other.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM django_session")
            assert cursor.fetchone() == (0,)
            cursor.execute("PRAGMA foreign_key_check")
            assert cursor.fetchall() == []
        files = {p.relative_to(settings.DATA).as_posix() for p in settings.DATA.rglob("*.*")}
        assert files == {"log.key", "media/a.pdf", "secret.mark"}
        assert "content of log.key ح".encode() == (settings.DATA / "log.key").read_bytes()
        with pytest.raises(restoring.NotEmpty):
            restoring.restore(path=path, secret=SECRET, connection=other)
    finally:
        other.close()


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.costly("copies a template of PostgreSQL and restores into it and back")
def test_copy_goes_into_the_other_database_and_back(
    furnished, tmp_path, now, settings, postgres_url
):
    url = urlunsplit(urlsplit(postgres_url)._replace(path="/hiwar_backup_trial"))
    migrated(url, os.environ)
    path, manifest = written(tmp_path, now)
    settings.DATA = tmp_path / "restored"
    there, back = opened(url), empty_sqlite(tmp_path)
    try:
        restoring.restore(path=path, secret=SECRET, connection=there)
        with rows.snapshot(there) as reader:
            again, second = written(tmp_path, now, reader)
        assert second.tables == manifest.tables
        restoring.restore(path=again, secret=SECRET, connection=back)
        restoring.compare(back, manifest)
    finally:
        there.close()
        back.close()


@pytest.mark.django_db
def test_wrong_key_and_damage_change_nothing(furnished, tmp_path, now, settings):
    path, _manifest = written(tmp_path, now)
    settings.DATA = tmp_path / "restored"
    other = empty_sqlite(tmp_path)
    try:
        with pytest.raises(sealing.WrongKeyError):
            restoring.restore(path=path, secret="four words in sand", connection=other)
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        with pytest.raises(sealing.DamagedError):
            restoring.restore(path=path, secret=SECRET, connection=other)
        with other.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM accounts_user")
            assert cursor.fetchone() == (0,)
        assert not settings.DATA.exists()
    finally:
        other.close()


@pytest.mark.django_db
def test_table_that_differs_from_the_manifest_keeps_nothing(furnished, tmp_path, now, monkeypatch):
    """What is written is read again before it counts: a value that a database changes is seen."""
    path, _manifest = written(tmp_path, now)
    other = empty_sqlite(tmp_path)
    insert = rows.Table.insert
    monkeypatch.setattr(
        rows.Table,
        "insert",
        lambda table, to, lines: insert(table, to, lines[1:] if "vocab" in table.name else lines),
    )
    try:
        with pytest.raises(restoring.NotEqual):
            restoring.restore(path=path, secret=SECRET, connection=other)
        with other.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM accounts_user")
            assert cursor.fetchone() == (0,)
    finally:
        other.close()


@pytest.mark.django_db
def test_restored_beside_another_key_lays_the_former_one_down_and_refuses_to_serve(
    furnished, tmp_path, now, settings
):
    path, _manifest = written(tmp_path, now)
    former = settings.SECRET_KEY
    settings.DATA = tmp_path / "restored"
    settings.SECRET_KEY = crypto.plain_digest("another")
    other = empty_sqlite(tmp_path)
    restoring.restore(path=path, secret=SECRET, connection=other)
    other.close()
    kept = settings.DATA / "restored.env"
    assert f"HIWAR_SECRET_KEY={former}\n" in kept.read_text()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert "hiwar.E113" in [refusal.id for refusal in checks.unsafe_settings()]
    settings.SECRET_KEY_FALLBACKS = [former]
    assert "hiwar.E113" not in [refusal.id for refusal in checks.unsafe_settings()]


@pytest.mark.django_db
def test_recovery_code_opens_where_the_key_of_the_app_is_lost(director, now, settings):
    (code, *_others) = renew_recovery_codes(actor=director, at=now)
    assert AuthenticatorApp.objects.filter(user=director).exists()
    settings.SECRET_KEY = crypto.plain_digest("another")
    assert not use_app_code(user=director, code="123456", at=now)
    assert use_recovery_code(user=director, code=code, at=now)


@pytest.mark.django_db
def test_restored_house_sends_nothing_until_it_is_let_in(data, now):
    (data / "installation.key").unlink()
    channel = the_channel(code="mail")
    assert is_open(channel)
    hold_channels()
    channel.refresh_from_db()
    assert not is_open(channel)
    assert let_house_in(at=now) == Channel.objects.filter(state=Channel.State.ON).count()
    channel.refresh_from_db()
    assert is_open(channel)


@pytest.mark.django_db
def test_backup_is_whole_or_not_there_and_its_day_is_kept(furnished, tmp_path, now, monkeypatch):
    monkeypatch.setattr(copying, "snapshot", lambda _connection: transaction.atomic())
    monkeypatch.setattr(copying, "write", lambda sink, **ways: archive.write(
        sink, **{**ways, "reader": connection}
    ))  # fmt: skip
    backup = copying.back_up(folder=tmp_path / "to", recipients=[], passphrase=SECRET, now=now)
    assert backup.was_opened
    assert backup.path.stat().st_mode & 0o777 == 0o600
    assert Duty.objects.get(name="common.back_up").last_success_at == now
    monkeypatch.setattr(copying, "check", lambda *_: (_ for _ in ()).throw(sealing.DamagedError))
    with pytest.raises(sealing.DamagedError):
        copying.back_up(
            folder=tmp_path / "to", recipients=[], passphrase=SECRET, now=now + timedelta(days=1)
        )
    assert list((tmp_path / "to").glob("hiwar-*")) == [backup.path]


@pytest.mark.django_db
def test_backup_without_a_key_is_refused(tmp_path, now):
    with pytest.raises(copying.NoWayToOpen):
        copying.back_up(folder=tmp_path, recipients=[], now=now)


def test_plain_values_are_the_same_of_both_databases():
    """What SQLite keeps as text and PostgreSQL as a type becomes one line."""
    from datetime import UTC, datetime, time
    from uuid import UUID

    pairs = {
        "UUIDField": ("0" * 31 + "1", UUID(int=1)),
        "DateTimeField": (
            "2026-11-28 21:30:05.000007", datetime(2026, 11, 28, 21, 30, 5, 7, tzinfo=UTC),
        ),
        "DateField": ("2026-11-28", date(2026, 11, 28)),
        "TimeField": ("09:30:00", time(9, 30)),
        "BooleanField": (1, True),
        "JSONField": ('{"b": 1e2, "a": "ح"}', {"a": "ح", "b": 100}),
        "BinaryField": (b"\0x", memoryview(b"\0x")),
    }  # fmt: skip
    for kind, (of_sqlite, of_postgres) in pairs.items():
        plain = rows.PLAIN[kind]
        assert rows.line_of([plain(of_sqlite)]) == rows.line_of([plain(of_postgres)]), kind
    assert rows._decimal(0.1, 3) == rows._decimal(Decimal("0.100"), 3)


def test_every_kind_of_column_is_known():
    """A new kind must be told how both databases write it."""
    simple = {
        "AutoField", "BigAutoField", "BigIntegerField", "CharField", "DecimalField", "IntegerField",
        "PositiveBigIntegerField", "PositiveIntegerField", "PositiveSmallIntegerField",
        "SlugField", "SmallIntegerField", "TextField",
    }  # fmt: skip
    kinds = {kind for table in rows.tables() for kind in table.kinds}
    assert kinds <= simple | set(rows.PLAIN)


@pytest.mark.django_db
def test_days_that_are_over_keep_their_last_backup(tmp_path, now, settings):
    """All of a day and a night, one of each day before, none past its days, always the newest."""
    settings.BACKUP_DAYS = 30
    ages = [timedelta(days=40), timedelta(days=3, hours=5), timedelta(days=3, hours=4),
            timedelta(days=3, hours=3), timedelta(hours=20), timedelta(hours=19)]  # fmt: skip
    for number, age in enumerate(ages):
        path = tmp_path / f"hiwar-2026{number:04}-000000.hiwar"
        path.write_bytes(b"")
        at = (now - age).timestamp()
        os.utime(path, (at, at))
    assert copying.drop_old(folder=tmp_path, now=now) == 3
    assert [path.name[6:14] for path in sorted(tmp_path.iterdir())] == [
        "20260003", "20260004", "20260005",
    ]  # fmt: skip
    os.utime(path, (0, 0))
    assert copying.drop_old(folder=tmp_path, now=now + timedelta(days=90)) == 2
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.django_db
def test_backup_by_itself_is_due_only_after_a_change(data, tmp_path, settings, monkeypatch):
    folder = tmp_path / "backups"
    folder.mkdir()
    settings.BACKUP_RECIPIENTS = []
    assert not copying.is_due(folder)
    settings.BACKUP_RECIPIENTS = ["key"]
    assert copying.is_due(folder)
    newest = folder / "hiwar-20260101-000000.hiwar"
    newest.write_bytes(b"")
    os.utime(newest, (4e9, 4e9))
    if connection.vendor == "postgresql":
        # No file here tells of a change on a server: each time is due.
        assert copying.is_due(folder)
        return
    database = tmp_path / "house.sqlite3"
    database.write_bytes(b"")
    monkeypatch.setitem(connection.settings_dict, "NAME", str(database))
    assert not copying.is_due(folder)
    os.utime(database, (4.1e9, 4.1e9))
    assert copying.is_due(folder)
