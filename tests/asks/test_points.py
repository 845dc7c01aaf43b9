"""Points, addressees, approval and answers: what is refused, and what is kept."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from factories.accounts import UserFactory, sign_in_fully
from factories.asks import AnswerFactory, AnswerLinkFactory, AskFactory
from factories.contacts import PostFactory
from hiwar.accounts.actions.people import NotAllowed
from hiwar.asks.actions import answers as say
from hiwar.asks.actions import points as act
from hiwar.asks.actions.asks import take_state
from hiwar.asks.models import Addressee, Answer, Ask, AskPoint, StateChange
from hiwar.asks.queries.standing import standing_of
from hiwar.asks.queries.targets import target_of, targets_for
from hiwar.places.models import Calendar, Season

if TYPE_CHECKING:
    from django.test import Client

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TODAY = NOW.date()
ACT = {"ar": "إصدار نظام", "en": "Issue a regulation"}


@pytest.fixture
def officer(roles: object) -> User:
    user: User = UserFactory.create(roles=["programme_manager"])
    return user


@pytest.fixture
def director(roles: object) -> User:
    user: User = UserFactory.create(roles=["director"])
    return user


def put(officer: User, director: User | None = None, **more: object) -> tuple[AskPoint, Addressee]:
    ask = AskFactory.create(state="drafted")
    point = act.add_point(actor=officer, ask=ask, act=ACT, now=NOW)
    addressee = act.add_addressee(
        actor=officer, ask=ask, post=PostFactory.create(), answer_due=TODAY, now=NOW, **more
    )  # type: ignore[arg-type]
    if director is not None:
        act.approve_addressees(actor=director, ask=ask, now=NOW)
        addressee.refresh_from_db()
    return point, addressee


def test_an_ask_is_approved_by_who_may_and_its_points_stand_then(
    officer: User, director: User
) -> None:
    point, addressee = put(officer)
    ask = point.ask
    with pytest.raises(act.TooManyWords):
        act.add_point(actor=officer, ask=ask, act={"ar": "كلمة " * 41}, now=NOW)
    with pytest.raises(act.AlreadyAddressed):
        act.add_addressee(actor=officer, ask=ask, post=addressee.post, now=NOW)
    with pytest.raises(act.DueBehind):
        act.add_addressee(
            actor=officer, ask=ask, post=PostFactory.create(), now=NOW,
            answer_due=TODAY - timedelta(1),
        )  # fmt: skip
    with pytest.raises(act.PostAbolished):
        act.add_addressee(
            actor=officer, ask=ask, post=PostFactory.create(abolished_on=TODAY), now=NOW
        )
    for attempt in (
        lambda: act.approve_addressees(actor=officer, ask=ask, now=NOW),
        lambda: take_state(actor=officer, ask=ask, state="approved", now=NOW),
        lambda: act.add_point(actor=UserFactory.create(roles=["media"]), ask=ask, act=ACT, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    act.approve_addressees(actor=director, ask=ask, now=NOW)
    assert Ask.objects.get(pk=ask.pk).state == "approved"
    assert StateChange.objects.get().after == "approved"
    with pytest.raises(act.NobodyToApprove):
        act.approve_addressees(actor=director, ask=ask, now=NOW)
    with pytest.raises(act.PointsStand):
        act.remove_point(actor=officer, point=point, now=NOW)
    with pytest.raises(act.PointsStand):
        take_state(actor=officer, ask=ask, state="drafted", now=NOW)
    bare = AskFactory.create(state="drafted")
    act.add_addressee(actor=officer, ask=bare, post=PostFactory.create(), now=NOW)
    with pytest.raises(act.NothingAsked):
        act.approve_addressees(actor=director, ask=bare, now=NOW)


def test_a_state_follows_and_goes_back_only_with_a_reason(officer: User, director: User) -> None:
    _point, addressee = put(officer)

    def take(state: str, day: date = TODAY, **more: str) -> Addressee:
        return act.record_addressee_state(
            actor=officer, addressee=addressee, state=state, day=day, now=NOW, **more
        )

    with pytest.raises(act.WrongAddresseeState):
        take("delivered")  # nobody approved it
    act.approve_addressees(actor=director, ask=addressee.ask, now=NOW)
    with pytest.raises(act.ChangedLater):
        take("delivered", TODAY + timedelta(1))
    take("delivered")
    for state in ("sent", "returned"):
        with pytest.raises(act.WrongAddresseeState):
            take(state)
    take("returned", reason="انتقل المكتب")
    with pytest.raises(act.PointsStand):
        act.remove_addressee(actor=officer, addressee=addressee, now=NOW)
    closed = take("closed", closed_as="overtaken")
    assert (closed.state, closed.closed_as) == ("closed", "overtaken")
    assert take("discussed", reason="فُتح من جديد").closed_as == ""
    assert [row.after for row in StateChange.objects.order_by("recorded_at", "pk")].count(
        "discussed"
    ) == 1  # fmt: skip


def test_an_answer_speaks_of_points_and_is_corrected_by_another(
    officer: User, director: User
) -> None:
    point, addressee = put(officer)

    minutes = itertools.count()

    def answer(reply: say.Reply, day: date = TODAY, corrects: Answer | None = None) -> Answer:
        at = NOW + timedelta(minutes=next(minutes))
        return say.record_answer(
            actor=officer, addressee=addressee, way="letter", answered_on=day, reply=reply,
            corrects=corrects, now=at,
        )  # fmt: skip

    accepted = say.Reply({str(point.pk): "accepted"}, "نوافق")
    with pytest.raises(say.NotAskedYet):
        answer(accepted)
    act.approve_addressees(actor=director, ask=addressee.ask, now=NOW)
    with pytest.raises(say.AnsweredLater):
        answer(accepted, TODAY + timedelta(1))
    with pytest.raises(say.VerdictMissing):
        answer(say.Reply({"": "accepted", str(point.pk): "gladly"}))
    with pytest.raises(say.TimeWithoutDay):
        answer(say.Reply({str(point.pk): "time"}))
    answer(say.Reply({str(point.pk): "time"}, until=TODAY + timedelta(9)))
    addressee.refresh_from_db()
    assert (addressee.state, addressee.needs_time_until) == ("discussed", TODAY + timedelta(9))
    first = answer(accepted)
    answer(say.Reply({str(point.pk): "declined"}), corrects=first)
    addressee.refresh_from_db()
    assert (addressee.state, addressee.needs_time_until) == ("answered", None)
    assert Answer.objects.count() == 3
    assert standing_of(officer, point.ask, TODAY).state == "declined"


def test_what_came_by_a_link_is_received_by_link_until_confirmed(officer: User) -> None:
    link = AnswerLinkFactory.create()
    answer = AnswerFactory.create(addressee=link.addressee, way="link", link=link, recorded_by=None)
    assert answer.confirmed_as == Answer.Confirmation.NONE
    confirmed = say.confirm_answer(actor=officer, answer=answer, confirmed_as="call", now=NOW)
    assert (confirmed.confirmed_as, confirmed.confirmed_by) == ("call", officer)
    with pytest.raises(NotAllowed):
        say.confirm_answer(
            actor=UserFactory.create(roles=["media"]), answer=answer, confirmed_as="mail", now=NOW
        )


def test_a_point_rests_only_on_what_its_writer_may_read(officer: User) -> None:
    ask = AskFactory.create()
    assert [key for key, _label in targets_for(officer, ask.dossier)] == [""]
    point, _addressee = put(officer)
    assert target_of(officer, ask.dossier, f"recommendation:{point.pk}") is None
    assert target_of(officer, ask.dossier, "") is None


def test_the_page_of_an_ask_says_first_where_it_stands(
    client: Client, officer: User, director: User
) -> None:
    _point, addressee = put(officer, director)
    sign_in_fully(client, officer)
    page = reverse("asks:ask", args=[addressee.ask_id])
    shown = client.get(page, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Next: it is approved and has not been sent." in shown
    assert shown.index("Where it stands") < shown.index("Who stands where")
    client.post(
        reverse("asks:take_addressee_state", args=[addressee.pk]),
        {"state": "delivered", "day": "2026-11-20"},
    )
    addressee.refresh_from_db()
    assert addressee.state == "delivered"


def test_working_days_are_counted_from_the_day_it_reached_them(
    officer: User, director: User
) -> None:
    calendar = Calendar.objects.create(
        code="C", name={"ar": "تقويم"}, time_zone="UTC", weekend=[5, 6]
    )
    Season.objects.create(
        calendar=calendar, kind="holiday", name={"ar": "عطلة"}, starts_on=date(2026, 11, 23),
        ends_on=date(2026, 11, 23),
    )  # fmt: skip
    ask = AskFactory.create(state="drafted")
    act.add_point(actor=officer, ask=ask, act=ACT, now=NOW)
    addressee = act.add_addressee(
        actor=officer, ask=ask, post=PostFactory.create(), due_after=2, now=NOW
    )
    act.approve_addressees(actor=director, ask=ask, now=NOW)
    act.record_addressee_state(  # a Friday: received on Sunday; Monday is a holiday
        actor=officer, addressee=addressee, state="delivered", day=date(2026, 11, 20), now=NOW
    )
    addressee.refresh_from_db()
    assert addressee.answer_due == date(2026, 11, 25)
