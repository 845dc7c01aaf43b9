"""The read interface: as described, page after page, in one language, within limits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs
import pytest
from django.test import Client
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from factories.open_data import NOW, WORD, public_house
from hiwar.common.tables.lending import public_tables
from hiwar.dossiers.models import Dossier
from hiwar.publishing.actions.open_data import note_tables
from hiwar.publishing.exports.interface import read_paths
from hiwar.publishing.exports.open_data import files_of
from hiwar.publishing.views import interface

pytestmark = pytest.mark.django_db
HANDBOOK = Path(__file__).parents[2] / "docs/reference/openapi.json"


@pytest.fixture
def house(roles: object) -> dict[str, Any]:
    return public_house()


def test_the_description_is_valid_and_stands_in_the_handbook(client: Client) -> None:
    served = json.loads(client.get("/api/v1/openapi.json").content)
    handbook = json.loads(HANDBOOK.read_text("utf-8"))
    for document in (served, handbook):
        validate(document, cls=OpenAPIV31SpecValidator)
    # `tools/openapi.py` brings it there.
    assert {path: handbook["paths"][path] for path in read_paths()} == read_paths()
    assert len(served["paths"]) == len(public_tables()) + 1


def test_answers_are_as_described(client: Client, house: dict[str, Any]) -> None:
    note_tables(tables=[files_of(table, NOW) for table in public_tables()], now=NOW)
    served = json.loads(client.get("/api/v1/openapi.json").content)
    for path, item in served["paths"].items():
        shape = item["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        for query in ("", *(["?language=en&limit=1"] if "tables" in path else [])):
            answer = client.get(path + query)
            assert answer.status_code == 200
            jsonschema_rs.validate(shape, json.loads(answer.content))
            assert answer["Access-Control-Allow-Origin"] == "*"
    listed = json.loads(client.get("/api/v1/").content)["tables"]
    assert [each["table"] for each in listed] == [table.code for table in public_tables()]
    for each in listed:
        rows = json.loads(client.get(urlsplit(each["rows"]).path).content)
        assert (rows["count"], rows["modified"]) == (each["count"], each["modified"])


def test_pages_follow_one_another_until_the_end(client: Client, house: dict[str, Any]) -> None:
    for number in range(4):
        Dossier.objects.create(
            code=f"MORE-{number}", slug=f"more-{number}", title={"en": "More"}, created_at=NOW,
            visibility="public",
        )  # fmt: skip
    address, codes = "/api/v1/tables/dossiers?limit=2&language=en", []
    while address:
        answer = client.get(address)
        page = json.loads(answer.content)
        codes += [row["id"] for row in page["rows"]]
        assert len(page["rows"]) <= 2
        assert page["count"] == 5
        assert ('rel="next"' in answer["Link"]) == bool(page["next"])
        whole = urlsplit(page["next"] or "")
        address = f"{whole.path}?{whole.query}" if page["next"] else ""
    assert codes == ["MORE-0", "MORE-1", "MORE-2", "MORE-3", "OPEN"]


def test_a_text_comes_in_every_language_or_in_one(client: Client, house: dict[str, Any]) -> None:
    Dossier.objects.filter(code="OPEN").update(aim={"ar": "غاية"})
    whole = json.loads(client.get("/api/v1/tables/dossiers").content)["rows"][0]
    assert whole["title"]["en"] == WORD
    assert whole["aim"] == {"ar": "غاية"}
    english = json.loads(client.get("/api/v1/tables/dossiers?language=en").content)["rows"][0]
    assert (english["title"], english["aim"]) == (WORD, None)


@pytest.mark.parametrize(("path", "status", "code"), [
    ("tables/nothing", 404, "unknown_table"), ("tables/%C3%91%20x", 404, "unknown_table"),
    ("tables/dossiers?after=nobody", 404, "unknown_row"),
    ("tables/dossiers?limit=0", 400, "wrong_limit"),
    ("tables/dossiers?limit=501", 400, "wrong_limit"),
    ("tables/dossiers?limit=%D9%A5", 400, "wrong_limit"),
    ("tables/dossiers?language=xx", 400, "unknown_language"),
    ("tables/dossiers?limit=1&limit=2", 400, "unknown_parameter"),
    ("tables/dossiers?visibility=team", 400, "unknown_parameter"),
])  # fmt: skip
def test_what_cannot_be_answered_is_said_as_a_code(
    client: Client, path: str, status: int, code: str
) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert (answer.status_code, json.loads(answer.content)) == (status, {"code": code})
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_nothing_is_written_and_other_sites_may_ask_before(client: Client) -> None:
    for method in ("post", "put", "delete"):
        answer = getattr(client, method)("/api/v1/tables/dossiers")
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
    strict = Client(enforce_csrf_checks=True)
    assert strict.generic("QUERY", "/api/v1/tables/dossiers").status_code == 405
    before = client.options("/api/v1/tables/dossiers")
    assert before.status_code == 204
    assert "If-None-Match" in before["Access-Control-Allow-Headers"]


def test_an_unchanged_page_is_not_sent_again(client: Client, house: dict[str, Any]) -> None:
    answer = client.get("/api/v1/tables/dossiers")
    again = client.get("/api/v1/tables/dossiers", headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Dossier.objects.filter(code="OPEN").update(title={"en": "Another"})
    other = client.get("/api/v1/tables/dossiers", headers={"if-none-match": answer["ETag"]})
    assert other.status_code == 200


def test_who_asks_very_often_is_asked_to_wait_and_nobody_else(client: Client) -> None:
    for _each in range(interface.FREE):
        interface.requests.count("192.0.2.7", interface.stopwatch())
    refused = client.get("/api/v1/", REMOTE_ADDR="192.0.2.9")
    assert (refused.status_code, json.loads(refused.content)) == (
        429,
        {"code": "too_many_requests"},
    )
    assert 0 < int(refused["Retry-After"]) <= 3600
    assert client.get("/api/v1/", REMOTE_ADDR="198.51.100.7").status_code == 200
