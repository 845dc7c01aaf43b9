"""A backup is proved by restoring it: what counts, what is refused, and that nothing is left."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import translation

import factories
from dialogues.served import Served
from hiwar.common.backup import archive, copying, offsite, proving, sealing
from hiwar.common.models import Duty
from hiwar.common.personal import ledger
from hiwar.common.serving.readiness import readiness

SECRET = "four words on paper"


@pytest.fixture(autouse=True)
def _house_of_its_own(settings, tmp_path, monkeypatch):
    monkeypatch.setitem(sealing.SCRYPT, "n", 1 << 4)
    settings.DATA = tmp_path / "house"
    settings.DATA.mkdir()
    settings.BACKUP_TO = tmp_path / "backups"
    settings.BACKUP_TO.mkdir()
    settings.BACKUP_COPY_TO, settings.BACKUP_COPY_COMMAND = None, ""


@pytest.fixture
def backup(settings, now):
    """Write a backup of the house as the test sees it, with the list beside it."""
    path = settings.BACKUP_TO / f"hiwar-{now:%Y%m%d-%H%M%S}.hiwar"
    with path.open("wb") as sink:
        archive.write(sink, reader=connection, recipients=[], passphrase=SECRET, now=now)
    ledger.keep_beside(settings.BACKUP_TO)
    return path


@pytest.fixture
def phrase(tmp_path):
    path = tmp_path / "phrase"
    path.write_text(SECRET)
    return path


def refused(*arguments: str, **options: object) -> str:
    with translation.override("en"), pytest.raises(CommandError) as error:
        call_command("prove", *arguments, **options)
    return str(error.value)


@pytest.mark.django_db
def test_what_cannot_be_proved_is_one_sentence_and_keeps_no_day(backup, phrase, tmp_path, settings):
    wrong = tmp_path / "wrong"
    wrong.write_text("four words in sand")
    key = {"key_file": phrase}
    assert "does not open" in refused(str(backup), key_file=wrong)
    whole = backup.read_bytes()
    backup.write_bytes(whole[: len(whole) // 2])
    assert "damaged or cut off" in refused(str(backup), **key)
    backup.write_bytes(whole)
    (settings.BACKUP_TO / ledger.NAME).unlink()
    assert "erased.list" in refused(str(backup), **key)
    assert "There is no file" in refused(str(tmp_path / "none.hiwar"), **key)
    backup.unlink()
    assert "There is no backup in" in refused(**key)
    assert not Duty.objects.filter(name__startswith=proving.PROOF).exists()
    assert not (settings.DATA / proving.FOLDER).exists()


@pytest.mark.django_db
def test_folder_of_a_proof_is_destroyed_whatever_happens(backup, settings):
    """Also what a killed proof left; two never run at once."""
    left = settings.DATA / proving.FOLDER / "data" / "left"
    left.parent.mkdir(parents=True)
    left.write_text("words of the house")
    handle = os.open(left, os.O_RDONLY)
    with proving.workshop(backup) as folder:
        assert list(folder.iterdir()) == []
        assert os.pread(handle, 100, 0) == bytes(18), "overwritten before it was deleted"
        with pytest.raises(proving.ProofRuns), proving.workshop(backup):
            pass
        assert not proving.clear_leftovers(), "the one that runs is left alone"
        (folder / "x").write_text("y")
    os.close(handle)
    assert not folder.exists()
    with pytest.raises(ZeroDivisionError), proving.workshop(backup) as folder:
        raise ZeroDivisionError
    assert not folder.exists()
    left.parent.mkdir(parents=True)
    assert proving.clear_leftovers()
    assert proving.FOLDER not in {
        name.partition("/")[0] for name, _ in archive.files_of_the_house()
    }


@pytest.mark.django_db
def test_proof_and_copies_are_late_by_their_own_measure(settings, now):
    settings.BACKUP_RECIPIENTS = [sealing.new_pair()[0]]
    assert readiness(now).work["proof"]
    first = settings.BACKUP_TO / "hiwar-20260101-000000.hiwar"
    first.write_bytes(b"")
    at = now.timestamp()
    os.utime(first, (at, at))
    assert not proving.is_proof_late(now + timedelta(days=34))
    assert not readiness(now + timedelta(days=36)).work["proof"], "never proved, and time enough"
    copying.keep_day(now=now + timedelta(days=30), name=proving.PROOF)
    assert readiness(now + timedelta(days=36)).work["proof"]
    assert proving.untried_keys(now) == settings.BACKUP_RECIPIENTS
    copying.keep_day(now=now, name=proving.day_of_key(settings.BACKUP_RECIPIENTS[0]))
    assert proving.untried_keys(now) == []
    settings.BACKUP_COPY_COMMAND = "/bin/true"
    assert not readiness(now + timedelta(days=3)).work["copies"]
    assert readiness(now + timedelta(days=1)).work["copies"]


def test_private_key_tells_its_public_one():
    public, private = sealing.new_pair()
    assert sealing.public_of(private) == public
    assert sealing.public_of(private.lower()) == public
    assert sealing.public_of("four words on paper") == ""


@pytest.mark.django_db
def test_newest_backup_goes_to_the_second_place_and_is_read_again(backup, settings, now, tmp_path):
    settings.BACKUP_COPY_TO = tmp_path / "usb"
    with pytest.raises(offsite.PlaceAway, match="usb"):
        offsite.copy_away(now=now)
    settings.BACKUP_COPY_TO.mkdir()
    assert offsite.copy_away(now=now) == 1
    copy = settings.BACKUP_COPY_TO / backup.name
    assert copy.read_bytes() == backup.read_bytes()
    assert copy.stat().st_mode & 0o777 == 0o600
    assert copy.stat().st_mtime == backup.stat().st_mtime
    assert (settings.BACKUP_COPY_TO / ledger.NAME).exists()
    assert offsite.copy_away(now=now) == 0, "nothing new"
    ledger.note(erasure="1", kind="contacts.person", keys=["2"])
    later = backup.stat().st_mtime + 60
    os.utime(settings.BACKUP_TO / ledger.NAME, (later, later))
    assert offsite.copy_away(now=now) == 1, "the list alone is newer"
    assert ledger.count_in(settings.BACKUP_COPY_TO) == 1
    copy.unlink()
    assert offsite.copy_away(now=now) == 1, "somebody emptied the disk"


@pytest.mark.django_db
def test_command_of_the_house_has_to_tell_what_it_left(backup, settings, now, tmp_path):
    place = tmp_path / "far"
    place.mkdir()
    script = tmp_path / "copy"
    settings.BACKUP_COPY_COMMAND = str(script)

    def write(lines: str) -> None:
        script.write_text(f"#!/bin/sh\nset -eu\n{lines}\n")
        script.chmod(0o700)

    with pytest.raises(offsite.CommandFailed):
        offsite.copy_away(now=now)
    for lines, fault in (
        ("exit 3", offsite.CommandFailed),
        ("true", offsite.CommandFailed),
        (f"echo {'0' * 64}", offsite.CopyDiffers),
    ):
        write(lines)
        with pytest.raises(fault):
            offsite.copy_away(now=now)
        assert offsite.age_of_copies(now) is None
    write(f'cp "$1" "$2" {place}/\nsha256sum {place}/$(basename "$1")')
    assert offsite.copy_away(now=now) == 1
    assert {path.name for path in place.iterdir()} == {backup.name, ledger.NAME}
    assert offsite.age_of_copies(now + timedelta(hours=5)) is not None


@pytest.mark.django_db
def test_copy_that_arrives_otherwise_does_not_count(backup, settings, now, tmp_path, monkeypatch):
    settings.BACKUP_COPY_TO = tmp_path / "usb"
    settings.BACKUP_COPY_TO.mkdir()
    monkeypatch.setattr(offsite, "digest_of", lambda _path: "another")
    with pytest.raises(offsite.CopyDiffers):
        offsite.copy_away(now=now)
    assert {path.name for path in settings.BACKUP_COPY_TO.iterdir()} == {ledger.NAME}
    assert offsite.age_of_copies(now) is None


@pytest.mark.exhaustive("backup")
@pytest.mark.waiting
@pytest.mark.costly("two houses with processes of their own, one of them made from nothing")
def test_house_proves_by_itself_and_with_the_paper(tmp_path):
    """The duty with a key that is forgotten, then a person with the private one, on one file."""
    public, private = sealing.new_pair()
    house, to = tmp_path / "one", tmp_path / "to"
    house.mkdir()
    one = Served(house, f"sqlite:///{house}/hiwar.sqlite3")
    one.environment |= {
        "PYTHONPATH": os.pathsep.join(
            [str(Path(factories.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
        ),
        "HIWAR_BACKUP_TO": str(to), "HIWAR_BACKUP_RECIPIENTS": public, "LC_ALL": "en",
    }  # fmt: skip
    one.manage("shell", "-c", "from factories.contacts import PersonFactory as P\nP(); P()")
    one.manage("shell", "-c", "from hiwar.common.tasks import prove_backup\nprove_backup.func()")
    names = {row[0] for row in one.query("SELECT name FROM common_duty")}
    assert proving.PROOF in names
    assert not (house / proving.FOLDER).exists()
    (copy,) = to.glob("hiwar-*")
    key = tmp_path / "paper"
    key.write_text(private)
    code = "from hiwar.config.command import main; import sys; sys.argv[0] = 'hiwar'; main()"
    call = [sys.executable, "-c", code, "prove", str(copy), "--key-file", str(key)]
    ended = subprocess.run(call, env=one.environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    told = re.search(r"rows (\d+), tables (\d+), files (\d+); pages opened: (\d+)", ended.stdout)
    assert told, ended.stdout
    assert all(int(count) > 0 for count in told.groups())
    assert not (house / proving.FOLDER).exists()
    names = {row[0] for row in one.query("SELECT name FROM common_duty")}
    assert proving.day_of_key(public) in names
    assert one.query("SELECT count(*) FROM contacts_person")[0][0] == 2
