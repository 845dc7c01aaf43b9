"""Signed lists and the page that says by what a file is known to be ours; copies at the desk."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from factories.accounts import UserFactory, sign_in_fully
from factories.open_data import NOW, public_house
from hiwar.common.tables.lending import public_tables
from hiwar.dialogues.actions.publications import public_log_key
from hiwar.engine.ledger.lists import main
from hiwar.engine.ledger.notes import key_text
from hiwar.publishing.actions.copies import ask_for_copy
from hiwar.publishing.actions.open_data import note_tables, sign_list
from hiwar.publishing.exports.open_data import files_of
from hiwar.publishing.models import SignedList, SiteCopy
from hiwar.publishing.tasks import make_copy

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

    House = dict[str, Any]

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(roles: object, settings: Any, tmp_path: Path) -> House:
    settings.DATA, settings.LOG_NAME = tmp_path / "data", "house.example"
    return public_house()


def note() -> None:
    note_tables(tables=[files_of(table, NOW) for table in public_tables()], now=NOW)


def the_key() -> str:
    key = public_log_key("house.example/lists")
    assert key is not None
    return key_text(key)


def test_a_list_is_made_when_something_changed_and_names_the_one_before(house: House) -> None:
    note()
    first = sign_list(now=NOW)
    assert first is not None
    assert sign_list(now=NOW + timedelta(1)) is None
    type(house["dossier"]).objects.update(title={"en": "Another"})
    note()
    second = sign_list(now=NOW + timedelta(2))
    assert second is not None
    assert f"before {hashlib.sha256(first.note.encode()).hexdigest()}\n" in second.note
    assert "before none\n" in first.note
    assert second.note.count(".csv\n") == len(public_tables())


def test_hiwar_verify_checks_a_list_and_the_files_beside_it(
    client: Client, house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    note()
    sign_list(now=NOW)
    path, table = tmp_path / "list-1.txt", tmp_path / "dossiers.csv"
    path.write_bytes(client.get("/authenticity/list.txt").content)
    table.write_bytes(client.get("/open-data/dossiers.csv").content)
    assert client.get("/authenticity/list-1.txt").content == path.read_bytes()
    assert client.get("/authenticity/list-2.txt").status_code == 404
    assert main([str(path), "--key", the_key()]) == 0
    assert "1 here and as listed" in capsys.readouterr().out
    table.write_bytes(table.read_bytes() + b" ")
    assert main([str(path), "--key", the_key()]) == 1
    assert "dossiers.csv is not the file" in capsys.readouterr().out
    table.unlink()
    path.write_text(path.read_text().replace("number 1", "number 9"))
    assert main([str(path), "--key", the_key()]) == 1
    assert main([str(path)]) == 1


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_page_says_key_list_and_head(client: Client, house: House, language: str) -> None:
    address = reverse("public_publishing:authenticity", args=[language])
    empty = client.get(address).text
    assert public_log_key("x") is None
    assert "list-" not in empty.partition("<main")[2].partition("<ol>")[0]
    note()
    sign_list(now=NOW)
    page = client.get(address).text
    key = the_key()
    assert key in page.replace("&#x2B;", "+")
    assert key.rpartition("+")[2] in page
    assert "/authenticity/list-1.txt" in page
    assert house["publication"].bundle_hash in page
    type(house["publication"]).objects.update(state="withdrawn")
    assert house["publication"].bundle_hash not in client.get(address).text


def test_a_copy_is_asked_for_made_and_taken_by_who_may_publish(
    client: Client, house: House
) -> None:
    house["publication"].delete()
    sign_in_fully(client, house["director"])
    page = client.post("/desk/site/copy/", follow=True)
    assert "<progress" in page.text
    assert client.get("/desk/site/copy/site.zip")["Location"] == "/desk/site/copy/"
    ask_for_copy(actor=house["director"], now=NOW)
    other = UserFactory.create(roles=["facilitator"])
    client.logout()
    sign_in_fully(client, other)
    assert client.get("/desk/site/copy/").status_code == 403
    assert client.get("/desk/site/copy/site.zip").status_code == 403
    assert not SignedList.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_newer_copy_takes_the_place_of_the_one_before(
    client: Client, roles: object, settings: Any, tmp_path: Path
) -> None:
    settings.FILES = tmp_path / "files"
    director = UserFactory.create(roles=["director"])
    make_copy.func()
    first = SiteCopy.objects.get().file
    make_copy.func()
    copy = SiteCopy.objects.get()
    assert copy.file != first
    assert copy.file is not None
    assert copy.pages > 20
    sign_in_fully(client, director)
    answer = client.get("/desk/site/copy/site.zip")
    assert answer["Content-Type"] == "application/zip"
    assert hashlib.sha256(answer.content).hexdigest() == copy.file.sha256
    assert "site-20" in answer["Content-Disposition"]
