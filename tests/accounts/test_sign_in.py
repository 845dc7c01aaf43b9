from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from factories.accounts import PASSWORD, UserFactory
from hiwar.accounts.actions import sign_in, throttles
from hiwar.accounts.desk import sessions
from hiwar.accounts.models import SignedInSession, Throttle
from hiwar.common.models import AuditEntry

pytestmark = pytest.mark.django_db
HOME, ELSEWHERE = "192.0.2.17", "198.51.100.4"


def enter(now, *, email="salma@house.example", password=PASSWORD, address=HOME, browser=""):
    return sign_in.check_password(
        email=email, password=password, address=address, at=now, browser=browser
    )


def fail(now, times, **kwargs):
    for _ in range(times):
        with pytest.raises(sign_in.WrongSignIn):
            enter(now, password="wrong", **kwargs)


def test_password_fits_whatever_the_capitals_of_the_address(director, now):
    assert enter(now, email=" Salma@House.Example ") == director


def test_unknown_address_and_wrong_password_get_the_same_words(director, now):
    said = set()
    for email in ("salma@house.example", "stranger@house.example"):
        with pytest.raises(sign_in.WrongSignIn) as refused:
            enter(now, email=email, password="wrong")
        said.add(str(refused.value))
    assert len(said) == 1


def test_closed_account_does_not_get_in(director, now):
    director.is_active = False
    director.save()
    with pytest.raises(sign_in.WrongSignIn):
        enter(now)


def test_five_failures_pause_the_account_from_that_network(director, now):
    fail(now, 5)
    with pytest.raises(sign_in.SignInPaused) as refused:
        enter(now + timedelta(minutes=1))
    assert refused.value.minutes == 14
    assert AuditEntry.objects.filter(verb="accounts.user.pause_sign_in").count() == 1


def test_pause_ends_by_itself(director, now):
    fail(now, 5)
    assert enter(now + timedelta(minutes=15, seconds=1)) == director


def test_stranger_elsewhere_does_not_lock_a_person_out(director, now):
    fail(now, 5, address=ELSEWHERE)
    assert enter(now) == director


def test_guessing_from_many_networks_pauses_the_account_everywhere(director, now):
    for network in range(50):
        fail(now, 1, address=f"203.0.{network}.1")
    with pytest.raises(sign_in.SignInPaused):
        enter(now)


def test_guessing_many_accounts_pauses_that_caller_and_no_network_and_no_house(director, now):
    for number in range(50):
        fail(now, 1, email=f"guess{number}@house.example")
    with pytest.raises(sign_in.SignInPaused):
        enter(now)
    neighbour = HOME.rpartition(".")[0] + ".201"
    assert enter(now, address=neighbour) == director
    assert enter(now, address=ELSEWHERE) == director
    # Behind one address of a house: whoever signed in there before is let through.
    assert enter(now, browser="the one on the desk") == director


def test_browser_that_is_known_is_paused_by_its_own_failures(director, now):
    fail(now, 5, browser="the one on the desk")
    with pytest.raises(sign_in.SignInPaused):
        enter(now, browser="the one on the desk")
    assert enter(now) == director


@pytest.mark.django_db
def test_looking_at_the_page_writes_no_row_and_a_known_browser_is_known_again(
    client, director, now
):
    for _ in range(3):
        client.cookies.clear()
        page = client.get("/desk/sign-in/")
        assert page.status_code == 200
    assert "hiwar_challenge" in page.cookies
    assert not Session.objects.exists()
    answer = HttpResponse()
    sessions.remember_browser(answer, director)
    request = RequestFactory().get("/desk/sign-in/")
    request.COOKIES = {name: morsel.value for name, morsel in answer.cookies.items()}
    assert sessions.known_browser(request, director.email.upper())
    assert sessions.known_browser(request, "somebody@else.example") == ""
    request.COOKIES = {name: value + "x" for name, value in request.COOKIES.items()}
    assert sessions.known_browser(request, director.email) == ""


@pytest.mark.django_db
def test_asking_for_a_password_is_answered_alike_and_does_as_much(client, director):
    """Whoever asks learns neither by words nor by work who has an account."""
    answers = []
    # The first of a house makes what all later ones find.
    for email in ("first@house.example", director.email, "nobody@house.example"):
        with CaptureQueriesContext(connection) as queries:
            answer = client.post("/desk/sign-in/new-password/", {"email": email})
        answers.append((answer.status_code, answer.content, len(queries)))
    assert answers[1] == answers[2]


def test_success_forgets_failures(director, now):
    fail(now, 4)
    enter(now)
    fail(now, 4)
    assert enter(now) == director


def test_throttles_hold_neither_address_nor_account(director, now):
    fail(now, 1)
    kept = " ".join(Throttle.objects.values_list("digest", flat=True))
    assert "salma" not in kept
    assert "192.0.2" not in kept


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.17", "192.0.2.17/32"),
        ("2001:db8:1:2::3", "2001:db8:1:2::/64"),
        ("nonsense", "unknown"),
    ],
)
def test_caller_is_one_address_and_never_a_network(address, network):
    assert throttles.caller_of(address) == network


def test_wrong_second_factors_are_counted_too(director, now):
    def prove():
        return sign_in.check_second_factor(user=director, address=HOME, at=now, prove=lambda: None)

    for _ in range(5):
        with pytest.raises(sign_in.WrongCode):
            prove()
    with pytest.raises(sign_in.SignInPaused):
        prove()


def signed_in(client, user, now):
    client.force_login(user)
    key = client.session.session_key
    sign_in.record_sign_in(user=user, session_key=key, device="Firefox", method="app", at=now)
    return key


def test_signing_out_everywhere_ends_sessions_on_the_server(client, director, now):
    from django.test import Client

    mine, other = signed_in(client, director, now), signed_in(Client(), director, now)
    assert sign_in.end_sessions(actor=director, of=director, keep=mine, at=now) == 1
    assert list(Session.objects.values_list("session_key", flat=True)) == [mine]
    assert not Session.objects.filter(session_key=other).exists()


def test_new_password_ends_every_other_session(client, director, now):
    signed_in(client, director, now)
    sign_in.change_password(actor=director, password="seven small brown goats", at=now)
    assert not SignedInSession.objects.exists()
    assert enter(now, password="seven small brown goats") == director


@pytest.mark.parametrize("weak", ["short", "123456789012345", "salma@house.example"])
def test_weak_password_is_refused(director, now, weak):
    with pytest.raises(ValidationError):
        sign_in.change_password(actor=director, password=weak, at=now)
    assert enter(now) == director


def test_expired_sessions_are_forgotten(client, director, settings, now):
    signed_in(client, director, now)
    late = now + timedelta(seconds=settings.SESSION_COOKIE_AGE + 1)
    sign_in.record_sign_in(user=director, session_key="n", device="", method="app", at=late)
    assert SignedInSession.objects.count() == 1


def test_sign_in_is_audited_with_its_method(director, now):
    other = UserFactory.create()
    sign_in.record_sign_in(user=other, session_key="k", device="", method="passkey", at=now)
    entry = AuditEntry.objects.get(verb="accounts.user.sign_in")
    assert (entry.actor, entry.changed) == (other.reference, {"method": "passkey"})
