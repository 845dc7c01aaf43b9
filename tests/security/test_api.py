"""The native addresses do what `openapi.json` says of them, whatever is sent: status and shape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from dialogues.served import CODE, STATEMENTS, Served, new_key

if TYPE_CHECKING:
    from collections.abc import Iterator

DESCRIPTION = Path(__file__).parents[2] / "docs/reference/openapi.json"
VOTES, NEXT, HEALTH = "POST /api/d/{code}/votes", "GET /api/d/{code}/next", "GET /healthz"
KINDS: dict[str, Any] = {
    "object": dict, "array": list, "string": str, "integer": int, "boolean": bool,
    "null": type(None),
}  # fmt: skip
QUICK = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
HEADER = some.text(some.characters(min_codepoint=33, max_codepoint=126), max_size=60)


def described() -> dict[str, Any]:
    """Return the shape of the request and of each answer of every operation."""
    found = {}
    for path, item in json.loads(DESCRIPTION.read_text("utf-8"))["paths"].items():
        for method in {"get", "post"} & set(item):
            one = item[method]
            body = one.get("requestBody", {"content": {}})["content"]
            found[f"{method.upper()} {path}"] = {
                "request": body.get("application/json", {}).get("schema"),
                "answers": {
                    status: answer["content"]["application/json"]["schema"]
                    for status, answer in one["responses"].items()
                    if "content" in answer
                },
            }
    return found


API = described()


def faults(value: Any, shape: dict[str, Any], at: str = "answer") -> list[str]:
    """Return where a value is not of a shape; what the shape does not name is a fault too."""
    kinds = shape["type"] if isinstance(shape["type"], list) else [shape["type"]]
    if not any(
        isinstance(value, KINDS[kind]) and (kind != "integer" or not isinstance(value, bool))
        for kind in kinds
    ):
        return [f"{at} is {value!r}, not {kinds}"]
    found = []
    if "enum" in shape and value not in shape["enum"]:
        found.append(f"{at} is {value!r}")
    if isinstance(value, list):
        if not shape.get("minItems", 0) <= len(value) <= shape.get("maxItems", len(value)):
            found.append(f"{at} has {len(value)} items")
        for number, item in enumerate(value):
            found += faults(item, shape["items"], f"{at}[{number}]")
    if isinstance(value, dict) and "properties" in shape:
        found += [f"{at}.{name} is missing" for name in set(shape["required"]) - set(value)]
        found += [f"{at}.{name} is unknown" for name in set(value) - set(shape["properties"])]
        for name, inner in shape["properties"].items():
            if name in value:
                found += faults(value[name], inner, f"{at}.{name}")
    return found


def made_of(shape: dict[str, Any]) -> some.SearchStrategy[Any]:
    """Return a strategy for values of a shape."""
    kind = shape["type"]
    if kind == "object":
        inner = {name: made_of(one) for name, one in shape["properties"].items()}
        needed = {name: inner.pop(name) for name in shape["required"]}
        return some.fixed_dictionaries(needed, optional=inner)
    if kind == "array":
        return some.lists(made_of(shape["items"]), min_size=shape["minItems"], max_size=6)
    if kind == "integer":
        return some.integers(-1, STATEMENTS + 2) | some.integers()
    return some.booleans() if kind == "boolean" else some.text(max_size=40)


ANY = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=20),
    lambda one: some.lists(one, max_size=3) | some.dictionaries(some.text(max_size=9), one),
    max_leaves=6,
)


@some.composite
def spoiled(draw: some.DrawFn) -> Any:
    """Draw a request of the right shape with one part of it replaced or taken out."""
    body = draw(made_of(API[VOTES]["request"]))
    where = draw(some.sampled_from([body, body["votes"][0]]))
    name = draw(some.sampled_from(sorted(where)))
    if draw(some.booleans()):
        del where[name]
    else:
        where[name] = draw(ANY)
    return body


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("described")
    installation = Served(folder, f"sqlite:///{folder}/hiwar.sqlite3")
    installation.start()
    yield installation
    installation.stop()


def check(operation: str, answered: tuple[int, dict[str, str], Any]) -> int:
    """Hold an answer to its description; return its status."""
    status, headers, body = answered
    shapes = API[operation]["answers"]
    assert str(status) in shapes, (operation, status, body)
    assert headers["content-type"] == "application/json"
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert faults(body, shapes[str(status)]) == []
    return status


@QUICK
@given(body=made_of(API[VOTES]["request"]))
def test_a_request_as_described(served: Served, body: dict[str, Any]) -> None:
    body["key"] = new_key()
    data = json.dumps(body).encode("utf-8", "surrogatepass")
    status = check(VOTES, served.ask("POST", f"/api/d/{CODE}/votes", data))
    assert status in {200, 400}


@QUICK
@given(body=spoiled())
def test_a_request_with_one_fault(served: Served, body: object) -> None:
    data = json.dumps(body).encode("utf-8", "surrogatepass")
    check(VOTES, served.ask("POST", f"/api/d/{CODE}/votes", data))


@QUICK
@given(data=some.binary(max_size=300), cookie=HEADER, site=HEADER, origin=HEADER)
def test_bytes_and_headers(
    served: Served, data: bytes, cookie: str, site: str, origin: str
) -> None:
    headers = {"cookie": f"d-{CODE}={cookie}", "sec_fetch_site": site, "origin": origin}
    assert check(VOTES, served.ask("POST", f"/api/d/{CODE}/votes", data, **headers)) >= 400


@QUICK
@given(query=some.text(some.characters(min_codepoint=33, max_codepoint=126), max_size=80))
def test_next_with_any_query(served: Served, query: str) -> None:
    # What no address may hold, the server turns away before anything of ours sees it.
    plain = quote(query, safe="!$&'()*+,;=:@/?")
    assert check(NEXT, served.ask("GET", f"/api/d/{CODE}/next?not={plain}")) == 200


@QUICK
@given(code=some.text(some.sampled_from("abz019-_~%"), max_size=20))
def test_codes_of_no_dialogue(served: Served, code: str) -> None:
    path = f"/api/d/{code.replace('%', '%25')}"
    assert check(NEXT, served.ask("GET", f"{path}/next")) == 404
    assert check(VOTES, served.ask("POST", f"{path}/votes", b"{}")) == 404


def test_every_status_that_is_described_can_happen(served: Served) -> None:
    def post(body: bytes, **headers: str) -> int:
        return check(VOTES, served.ask("POST", f"/api/d/{CODE}/votes", body, **headers))

    vote = b'{"statement":1,"choice":1,"sequence":1}'
    key = new_key().encode()
    whole = b'{"votes":[' + vote + b'],"key":"' + key + b'"}'
    assert post(whole) == 200
    assert post(b'{"votes":[' + vote + b"]}") == 400
    assert post(b'{"votes":[' + b",".join([vote] * 201) + b'],"key":"' + key + b'"}') == 400
    assert post(whole, sec_fetch_site="cross-site") == 403
    assert post(whole, origin="https://evil.example") == 403
    assert post(b" " * 70_000) == 413
    assert check(HEALTH, served.ask("GET", "/healthz")) == 200


def test_the_check_of_shapes_sees_faults() -> None:
    shape = API[VOTES]["answers"]["200"]
    good = {"results": [{"statement": 1, "sequence": 2, "status": "ok"}]}
    assert faults(good, shape) == []
    for bad in (
        {}, {"results": []}, {"results": [{"statement": 1, "sequence": 2}]}, [],
        {"results": [{"statement": True, "sequence": 2, "status": "ok"}]},
        {"results": [{"statement": 1, "sequence": 2, "status": "fine"}]}, good | {"more": 1},
    ):  # fmt: skip
        assert faults(bad, shape), bad
