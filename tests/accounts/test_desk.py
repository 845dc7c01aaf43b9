"""Every address of the desk asks for a full sign-in, and for the permission its page needs."""

from __future__ import annotations

import re
import time
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from factories.accounts import PASSWORD, InstitutionFactory, UserFactory, sign_in_fully
from factories.channels import letters_due
from hiwar.accounts.access import FULL, VISITOR, access_of
from hiwar.accounts.access import PASSWORD as AFTER_PASSWORD
from hiwar.accounts.actions import people
from hiwar.accounts.models import Role
from hiwar.channels.models import Message

pytestmark = pytest.mark.django_db

OPEN_TO_VISITORS = {
    "accounts:sign_in",
    "accounts:second_factor",
    "accounts:forgot",
    "accounts:reset",
    "accounts:accept",
    "accounts:pause_by_code",
}
OPEN_AFTER_PASSWORD = {
    "accounts:account",
    "accounts:app",
    "accounts:passkey",
    "accounts:sign_out",
}


def desk_views(resolver=None, prefix="", namespace=""):
    """Yield name, address and view of everything below /desk/, whatever room adds it."""
    for pattern in (resolver or get_resolver()).url_patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            space = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from desk_views(pattern, address, space)
        elif isinstance(pattern, URLPattern) and address.startswith("desk/"):
            filled = re.sub(r"<uuid:\w+>", str(uuid4()), address)
            filled = re.sub(r"<int:\w+>", "1", filled)
            filled = re.sub(r"<(\w+:)?\w+>", "x", filled)
            yield f"{namespace}{pattern.name}", f"/{filled}", pattern.callback


VIEWS = list(desk_views())


def test_walk_finds_the_desk():
    names = {name for name, _address, _view in VIEWS}
    assert {"accounts:morning", "accounts:staff", "accounts:close", "components"} <= names


@pytest.mark.costly("asks for every address of the desk, in two ways")
def test_visitor_is_sent_to_sign_in(db):
    answers = [
        (name, getattr(Client(), method)(address))
        for name, address, _view in VIEWS
        for method in ("get", "post")
    ]
    assert {
        name for name, answer in answers
        if name in OPEN_TO_VISITORS and answer.status_code not in {200, 302, 404, 410}
    } == set()  # fmt: skip
    shut = {(answer.status_code, answer.headers.get("Location", "")[:29])
            for name, answer in answers if name not in OPEN_TO_VISITORS}  # fmt: skip
    assert shut == {(302, "/desk/sign-in/?next=%2Fdesk%2")}


def test_password_alone_leads_to_the_second_factor(client, roles):
    director = UserFactory.create(roles=["director"], app=False)
    sign_in_fully(client, director, factor="")
    shut = [(name, client.get(address)) for name, address, _view in VIEWS
            if name not in OPEN_TO_VISITORS | OPEN_AFTER_PASSWORD]  # fmt: skip
    led = [name for name, answer in shut if answer.headers.get("Location") == "/desk/account/"]
    assert led == [name for name, _answer in shut]
    # Some of the others end the session: each is asked by who has just signed in.
    for name, address, _view in VIEWS:
        if name in OPEN_TO_VISITORS | OPEN_AFTER_PASSWORD:
            sign_in_fully(client, director, factor="")
            assert client.get(address).status_code in {200, 302, 404, 405, 410}, name


def test_list_of_open_views_is_complete():
    told = {name: access_of(view) for name, _address, view in VIEWS}
    assert {name for name, access in told.items() if access == VISITOR} == OPEN_TO_VISITORS
    assert {n for n, access in told.items() if access == AFTER_PASSWORD} == OPEN_AFTER_PASSWORD
    assert set(told.values()) == {FULL, VISITOR, AFTER_PASSWORD}


# page, and the roles that may open it
PAGES = [
    ("morning", {"director", "admin", "facilitator", "finance_viewer", None}),
    ("account", {"director", "admin", "facilitator", "finance_viewer", None}),
    ("staff", {"director", "admin", "facilitator"}),
    ("roles", {"director", "admin", "facilitator"}),
    ("invite", {"director", "admin"}),
    ("activity", {"director", "admin"}),
    ("institution", {"director"}),
]


@pytest.mark.parametrize("role", ["director", "admin", "facilitator", "finance_viewer", None])
@pytest.mark.parametrize(("page", "allowed"), PAGES)
def test_page_opens_to_the_roles_that_may(client, roles, role, page, allowed):
    InstitutionFactory.create()
    sign_in_fully(client, UserFactory.create(roles=[role] if role else []))
    response = client.get(reverse(f"accounts:{page}"))
    assert response.status_code == (200 if role in allowed else 403)


@pytest.mark.parametrize("page", ["close", "reopen", "reset_factor"])
def test_facilitator_cannot_touch_an_account(client, facilitator, director, page):
    sign_in_fully(client, facilitator)
    response = client.post(reverse(f"accounts:{page}", args=[director.pk]))
    assert response.status_code == 403
    director.refresh_from_db()
    assert director.is_active


def test_changing_roles_by_hand_is_refused(client, facilitator, roles):
    sign_in_fully(client, facilitator)
    wanted = Role.objects.get(code="director")
    client.post(reverse("accounts:person", args=[facilitator.pk]), {"roles": [wanted.pk]})
    assert [one.code for one in facilitator.roles.all()] == ["facilitator"]


def test_own_account_shows_nobody_elses_session(client, director, facilitator, now):
    from hiwar.accounts.actions.sign_in import record_sign_in

    theirs = record_sign_in(
        user=director, session_key="k", device="d", method="app", at=timezone.now()
    )
    sign_in_fully(client, facilitator)
    assert client.post(reverse("accounts:end_session", args=[theirs.pk])).status_code == 404


def test_idle_session_ends(client, director, settings):
    sign_in_fully(client, director)
    session = client.session
    session["seen"] = time.time() - settings.SESSION_IDLE.total_seconds() - 1
    session.save()
    response = client.get("/desk/")
    assert response.url == "/desk/sign-in/?next=%2Fdesk%2F"
    assert "_auth_user_id" not in client.session


def test_old_confirmation_is_asked_again_before_who_may_enter_changes(client, director, settings):
    sign_in_fully(client, director)
    session = client.session
    session["confirmed"] = time.time() - 4 * settings.CONFIRMATION_LIFE.total_seconds()
    session.save()
    for page in ("invite", "codes", "app", "passkey"):
        response = client.get(reverse(f"accounts:{page}"))
        assert response.url.startswith("/desk/confirm/?next=")
    response = client.post(reverse("accounts:close", args=[director.pk]))
    assert response.url.startswith("/desk/confirm/?next=")


@pytest.mark.parametrize(
    "evil",
    ["https://evil.example/", "//evil.example", "/ar/", "javascript:alert(1)", "/desk\\..//x"],
)
def test_next_never_leaves_the_desk(client, director, evil):
    sign_in_fully(client, director)
    response = client.get("/desk/sign-in/", {"next": evil})
    assert response.url == "/desk/"


def test_closed_account_is_out_at_once(client, administrator, facilitator, now):
    sign_in_fully(client, facilitator)
    people.close_account(actor=administrator, of=facilitator, at=now)
    assert client.get("/desk/").url.startswith("/desk/sign-in/")


def test_forgotten_password_says_the_same_to_everybody(client, director):
    pages = set()
    for email in (director.email, "stranger@house.example"):
        page = client.post("/desk/sign-in/new-password/", {"email": email}).content.decode()
        pages.add(re.sub(r'nonce="[^"]*"|value="[^"]*"', "", page))
    assert len(pages) == 1
    # Neither was looked up while the page was made; beside the requests, the stranger is forgotten.
    assert Message.objects.count() == 2
    (parcel,) = letters_due()
    assert parcel.recipient == director.email
    assert Message.objects.count() == 1


def test_forgotten_password_asks_as_often_for_the_known_as_for_strangers(client, director):
    client.post("/desk/sign-in/new-password/", {"email": "first@house.example"})
    asked = []
    for email in (director.email, "stranger@house.example"):
        with CaptureQueriesContext(connection) as queries:
            client.post("/desk/sign-in/new-password/", {"email": email})
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_password_link_works_once_and_asks_for_the_second_factor_still(client, director, settings):
    client.post("/desk/sign-in/new-password/", {"email": director.email})
    (parcel,) = letters_due()
    link = parcel.content.secrets["{link}"]
    assert link.startswith(settings.DESK_ORIGIN)
    path = link.removeprefix(settings.DESK_ORIGIN)
    phrase = "seven small brown goats"
    assert client.post(path, {"password": phrase, "again": phrase}).url == "/desk/sign-in/"
    assert client.get(path).status_code == 410
    response = client.post("/desk/sign-in/", {"email": director.email, "password": phrase})
    assert response.url == "/desk/sign-in/second-factor/"
    assert client.get("/desk/").status_code == 302


def test_second_factor_page_needs_the_password_first(client):
    assert client.get("/desk/sign-in/second-factor/").url == "/desk/sign-in/"


def test_pending_sign_in_does_not_wait_for_ever(client, director):
    client.post("/desk/sign-in/", {"email": director.email, "password": PASSWORD})
    session = client.session
    session["pending"] = {**session["pending"], "at": time.time() - 601}
    session.save()
    assert client.get("/desk/sign-in/second-factor/").url == "/desk/sign-in/"


def test_session_key_changes_at_each_step(client, director):
    client.get("/desk/sign-in/")
    before = client.session.session_key
    client.post("/desk/sign-in/", {"email": director.email, "password": PASSWORD})
    assert client.session.session_key != before


@pytest.mark.parametrize("people_count", [1, 3])
def test_list_of_staff_asks_as_often_for_many_as_for_one(
    client, director, people_count, django_assert_max_num_queries
):
    for _ in range(people_count):
        UserFactory.create(roles=["media"])
    sign_in_fully(client, director)
    with django_assert_max_num_queries(11):
        client.get("/desk/staff/")


def test_activity_is_filtered_and_paged(client, director, now):
    from hiwar.common.actions import audit

    for _ in range(60):
        audit(director, "accounts.user.sign_out", director, at=now)
    sign_in_fully(client, director)
    page = client.get("/desk/activity/", {"verb": "accounts.user.sign_out", "language": "en"})
    assert len(page.context["rows"]) == 50
    assert page.context["pages"].next == "?verb=accounts.user.sign_out&language=en&page=2"
    second = client.get("/desk/activity/" + page.context["pages"].next)
    assert len(second.context["rows"]) == 10
