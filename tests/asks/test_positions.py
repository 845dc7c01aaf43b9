"""Asks and positions: what is refused, who reads what, and how a table is read on another day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction

from factories.accounts import UserFactory
from factories.asks import AskFactory, PartyFactory, PositionFactory
from hiwar.accounts.actions.people import NotAllowed
from hiwar.asks.actions import asks as act
from hiwar.asks.actions import positions as say
from hiwar.asks.models import Ask, Position
from hiwar.asks.queries.positions import (
    asks_for,
    link_days,
    own_positions,
    position_link_behind,
    table_of,
    unseen,
)
from hiwar.asks.queries.search_documents import timeline
from hiwar.common.links.actions import LinkClosed
from hiwar.common.links.queries import find_link, is_open
from hiwar.common.models import AuditEntry

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def officer(roles: object) -> User:
    return UserFactory.create(roles=["programme_manager"])


def saying(stance: str = "for", **more: object) -> say.Saying:
    return say.Saying(stance=stance, **{"source": "جلسة", **more})  # type: ignore[arg-type]


def test_nothing_said_is_neither_for_nor_against(officer: User) -> None:
    ask, silent, against = AskFactory.create(), PartyFactory.create(), PartyFactory.create()
    say.record_position(
        actor=officer,
        ask=ask,
        organisation=against,
        said_on=TODAY,
        saying=saying("against"),
        now=NOW,
    )
    table = table_of(officer, ask.dossier, TODAY)
    cells = {row.organisation: row.cells[0].position for row in table.rows}
    assert cells[silent] is None
    assert cells[against] is not None
    assert table.counts()[str(ask.pk)] == {"": 1, "against": 1}


def test_the_table_is_read_as_of_any_day_and_forgets_nothing(officer: User) -> None:
    ask, party = AskFactory.create(), PartyFactory.create()
    for days, stance in ((60, "against"), (10, "for")):
        say.record_position(
            actor=officer, ask=ask, organisation=party, said_on=TODAY - timedelta(days),
            saying=saying(stance), now=NOW,
        )  # fmt: skip

    def stance_on(day: date) -> str:
        position = table_of(officer, ask.dossier, day).rows[0].cells[0].position
        return position.stance if position else ""

    assert stance_on(TODAY) == "for"
    assert stance_on(TODAY - timedelta(30)) == "against"
    assert stance_on(TODAY - timedelta(90)) == ""
    latest = Position.objects.get(stance="for")
    say.retract_position(actor=officer, position=latest, reason="قرأناه خطأ", now=NOW)
    assert stance_on(TODAY) == "against"
    say.restore_position(actor=officer, position=latest, now=NOW)
    assert stance_on(TODAY) == "for"
    assert Position.objects.count() == 2


def test_a_position_needs_a_source_a_day_and_somebody_who_may(officer: User) -> None:
    ask, party = AskFactory.create(), PartyFactory.create()
    told = {"ask": ask, "organisation": party, "now": NOW}
    with pytest.raises(say.SourceMissing):
        say.record_position(actor=officer, said_on=TODAY, saying=saying(source=" "), **told)
    with pytest.raises(say.SaidLater):
        say.record_position(actor=officer, said_on=TODAY + timedelta(1), saying=saying(), **told)
    reader = UserFactory.create(roles=["media"])
    with pytest.raises(NotAllowed):
        say.record_position(actor=reader, said_on=TODAY, saying=saying(), **told)
    made = say.record_position(actor=officer, said_on=TODAY, saying=saying(), **told)
    with pytest.raises(say.ReasonMissing):
        say.retract_position(actor=officer, position=made, reason=" ", now=NOW)
    with transaction.atomic(), pytest.raises(IntegrityError):
        PositionFactory.create(recorded_by=None)


def test_an_ask_of_a_closed_dossier_is_nowhere(officer: User) -> None:
    hidden = AskFactory.create(dossier__visibility="team", dossier__owner=UserFactory.create())
    team = AskFactory.create(visibility="team", owner=UserFactory.create())
    open_ask = AskFactory.create(number=77)
    party = PartyFactory.create(visibility="team", owner=UserFactory.create())
    for ask in (hidden, team, open_ask):
        PositionFactory.create(ask=ask, organisation=party)
    assert list(asks_for(officer)) == [open_ask]
    assert list(timeline(officer, hidden.dossier)) == []
    assert list(timeline(officer, open_ask.dossier)) == []
    assert table_of(officer, open_ask.dossier, TODAY).rows == ()
    with pytest.raises(NotAllowed):
        say.record_position(
            actor=officer, ask=hidden, organisation=PartyFactory.create(), said_on=TODAY,
            saying=saying(), now=NOW,
        )  # fmt: skip
    assert not asks_for(UserFactory.create(roles=["finance_viewer"])).exists()


def test_words_of_an_approved_ask_stand(officer: User) -> None:
    dossier = AskFactory.create().dossier
    ask = act.write_ask(
        actor=officer, dossier=dossier, text={"ar": "نص"}, short={"ar": "قصير"}, now=NOW
    )
    act.change_ask(actor=officer, ask=ask, text={"ar": "نص آخر"}, short={"ar": "قصير"}, now=NOW)
    act.take_state(actor=officer, ask=ask, state="approved", now=NOW)
    with pytest.raises(act.AskApproved):
        act.change_ask(actor=officer, ask=ask, text={"ar": "x"}, short={"ar": "y"}, now=NOW)
    with pytest.raises(act.WrongAskState):
        act.take_state(actor=officer, ask=ask, state="approved", now=NOW)
    act.take_state(actor=officer, ask=ask, state="dropped", now=NOW)
    assert ask not in table_of(officer, dossier, TODAY).asks
    assert Ask.objects.get(pk=ask.pk).text["ar"] == "نص آخر"


def test_a_link_opens_only_what_is_its_own_and_until_it_ends(officer: User) -> None:
    ask, ours, theirs = AskFactory.create(), PartyFactory.create(), PartyFactory.create()
    draft = AskFactory.create(dossier=ask.dossier, number=88, state="drafted")
    PositionFactory.create(ask=ask, organisation=theirs, stance="against")
    link, token = say.make_position_link(
        actor=officer, dossier=ask.dossier, organisation=ours, now=NOW
    )
    assert token not in str(vars(link)) + str(vars(link.private_link))
    opened = find_link("asks.positions", token)
    assert opened is not None
    assert position_link_behind(opened) == link
    assert find_link("asks.positions", token + "x") is None
    assert not is_open(opened, NOW + timedelta(days=link_days() + 1))
    cells = own_positions(link, TODAY)
    assert [cell.ask for cell in cells] == [ask]
    assert cells[0].position is None
    made = say.correct_own_positions(
        link=link,
        sayings={
            str(ask.pk): saying("part", words={"ar": "خطوة أولى"}, said_by="الناطقة"),
            str(draft.pk): saying("for"),
        },
        now=NOW,
    )
    assert [(one.stance, one.source_kind, one.confirmed_by) for one in made] == [
        ("part", "link", "الناطقة")
    ]
    assert [one.organisation for one in unseen(officer)] == [ours]
    say.see_position(actor=officer, position=made[0], now=NOW)
    assert not unseen(officer).exists()
    again = {str(ask.pk): saying("part", words={"ar": "خطوة أولى"}, said_by="الناطقة")}
    assert say.correct_own_positions(link=link, sayings=again, now=NOW) == []
    say.make_position_link(actor=officer, dossier=ask.dossier, organisation=ours, now=NOW)
    opened.refresh_from_db()
    assert not is_open(opened, NOW)
    with pytest.raises(LinkClosed):
        say.correct_own_positions(link=link, sayings=again, now=NOW)
    verbs = list(AuditEntry.objects.values_list("verb", flat=True))
    assert verbs.count("asks.position.correct") == 1


def test_a_day_is_the_day_at_the_place(officer: User, settings: SettingsWrapper) -> None:
    """At half past midnight of 29 November in Hebron it is still 28 November in Greenwich."""
    settings.TIME_ZONE = "Asia/Hebron"
    night, day = datetime(2026, 11, 28, 22, 30, tzinfo=UTC), date(2026, 11, 29)
    about = {"actor": officer, "ask": AskFactory.create(), "organisation": PartyFactory.create()}
    position = say.record_position(said_on=day, saying=saying(), now=night, **about)
    assert position.said_on == day
    with pytest.raises(say.SaidLater):
        say.record_position(said_on=day + timedelta(1), saying=saying(), now=night, **about)
