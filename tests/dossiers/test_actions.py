"""What people do with dossiers, facts and the strategy, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from factories.accounts import UserFactory
from factories.dossiers import (
    BarrierFactory,
    DossierFactory,
    FactFactory,
    NextStepFactory,
    PillarFactory,
    ProgrammeFactory,
    ProjectFactory,
    StateChangeFactory,
)
from factories.places import PlaceFactory
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.models import AuditEntry
from hiwar.dossiers.actions import barriers, dossiers, facts, parts, strategy
from hiwar.dossiers.models import NEXT_STATES, Dossier, Fact

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
WHY = dossiers.Why(source="minutes of the board", reason={"en": "The board decided."})


@pytest.fixture
def researcher(roles):
    return UserFactory.create(roles=["researcher"])


def move(actor, dossier, state, on=TODAY, *, why=None, now=None):
    return dossiers.change_state(
        actor=actor, dossier=dossier, state=state, on=on, today=TODAY, now=now, why=why
    )


def test_every_state_leads_somewhere_and_nowhere_unknown():
    assert set(NEXT_STATES) == set(Dossier.State.values)
    assert {one for after in NEXT_STATES.values() for one in after} <= set(Dossier.State.values)
    assert all(NEXT_STATES.values())


def test_a_new_dossier_is_owned_and_observed_and_gets_a_code_of_its_own(researcher, now):
    DossierFactory.create(code="D-2", slug="roads")
    made = dossiers.create_dossier(actor=researcher, title={"en": "Roads"}, now=now)
    assert (made.code, made.slug, made.state) == ("D-3", "roads-d-3", "observed")
    assert made.owner == researcher
    assert AuditEntry.objects.get(verb="dossiers.dossier.create").actor == researcher.reference
    with pytest.raises(dossiers.CodeTaken):
        dossiers.create_dossier(actor=researcher, title={"en": "Other"}, code="d-2", now=now)


@pytest.mark.parametrize("role", ["media", "admin", "finance_viewer"])
def test_who_may_not_edit_makes_nothing(roles, now, role):
    actor = UserFactory.create(roles=[role])
    with pytest.raises(NotAllowed):
        dossiers.create_dossier(actor=actor, title={"en": "Roads"}, now=now)
    assert not Dossier.objects.exists()


def test_a_state_has_its_day_its_source_and_its_reason(director, now):
    dossier = DossierFactory.create()
    change = move(director, dossier, "opened", date(2026, 5, 1), why=WHY, now=now)
    dossier.refresh_from_db()
    assert (dossier.state, dossier.opened_on) == ("opened", date(2026, 5, 1))
    assert (change.before, change.source, str(change.reason)) == (
        "observed", "minutes of the board", "The board decided.",
    )  # fmt: skip
    assert not change.is_unusual


def test_a_step_out_of_order_needs_a_reason_and_is_marked(director, now):
    dossier = DossierFactory.create(state="observed")
    with pytest.raises(dossiers.ReasonMissing):
        move(director, dossier, "in_advocacy", now=now)
    assert move(director, dossier, "in_advocacy", why=WHY, now=now).is_unusual


def test_a_change_takes_the_number_after_the_highest(director, now):
    dossier = DossierFactory.create()
    StateChangeFactory.create(dossier=dossier, number=2)
    assert move(director, dossier, "opened", now=now).number == 3


def test_states_follow_the_calendar(director, now):
    dossier = DossierFactory.create()
    move(director, dossier, "opened", date(2026, 5, 1), now=now)
    for day in (date(2026, 4, 30), TODAY + timedelta(days=1)):
        with pytest.raises(dossiers.DayOutOfOrder):
            move(director, dossier, "in_dialogue", day, now=now)
    with pytest.raises(dossiers.SameState):
        move(director, dossier, "opened", now=now)


def test_the_last_change_can_be_taken_back_and_stays_in_the_record(director, now):
    dossier = DossierFactory.create()
    move(director, dossier, "opened", now=now)
    dossiers.take_back_state(actor=director, dossier=dossier, now=now)
    assert dossier.state == "observed"
    assert dossier.changes.get().taken_back_at == now
    move(director, dossier, "opened", now=now)
    assert dossier.changes.count() == 2
    assert AuditEntry.objects.filter(verb="dossiers.dossier.take_back_state").count() == 1


def test_who_edits_does_not_decide(researcher, now):
    dossier = DossierFactory.create()
    with pytest.raises(NotAllowed):
        move(researcher, dossier, "opened", now=now)


def test_a_dossier_put_away_is_not_edited_until_it_is_back(director, now):
    dossier = DossierFactory.create()
    dossiers.archive_dossier(actor=director, dossier=dossier, now=now)
    with pytest.raises(dossiers.Archived):
        move(director, dossier, "opened", now=now)
    with pytest.raises(dossiers.Archived):
        facts.add_fact(
            actor=director, dossier=dossier, text={"en": "A"}, source=facts.Source("b"),
            today=TODAY, now=now,
        )  # fmt: skip
    dossiers.restore_dossier(actor=director, dossier=dossier, now=now)
    move(director, dossier, "opened", now=now)


def test_nobody_shuts_themselves_out(researcher, director, now):
    dossier = DossierFactory.create(owner=researcher)
    with pytest.raises(dossiers.WouldLoseSight):
        dossiers.update_dossier(
            actor=director, dossier=dossier, changes={"visibility": "personal"}, now=now
        )
    assert Dossier.objects.get().visibility == "institution"
    other = UserFactory.create(roles=["researcher"])
    with pytest.raises(NotAllowed):
        dossiers.update_dossier(
            actor=other, dossier=dossier, changes={"visibility": "public"}, now=now
        )


def test_a_project_belongs_to_the_programme(director, now):
    dossier, programme, project = (
        DossierFactory.create(), ProgrammeFactory.create(), ProjectFactory.create()
    )  # fmt: skip
    with pytest.raises(dossiers.ProjectElsewhere):
        dossiers.place_dossier(
            actor=director, dossier=dossier, programme=programme, project=project, now=now
        )


def test_moving_a_project_takes_its_dossiers_along_and_says_so(director, now):
    project = ProjectFactory.create()
    dossier = DossierFactory.create(project=project, programme=project.programme)
    elsewhere = ProgrammeFactory.create()
    strategy.move_project(actor=director, project=project, programme=elsewhere, now=now)
    dossier.refresh_from_db()
    assert dossier.programme == elsewhere
    entry = AuditEntry.objects.get(verb="dossiers.project.move")
    assert entry.changed["dossiers"] == 1
    assert entry.changed["programme"][1] == elsewhere.reference


def test_codes_of_the_strategy_are_given_once(director, researcher, now):
    pillar = PillarFactory.create(code="P9")
    with pytest.raises(strategy.BranchCodeTaken):
        strategy.add_pillar(actor=director, code="P9", name={"en": "x"}, now=now)
    with pytest.raises(NotAllowed):
        strategy.add_programme(
            actor=researcher, pillar=pillar, code="P9.1", name={"en": "x"}, now=now
        )


def test_a_fact_names_its_source(researcher, now):
    dossier = DossierFactory.create()
    with pytest.raises(facts.SourceMissing):
        facts.add_fact(
            actor=researcher, dossier=dossier, text={"en": "41%"}, source=facts.Source(" "),
            today=TODAY, now=now,
        )  # fmt: skip
    assert not Fact.objects.exists()


def test_a_corrected_fact_keeps_what_it_said(researcher, now):
    fact = FactFactory.create(text={"en": "Forty."}, value="40", source="old book")
    with pytest.raises(facts.WhyMissing):
        facts.correct_fact(
            actor=researcher, fact=fact, changes={"value": "41"}, reason=" ", today=TODAY, now=now
        )
    version = facts.correct_fact(
        actor=researcher, fact=fact, reason="misprint", today=TODAY, now=now,
        changes={"value": "41", "text": {"en": "Forty-one."}, "source": "new book"},
    )  # fmt: skip
    assert (version.value, str(version.text), version.source) == ("40", "Forty.", "old book")
    assert (fact.value, fact.checked_on, fact.is_stale(TODAY)) == ("41", TODAY, False)


@pytest.mark.parametrize(
    ("checked", "again", "stale"),
    [
        (None, None, True),
        (TODAY - timedelta(days=366), None, True),
        (TODAY - timedelta(days=365), None, False),
        (TODAY, TODAY - timedelta(days=1), True),
        (TODAY, TODAY, False),
    ],
)
def test_a_fact_nobody_looked_at_for_a_year_is_stale(checked, again, stale):
    fact = FactFactory.create(checked_on=checked, next_check_on=again)
    assert fact.is_stale(TODAY) is stale


def test_nobody_is_given_work_on_what_they_may_not_read(researcher, director, now):
    secret = DossierFactory.create(owner=researcher, visibility="personal")
    with pytest.raises(parts.CannotRead):
        parts.add_step(
            actor=researcher, dossier=secret, what={"en": "Call"}, owner=director, due_on=TODAY,
            now=now,
        )  # fmt: skip
    with pytest.raises(parts.CannotRead):
        parts.add_person(actor=researcher, dossier=secret, role="lead", user=director, now=now)


def test_who_answers_for_a_step_finishes_it_without_the_power_to_edit(roles, director, now):
    owner = UserFactory.create(roles=["media"])
    step = NextStepFactory.create(owner=owner)
    other = UserFactory.create(roles=["media"])
    with pytest.raises(NotAllowed):
        parts.finish_step(actor=other, step=step, now=now)
    parts.finish_step(actor=owner, step=step, now=now)
    assert (step.done_at, step.done_by) == (now, owner)
    parts.reopen_step(actor=owner, step=step, now=now)
    assert step.done_at is None


def evidence(**kwargs):
    return barriers.Evidence(date(2026, 3, 1), **kwargs)


def test_a_barrier_says_whose_and_how_it_is_known(researcher, now):
    common = {"actor": researcher, "title": {"en": "Stairs"}, "now": now}
    with pytest.raises(barriers.NotKnown):
        barriers.add_barrier(**common, kind="access", groups=["women"], evidence=evidence())
    known = evidence(text={"en": "Seen"}, source="visit")
    with pytest.raises(barriers.NobodyMeetsIt):
        barriers.add_barrier(**common, kind="access", groups=[], evidence=known)
    for kind, group in (("magic", "women"), ("access", "martians")):
        with pytest.raises(parts.UnknownWord):
            barriers.add_barrier(**common, kind=kind, groups=[group], evidence=known)


def test_the_kind_of_locality_follows_from_the_place(researcher, now):
    village = PlaceFactory.create(kind="rural")
    made = barriers.add_barrier(
        actor=researcher, title={"en": "Bus"}, kind="economic", groups=["women", "youth", "women"],
        evidence=evidence(text={"en": "Said"}, source="x"), now=now,
        where=barriers.Where(village, "camp"),
    )  # fmt: skip
    assert made.locality_kind == "rural"
    assert sorted(made.groups.values_list("group", flat=True)) == ["women", "youth"]


def test_a_barrier_hangs_on_the_dossier_of_its_fact(researcher, now):
    fact = FactFactory.create()
    made = barriers.add_barrier(
        actor=researcher, title={"en": "Age"}, kind="legal", groups=["youth"],
        evidence=evidence(fact=fact), dossier=DossierFactory.create(), now=now,
    )  # fmt: skip
    assert made.dossier == fact.dossier


def test_a_barrier_moves_between_its_day_and_today(researcher, now):
    barrier = BarrierFactory.create()
    for day in (date(2026, 2, 28), TODAY + timedelta(days=1)):
        with pytest.raises(barriers.BarrierDay):
            barriers.change_barrier_state(
                actor=researcher, barrier=barrier, state="removed", on=day, today=TODAY, now=now
            )
    barriers.change_barrier_state(
        actor=researcher, barrier=barrier, state="removed", on=TODAY, today=TODAY, now=now
    )
    barrier.refresh_from_db()
    assert (barrier.state, barrier.state_on) == ("removed", TODAY)
