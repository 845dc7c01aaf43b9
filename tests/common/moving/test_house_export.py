"""A house that leaves takes everything along, in open formats, and is the same house elsewhere."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import environ
import pytest
from django.apps import apps
from django.db import connection

from databases import databases
from factories.contacts import NoteFactory, PersonFactory
from factories.dialogues import ParticipantFactory, StatementFactory, VoteFactory
from factories.evidence import make_copy
from hiwar.accounts.models import AuthenticatorApp, User
from hiwar.common.backup import restoring, rows, sealing
from hiwar.common.models import StoredFile, Visibility
from hiwar.common.moving import arriving, leaving, parts
from hiwar.common.moving.dictionary import nouns
from hiwar.common.moving.packing import FolderSink, Source, ZipSink
from hiwar.evidence.models import Source as EvidenceSource
from migrated import migrated, template_file

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[3]
SECRET = "four words on paper"
# Words by which a column may hold a secret, and columns that only sound so.
SOUNDS_SECRET = ("seal", "digest", "hash", "token", "secret", "password", "credential")
ONLY_SOUNDS = {
    "channels.Channel.tokens",  # how many letters may leave in this hour
    "channels.ConsentWording.digest",  # of words that everybody may read
    "common.StoredFile.is_sealed",
    "dialogues.OpinionMap.input_hash",
    "dialogues.Publication.bundle_hash",
    "papers.LanguageCheck.digest",  # of words that lie open beside it
}


@pytest.fixture(autouse=True)
def _quick(monkeypatch, settings, tmp_path) -> None:
    monkeypatch.setitem(sealing.SCRYPT, "n", 1 << 4)
    monkeypatch.setattr("hiwar.common.moving.booklet.STATIC", tmp_path / "static")
    (tmp_path / "static/fonts").mkdir(parents=True)
    for name in ("hiwar.css", "desk.css", "pattern.svg", "band.svg", "mark.svg"):
        (tmp_path / "static" / name).write_text(name)
    settings.DATA = tmp_path / "house"
    settings.FILES = settings.DATA / "files"
    settings.DATA.mkdir()


@pytest.fixture
def furnished(director, now, settings, django_user_model) -> dict[str, Any]:
    """Give the house something of each kind: open, secret, of one owner alone, voted, kept."""
    (settings.DATA / "log.key").write_bytes(b"signs for this house")
    AuthenticatorApp.objects.filter(user=director).update(
        sealed_secret=b"\0\xff'sealed", added_at=now + timedelta(microseconds=7)
    )
    person = PersonFactory.create(shown_name={"ar": "رنا حداد", "en": "=Rana Haddad"})
    NoteFactory.create(person=person, text="heard by everybody", visibility=Visibility.INSTITUTION)
    NoteFactory.create(
        person=person, text="whispered to one", visibility=Visibility.PERSONAL, owner=director
    )
    voter = ParticipantFactory.create(name="voter who hides")
    statement = StatementFactory.create(dialogue=voter.dialogue)
    VoteFactory.create(participant=voter, statement=statement)
    source = EvidenceSource.objects.create(
        title="Report", kind=EvidenceSource.Kind.choices[0][0], added_at=now, added_by=director,
        owner=director,
    )  # fmt: skip
    return {"person": person, "copy": make_copy(source)}


def empty_sqlite(tmp_path: Path, name: str = "other") -> Any:
    path = tmp_path / f"{name}.sqlite3"
    shutil.copyfile(template_file(), path)
    return opened(f"sqlite:///{path}")


def opened(url: str) -> Any:
    config = environ.Env.db_url_config(url)
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA foreign_keys=ON;",
        }  # fmt: skip
    return databases({"default": config})["default"]


def written(to: Path, now: Any, reader: Any = connection) -> dict[str, Any]:
    ways: Any = {"scratch": to.with_name("inner"), "recipients": [], "passphrase": SECRET}
    if to.suffix != ".zip":
        return leaving.leave(FolderSink(to), reader=reader, now=now, **ways)
    with to.open("wb") as target:
        sink = ZipSink(target)
        manifest = leaving.leave(sink, reader=reader, now=now, **ways)
        sink.close()
    return manifest


def open_words(folder: Path) -> str:
    paths = [p for p in folder.rglob("*") if p.is_file() and p.name != "sealed.hiwar"]
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in paths)


@pytest.mark.django_db
def test_everything_lies_open_but_what_nobody_may_read(furnished, director, tmp_path, now):
    folder = tmp_path / "out"
    manifest = written(folder, now)
    words = open_words(folder)
    assert "heard by everybody" in words
    assert "رنا حداد" in (folder / "pages/ar/contacts_person.html").read_text()
    for secret in (
        "whispered to one", "voter who hides", director.password, "signs for this house",
        "sealed'", User.objects.get(pk=director.pk).password,
    ):  # fmt: skip
        assert secret not in words
    assert manifest["hidden_rows"] == 1
    assert not (folder / "tables/dialogues_vote.jsonl").exists()
    kept = StoredFile.objects.get(pk=furnished["copy"].file_id)
    name = manifest["files"][kept.pk.hex]
    assert (folder / name).stat().st_size == kept.size
    assert ("tables/contacts_person.csv") in manifest["members"]
    # A name that a spreadsheet program would take for a formula is a text in the table.
    assert ",'=Rana Haddad," in (folder / "tables/contacts_person.csv").read_text("utf-8-sig")
    for member, (size, _digest) in manifest["members"].items():
        assert (folder / member).stat().st_size == size
    for page in ("index.html", "index.en.html"):
        for address in (folder / page).read_text().split('href="')[1:]:
            assert (folder / address.partition('"')[0]).is_file(), address


@pytest.mark.django_db
def test_moved_house_is_the_same_house(furnished, tmp_path, now, settings):
    first = tmp_path / "first.zip"
    tallies = {}
    for table in rows.tables():
        tally = rows.Tally()
        for row in table.read(connection):
            tally.add(rows.line_of(row))
        tallies[table.name] = tally.summary
    written(first, now)
    settings.DATA = tmp_path / "moved"
    settings.FILES = settings.DATA / "files"
    other = empty_sqlite(tmp_path)
    manifest = arriving.arrive(path=first, secret=SECRET, connection=other)
    restoring.compare(other, manifest)
    assert manifest.tables == tallies
    assert (settings.DATA / "log.key").read_bytes() == b"signs for this house"
    kept = furnished["copy"].file.pk.hex
    assert (settings.FILES / kept[:2] / kept).is_file()
    with pytest.raises(restoring.NotEmpty):
        arriving.arrive(path=first, secret=SECRET, connection=other)


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.exhaustive("backup")
def test_round_trip_over_the_other_database_is_equal(
    furnished, tmp_path, now, settings, postgres_url
):
    url = urlunsplit(urlsplit(postgres_url)._replace(path="/hiwar_moving_trial"))
    migrated(url, os.environ)
    first, second, third = (tmp_path / f"{name}.zip" for name in ("first", "second", "third"))
    manifests = [written(first, now)]
    there, back = opened(url), empty_sqlite(tmp_path)
    for name, source, target, path in (
        ("there", first, there, second), ("back", second, back, third),
    ):  # fmt: skip
        settings.DATA = tmp_path / name
        settings.FILES = settings.DATA / "files"
        arriving.arrive(path=source, secret=SECRET, connection=target)
        with rows.snapshot(target) as reader:
            manifests.append(written(path, now, reader))
    for manifest in manifests[1:]:
        assert manifest["tables"] == manifests[0]["tables"]
        assert manifest["files"] == manifests[0]["files"]
        same = {"tables/", "files/"}
        for name, summary in manifests[0]["members"].items():
            if name[: name.find("/") + 1] in same and name.endswith(".csv"):
                assert sorted(Source(third).read(name).splitlines()) == sorted(
                    Source(first).read(name).splitlines()
                ), (name, summary)


def damages() -> Iterator[Any]:
    def changed(path: Path) -> None:
        table = path / "tables/contacts_person.jsonl"
        table.write_bytes(table.read_bytes().replace(b"Rana", b"Rima"))

    def changed_with_manifest(path: Path) -> None:
        changed(path)
        manifest = json.loads((path / "manifest.json").read_text())
        name = "tables/contacts_person.jsonl"
        manifest["members"][name] = Source(path).summary(name)
        (path / "manifest.json").write_text(json.dumps(manifest))

    def cut(path: Path) -> None:
        sealed = path / "sealed.hiwar"
        sealed.write_bytes(sealed.read_bytes()[:-40])

    def missing(path: Path) -> None:
        (path / "tables/contacts_note.jsonl").unlink()

    def foreign(path: Path) -> None:
        shutil.rmtree(path)
        path.mkdir()

    yield from (changed, changed_with_manifest, cut, missing, foreign)


@pytest.mark.django_db
def test_what_was_damaged_or_is_of_another_changes_nothing(furnished, tmp_path, now, settings):
    whole = tmp_path / "whole"
    written(whole, now)
    settings.DATA = tmp_path / "moved"
    other = empty_sqlite(tmp_path)
    with pytest.raises(sealing.WrongKeyError):
        arriving.arrive(path=whole, secret="four words in sand", connection=other)
    for damage in damages():
        path = tmp_path / damage.__name__
        shutil.copytree(whole, path)
        damage(path)
        with pytest.raises(sealing.DamagedError):
            arriving.arrive(path=path, secret=SECRET, connection=other)
        with other.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM accounts_user")
            assert cursor.fetchone() == (0,), damage.__name__
    assert not settings.DATA.exists()


def test_every_model_leaves_or_says_why_not():
    """A new model gets words in the glossary, or a reason why it is sealed or stays behind."""
    known = nouns()
    for part in parts.parts():
        model = part.model._meta
        assert part.why or part.label in known or model.auto_created, part.label
        for at, field in enumerate(part.table.fields):
            name = f"{part.label}.{field.name}"
            sounds = any(word in field.name for word in SOUNDS_SECRET)
            assert part.why or at in part.secret or not sounds or name in ONLY_SOUNDS, name
    tables = {m._meta.db_table for m in apps.get_models(include_auto_created=True)}
    leaving_tables = {part.table.name for part in parts.parts()}
    assert tables - leaving_tables == set(parts.STAYS_BEHIND)
    assert all(parts.STAYS_BEHIND.values())


def test_words_of_an_export_are_those_of_the_glossary():
    """Run tools/nouns.py after a change to the glossary."""
    spec = importlib.util.spec_from_file_location("nouns_tool", ROOT / "tools/nouns.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert nouns() == tool.nouns((ROOT / "docs/glossary.md").read_text("utf-8"))
