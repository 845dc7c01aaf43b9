"""Results in each state, tokens on every form, methods, uploads, and what every answer says."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from dialogues.test_publications import make_closed
from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.dialogues import DialogueFactory, ParticipantFactory, StatementFactory
from hiwar.dialogues.actions import publications
from hiwar.dialogues.desk.imports import KINDS
from hiwar.dialogues.queries.imports import KIND
from hiwar.dialogues.queries.tokens import Bearer, cookie_name, make_token
from security.places import ACCESS, address_of, faults_of_headers, foreign_addresses, paths

if TYPE_CHECKING:
    from pathlib import Path

    from hiwar.accounts.models import User
    from hiwar.dialogues.models import Dialogue

pytestmark = pytest.mark.django_db

RESULTS = ("published", "embargoed", "withdrawn", "prepared")
OPEN_TO_ALL = {"published": 200, "embargoed": 404, "withdrawn": 410, "prepared": 404}
DESK_OF_RESULTS = sorted(
    name for name, rule in ACCESS.items() if name.startswith("dialogues:") and "publi" in name
)
OURS = ("dialogues:", "accounts:", "public_dialogues:", "site:", "wall:")


@pytest.fixture(autouse=True)
def _data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


def make_results(state: str, actor: User) -> Dialogue:
    """Return a closed dialogue whose first version is in a state."""
    now = timezone.now()
    dialogue = make_closed(now - timedelta(days=1))
    made = publications.prepare_publication(actor=actor, dialogue=dialogue, now=now)
    if state == "embargoed":
        publications.publish_at(
            actor=actor, publication=made, until=now + timedelta(days=1), now=now
        )
    elif state != "prepared":
        publications.publish(actor=actor, publication=made, now=now)
    if state == "withdrawn":
        publications.withdraw(actor=actor, publication=made, reason="An error.", now=now)
    return dialogue


def ask(client: Client, method: str, path: str, **fields: Any) -> Any:
    """Ask, look at the headers, and take back whatever the request changed."""
    with transaction.atomic():
        response: Any = client.post(path, fields) if fields else client.generic(method, path)
        transaction.set_rollback(True)
    assert faults_of_headers(response, path) == []
    assert foreign_addresses(response) == []
    return response


@pytest.mark.parametrize("state", RESULTS)
def test_who_reads_results_in_each_state(director: User, outsider: User, state: str) -> None:
    InstitutionFactory.create()
    dialogue = make_results(state, director)
    participant = Client()
    person = ParticipantFactory.create(dialogue=dialogue)
    token = make_token(dialogue.code, Bearer(person.pk, is_stored=True))
    participant.cookies[cookie_name(dialogue.code)] = token
    staff = Client()
    sign_in_fully(staff, director)
    wanted = OPEN_TO_ALL[state]
    for client in (Client(), participant, staff):
        base = f"/en/d/{dialogue.code}/"
        for name in ("results.json", "counts.csv", "votes.zip"):
            assert ask(client, "GET", f"{base}data/1/{name}").status_code == wanted, name
            assert ask(client, "GET", f"{base}data/2/{name}").status_code == 404
        assert ask(client, "GET", f"{base}results/1/").status_code == wanted
        assert ask(client, "GET", f"{base}results/1/statements/").status_code == wanted
        assert ask(client, "GET", f"{base}results/2/statements/").status_code == 404
        page = ask(client, "GET", f"{base}results/")
        assert page.status_code == (200 if wanted == 404 else wanted)
        assert ('class="results-answer"' in page.content.decode()) is (state == "published")
        for name in ("results/", "results/1/", "data/1/results.json"):
            answer = ask(client, "POST", base + name)
            assert answer.status_code in {403, 404, 405, page.status_code}, name
    other = Client()
    sign_in_fully(other, outsider)
    for name in DESK_OF_RESULTS:
        path = address_of(name, dialogue.code)
        for method in ("GET", "POST"):
            assert ask(Client(), method, path).status_code == 302, name
            assert ask(other, method, path).status_code in {403, 405}, name
        assert ask(staff, "GET", path).status_code in {200, 302, 404, 405}, name


def targets() -> list[str]:
    return sorted(name for name in ACCESS if name.startswith(OURS))


@pytest.mark.parametrize("who", ["visitor", "participant", "director"])
def test_no_address_takes_a_post_without_the_token_of_its_form(roles: object, who: str) -> None:
    """Django answers 403 with a page of ours; what is not for posting answers 405 before."""
    InstitutionFactory.create()
    dialogue = DialogueFactory.create()
    StatementFactory.create(dialogue=dialogue, number=1)
    client = Client(enforce_csrf_checks=True)
    if who == "director":
        sign_in_fully(client, UserFactory.create(roles=["director"]))
    if who == "participant":
        person = ParticipantFactory.create(dialogue=dialogue)
        token = make_token(dialogue.code, Bearer(person.pk, is_stored=True))
        client.cookies[cookie_name(dialogue.code)] = token
    faults = []
    for name in targets():
        path = address_of(name, dialogue.code)
        with transaction.atomic():
            status = client.post(path, {"x": "1"}).status_code
            transaction.set_rollback(True)
        if status != 403 and not (status == 302 and who != "director" and "/desk/" in path):
            faults.append((name, status))
    assert faults == []


SAFE = [pytest.param(method, marks=pytest.mark.exhaustive("access"))
        for method in ("PATCH", "TRACE", "PROPFIND", "X-NONE")]  # fmt: skip


@pytest.mark.parametrize("method", ["PUT", "DELETE", *SAFE])
def test_other_methods_change_nothing(roles: object, method: str) -> None:
    InstitutionFactory.create()
    dialogue = DialogueFactory.create()
    statement = StatementFactory.create(dialogue=dialogue, number=1)
    client = Client()
    sign_in_fully(client, UserFactory.create(roles=["director"]))
    for name in targets():
        answer = client.generic(method, address_of(name, dialogue.code))
        assert answer.status_code < 500, name
        assert faults_of_headers(answer, name) == []
    statement.refresh_from_db()
    dialogue.refresh_from_db()
    assert (dialogue.state, statement.state) == ("open", "open")


def zip_of(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return made.getvalue()


BOMB = zip_of(xl__worksheets__sheet1=b"0" * 30_000_000)
HOSTILE = {
    "empty.csv": b"",
    "nul.csv": b"text\n\x00\x00\n",
    "formula.csv": b"text\n=HYPERLINK(\"http://evil.example\")\n@SUM(1)\n",
    "utf16.csv": "نص\nرأي\n".encode("utf-16"),
    "cp1256.csv": "نص\nرأي\n".encode("cp1256"),
    "picture.csv": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8,
    "wide.csv": b",".join([b"text"] * 5000) + b"\n",
    "long.csv": b"text\n" + b"x" * 2_000_000,
    "bomb.xlsx": BOMB,
    "torn.xlsx": zip_of(**{"xl__workbook.xml": b"<a/>"})[:-20],
    "entity.xlsx": zip_of(**{
        "xl__workbook.xml": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        "[Content_Types].xml": b"<Types/>",
    }),
    "path.xlsx": zip_of(**{"..__..__etc__passwd": b"x"}),
    "page.html": b"<script>alert(1)</script>",
    "\u202evsc.exe": b"MZ\x90",
}  # fmt: skip


@pytest.fixture
def importer(roles: object) -> Client:
    InstitutionFactory.create()
    client = Client()
    sign_in_fully(client, UserFactory.create(roles=["director"]))
    return client


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_files(importer: Client, name: str) -> None:
    dialogue = DialogueFactory.create()
    file = SimpleUploadedFile(name, HOSTILE[name])
    answer = importer.post(
        reverse("accounts:import_files_of", args=[KIND, dialogue.pk]), {"file": file}, follow=True
    )
    assert answer.status_code in {200, 422}
    assert b"<script>alert" not in answer.content
    assert not dialogue.statements.exists()
    assert faults_of_headers(answer, "/desk/") == []


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    content=some.binary(max_size=400)
    | some.text(max_size=200).map(lambda t: t.encode("utf-8", "replace")),
    name=some.sampled_from(["a.csv", "a.xlsx", "a.tsv", "a", "\u200f.csv"]),
    kind=some.sampled_from(["", *KINDS, "nonsense"]),
)
def test_files_of_any_content(importer: Client, content: bytes, name: str, kind: str) -> None:
    # Each has a dialogue of its own, and no transaction around it: a file is read before one.
    dialogue = DialogueFactory.create()
    answer = importer.post(
        reverse("accounts:import_files_of", args=[KIND, dialogue.pk]),
        {"file": SimpleUploadedFile(name, content), "kind": kind},
        follow=True,
    )
    assert answer.status_code in {200, 422}
    assert not dialogue.statements.exists()


def test_a_body_beyond_the_limit_is_refused(importer: Client) -> None:
    dialogue = DialogueFactory.create()
    fields = {f"f{n}": "x" for n in range(django_settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 50)}
    for path in (f"/en/d/{dialogue.code}/join/", f"/desk/dialogues/{dialogue.code}/settings/"):
        assert importer.post(path, fields).status_code == 400
        large = {"name": "x" * (django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 10)}
        assert importer.post(
            path, "&".join(f"{k}={v}" for k, v in large.items()),
            content_type="application/x-www-form-urlencoded",
        ).status_code == 400  # fmt: skip


def test_every_kind_of_answer_says_what_the_browser_may_do(director: User) -> None:
    """Page, redirect, file, nothing there, not allowed, wrong method, gone, no token, broken."""
    InstitutionFactory.create()
    dialogue = make_results("withdrawn", director)
    open_one = DialogueFactory.create()
    staff = Client(raise_request_exception=False)
    sign_in_fully(staff, UserFactory.create(roles=["researcher"]))
    strict = Client(enforce_csrf_checks=True)
    asked = {
        200: Client().get(f"/en/d/{open_one.code}/"),
        302: Client().get("/desk/"),
        403: staff.get("/desk/dialogues/new/"),
        404: Client().get("/en/nowhere/"),
        405: Client().put(f"/en/d/{open_one.code}/vote/"),
        410: Client().get(f"/en/d/{dialogue.code}/results/"),
        422: Client().post(f"/en/d/{open_one.code}/join/", {"code": "wrong"}),
    }
    for status, answer in asked.items():
        assert answer.status_code == status
        assert faults_of_headers(answer, answer.request["PATH_INFO"]) == []
    refused = strict.post(f"/en/d/{open_one.code}/join/", {"code": "x"})
    assert refused.status_code == 403
    assert faults_of_headers(refused, "/en/") == []
    assert b"Traceback" not in refused.content


def test_every_address_has_a_path() -> None:
    assert set(ACCESS) <= set(paths())
