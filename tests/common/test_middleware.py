from __future__ import annotations

import pytest
from django.test import override_settings

from factories.accounts import InstitutionFactory

pytestmark = pytest.mark.django_db


def test_every_answer_carries_the_headers(client):
    for address in ("/ar/", "/desk/sign-in/", "/healthz", "/nothing/"):
        headers = client.get(address).headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy
        assert "http" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]


def test_no_page_of_the_desk_is_kept(client):
    assert client.get("/desk/sign-in/").headers["Cache-Control"] == "no-store"


TWO_HOSTS = {
    "ALLOWED_HOSTS": ["house.example", "desk.example"],
    "DESK_HOSTS": ["desk.example"],
    "PUBLIC_ORIGIN": "https://house.example",
    "DESK_ORIGIN": "https://desk.example",
}


@pytest.mark.parametrize(
    ("host", "address", "status"),
    [
        ("house.example", "/ar/", 200),
        ("house.example", "/desk/sign-in/", 404),
        ("desk.example", "/desk/sign-in/", 200),
        ("desk.example", "/ar/", 404),
        ("desk.example", "/", 302),
        ("desk.example:8443", "/desk/sign-in/", 200),
        ("house.example", "/healthz", 200),
        ("desk.example", "/healthz", 200),
        ("other.example", "/ar/", 400),
    ],
)
@override_settings(**TWO_HOSTS)
def test_each_host_has_its_own_door(client, host, address, status):
    assert client.get(address, headers={"host": host}).status_code == status


@override_settings(**TWO_HOSTS)
def test_public_page_links_to_the_desks_own_host(client):
    InstitutionFactory.create()
    html = client.get("/ar/", headers={"host": "house.example"}).content.decode()
    assert 'href="https://desk.example/desk/sign-in/?language=ar"' in html


@pytest.mark.parametrize("address", ["/nothing/", "/desk/nothing/", "/fr/"])
def test_missing_page_says_so_in_both_languages_and_echoes_nothing(client, address):
    response = client.get(address + "?q=<script>secret")
    html = response.content.decode()
    assert response.status_code == 404
    assert 'lang="ar" dir="rtl"' in html
    assert 'lang="en" dir="ltr"' in html
    assert "secret" not in html
    assert "nothing" not in html


def test_form_without_its_token_is_refused_kindly(db):
    from django.test import Client

    response = Client(enforce_csrf_checks=True).post("/desk/sign-in/", {"email": "a@b.example"})
    html = response.content.decode()
    assert response.status_code == 403
    assert "The form could not be accepted" in html


def test_error_page_needs_no_database(client, django_assert_num_queries):
    from hiwar.common.views import server_error

    with django_assert_num_queries(0):
        response = server_error(None)
    assert response.status_code == 500


def test_error_page_is_named_by_what_it_says(client):
    page = client.get("/no/such/page/").content.decode()
    assert "<title>هذه الصفحة غير موجودة · This page does not exist</title>" in page


def test_health_answers_only_when_the_database_does(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
