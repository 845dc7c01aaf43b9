"""Whoever was erased stays erased: an older copy brings rows back, and the list takes them out."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

import factories
from dialogues.served import Served
from factories.accounts import InstitutionFactory, UserFactory
from factories.contacts import PersonFactory
from hiwar.common import checks, crypto
from hiwar.common.backup import archive, copying, restoring, sealing
from hiwar.common.models import Erasure
from hiwar.common.personal import actions, ledger
from hiwar.common.tasks import prove_erasure
from hiwar.contacts.models import Person

NAME = "Canary of the list"


@pytest.fixture(autouse=True)
def _folders(settings, tmp_path):
    settings.DATA = tmp_path / "house"
    settings.DATA.mkdir()
    settings.BACKUP_TO = tmp_path / "backups"


@pytest.fixture
def eraser(roles):
    InstitutionFactory.create()
    return UserFactory.create(roles=["director"])


def erased(eraser, now, *people) -> list[Erasure]:
    return [
        actions.erase(actor=eraser, kind="contacts.person", keys=[person.pk], now=now)
        for person in people
    ]


def brought_back(*keys) -> None:
    """Stand in for an older copy: the rows are there again under their keys."""
    for key in keys:
        PersonFactory.create(pk=key, shown_name={"ar": NAME})


@pytest.mark.django_db
def test_who_comes_back_with_an_older_copy_goes_again(
    eraser, now, settings, django_capture_on_commit_callbacks
):
    gone, merged, later, stays = (PersonFactory.create(shown_name={"ar": NAME}) for _ in range(4))
    merged.merged_into = gone
    merged.save()
    keys = [gone.pk, merged.pk, later.pk]
    settings.BACKUP_TO.mkdir()
    with django_capture_on_commit_callbacks(execute=True):
        erased(eraser, now, gone)
    assert len(ledger_lines(settings.BACKUP_TO)) == 1, "written at once, where backups lie"
    (second,) = erased(eraser, now, later)
    prove_erasure.func(str(second.pk))  # the job writes what could not be written at once
    actions.note_erased(second)
    written = (settings.BACKUP_TO / ledger.NAME).read_text()
    assert len(ledger_lines(settings.BACKUP_TO)) == 2
    assert not any(str(key) in written or NAME in written for key in keys)
    # An older copy before the two registrations were one: each is a row of its own again.
    brought_back(*keys)
    ledger.take_up(settings.BACKUP_TO / ledger.NAME)
    assert "hiwar.E115" in [refusal.id for refusal in checks.unsafe_settings()]
    call_command("erase_again")
    assert not Person.objects.filter(pk__in=keys).exists()
    assert Person.objects.get(pk=stays.pk).shown_name["ar"] == NAME
    assert "hiwar.E115" not in [refusal.id for refusal in checks.unsafe_settings()]
    again = Erasure.objects.filter(asked_by="system")
    assert sorted(one.people for one in again) == [1, 2]
    assert actions.erase_again(now=now) == 0


def ledger_lines(folder: Path) -> list[str]:
    return (folder / ledger.NAME).read_text().splitlines()[1:]


@pytest.mark.django_db
def test_list_of_another_house_restores_nothing(eraser, now, settings, tmp_path, monkeypatch):
    """A list that the restored key does not open would leave everybody in: nothing is kept."""
    from common.backup.test_backup import empty_sqlite

    monkeypatch.setitem(sealing.SCRYPT, "n", 1 << 4)
    prove_erasure.func(str(erased(eraser, now, PersonFactory.create())[0].pk))
    copy = tmp_path / "copy.hiwar"
    with copy.open("wb") as sink:
        archive.write(sink, reader=connection, recipients=[], passphrase="words", now=now)
    ours = settings.DATA / ledger.NAME
    foreign = tmp_path / "foreign.list"
    settings.DATA = tmp_path / "foreign"
    ledger.note(erasure="1", kind="contacts.person", keys=["2"])
    (settings.DATA / ledger.NAME).rename(foreign)
    other = empty_sqlite(tmp_path)
    settings.DATA = tmp_path / "restored"
    settings.DATA.mkdir()
    try:
        for wrong in (foreign, copy):
            with pytest.raises(ledger.OtherHouse):
                restoring.restore(path=copy, secret="words", connection=other, erased=wrong)
            with other.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM accounts_user")
                assert cursor.fetchone() == (0,)
            assert not ledger.is_pending()
        restoring.restore(path=copy, secret="words", connection=other, erased=ours)
        assert ledger.is_pending(), "not served before they are erased again"
        assert len(list(ledger.erased())) == 1
    finally:
        other.close()


@pytest.mark.django_db
def test_restore_asks_for_the_list_and_backups_lay_it_down(settings, now, monkeypatch, tmp_path):
    monkeypatch.setattr(copying, "snapshot", lambda _connection: transaction.atomic())
    monkeypatch.setattr(copying, "write", lambda sink, **_ways: archive.Manifest({}))
    copying.back_up(folder=settings.BACKUP_TO, recipients=["key"], now=now)
    assert ledger_lines(settings.BACKUP_TO) == []
    assert (settings.DATA / ledger.KEY_NAME).stat().st_mode & 0o777 == 0o600
    assert ledger.KEY_NAME in dict(archive.files_of_the_house())
    assert ledger.NAME not in dict(archive.files_of_the_house())
    (settings.BACKUP_TO / ledger.NAME).unlink()
    (backup,) = settings.BACKUP_TO.glob("hiwar-*")
    with pytest.raises(CommandError, match=r"erased\.list"):
        call_command("restore", str(backup))


ERASE = """
from django.utils import timezone
from hiwar.common.personal.actions import erase
from hiwar.contacts.models import Person
person = Person.objects.order_by("pk").first()
erase(actor=None, kind="contacts.person", keys=[person.pk], now=timezone.now(), is_own_wish=True)
"""


@pytest.mark.waiting
@pytest.mark.exhaustive("backup")
def test_restored_beside_another_key_holds_nobody_who_was_erased(tmp_path):
    """The whole way: copy, erasure, restore of the older copy beside another secret key."""
    phrase, to = tmp_path / "phrase", tmp_path / "to"
    phrase.write_text("four words on paper")
    folders = [tmp_path / "one", tmp_path / "other"]
    for folder in folders:
        folder.mkdir()
    one, other = (Served(folder, f"sqlite:///{folder}/hiwar.sqlite3") for folder in folders)
    one.environment |= {"PYTHONPATH": str(Path(factories.__file__).parents[1])}
    one.manage("shell", "-c", "from factories.contacts import PersonFactory as P\nP(); P()")
    one.environment |= {"HIWAR_BACKUP_TO": str(to)}
    one.manage("backup", "--to", str(to), "--passphrase-file", str(phrase))
    one.manage("shell", "-c", ERASE)
    (gone,) = [row[0] for row in one.query("SELECT kind FROM common_erasure")]
    assert gone == "contacts.person"
    kept = [row[0] for row in one.query("SELECT id FROM contacts_person")]
    (copy,) = to.glob("hiwar-*")
    other.environment |= {"HIWAR_SECRET_KEY": crypto.plain_digest("another")}
    other.manage("restore", str(copy), "--key-file", str(phrase))
    assert [row[0] for row in other.query("SELECT id FROM contacts_person")] == kept
    assert not (folders[1] / ledger.PENDING).exists()
    assert (folders[1] / "restored.env").exists()
