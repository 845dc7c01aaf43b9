"""Whatever comes in: an answer, never a failure; nothing stored that was not answered with ok."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from dialogues.served import CODE, Served, new_key
from factories.dialogues import DialogueFactory, StatementFactory

if TYPE_CHECKING:
    from collections.abc import Iterator

NASTY = (
    "\u202egnp.exe", "a\x00b", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
    "x" * 1_000_000, "\u2066\u2069", "'; DROP TABLE dialogues_vote; --", "\U0001f600" * 300,
)  # fmt: skip
PAGES = {
    "join/": "code", "statements/add/": "text", "mine/": "name", "about-me/": "sex",
    "statements/similar/": "text", "vote/": "statement", "statements/1/": "text", "forget/": "x",
}  # fmt: skip
ANY_JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(),
    lambda inner: (
        some.lists(inner, max_size=4)
        | some.dictionaries(some.sampled_from(["votes", "key", "language", "statement"]), inner)
    ),
    max_leaves=8,
)
BIG = some.integers() | some.integers(-2, 40)
VOTES = some.lists(
    some.fixed_dictionaries(
        {"statement": BIG, "choice": some.integers(-3, 3) | BIG, "sequence": BIG},
        optional={"important": some.booleans()},
    ),
    max_size=4,
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("hostile")
    installation = Served(folder, f"sqlite:///{folder}/hiwar.sqlite3")
    installation.start()
    yield installation
    installation.stop()


def rows(served: Served) -> int:
    count: int = served.query("SELECT COUNT(*) FROM dialogues_vote")[0][0]
    return count


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=ANY_JSON | some.builds(lambda v, t: {"votes": v, "key": new_key(), "language": t},
                                   VOTES, some.text(max_size=30)))  # fmt: skip
def test_votes_of_any_shape(served: Served, body: object) -> None:
    before = rows(served)
    data = json.dumps(body).encode("utf-8", "surrogatepass")
    status, headers, answer = served.ask("POST", f"/api/d/{CODE}/votes", data)
    assert status < 500, answer
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    results = answer.get("results", [])
    kept = {one["statement"] for one in results if one["status"] == "ok"}
    assert rows(served) - before == len(kept)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=some.binary(max_size=200))
def test_bytes_of_any_kind(served: Served, data: bytes) -> None:
    before = rows(served)
    status, _headers, _answer = served.ask("POST", f"/api/d/{CODE}/votes", data)
    assert 400 <= status < 500
    assert rows(served) == before


def test_native_answers_carry_the_headers(served: Served) -> None:
    large = b"x" * 70_000
    for method, path, data, wanted in (
        ("POST", f"/api/d/{CODE}/votes", large, 413),
        ("POST", "/api/d/nowhere/votes", b"{}", 404),
        ("GET", f"/api/d/{CODE}/next", None, 200),
        ("PUT", f"/api/d/{CODE}/votes", b"{}", 405),
        ("GET", "/healthz", None, 200),
    ):
        status, headers, _answer = served.ask(method, path, data)
        assert status == wanted, path
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "same-origin"


@pytest.mark.django_db
@pytest.mark.parametrize("page", sorted(PAGES))
@pytest.mark.parametrize("at", range(len(NASTY)))
def test_forms_of_participants(page: str, at: int) -> None:
    dialogue = DialogueFactory.create(moderation="open")
    StatementFactory.create(dialogue=dialogue, number=1)
    client = Client()
    client.get(f"/en/d/{dialogue.code}/vote/")
    fields = {PAGES[page]: NASTY[at], "act": "name" if page == "mine/" else "reword",
              "choice": NASTY[at][:50], "language": "ar"}  # fmt: skip
    answer = client.post(f"/en/d/{dialogue.code}/{page}", fields, follow=True)
    assert answer.status_code < 500
    assert b"<script>alert" not in answer.content
    assert b"<img src=x" not in answer.content
