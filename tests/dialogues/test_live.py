from __future__ import annotations

import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit, urlunsplit

import pytest

from dialogues.served import CODE, STATEMENTS, Served, new_key

if TYPE_CHECKING:
    from collections.abc import Iterator

VOTES = (
    "SELECT p.id, s.number, v.choice, v.sequence FROM dialogues_vote v"
    " JOIN dialogues_participant p ON p.id = v.participant_id"
    " JOIN dialogues_statement s ON s.id = v.statement_id ORDER BY 1, 2"
)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    if request.param == "sqlite":
        installation = Served(folder, f"sqlite:///{folder}/hiwar.sqlite3")
        installation.start()
        yield installation
        installation.stop()
        return
    import psycopg

    url = urlsplit(request.getfixturevalue("postgres_url"))
    name = f"live_{secrets.token_hex(4)}"
    with psycopg.connect(urlunsplit(url), autocommit=True) as link:
        link.execute(f"CREATE DATABASE {name}")
    installation = Served(folder, urlunsplit(url._replace(path=f"/{name}")))
    installation.start()
    yield installation
    installation.stop()
    with psycopg.connect(urlunsplit(url), autocommit=True) as link:
        link.execute(f"DROP DATABASE {name} WITH (FORCE)")


def cookie_of(headers: dict[str, str]) -> str:
    return headers["set-cookie"].partition(";")[0]


def test_a_vote_is_stored_before_it_is_answered(served: Served) -> None:
    status, headers, answer = served.vote((3, 1, 10), key=new_key())
    assert status == 200
    assert answer["results"] == [{"statement": 3, "sequence": 10, "status": "ok"}]
    assert "HttpOnly" in headers["set-cookie"]
    assert "SameSite=Lax" in headers["set-cookie"]
    stored = served.query(VOTES)
    assert (3, 1, 10) in [row[1:] for row in stored]


def test_the_later_vote_counts_whatever_arrives_last(served: Served) -> None:
    _, headers, _ = served.vote((1, 1, 10), key=new_key())
    cookie = cookie_of(headers)
    me = int(cookie.partition("=p")[2].partition(".")[0], 16)
    for votes in [(1, -1, 30)], [(1, 1, 20)], [(1, 1, 10)], [(1, -1, 30)]:
        status, _, answer = served.vote(*votes, cookie=cookie)
        assert (status, answer["results"][0]["status"]) == (200, "ok")
    assert [row for row in served.query(VOTES) if row[0] == me] == [(me, 1, -1, 30)]


def test_fifty_identical_posts_are_one_vote_and_fifty_equal_answers(served: Served) -> None:
    key = new_key()
    with ThreadPoolExecutor(50) as crowd:
        answers = list(crowd.map(lambda _: served.vote((7, 0, 5), key=key), range(50)))
    assert {answer[0] for answer in answers} == {200}
    assert len({str(answer[2]) for answer in answers}) == 1
    people = {cookie_of(answer[1]) for answer in answers}
    assert len(people) == 1
    me = int(people.pop().partition("=p")[2].partition(".")[0], 16)
    assert [row for row in served.query(VOTES) if row[0] == me] == [(me, 7, 0, 5)]


def test_a_crowd_whose_first_act_is_a_vote_is_counted_to_the_last(served: Served) -> None:
    before = served.query("SELECT count(*) FROM dialogues_participant")[0][0]
    with ThreadPoolExecutor(64) as crowd:
        answers = list(crowd.map(lambda _: served.vote((9, 1, 1), key=new_key()), range(500)))
    assert {answer[0] for answer in answers} == {200}
    assert served.query("SELECT count(*) FROM dialogues_participant")[0][0] == before + 500
    ids = {int(cookie_of(a[1]).partition("=p")[2].partition(".")[0], 16) for a in answers}
    stored = {row[0] for row in served.query(VOTES) if row[1:3] == (9, 1)}
    assert ids <= stored


def test_what_is_no_vote_is_refused_and_named(served: Served) -> None:
    key = new_key()
    status, headers, answer = served.vote((99, 1, 1), (2, 5, 1), (2, 1, -4), key=key)
    assert status == 200
    assert [result["code"] for result in answer["results"]] == [
        "statement_not_open",
        "invalid",
        "invalid",
    ]
    assert "set-cookie" not in headers


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "invalid"),
        (b"{", 400, "invalid"),
        (b"\xff\xfe", 400, "invalid"),
        ({"votes": []}, 400, "invalid"),
        ({"votes": [{"statement": "1"}]}, 400, "invalid"),
        ({"votes": [{"statement": 1, "choice": 1, "sequence": 1}]}, 400, "key_needed"),
        ({"votes": [{"statement": 1, "choice": 1, "sequence": 1}], "key": "a"}, 400, "key_needed"),
        (b" " * 70_000, 413, "too_large"),
    ],
)
def test_bad_bodies_are_answered_not_crashed_on(
    served: Served, body: object, status: int, code: str
) -> None:
    assert served.ask("POST", f"/api/d/{CODE}/votes", body)[::2] == (status, {"code": code})


def test_unknown_dialogue_is_not_found(served: Served) -> None:
    assert served.ask("GET", "/api/d/nothing/next")[0] == 404
    assert served.ask("POST", "/api/d/nothing/votes", {"votes": []})[0] == 404


def test_a_forged_cookie_speaks_for_nobody(served: Served) -> None:
    _, headers, _ = served.vote((1, 1, 1), key=new_key())
    name, _, token = cookie_of(headers).partition("=")
    forged = f"{name}={token[:1]}{int(token[1:17], 16) ^ 1:016x}{token[17:]}"
    assert served.vote((1, -1, 9), cookie=forged)[0] == 400


def test_a_vote_is_of_whom_the_ticket_names_whoever_has_the_phone(served: Served) -> None:
    _, headers, _ = served.vote((1, 1, 1), key=new_key())
    first = cookie_of(headers)
    _, headers, _ = served.vote((1, -1, 1), key=new_key())
    second = cookie_of(headers)
    _, _, page = served.ask("GET", f"/ar/d/{CODE}/vote/", cookie=first)
    ticket = re.search(r'data-who="([^"]+)"', page.decode())
    assert ticket
    status, headers, _ = served.vote((2, 1, 7), key=ticket[1], cookie=second)
    assert (status, "set-cookie" in headers) == (200, False)
    votes = {row[0]: row for row in served.query(VOTES) if row[1:] == (2, 1, 7)}
    assert person_of(first) in votes
    assert person_of(second) not in votes


def test_who_began_without_a_network_gets_a_cookie_of_her_own(served: Served) -> None:
    _, headers, _ = served.vote((1, 1, 1), key=new_key())
    before = cookie_of(headers)
    key = new_key()
    body = {"votes": [{"statement": 5, "choice": -1, "sequence": 3}], "key": key, "claim": True}
    answers = [served.ask("POST", f"/api/d/{CODE}/votes", body, cookie=before) for _ in range(2)]
    mine = {cookie_of(headers) for _, headers, _ in answers}
    assert len(mine) == 1
    assert mine != {before}
    [me] = {person_of(cookie) for cookie in mine}
    assert {answer["ticket"].partition(".")[0] for _, _, answer in answers} == {f"w{me:016x}"}
    assert (me, 5, -1, 3) in served.query(VOTES)
    # Without the claim the cookie speaks, as it does for a script of before.
    body = body | {"claim": False}
    assert "ticket" not in served.ask("POST", f"/api/d/{CODE}/votes", body, cookie=before)[2]
    assert (person_of(before), 5, -1, 3) in served.query(VOTES)


def person_of(cookie: str) -> int:
    return int(cookie.partition("=p")[2].partition(".")[0], 16)


def test_another_site_cannot_vote_through_a_browser(served: Served) -> None:
    assert served.vote((1, 1, 1), key=new_key(), sec_fetch_site="cross-site")[0] == 403
    assert served.vote((1, 1, 1), key=new_key(), origin="https://elsewhere.example")[0] == 403


def test_every_statement_is_offered_once_and_then_none(served: Served) -> None:
    _, headers, _ = served.vote((1, 1, 1), key=new_key())
    cookie = cookie_of(headers)
    offered = []
    for turn in range(STATEMENTS - 1):
        _, _, answer = served.ask("GET", f"/api/d/{CODE}/next", cookie=cookie)
        assert answer["done"] == turn + 1
        offered.append(answer["next"]["statement"])
        served.vote((offered[-1], 1, 2), cookie=cookie)
    assert sorted(offered) == list(range(2, STATEMENTS + 1))
    assert served.ask("GET", f"/api/d/{CODE}/next", cookie=cookie)[2]["next"] is None
    me = int(cookie.partition("=p")[2].partition(".")[0], 16)
    offers = served.query(
        f"SELECT count(*), max(probability) FROM dialogues_exposure WHERE participant_id = {me:d}"
    )
    assert offers[0][0] == STATEMENTS - 1
    assert offers[0][1] == pytest.approx(1.0)


def test_a_vote_through_the_form_is_known_to_the_native_door_at_once(served: Served) -> None:
    _, headers, _ = served.vote((1, 1, 1), key=new_key())
    cookie = cookie_of(headers)
    assert served.ask("GET", f"/api/d/{CODE}/next", cookie=cookie)[2]["done"] == 1
    _, headers, page = served.ask("GET", f"/ar/d/{CODE}/vote/", cookie=cookie)
    token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None
    form = urlencode({"csrfmiddlewaretoken": token[1].decode(), "statement": 2, "choice": 1,
                      "sequence": 2})  # fmt: skip
    status, _, _ = served.ask(
        "POST", f"/ar/d/{CODE}/vote/", form.encode(), cookie=f"{cookie}; {cookie_of(headers)}",
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip
    assert status == 302
    assert served.ask("GET", f"/api/d/{CODE}/next", cookie=cookie)[2]["done"] == 2


def test_what_a_phone_holds_already_is_not_offered_again(served: Served) -> None:
    held = ",".join(map(str, range(1, STATEMENTS)))
    for _ in range(5):
        answer = served.ask("GET", f"/api/d/{CODE}/next?not={held},x,-1,{10**30}")[2]
        assert answer["next"]["statement"] == STATEMENTS
        assert answer["done"] == 0


def test_native_answers_carry_the_headers_of_every_answer(served: Served) -> None:
    for method, path in ("GET", "/healthz"), ("GET", f"/api/d/{CODE}/next"):
        headers = served.ask(method, path)[1]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["cache-control"] == "no-store"


@pytest.mark.costly("starts servers and kills them")
def test_votes_survive_a_kill_at_any_moment(served: Served) -> None:
    """Kill the server in the middle of a storm of votes, three times; no answered vote is lost."""
    _, headers, _ = served.vote((1, 1, 1), key=new_key())
    cookie = cookie_of(headers)
    me = int(cookie.partition("=p")[2].partition(".")[0], 16)
    acknowledged: dict[int, int] = {}
    sequence = 100
    for _ in range(3):
        with ThreadPoolExecutor(16) as crowd:
            jobs = []
            for _ in range(200):
                sequence += 1
                jobs.append(
                    (
                        1 + sequence % STATEMENTS,
                        crowd.submit(
                            served.vote, (1 + sequence % STATEMENTS, 1, sequence), cookie=cookie
                        ),
                        sequence,
                    )
                )
            served.kill()
            for statement, job, sent in jobs:
                try:
                    status, _, answer = job.result()
                except (OSError, ValueError, AttributeError):
                    continue
                if status == 200 and answer["results"][0]["status"] == "ok":
                    acknowledged[statement] = max(acknowledged.get(statement, 0), sent)
        served.start()
        stored = {row[1]: row[3] for row in served.query(VOTES) if row[0] == me}
        assert {s: q for s, q in acknowledged.items() if stored.get(s, 0) < q} == {}
    assert len([row for row in served.query(VOTES) if row[0] == me]) <= STATEMENTS


@pytest.mark.costly("three commands beside its server pause the house and let it go on")
def test_a_pause_of_the_house_takes_no_vote_and_asks_to_come_again(served: Served) -> None:
    key, before = new_key(), served.query(VOTES)
    served.pause()
    status, _headers, answer = served.vote((5, 1, 10), key=key)
    assert (status, answer) == (503, {"code": "paused"})
    status, headers, _page = served.ask("POST", f"/ar/d/{CODE}/vote/", b"choice=1")
    assert (status, headers["retry-after"]) == (503, "300")
    assert served.ask("GET", "/healthz")[0] == 200
    assert served.query(VOTES) == before
    served.go_on()
    status, _headers, answer = served.vote((5, 1, 10), key=key)
    assert (status, answer["results"][0]["status"]) == (200, "ok")
