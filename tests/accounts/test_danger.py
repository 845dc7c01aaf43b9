"""Pausing the house by one person or one code, and going on by two; what is held and how long."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from factories.accounts import UserFactory, sign_in_fully
from hiwar.accounts.actions import danger as actions
from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.actions.sign_in import SignInPaused
from hiwar.accounts.models import PauseCode, SignedInSession
from hiwar.common import pauses
from hiwar.common.health.findings import examine
from hiwar.common.models import AuditEntry, Held, Pause

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
EVERYTHING = list(Held.values)


def enter(user: User) -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    sign_in_fully(client, user)
    key = client.session.session_key
    SignedInSession.objects.create(
        user=user, session_key=key, device="", method="app", started_at=timezone.now(),
        seen_at=timezone.now(),
    )  # fmt: skip
    return client


def verbs() -> list[str]:
    entries = AuditEntry.objects.filter(verb__startswith="common.pause").order_by("pk")
    return [entry.verb.rpartition(".")[2] for entry in entries]


def test_one_press_pauses_and_signs_out_who_cannot_end_it(
    director: User, administrator: User, facilitator: User
) -> None:
    desks = {user: enter(user) for user in (director, administrator, facilitator)}
    page = desks[director].get(reverse("accounts:danger"))
    assert "Pause now" in page.content.decode()
    desks[director].post(reverse("accounts:danger"))
    assert not Pause.objects.exists()
    desks[director].post(reverse("accounts:danger"), {"act": "pause"})
    assert pauses.standing().is_paused
    assert set(pauses.standing().held) == set(EVERYTHING)
    morning = reverse("accounts:morning")
    assert desks[director].get(morning).status_code == 200
    assert desks[administrator].get(morning).status_code == 200
    assert desks[facilitator].get(morning).status_code == 302
    assert SignedInSession.objects.filter(user=facilitator).count() == 0
    # Who signs in anew is told why, and signed out again.
    again = enter(facilitator)
    assert again.get(morning).status_code == 503
    assert "_auth_user_id" not in again.session
    assert verbs() == ["pause"]
    assert AuditEntry.objects.get(verb="common.pause.pause").changed["sessions"] == 1


def test_only_some_may_pause_and_the_second_factor_is_asked_again(
    director: User, facilitator: User, now: datetime
) -> None:
    for name in ("danger", "danger_codes", "ask_to_resume", "resume"):
        assert enter(facilitator).post(reverse(f"accounts:{name}")).status_code == 403
    with pytest.raises(NotAllowed):
        actions.pause_house(actor=facilitator, at=now)
    client = enter(director)
    session = client.session
    session["confirmed"] = 0
    session.save()
    for name in ("danger", "danger_codes"):
        answer = client.post(reverse(f"accounts:{name}"), {"act": "pause"})
        assert reverse("accounts:confirm") in answer["Location"]
    assert not Pause.objects.exists()
    assert not PauseCode.objects.exists()


def test_a_code_from_paper_works_once_without_signing_in(client: Client, director: User) -> None:
    desk = enter(director)
    desk.post(reverse("accounts:danger_codes"))
    page = desk.get(reverse("accounts:danger_codes"))
    codes = page.context["codes"]
    assert len(codes) == 3
    assert all(code in page.content.decode() for code in codes)
    desk.post(reverse("accounts:danger_codes"), {"kept": "1"})
    assert desk.get(reverse("accounts:danger_codes")).context["codes"] is None
    digests = set(PauseCode.objects.values_list("digest", flat=True))
    assert not any(code.replace("-", "") in digest for code in codes for digest in digests)
    address = reverse("accounts:pause_by_code")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "does not fit" in client.post(address, {"code": "AAAA-BBBB-CCCC"}).content.decode()
    assert not Pause.objects.exists()
    assert client.post(address, {"code": codes[0].lower().replace("-", " ")}).status_code == 302
    assert "paused since" in client.get(address).content.decode()
    pause = Pause.objects.get()
    assert (pause.lasts, pause.paused_by) == (True, director.reference)
    assert AuditEntry.objects.get(verb="common.pause.pause").changed["way"] == "code"
    Pause.objects.all().delete()
    pauses.forget(until_changed=True)
    client.post(address, {"code": codes[0]})
    assert not Pause.objects.exists()
    client.post(address, {"code": codes[1]})
    assert Pause.objects.exists()


def test_a_code_of_somebody_who_may_no_longer_is_worth_nothing(
    administrator: User, now: datetime
) -> None:
    (code, *_others) = actions.make_codes(actor=administrator, at=now)
    administrator.roles.clear()
    with pytest.raises(actions.WrongPauseCode):
        actions.pause_by_code(code=code, address="192.0.2.1", at=now)
    with pytest.raises(NotAllowed):
        actions.make_codes(actor=UserFactory.create(roles=[]), at=now)


def test_guessing_is_stopped_for_the_guesser_alone(director: User, now: datetime) -> None:
    (code, *_others) = actions.make_codes(actor=director, at=now)
    for _ in range(settings.SIGN_IN_FAILURES):
        with pytest.raises(actions.WrongPauseCode):
            actions.pause_by_code(code="AAAA-BBBB-CCCC", address="192.0.2.1", at=now)
    with pytest.raises(SignInPaused):
        actions.pause_by_code(code=code, address="192.0.2.1", at=now)
    assert not Pause.objects.exists()
    actions.pause_by_code(code=code, address="192.0.2.2", at=now)
    assert Pause.objects.get().lasts


def test_two_people_let_it_go_on_and_neither_alone(
    director: User, administrator: User, now: datetime
) -> None:
    actions.pause_house(actor=director, at=now)
    with pytest.raises(actions.PausedAlready):
        actions.pause_house(actor=administrator, at=now)
    with pytest.raises(actions.WishChanged):
        actions.resume(actor=administrator, asked_at=None, at=now)
    one, two = enter(administrator), enter(director)
    one.post(reverse("accounts:ask_to_resume"), {"kinds": ["letters", "nonsense"]})
    seen = two.get(reverse("accounts:danger"))
    assert "Agree: the house goes on" in seen.content.decode()
    assert "Agree: the house goes on" not in one.get(reverse("accounts:danger")).content.decode()
    asked_at = seen.context["asked_at"]
    one.post(reverse("accounts:resume"), {"asked_at": asked_at})
    assert pauses.standing().is_paused
    # The wish changes after the second person looked: what they agree to is what they saw.
    one.post(reverse("accounts:ask_to_resume"), {"kinds": ["letters", "jobs"]})
    two.post(reverse("accounts:resume"), {"asked_at": asked_at})
    assert pauses.standing().is_paused
    two.post(reverse("accounts:resume"), {"asked_at": "never"})
    assert pauses.standing().is_paused
    asked_at = two.get(reverse("accounts:danger")).context["asked_at"]
    two.post(reverse("accounts:resume"), {"asked_at": asked_at})
    stands = pauses.standing()
    assert not stands.is_paused
    assert stands.held == {"schedules", "reminders"}
    assert verbs() == ["pause", "ask_to_resume", "ask_to_resume", "resume"]
    entry = AuditEntry.objects.get(verb="common.pause.resume")
    assert entry.actor == director.reference
    assert entry.changed["asked_by"] == administrator.reference
    assert entry.changed["released"] == ["letters", "jobs"]


def test_what_was_not_released_takes_two_people_again(
    director: User, administrator: User, now: datetime
) -> None:
    actions.pause_house(actor=director, at=now)
    wish = actions.ask_to_resume(actor=director, kinds=[], at=now)
    actions.resume(actor=administrator, asked_at=wish.asked_at, at=now)
    assert pauses.standing().held == set(EVERYTHING)
    later = now + timedelta(days=1)
    wish = actions.ask_to_resume(actor=administrator, kinds=EVERYTHING, at=later)
    with pytest.raises(actions.OtherPersonNeeded):
        actions.resume(actor=administrator, asked_at=wish.asked_at, at=later)
    actions.resume(actor=director, asked_at=wish.asked_at, at=later)
    assert pauses.standing().held == frozenset()
    with pytest.raises(actions.NothingHeld):
        actions.ask_to_resume(actor=director, kinds=EVERYTHING, at=later)
    # A pause that begins later holds everything anew, and is another row.
    actions.pause_house(actor=director, at=later)
    assert pauses.standing().since == later


def test_a_wish_of_somebody_who_left_is_no_wish(
    director: User, administrator: User, now: datetime
) -> None:
    actions.pause_house(actor=director, at=now)
    wish = actions.ask_to_resume(actor=administrator, kinds=[], at=now)
    administrator.is_active = False
    administrator.save()
    with pytest.raises(actions.WishChanged):
        actions.resume(actor=director, asked_at=wish.asked_at, at=now)
    assert pauses.standing().is_paused


def test_the_commands_pause_and_record_two_people(
    director: User, administrator: User, facilitator: User, capsys
) -> None:
    call_command("pause")
    assert Pause.objects.get().paused_by == "system"
    with pytest.raises(CommandError):
        call_command("pause")
    for second in (director.email.upper(), facilitator.email, "nobody@nowhere.example"):
        with pytest.raises(CommandError) as refused:
            call_command("resume", director.email, second)
        assert isinstance(refused.value.__cause__, actions.TwoPeopleNeeded)
    assert pauses.standing().is_paused
    call_command("resume", director.email, administrator.email, "--release", "letters")
    assert pauses.standing().held == {"schedules", "reminders", "jobs"}
    assert not pauses.standing().is_paused
    assert str(Held.REMINDERS.label) in capsys.readouterr().out
    entry = AuditEntry.objects.get(verb="common.pause.resume")
    assert entry.changed["people"] == [director.reference, administrator.reference]


def test_health_and_readiness_say_since_when(
    client: Client, director: User, administrator: User, now: datetime
) -> None:
    def finding() -> str:
        return next(line.state.value for line in examine(now) if line.code == "pause")

    assert finding() == "green"
    assert "paused_since" not in client.get("/readyz").json()
    actions.pause_house(actor=director, at=now)
    assert finding() == "red"
    assert client.get("/readyz").json()["paused_since"] == now.isoformat()
    assert client.get("/healthz").status_code == 200
    assert "paused since" in enter(administrator).get("/desk/").content.decode()
    wish = actions.ask_to_resume(actor=director, kinds=["jobs"], at=now)
    actions.resume(actor=administrator, asked_at=wish.asked_at, at=now)
    assert finding() == "amber"
    assert "paused_since" not in client.get("/readyz").json()


def test_another_process_learns_of_it_with_one_question_in_two_seconds(
    client: Client, now: datetime
) -> None:
    client.get("/en/")
    pauses.forget()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        for _ in range(5):
            pauses.refresh()
    assert len(asked) == 1
    # Another process paused: this one knows nothing of it until it asks again.
    Pause.objects.create(since=now, paused_by="system", held=EVERYTHING)
    assert not pauses.known().is_paused
    pauses.forget()
    assert client.post("/en/").status_code == 503
    assert pauses.FRESH + 1 < 5


@pytest.mark.parametrize(("language", "word"), [("ar", "موقوف"), ("en", "Paused since")])
def test_the_page_is_whole_in_both_languages(
    director: User, now: datetime, language: str, word: str
) -> None:
    actions.pause_house(actor=director, at=now)
    actions.ask_to_resume(actor=director, kinds=["letters"], at=now)
    page = enter(director).get(f"{reverse('accounts:danger')}?language={language}")
    text = page.content.decode()
    assert word in text
    assert f'lang="{language}"' in text
    for kind in Held:
        assert f'value="{kind.value}"' in text
