"""Publishing: prepared, seen, published by a person or by time, withdrawn, corrected; recounted."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models import Min
from django.test.utils import CaptureQueriesContext

from factories.accounts import UserFactory, sign_in_fully
from factories.dialogues import ParticipantFactory, StatementFactory
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.models import AuditEntry
from hiwar.dialogues.actions import maps, publications
from hiwar.dialogues.exports import pages
from hiwar.dialogues.models import Dialogue, MapRequest, Publication, Vote
from hiwar.dialogues.queries.findings import findings
from hiwar.dialogues.queries.results import document_of, mark_of_votes
from hiwar.dialogues.queries.tokens import Bearer, cookie_name, make_token
from hiwar.engine.ledger.merkle import root_from_inclusion
from hiwar.engine.ledger.notes import parse_proof
from hiwar.engine.ledger.verifier import leaf_hash, main, parse_checkpoint, split_note, unpack

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


@pytest.fixture
def closed(now: datetime) -> Dialogue:
    return make_closed(now)


def make_closed(now: datetime, tier: str = "B", people: int = 30) -> Dialogue:
    """Return a closed dialogue of two camps; its tenth statement has three votes alone."""
    from factories.dialogues import DialogueFactory

    dialogue = DialogueFactory.create(
        state="closed", closed_at=now, publication_tier=tier, threshold=5
    )
    columns = [StatementFactory.create(dialogue=dialogue, number=n) for n in range(1, 11)]
    for row in range(people):
        person = ParticipantFactory.create(
            dialogue=dialogue,
            sex="female" if row % 3 else "male",
            age_band="60+" if row in {4, 5} else "20-24",
            trust=row % 2,
        )
        Vote.objects.bulk_create(
            Vote(
                participant=person,
                statement=column,
                choice=0 if (row + at) % 11 == 0 else 1 if at % 3 == 0 or row % 2 == at % 2 else -1,
                sequence=row * 100 + at,
            )
            for at, column in enumerate(columns)
            if at < 9 or row < 3
        )
    maps.refresh_opinion_map(dialogue=dialogue, now=now)
    MapRequest.objects.create(dialogue=dialogue, mark=mark_of_votes(dialogue))
    return dialogue


@pytest.fixture
def prepared(director: User, closed: Dialogue, now: datetime) -> Publication:
    return publications.prepare_publication(actor=director, dialogue=closed, now=now)


def address(dialogue: Dialogue, rest: str = "results/") -> str:
    return f"/en/d/{dialogue.code}/{rest}"


def save(tmp_path: Path, content: bytes) -> str:
    file = tmp_path / "votes.zip"
    file.write_bytes(content)
    return str(file)


def test_the_published_file_recounts_to_what_the_page_says(
    client: Client,
    director: User,
    prepared: Publication,
    tmp_path: Path,
    capsys: Any,
) -> None:
    publications.publish(actor=director, publication=prepared, now=prepared.made_at)
    dialogue = prepared.dialogue
    content = client.get(address(dialogue, "data/1/votes.zip")).content
    path = save(tmp_path, content)
    assert main([path]) == 0
    assert capsys.readouterr().out.endswith("VERIFIED\n")
    direct = Counter(
        Vote.objects.filter(statement__dialogue=dialogue).values_list("statement__number", "choice")
    )
    with zipfile.ZipFile(path) as archive:
        published = {
            row["id"]: row for row in json.loads(archive.read("results.json"))["statements"]
        }
    shown = {row["number"]: row["counts"] for row in prepared.document["statements"]}
    assert sorted(published) == list(range(1, 10))
    assert shown[10] is None
    for number, row in published.items():
        wanted = {
            "agree": direct[number, 1],
            "pass": direct[number, 0],
            "disagree": direct[number, -1],
        }
        assert {name: row[name] for name in wanted} == wanted
        assert {name: shown[number][name] for name in wanted} == wanted


def test_the_counting_holds_no_transaction(director: User, closed: Dialogue, now: datetime) -> None:
    """On SQLite nobody else could vote meanwhile, in any dialogue."""
    with CaptureQueriesContext(connection) as queries:
        publications.prepare_publication(actor=director, dialogue=closed, now=now)
    texts = [query["sql"] for query in queries]
    begins = next(at for at, text in enumerate(texts) if text.startswith("SAVEPOINT"))
    of_rows = [at for at, text in enumerate(texts) if '"choice"' in text]
    assert of_rows
    assert max(of_rows) < begins
    assert any("INSERT" in text for text in texts[begins:])


@pytest.mark.parametrize("name", ["results.json", "openings.csv", "statements.jsonl", "entries"])
def test_a_changed_file_fails_the_check(prepared: Publication, tmp_path: Path, name: str) -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(bytes(prepared.bundle or b""))) as old,
        zipfile.ZipFile(out, "w") as new,
    ):
        for item in old.namelist():
            data = old.read(item)
            changed = data[:-9] + (b"6" if data[-9:-8] == b"7" else b"7") + data[-8:]
            new.writestr(item, changed if item == name else data)
    assert main([save(tmp_path, out.getvalue())]) == 1


def test_votes_stand_in_the_log_in_an_order_that_tells_nothing(
    director: User, closed: Dialogue, now: datetime
) -> None:
    def order(content: object) -> list[int]:
        with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:  # type: ignore[call-overload]
            fields = [unpack(entry) for entry in unpack(archive.read("entries"))]
        return [int.from_bytes(one[1], "big") for one in fields if one[0] == b"vote"]

    one = publications.prepare_publication(actor=director, dialogue=closed, now=now)
    two = publications.prepare_publication(actor=director, dialogue=closed, now=now)
    assert order(one.bundle) != order(two.bundle)
    assert sorted(order(one.bundle)) == sorted(order(two.bundle))
    assert order(one.bundle) != sorted(order(one.bundle))


def test_counts_alone_open_no_vote(director: User, now: datetime, tmp_path: Path) -> None:
    dialogue = make_closed(now, "A")
    made = publications.prepare_publication(actor=director, dialogue=dialogue, now=now)
    with zipfile.ZipFile(io.BytesIO(bytes(made.bundle or b""))) as archive:
        assert "openings.csv" not in archive.namelist()
    assert main([save(tmp_path, bytes(made.bundle or b""))]) == 0
    with pytest.raises(publications.TierTooOpen):
        publications.prepare_publication(actor=director, dialogue=dialogue, now=now, tier="B")


def test_rows_are_refused_where_people_could_be_recognised(director: User, now: datetime) -> None:
    dialogue = make_closed(now, "C")
    with pytest.raises(publications.RowsNotPublishable):
        publications.prepare_publication(actor=director, dialogue=dialogue, now=now)
    made = publications.prepare_publication(actor=director, dialogue=dialogue, now=now, tier="B")
    assert made.document["tier"] == "B"


def test_nothing_is_readable_before_somebody_publishes(
    client: Client, prepared: Publication
) -> None:
    dialogue = prepared.dialogue
    page = client.get(address(dialogue))
    assert page.status_code == 200
    assert "not published yet" in page.content.decode()
    assert client.get(address(dialogue, "results/1/")).status_code == 404
    assert client.get(address(dialogue, "data/1/votes.zip")).status_code == 404
    assert client.get(address(dialogue, "data/1/counts.csv")).status_code == 404


def test_an_embargo_ends_by_itself(client: Client, director: User, prepared: Publication) -> None:
    from django.utils import timezone

    real = timezone.now()
    publications.publish_at(
        actor=director, publication=prepared, until=real + timedelta(hours=1), now=real
    )
    assert "not published yet" in client.get(address(prepared.dialogue)).content.decode()
    Publication.objects.update(embargo_until=real - timedelta(seconds=1))
    assert "both groups agree" in client.get(address(prepared.dialogue)).content.decode()
    with pytest.raises(publications.WrongPublicationState):
        publications.lift_embargo(actor=director, publication=prepared, now=real)


def test_an_embargo_that_ends_in_a_pause_ends_for_nobody(
    client: Client, director: User, administrator: User, prepared: Publication
) -> None:
    from django.utils import timezone

    from hiwar.accounts.actions import danger
    from hiwar.dialogues.queries.results import embargoes_that_passed

    real = timezone.now()
    publications.publish_at(
        actor=director, publication=prepared, until=real + timedelta(hours=1), now=real
    )
    danger.pause_house(actor=director, at=real - timedelta(hours=2))
    Publication.objects.update(embargo_until=real - timedelta(hours=1))
    page = address(prepared.dialogue)
    assert "both groups agree" not in client.get(page).content.decode()
    assert embargoes_that_passed(real) == 1
    wish = danger.ask_to_resume(actor=director, kinds=["letters"], at=real)
    danger.resume(actor=administrator, asked_at=wish.asked_at, at=real)
    assert "both groups agree" not in client.get(page).content.decode()
    wish = danger.ask_to_resume(actor=director, kinds=["schedules"], at=real)
    danger.resume(actor=administrator, asked_at=wish.asked_at, at=real)
    assert "both groups agree" in client.get(page).content.decode()


def test_a_correction_keeps_the_old_version_and_says_what_was_wrong(
    client: Client, director: User, prepared: Publication, now: datetime
) -> None:
    publications.publish(actor=director, publication=prepared, now=now)
    dialogue = prepared.dialogue
    with pytest.raises(publications.ReasonMissing):
        publications.prepare_publication(actor=director, dialogue=dialogue, now=now)
    second = publications.prepare_publication(
        actor=director, dialogue=dialogue, now=now, correction="One form was entered twice."
    )
    assert "One form" not in client.get(address(dialogue)).content.decode()
    publications.publish(actor=director, publication=second, now=now)
    assert "One form was entered twice." in client.get(address(dialogue)).content.decode()
    old = client.get(address(dialogue, "results/1/"))
    assert (old.status_code, "older version" in old.content.decode()) == (200, True)


def test_a_withdrawn_version_is_gone_and_says_why(
    client: Client, director: User, prepared: Publication, now: datetime
) -> None:
    publications.publish(actor=director, publication=prepared, now=now)
    with pytest.raises(publications.ReasonMissing):
        publications.withdraw(actor=director, publication=prepared, reason=" ", now=now)
    publications.withdraw(actor=director, publication=prepared, reason="Wrong list.", now=now)
    page = client.get(address(prepared.dialogue))
    assert (page.status_code, "Wrong list." in page.content.decode()) == (410, True)
    assert client.get(address(prepared.dialogue, "data/1/votes.zip")).status_code == 410


def test_each_step_needs_a_publisher_and_is_written_down(
    prepared: Publication, director: User, now: datetime
) -> None:
    researcher = UserFactory.create(email="r@house.example", roles=["researcher"])
    with pytest.raises(NotAllowed):
        publications.publish(actor=researcher, publication=prepared, now=now)
    publications.publish(actor=director, publication=prepared, now=now)
    publications.withdraw(actor=director, publication=prepared, reason="No.", now=now)
    verbs = AuditEntry.objects.filter(object=prepared.reference).order_by("pk")
    assert [one.verb.rpartition(".")[2] for one in verbs] == ["prepare", "publish", "withdraw"]


@pytest.mark.parametrize(
    ("role", "look", "change"),
    [
        ("director", 200, 302),
        ("media", 200, 302),
        ("researcher", 200, 403),
        ("finance_viewer", 403, 403),
    ],
)
def test_who_may_do_what_at_the_desk(
    client: Client, prepared: Publication, role: str, look: int, change: int
) -> None:
    sign_in_fully(client, UserFactory.create(email="x@house.example", roles=[role]))
    base = f"/desk/dialogues/{prepared.dialogue.code}/results/"
    assert client.get(base).status_code == look
    assert client.get(f"{base}1/").status_code == look
    assert client.get(f"{base}1/publish/").status_code == (200 if change == 302 else 403)
    assert client.post(f"{base}1/withdraw/", {"reason": "x"}).status_code == change
    assert client.post(f"{base}1/wait-no-more/").status_code == change
    assert client.post(f"{base}1/publish/").status_code == change
    is_public = Publication.objects.get().state == "published"
    assert is_public == (change == 302)


def test_the_page_asks_few_questions_whatever_the_number_of_votes(
    client: Client,
    director: User,
    now: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for people in (24, 48):
        dialogue = make_closed(now, people=people)
        made = publications.prepare_publication(actor=director, dialogue=dialogue, now=now)
        publications.publish(actor=director, publication=made, now=now)
        with django_assert_max_num_queries(10):
            assert client.get(address(dialogue)).status_code == 200


def test_a_long_version_tells_what_stands_out_and_leads_to_all_of_it(
    client: Client, director: User, prepared: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    publications.publish(actor=director, publication=prepared, now=prepared.made_at)
    every = address(prepared.dialogue, "results/1/statements/")
    short = client.get(address(prepared.dialogue)).content.decode()
    assert every not in short
    assert short.count("data-statement=") == 10
    whole = client.get(every).content.decode()
    assert whole.count("data-statement=") == 10
    cache.clear()
    monkeypatch.setattr(pages, "LONG", 9)
    long = client.get(address(prepared.dialogue)).content.decode()
    assert every in long
    assert "data-statement=" not in long


def test_a_receipt_proves_the_votes_of_its_cookie_alone(
    client: Client, director: User, prepared: Publication, now: datetime
) -> None:
    dialogue = prepared.dialogue
    person = dialogue.participants.order_by("pk").first()
    assert person is not None
    token = make_token(dialogue.code, Bearer(person.pk, is_stored=True))
    client.cookies[cookie_name(dialogue.code)] = token
    file = address(dialogue, "receipt/votes.zip")
    assert client.get(file).status_code == 404
    assert "no receipts yet" in client.get(address(dialogue, "receipt/")).content.decode()
    publications.publish(actor=director, publication=prepared, now=now)
    page = client.get(address(dialogue, "receipt/"))
    assert file in page.content.decode()
    assert "what you said to each statement" in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert address(dialogue, "receipt/") in client.get(address(dialogue, "mine/")).content.decode()
    content = client.get(file).content
    with zipfile.ZipFile(io.BytesIO(bytes(prepared.bundle or b""))) as archive:
        entries = unpack(archive.read("entries"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if name.endswith(".tlog-proof")]
        assert "what you said" in archive.read("README.en.txt").decode()
        assert len(names) == person.votes.exclude(statement__number=10).count()
        for name in names:
            index, path, note = parse_proof(archive.read(name).decode())
            head = parse_checkpoint(split_note(note)[0])
            assert (
                root_from_inclusion(leaf_hash(entries[index]), index, head.size, path) == head.root
            )
    client.cookies.clear()
    assert client.get(file).status_code == 404
    assert file not in client.get(address(dialogue, "receipt/")).content.decode()


def test_an_author_reads_what_became_of_her_statement(
    client: Client, director: User, prepared: Publication, now: datetime
) -> None:
    dialogue = prepared.dialogue
    row = next(one for one in prepared.document["statements"] if one["shared"])
    author = dialogue.participants.order_by("pk").first()
    assert author is not None
    dialogue.statements.filter(number=row["number"]).update(author=author)
    token = make_token(dialogue.code, Bearer(author.pk, is_stored=True))
    client.cookies[cookie_name(dialogue.code)] = token
    told = "among what is shared"
    assert told not in client.get(address(dialogue, "mine/")).content.decode()
    publications.publish(actor=director, publication=prepared, now=now)
    assert told in client.get(address(dialogue, "mine/")).content.decode()
    publications.withdraw(actor=director, publication=prepared, reason="wrong", now=now)
    assert told not in client.get(address(dialogue, "mine/")).content.decode()


def test_codes_and_lists_are_the_headline_and_the_open_link_stands_apart(
    client: Client, director: User, now: datetime
) -> None:
    dialogue = make_closed(now, people=160)
    in_order = dialogue.participants.annotate(first=Min("votes__sequence")).order_by("first")
    for at, person in enumerate(in_order):
        person.trust = at // 2 % 2
        person.save()
    codes = set(dialogue.participants.exclude(trust=0).values_list("pk", flat=True))
    made = publications.prepare_publication(actor=director, dialogue=dialogue, now=now)
    publications.publish(actor=director, publication=made, now=now)
    found = made.document["headline"]
    assert (found["kind"], found["codes"]["people"], found["open"]["people"]) == ("both", 80, 80)
    votes = Vote.objects.filter(statement__dialogue=dialogue, participant__in=codes)
    assert found["codes"]["votes"] == votes.count()
    number, (first, apart) = next(pair for pair in found["statements"].items() if all(pair[1]))
    everybody = Vote.objects.filter(statement__dialogue=dialogue, statement__number=number)
    assert first["agree"] == everybody.filter(participant__in=codes, choice=1).count()
    assert first["seen"] + apart["seen"] == everybody.count()
    assert found["statements"]["10"] == [None, None]
    page = client.get(address(dialogue)).content.decode()
    shown, total = found["codes"]["shared"], found["codes"]["statements"]
    assert f"On {shown} of {total} statement" in page.split("</h1>")[0]
    assert "Among the 80 people who came in by a code or from a list:" in page.split("</h1>")[0]
    whole = made.document["answer"]
    assert f"Among everybody (160 people) it is {whole['shared']} of {whole['statements']}" in page
    rows = made.document["statements"]
    listed = sum(bool(row["counts"] and row["shared"]) for row in rows)
    assert listed == whole["shared"]
    assert page.index('data-tier="codes"') < page.index('data-tier="open"')


@pytest.mark.parametrize(
    ("trust", "kind"), [({0}, "open"), ({1, 2}, "codes"), ({0, 1}, "few")], ids=str
)
def test_one_way_in_is_said_instead_of_split(
    closed: Dialogue, director: User, now: datetime, trust: set[int], kind: str
) -> None:
    kinds = sorted(trust)
    for at, person in enumerate(closed.participants.order_by("pk")):
        person.trust = kinds[0] if at < 18 or len(kinds) == 1 else kinds[1]
        person.save()
    made = publications.prepare_publication(actor=director, dialogue=closed, now=now)
    assert made.document["headline"] == {"kind": kind}


def test_no_hidden_number_can_be_worked_out(prepared: Publication) -> None:
    document = prepared.document
    ages = next(s for s in document["people"]["spreads"] if s["attribute"] == "age_band")
    people = [one["people"] for one in ages["categories"]]
    assert all(n is None or n == 0 or n >= 5 for n in people)
    total = document["people"]["everybody"]
    if people.count(None) == 1:
        assert total - sum(n or 0 for n in people) >= 5 or ages["stated"] is None
    for row in document["statements"]:
        for counts in (row["counts"], *row["groups"]):
            assert counts is None or counts["seen"] >= 5
    for table in document["tables"]:
        for row in table["rows"]:
            for cell in row["cells"]:
                if cell and "majority" not in cell:
                    parts = [cell[name] for name in ("agree", "disagree", "pass")]
                    assert all(n == 0 or n >= 5 for n in parts)


def test_a_map_made_before_cells_is_told_in_cells(now: datetime) -> None:
    dialogue = make_closed(now)
    made = maps.refresh_opinion_map(dialogue=dialogue, now=now)
    old = document_of(made)
    person = {"x": 0.123456789, "y": 1.0, "x_corrected": 0.5, "y_corrected": 0.5,
              "membership_probability": 0.9, "votes": 9, "in_map": True}  # fmt: skip
    people = [person | {"id": at, "group": at % 2} for at in range(30)]
    old["map"] = {key: old["map"][key] for key in ("explained_variance", "silhouettes")}
    made.document = zlib.compress(json.dumps(old | {"participants": people}).encode())
    assert "0.123" not in json.dumps(document_of(made))
    told = findings(dialogue, document_of(made), "B")
    assert told["map"]["cells"]


def test_the_log_key_is_made_once_and_is_its_owners(tmp_path: Path) -> None:
    first, second = publications.log_signer("here/a/1"), publications.log_signer("here/a/1")
    assert first.seed == second.seed
    assert (tmp_path / "log.key").stat().st_mode & 0o777 == 0o600
