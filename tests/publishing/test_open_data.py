"""Open data: what is public stands in tables and files; what is not stands in none of them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from factories.open_data import COUNTS, NOW, WORD, public_house
from hiwar.common.tables.lending import public_tables
from hiwar.publishing.actions.open_data import note_tables
from hiwar.publishing.exports.open_data import files_of
from hiwar.publishing.models import OpenTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test import Client

    House = dict[str, Any]

pytestmark = pytest.mark.django_db
INNER = (
    "Secret post", "Giver Unnamed", "Inner reason", "Inner note", "Persona Grata", "0599123456",
    "Sealed",
)  # fmt: skip
OF_RESULTS = ("dialogue-results", "dialogue-statements", "dialogue-groups")
OF_LAWS = (
    "laws", "law-versions", "law-steps", "law-proposals", "law-comments", "law-answers",
)  # fmt: skip
OF_ASKS = ("asks", "ask-points", "ask-answers", "commitments", "outcomes")


@pytest.fixture
def house(roles: object) -> House:
    return public_house()


def rows_of(code: str) -> list[dict[str, Any]]:
    """Return the rows of a table as its JSON has them."""
    table = next(table for table in public_tables() if table.code == code)
    rows: list[dict[str, Any]] = json.loads(files_of(table, NOW).json)["rows"]
    return rows


def note() -> list[str]:
    return note_tables(tables=[files_of(table, NOW) for table in public_tables()], now=NOW)


def set_to(thing: str, **values: Any) -> Callable[[House], None]:
    """Return what sets columns of a thing of the house."""

    def change(house: House) -> None:
        type(house[thing])._default_manager.filter(pk=house[thing].pk).update(**values)

    return change


def corrected(house: House) -> None:
    answer = house["answer"]
    type(answer).objects.create(
        addressee=answer.addressee, way="letter", kind="withdrawal", corrects=answer,
        answered_on=answer.answered_on, recorded_at=NOW, recorded_by=answer.recorded_by,
    )  # fmt: skip


CLOSED: tuple[tuple[tuple[str, ...], Callable[[House], None]], ...] = (
    (OF_RESULTS, set_to("publication", state="draft")),
    (OF_RESULTS, set_to("publication", state="withdrawn")),
    (OF_RESULTS, set_to("publication", state="embargo", embargo_until=NOW + timedelta(1))),
    (("dossiers", "dossier-states", "media-items", "forums"),
     set_to("dossier", visibility="institution")),
    (("dossiers", "dossier-states"), set_to("dossier", archived_at=NOW)),
    (("joint-statements", "joint-signatures"), set_to("text", state="closed")),
    (("joint-statements", "joint-signatures"), set_to("statement", withdrawn_at=NOW)),
    (("events", "event-conclusions"), set_to("event", visibility="coalition")),
    (("events", "event-conclusions"), set_to("event", published_at=None)),
    (("event-conclusions",), set_to("minutes", published_at=None)),
    (("event-conclusions",), set_to("minutes", audience="internal")),
    (("papers", "recommendations"), set_to("version", published_at=None)),
    (("papers", "recommendations"), set_to("version", withdrawn_at=NOW)),
    (("forums",), set_to("forum", approved_at=None)),
    (("forums",), set_to("forum", visibility="press")),
    (OF_LAWS, set_to("law", visibility="institution")),
    (OF_LAWS, set_to("law_version", visibility="institution")),
    (("law-steps",), set_to("step", evidence="leak")),
    (("law-proposals",), set_to("amendment", is_published=False)),
    (("law-comments",), set_to("comment", is_published=False)),
    (("law-answers",), set_to("official_answer", is_published=False)),
    (OF_ASKS, set_to("ask", visibility="official")),
    (OF_ASKS, set_to("ask", state="drafted")),
    (("ask-answers",), set_to("answer", may_publish=False)),
    (("ask-answers",), corrected),
    (("commitments",), set_to("commitment", is_public=False)),
    (("outcomes",), set_to("outcome", confirmed_by=None)),
    (("instruments", "instrument-articles"), set_to("instrument", visibility="institution")),
    (("media-items",), set_to("item_of_media", visibility="team")),
    (("site-items",), set_to("item", withdrawn_at=NOW)),
    (("site-items",), set_to("item", published=None)),
    (("office-holders", "funders"), set_to("profile", officers=[], funders=[])),
)  # fmt: skip


def test_what_is_public_stands_in_every_table_and_what_is_closed_in_none(house: House) -> None:
    for table in public_tables():
        files = files_of(table, NOW)
        assert files.rows, table.code
        text = (files.csv + files.json).decode()
        assert not [inner for inner in INNER if inner in text], table.code
    assert {code for codes, _close in CLOSED for code in codes} == {
        table.code for table in public_tables()
    }
    for number, (codes, close) in enumerate(CLOSED):
        with transaction.atomic():
            close(house)
            for code in codes:
                assert rows_of(code) == [], (number, code)
            transaction.set_rollback(True)


def test_parts_of_a_row_are_left_out_where_they_are_closed(house: House) -> None:
    assert rows_of("events")[0]["dossier"] == "OPEN"
    assert rows_of("law-comments")[0]["name"] == "Salma Named"
    assert rows_of("law-comments")[0]["disposition"] == "taken_up"
    assert rows_of("law-proposals")[0]["result"] == "weaker"
    assert rows_of("commitments")[0]["state"] == "unkept"
    for change in (
        set_to("dossier", visibility="institution"),
        set_to("comment", may_name=False),
        set_to("consultation", answered_at=None),
        set_to("change", verified_by=None),
    ):
        change(house)
    assert {row["dossier"] for row in rows_of("events")} == {None}
    comment = rows_of("law-comments")[0]
    assert [comment[name] for name in ("name", "organisation", "disposition", "answer")] == [
        None
    ] * 4
    assert rows_of("commitments")[0]["reply"] is None


def test_files_of_a_table_say_the_same_and_hidden_numbers_are_empty(
    client: Client, house: House
) -> None:
    answer = client.get("/open-data/dialogue-statements.csv")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    document = json.loads(client.get("/open-data/dialogue-statements.json").content)
    assert [line["text_en"] for line in lines] == [WORD, WORD]
    assert [line["agree"] for line in lines] == ["9", ""]
    assert [row["agree"] for row in document["rows"]] == [COUNTS["agree"], None]
    assert [line["shared"] for line in lines] == ["true", "false"]
    assert document["rows"][0]["text"]["en"] == WORD
    assert list(lines[0])[:5] == ["id", "dialogue", "statement", "text_ar", "text_en"]
    about = json.loads(client.get("/open-data/dialogue-statements.csv-metadata.json").content)
    assert [column["name"] for column in about["tableSchema"]["columns"]] == list(lines[0])
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert 'rel="license"' in answer["Link"]
    again = client.get(
        "/open-data/dialogue-statements.csv", headers={"if-none-match": answer["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    for path in ("none.csv", "laws.xlsx", "none.csv-metadata.json", "catalogue.xml"):
        assert client.get(f"/open-data/{path}").status_code == 404


def test_keys_are_unique_and_rows_stay_in_their_order(house: House) -> None:
    for table in public_tables():
        keys = [row[table.columns[0].name] for row in rows_of(table.code)]
        assert len(set(keys)) == len(keys), table.code
        assert None not in keys
        assert files_of(table, NOW) == files_of(table, NOW + timedelta(hours=1)), table.code


def test_last_modified_moves_with_what_is_said_and_not_with_saving(
    client: Client, house: House
) -> None:
    assert len(note()) == len(public_tables())
    OpenTable.objects.update(changed_at=NOW - timedelta(days=9))
    house["dossier"].save()
    assert note() == []
    set_to("dossier", title={"en": "Another"})(house)
    assert note() == ["dossiers"]
    assert OpenTable.objects.get(code="dossiers").changed_at == NOW
    sums = dict(
        reversed(line.split("  ")) for line in client.get("/open-data/SHA256SUMS").text.splitlines()
    )
    for name in ("dossiers.csv", "dossiers.json"):
        answer = client.get(f"/open-data/{name}")
        assert hashlib.sha256(answer.content).hexdigest() == sums[name]
        assert answer["Last-Modified"] == "Sun, 04 Jul 2027 09:00:00 GMT"
    set_to("dossier", title={"en": "A third"})(house)
    assert "Last-Modified" not in client.get("/open-data/dossiers.csv")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_page_names_every_table_with_columns_files_and_days(
    client: Client, house: House, language: str
) -> None:
    note()
    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"/{language}/open-data/").text
    assert len(asked) <= 4
    for table in public_tables():
        assert f'href="/open-data/{table.code}.csv"' in page
        assert f'href="/open-data/{table.code}.json"' in page
    assert "creativecommons.org/licenses/by/4.0" in page
    assert WORD not in page


def test_questions_to_the_database_do_not_grow_with_rows(house: House) -> None:
    def counts() -> Iterator[int]:
        for table in public_tables():
            with CaptureQueriesContext(connection) as asked:
                list(table.rows(NOW))
            yield len(asked)

    before = list(counts())
    public_rows = type(house["event"]).objects.get(pk=house["event"].pk)
    public_rows.pk, public_rows.code = None, "E-more"
    public_rows.save(force_insert=True)
    law = type(house["law"]).objects.get(pk=house["law"].pk)
    law.pk = None
    law.save(force_insert=True)
    assert list(counts()) == before
    assert max(before) <= 4
