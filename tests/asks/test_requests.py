"""Information requests: the day by data, pauses, late answers leave the gap, who reads what."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.asks import ClockFactory, InformationRequestFactory
from factories.contacts import OrganisationFactory
from factories.dossiers import DossierFactory
from hiwar.accounts.actions.people import NotAllowed
from hiwar.asks.actions import requests as act
from hiwar.asks.desk import due
from hiwar.asks.models import Clock, InformationRequest
from hiwar.asks.queries.requests import course_of, requests_for

if TYPE_CHECKING:
    from django.test import Client

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def officer(roles: object) -> User:
    user: User = UserFactory.create(roles=["programme_manager"])
    return user


def happened(officer: User, request: InformationRequest, kind: str, day: int, **more: str) -> None:
    act.record_step(
        actor=officer, request=request, now=NOW,
        happened=act.Happened(kind, date(2026, 11, day), **more),
    )  # fmt: skip


def test_the_day_follows_from_the_steps_and_a_late_answer_leaves_the_gap(officer: User) -> None:
    clock = ClockFactory.create(length=10, unit="days", roll="none", extension=5, appeal=30)
    request = InformationRequestFactory.create(clock=clock, days=None, filed_on=date(2026, 11, 1))
    happened(officer, request, "received", 2)
    course = course_of(request, date(2026, 11, 5))
    assert course.due is not None
    assert (course.due.day, course.is_unanswered) == (date(2026, 11, 12), False)
    happened(officer, request, "clarification", 4)
    assert course_of(request, date(2026, 11, 30)).due is None  # the clock stands
    with pytest.raises(act.StepDoesNotFollow):
        happened(officer, request, "clarification", 5)
    happened(officer, request, "clarified", 5)
    paused = course_of(request, date(2026, 11, 13))
    assert paused.due is not None
    assert paused.due.day == date(2026, 11, 14)  # two days did not count
    assert not paused.is_unanswered
    with pytest.raises(act.ResultNeeded):
        happened(officer, request, "answered", 18, result="refused")
    late = course_of(request, date(2026, 11, 16))
    assert late.is_unanswered
    assert late.appeal is not None
    happened(officer, request, "answered", 18, result="refused", ground="None named")
    course = course_of(request, NOW.date())
    assert course.is_unanswered  # it came, and the gap stays
    assert course.answer is not None
    assert course.answer.result == "refused"
    for kind in ("extended", "received", "decided"):
        with pytest.raises(act.StepDoesNotFollow):
            happened(officer, request, kind, 19, result="full")
    with pytest.raises(act.StepAtWrongDay):
        happened(officer, request, "appealed", 21)


def test_without_a_law_nothing_says_by_law(officer: User, client: Client) -> None:
    InstitutionFactory.create()
    body = OrganisationFactory.create(name={"en": "Ministry of work"})
    dossier = DossierFactory.create()
    director = UserFactory.create(roles=["director"])
    sign_in_fully(client, director)
    client.cookies["hiwar_language"] = "en"
    sent = client.post(reverse("asks:new_clock"), {
        "name_en": "Answers of bodies", "name_ar": "ردود الجهات", "checked_on": "2026-11-01",
        "length": 15, "unit": "working_days", "start_rule": "receipt", "roll": "next_working_day",
    })  # fmt: skip
    assert sent.status_code == 302, sent.context["form"].errors
    fields = {
        "organisation": str(body.pk), "subject_en": "Cost of the training fund",
        "subject_ar": "كلفة صندوق التدريب", "text": "Please send us the accounts.",
        "filed_on": "2026-11-01", "clock": str(Clock.objects.get().pk),
    }  # fmt: skip
    sent = client.post(reverse("asks:new_request", args=[dossier.code]), fields)
    assert sent.status_code == 302, sent.context["form"].errors
    request = InformationRequest.objects.get()
    page = reverse("asks:request", args=[request.pk])
    text = client.get(page).content.decode()
    assert "bound by no law" in text
    assert "By law" not in text
    Clock.objects.update(legal_basis="Law 7, article 12")
    assert "By law: Law 7, article 12" in client.get(page).content.decode()
    public = reverse("public_asks:requests", args=["en"])
    assert "Cost of the training fund" not in client.get(public).content.decode()
    client.post(reverse("asks:show_request", args=[request.pk]), {"is_public": "yes"})
    shown = client.get(public).content.decode()
    assert "Cost of the training fund" in shown
    assert "send us the accounts" not in shown
    assert "Cost of the training fund" in client.get(reverse("asks:requests")).content.decode()


def test_late_requests_stand_on_the_morning_page_and_closed_ones_nowhere(
    officer: User, client: Client
) -> None:
    late = InformationRequestFactory.create(owner=officer, filed_on=date(2026, 1, 5))
    hidden = InformationRequestFactory.create(
        dossier=DossierFactory.create(visibility="personal"), filed_on=date(2026, 1, 5)
    )
    assert list(requests_for(officer)) == [late]
    sign_in_fully(client, officer)
    request = client.get(reverse("asks:requests")).wsgi_request
    assert [row.title for row in due(request)] == [str(late)]
    for name in ("request", "add_step"):
        assert client.get(reverse(f"asks:{name}", args=[hidden.pk])).status_code == 404
    assert str(hidden.subject) not in client.get(reverse("asks:requests")).content.decode()
    with pytest.raises(NotAllowed):
        act.show_request(actor=officer, request=late, is_public=True, now=NOW)
    with pytest.raises(act.OneClock):
        act.file_request(
            actor=officer, dossier=late.dossier, organisation=late.organisation,
            subject={"en": "All"}, text="All", filed_on=NOW.date(), now=NOW, by=None,
        )  # fmt: skip
