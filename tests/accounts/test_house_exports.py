"""Two people let everything of the house go; the file lies encrypted for a day."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.urls import reverse

from factories.accounts import UserFactory, sign_in_fully
from hiwar.accounts.actions import house_exports as actions
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.backup import sealing
from hiwar.common.models import AuditEntry, HouseExport
from hiwar.common.moving import keeping
from hiwar.common.queries import exports_since

SECRET = "four words on paper"


@pytest.fixture(autouse=True)
def _quick(monkeypatch, settings, tmp_path) -> None:
    monkeypatch.setitem(sealing.SCRYPT, "n", 1 << 4)
    monkeypatch.setattr("hiwar.common.moving.booklet.LOOK", ())
    # The rows of a test are seen by its own connection alone.
    monkeypatch.setattr(keeping, "snapshot", lambda _connection: _Mine())
    settings.DATA = tmp_path / "house"
    settings.FILES = settings.DATA / "files"
    settings.DATA.mkdir()


class _Mine(transaction.Atomic):
    def __init__(self) -> None:
        super().__init__(None, True, False)

    def __enter__(self):
        super().__enter__()
        return connection


@pytest.fixture
def admin(db):
    return UserFactory.create(roles=["admin"])


@pytest.mark.django_db
def test_two_people_let_it_go_and_one_takes_it(
    director, admin, now, django_capture_on_commit_callbacks
):
    with pytest.raises(actions.PassphraseTooShort):
        actions.ask_for_export(actor=director, passphrase="short", now=now)
    with pytest.raises(NotAllowed):
        actions.ask_for_export(actor=admin, passphrase=SECRET, now=now)
    export = actions.ask_for_export(actor=director, passphrase=SECRET, now=now)
    with pytest.raises(actions.OtherPersonNeeded):
        actions.agree_to_export(actor=director, export=export, now=now)
    with pytest.raises(actions.ExportGone):
        actions.take_export(actor=director, export=export, now=now)
    actions.agree_to_export(actor=admin, export=export, now=now)
    actions.write_export(key=export.pk, now=now)
    export.refresh_from_db()
    assert (export.state, export.ends_at) == ("ready", now + timedelta(days=1))
    lying = keeping.path_of(export.pk)
    assert b"PK\x03\x04" not in lying.read_bytes()[:4096]
    with pytest.raises(NotAllowed):
        actions.take_export(actor=admin, export=export, now=now)
    with actions.take_export(actor=director, export=export, now=now) as stream:
        content = stream.read()
    assert len(content) == export.size
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert {"index.html", "sealed.hiwar", "manifest.json", "tables/accounts_user.csv"} <= set(names)
    assert exports_since(now - timedelta(days=1)).count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.end_old_exports(now=now + timedelta(days=1)) == 1
    assert not lying.exists()
    export.refresh_from_db()
    assert (export.state, bytes(export.sealed)) == ("ended", b"")
    with pytest.raises(actions.ExportSettled):
        actions.end_export(actor=director, export=export, now=now)


@pytest.mark.django_db
def test_what_was_ended_while_it_was_written_leaves_no_file(director, admin, now, monkeypatch):
    export = actions.ask_for_export(actor=director, passphrase=SECRET, now=now)
    actions.agree_to_export(actor=admin, export=export, now=now)
    write = keeping.write_file

    def and_meanwhile(key, **ways):
        answer = write(key, **ways)
        HouseExport.objects.filter(pk=key).update(state="ended")
        return answer

    monkeypatch.setattr(keeping, "write_file", and_meanwhile)
    actions.write_export(key=export.pk, now=now)
    assert not keeping.path_of(export.pk).exists()
    assert list(keeping.path_of(export.pk).parent.iterdir()) == []


@pytest.mark.django_db
def test_what_nobody_agreed_to_is_forgotten_after_a_week(director, now):
    export = actions.ask_for_export(actor=director, passphrase=SECRET, now=now)
    assert actions.end_old_exports(now=now + timedelta(days=6)) == 0
    assert actions.end_old_exports(now=now + timedelta(days=7)) == 1
    export.refresh_from_db()
    assert bytes(export.sealed) == b""


@pytest.mark.django_db
def test_desk_asks_agrees_and_hands_over(director, admin, client):
    sign_in_fully(client, director)
    home = reverse("accounts:house_exports")
    wrong = client.post(home, {"passphrase": SECRET, "again": "another one, longer"})
    assert wrong.context["form"].errors
    page = client.post(home, {"passphrase": SECRET, "again": SECRET})
    export = HouseExport.objects.get()
    address = reverse("accounts:house_export", args=[export.pk])
    assert page.url == address
    assert 'value="agree"' not in client.get(address).content.decode()
    client.post(address, {"decision": "agree"})
    export.refresh_from_db()
    assert export.state == "asked"
    sign_in_fully(client, admin)
    assert address in client.get(reverse("accounts:morning")).content.decode()
    assert 'value="agree"' in client.get(address).content.decode()
    client.post(address, {"decision": "agree"})
    actions.write_export(key=export.pk, now=export.asked_at)
    take = reverse("accounts:take_house_export", args=[export.pk])
    assert client.post(take).status_code == 403
    sign_in_fully(client, director)
    HouseExport.objects.update(ends_at=export.asked_at + timedelta(days=400))
    response = client.post(take)
    body = b"".join(response)
    export.refresh_from_db()
    assert (len(body), response["Content-Length"]) == (export.size, str(export.size))
    assert export.taken_at is not None
    client.post(address, {"decision": "end"})
    assert AuditEntry.objects.filter(verb__startswith="common.houseexport.").count() == 4


@pytest.mark.django_db
def test_command_writes_whole_or_not_at_all_and_is_logged(tmp_path, capsys, monkeypatch):
    module = "hiwar.accounts.management.commands.export_house"
    monkeypatch.setattr(f"{module}.snapshot", lambda _connection: _Mine())
    secret = tmp_path / "secret"
    secret.write_text("short")
    with pytest.raises(CommandError):
        call_command("export_house", tmp_path / "out.zip", passphrase_file=secret)
    secret.write_text(SECRET)
    call_command("export_house", tmp_path / "out.zip", passphrase_file=secret)
    assert zipfile.ZipFile(tmp_path / "out.zip").testzip() is None
    assert HouseExport.objects.get().asked_by == "system"
    monkeypatch.setattr(
        f"{module}.leave", lambda *_args, **_ways: (_ for _ in ()).throw(OSError("full"))
    )
    with pytest.raises(CommandError):
        call_command("export_house", tmp_path / "other", passphrase_file=secret)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["house", "out.zip", "secret"]
