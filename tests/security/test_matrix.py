"""Who may open and change what: every address, every role, every state of a dialogue."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client

import hiwar.accounts
from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.dialogues import MADE, DialogueFactory, ParticipantFactory, StatementFactory
from hiwar.dialogues.models import Publication
from hiwar.dialogues.queries.tokens import Bearer, cookie_name, make_token
from security.places import (
    ACCESS,
    UNREADY,
    address_of,
    faults_of_headers,
    foreign_addresses,
    names,
    paths,
)

if TYPE_CHECKING:
    from hiwar.dialogues.models import Dialogue, Participant

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.walk,
    pytest.mark.costly("asks for every address as one role, one after another"),
]

ROLES = json.loads((Path(hiwar.accounts.__file__).parent / "roles.json").read_text())
PERMITS = {role["code"]: set(role["permissions"]) for role in ROLES} | {"outsider": set()}
STATES = ("draft", "open", "closed")
PATHS = paths()
DESK = {name for name in ACCESS if PATHS.get(name, "").startswith("/desk/")}
# Only these know a state of a dialogue; the exhaustive run asks for the others in all states too.
KNOW_STATES = {name for name in DESK if PATHS[name].startswith("/desk/dialogues/")}
PUBLIC = sorted(set(ACCESS) - DESK)
# Signing out would end the walk; the doors let everybody in.
LISTED = sorted(DESK - {name for name in DESK if ACCESS[name] in {"door", "password"}})
FINE = {200, 302, 404, 405, 409, 410, 422}


def make_dialogue(state: str) -> Dialogue:
    dialogue = DialogueFactory.create(
        state=state, closed_at=MADE if state == "closed" else None, title={"en": "Delicate matter"}
    )
    StatementFactory.create(dialogue=dialogue, number=1)
    return dialogue


def person_with_cookie(dialogue: Dialogue) -> tuple[Client, Participant]:
    person = ParticipantFactory.create(dialogue=dialogue)
    client = Client()
    token = make_token(dialogue.code, Bearer(person.pk, is_stored=True))
    client.cookies[cookie_name(dialogue.code)] = token
    return client, person


def client_of(role: str) -> Client:
    client = Client()
    sign_in_fully(client, UserFactory.create(roles=[] if role == "outsider" else [role]))
    return client


def ask(client: Client, method: str, path: str, **fields: Any) -> Any:
    """Ask, look at the headers, and take back whatever the request changed."""
    with transaction.atomic():
        response: Any = client.generic(method, path) if not fields else client.post(path, fields)
        transaction.set_rollback(True)
    assert faults_of_headers(response, path) == []
    assert foreign_addresses(response) == []
    return response


def test_every_address_is_in_the_table() -> None:
    assert set(names()) == set(ACCESS)


def may_enter(role: str, name: str) -> bool:
    """Return whether the table lets a role in; one of several permissions opens a shared desk."""
    return ACCESS[name] == "staff" or bool(set(ACCESS[name].split("|")) & PERMITS[role])


def faults_at_desk(role: str, state: str, listed: list[str]) -> list[tuple[str, str, int]]:
    """Ask for each address as a role; return what answers otherwise than the table says."""
    InstitutionFactory.create()
    dialogue, client = make_dialogue(state), client_of(role)
    faults = []
    for name in listed:
        may = may_enter(role, name)
        for method in ("GET", "POST"):
            path = address_of(name, dialogue.code)
            status = ask(client, method, path).status_code
            if status not in (FINE if may else {403, 405} if method == "GET" else {403}):
                faults.append((name, method, status))
    return faults


def drawn(role: str, state: str, seed: int) -> list[str]:
    """Return the addresses that a role is asked for: each by one who may and by one who may not.

    The order of the tests draws them, so that every run asks other pairs; an address that knows
    the states of a dialogue is drawn anew for each state.
    """
    listed = []
    for name in LISTED:
        if state != STATES[0] and name not in KNOW_STATES:
            continue
        lot = random.Random(f"{seed} {name} {state}")
        may = [who for who in sorted(PERMITS) if may_enter(who, name)]
        may_not = [who for who in sorted(PERMITS) if who not in may]
        if role in {lot.choice(group) for group in (may, may_not) if group}:
            listed.append(name)
    return listed


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", sorted(PERMITS))
def test_desk_by_lot(roles: object, request: pytest.FixtureRequest, role: str, state: str) -> None:
    seed = request.config.getoption("randomly_seed", 1)
    assert faults_at_desk(role, state, drawn(role, state, seed)) == []


def test_every_address_is_drawn_by_one_who_may_and_one_who_may_not() -> None:
    asked = {(name, role) for role in PERMITS for name in drawn(role, STATES[0], 1)}
    assert {name for name, _ in asked} == set(LISTED)
    assert len(asked) >= 2 * len(LISTED) - sum(ACCESS[name] == "staff" for name in LISTED)


@pytest.mark.exhaustive("access")
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", sorted(PERMITS))
def test_desk(roles: object, role: str, state: str) -> None:
    assert faults_at_desk(role, state, LISTED) == []


def faults_outside(state: str, listed: list[str]) -> list[tuple[str, str, int]]:
    """Ask for addresses of the desk without signing in; return what does not send to the door."""
    InstitutionFactory.create()
    dialogue = make_dialogue(state)
    faults = []
    for client in (Client(), person_with_cookie(dialogue)[0]):
        for name in listed:
            for method in ("GET", "POST"):
                answer = ask(client, method, address_of(name, dialogue.code))
                to = answer.headers.get("Location", "")
                if answer.status_code != 302 or not to.startswith("/desk/sign-in/"):
                    faults.append((name, method, answer.status_code))
    return faults


@pytest.mark.parametrize("state", STATES)
def test_desk_sends_visitors_and_participants_to_the_door(state: str) -> None:
    listed = [name for name in LISTED if state == STATES[0] or name in KNOW_STATES]
    assert faults_outside(state, listed) == []


@pytest.mark.exhaustive("access")
@pytest.mark.parametrize("state", STATES[1:])
def test_desk_sends_visitors_to_the_door_where_no_state_matters(state: str) -> None:
    assert faults_outside(state, [name for name in LISTED if name not in KNOW_STATES]) == []


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", ["visitor", "participant", "director"])
def test_public(roles: object, who: str, state: str) -> None:
    InstitutionFactory.create()
    dialogue = make_dialogue(state)
    client = Client() if who == "visitor" else person_with_cookie(dialogue)[0]
    if who == "director":
        client = client_of("director")
    faults = []
    for name in PUBLIC:
        for method in ("GET", "POST"):
            answer = ask(client, method, address_of(name, dialogue.code))
            status = answer.status_code
            hidden = ACCESS[name] != "public" and state == "draft"
            closed = ACCESS[name] in {"published", "participant", "author"}
            fine = FINE | {503} if name in UNREADY else FINE
            if status not in ({404, 405} if hidden or closed else fine):
                faults.append((name, method, status))
            if state == "draft" and b"Delicate matter" in answer.content:
                faults.append((name, method, "shows a draft"))
    assert faults == []


def test_cookie_of_another_dialogue_opens_nothing() -> None:
    mine, other = make_dialogue("open"), make_dialogue("open")
    client, person = person_with_cookie(mine)
    own = StatementFactory.create(dialogue=mine, number=7, author=person)
    client.cookies[cookie_name(other.code)] = client.cookies[cookie_name(mine.code)].value
    path = f"/en/d/{other.code}/statements/{own.number}/"
    assert ask(client, "POST", path, act="withdraw").status_code == 404
    assert ask(client, "GET", f"/en/d/{other.code}/mine/").context["person"] is None


def test_objects_of_another_dialogue_are_not_found(roles: object) -> None:
    InstitutionFactory.create()
    one, other = make_dialogue("open"), make_dialogue("open")
    target = other.targets.create(
        attribute="sex", values=["female"], label={"en": "Women"}, count=1
    )
    StatementFactory.create(dialogue=other, number=77)
    client = client_of("director")
    for path in ("statements/77/", "review/77/", "rounds/9/", "results/1/"):
        assert ask(client, "GET", f"/desk/dialogues/{one.code}/{path}").status_code == 404, path
    for path in (f"coverage/{target.pk}/remove/", "review/77/decide/", "statements/77/unmerge/"):
        assert ask(client, "POST", f"/desk/dialogues/{one.code}/{path}").status_code == 404, path


@pytest.mark.exhaustive("access")
def test_reading_changes_nothing(roles: object) -> None:
    InstitutionFactory.create()
    clients = [client_of("director"), Client()]
    dialogues = [make_dialogue(state) for state in ("draft", "open", "closed")]
    models = list(apps.get_app_config("dialogues").get_models())
    before = {model: list(model._default_manager.order_by("pk").values()) for model in models}
    for client in clients:
        for dialogue in dialogues:
            for name in sorted(set(ACCESS) - {"accounts:sign_out"}):
                if dialogue is dialogues[1] or name in KNOW_STATES or name not in DESK:
                    client.get(address_of(name, dialogue.code))
    after = {model: list(model._default_manager.order_by("pk").values()) for model in models}
    assert after == before
    assert not Publication.objects.exists()
