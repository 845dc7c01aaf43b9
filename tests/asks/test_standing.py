"""Where an ask stands: each point at each addressee, and what is said of the whole."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction

from factories.accounts import UserFactory
from factories.asks import AddresseeFactory, AnswerFactory, AskFactory, AskPointFactory
from factories.contacts import PostFactory
from hiwar.asks.models import Addressee, Answer, AnswerPoint, AskPoint, Commitment, Outcome
from hiwar.asks.queries.standing import standing_of, state_of_ask

if TYPE_CHECKING:
    from hiwar.accounts.models import User

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def officer(roles: object) -> User:
    return UserFactory.create(roles=["programme_manager"])


@pytest.mark.parametrize(
    ("states", "whole"),
    [
        ([], "draft"),
        (["met", "met"], "met"),
        (["met", "declined"], "part"),
        (["part", "waiting"], "part"),
        (["met", "late"], "late"),
        (["declined", "declined"], "declined"),
        (["declined", "waiting"], "waiting"),
        (["overtaken", "met"], "met"),
        (["withdrawn"], "withdrawn"),
        (["unmet", "declined"], "declined"),
    ],
)
def test_the_state_of_an_ask_follows_from_its_points(states: list[str], whole: str) -> None:
    assert state_of_ask(states) == whole


def state(user: User, point: AskPoint, addressee: Addressee, on: date = TODAY) -> str:
    shown = standing_of(user, point.ask, on)
    cells = {(cell.point, cell.addressee): cell.state for _point, row in shown.rows for cell in row}
    return cells[point, addressee]


@pytest.mark.django_db
def test_a_point_goes_from_silence_to_an_answer_a_promise_and_an_outcome(officer: User) -> None:
    point = AskPointFactory.create()
    addressee = AddresseeFactory.create(ask=point.ask, answer_due=TODAY)
    other = AddresseeFactory.create(ask=point.ask, answer_due=TODAY, state="drafted")
    assert state(officer, point, other) == "draft"
    assert state(officer, point, addressee) == "waiting"
    assert state(officer, point, addressee, TODAY + timedelta(1)) == "late"
    answer = AnswerFactory.create(addressee=addressee, recorded_by=officer)
    AnswerPoint.objects.create(answer=answer, point=point, verdict="part")
    assert state(officer, point, addressee, TODAY + timedelta(1)) == "accepted_part"
    commitment = Commitment.objects.create(
        point=point, post=addressee.post, words={"ar": "نظام"}, made_on=TODAY, due_on=TODAY,
        answer=answer, recorded_by=officer, recorded_at=NOW,
    )  # fmt: skip
    assert state(officer, point, addressee) == "promised"
    assert state(officer, point, addressee, TODAY + timedelta(1)) == "promise_late"
    Commitment.objects.filter(pk=commitment.pk).update(state="kept")
    assert state(officer, point, addressee) == "met"
    outcome = Outcome.objects.create(
        point=point, addressee=addressee, result="weaker", on=TODAY, recorded_by=officer,
        recorded_at=NOW,
    )  # fmt: skip
    assert state(officer, point, addressee) == "met"  # nobody confirmed the outcome
    Outcome.objects.filter(pk=outcome.pk).update(
        confirmed_by=UserFactory.create(), confirmed_at=NOW
    )
    assert state(officer, point, addressee) == "part"
    assert state(officer, point, other) == "draft"


@pytest.mark.django_db
def test_another_name_and_a_link_never_overwrite_what_was_confirmed(officer: User) -> None:
    point = AskPointFactory.create()
    addressee = AddresseeFactory.create(ask=point.ask)
    for minutes, verdict, more in (
        (0, "accepted", {}),
        (1, "declined", {"capacity": "other"}),
        (2, "part", {}),
    ):
        answer = AnswerFactory.create(
            addressee=addressee, recorded_by=officer, recorded_at=NOW + timedelta(minutes=minutes),
            **more,
        )  # fmt: skip
        AnswerPoint.objects.create(answer=answer, point=point, verdict=verdict)
    assert state(officer, point, addressee) == "accepted_part"
    latest = Answer.objects.latest("recorded_at")
    AnswerFactory.create(
        addressee=addressee, recorded_by=officer, kind="withdrawal", corrects=latest
    )
    assert state(officer, point, addressee) == "accepted"


@pytest.mark.django_db
def test_the_database_refuses_what_contradicts_itself(officer: User) -> None:
    point = AskPointFactory.create()
    addressee = AddresseeFactory.create(ask=point.ask)
    with transaction.atomic(), pytest.raises(IntegrityError):
        AddresseeFactory.create(ask=point.ask, post=addressee.post)
    with transaction.atomic(), pytest.raises(IntegrityError):  # from nowhere
        Commitment.objects.create(
            point=point, post=PostFactory.create(), words={"ar": "x"}, made_on=TODAY,
            recorded_by=officer, recorded_at=NOW,
        )  # fmt: skip
    with transaction.atomic(), pytest.raises(IntegrityError):  # confirmed by who recorded it
        Outcome.objects.create(
            point=point, result="same", on=TODAY, recorded_by=officer, recorded_at=NOW,
            confirmed_by=officer,
        )  # fmt: skip
    assert AskFactory.create().code == AskFactory.create().code == ""
