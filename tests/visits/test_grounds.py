"""Talking points rest on sources of the library, and are told what happens to these."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from factories.accounts import UserFactory
from factories.dossiers import DossierFactory
from factories.evidence import make_item, make_source
from factories.visits import make_visit
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.models import Visibility
from hiwar.dossiers.actions import facts as dossier_facts
from hiwar.dossiers.queries.extension_points import fact_uses
from hiwar.evidence.actions import items, sources
from hiwar.evidence.models import Source
from hiwar.evidence.queries.library import sources_for
from hiwar.evidence.queries.uses import uses_of
from hiwar.visits.actions import texts as act
from hiwar.visits.models import TalkingPoint, Visit
from hiwar.visits.queries.desk import stale_points
from hiwar.visits.queries.grounds import grounds_of_points

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 22, 9, tzinfo=UTC)
TODAY = NOW.date()
moving = import_module("hiwar.visits.migrations.0009_bring_sources_of_points_over")


@pytest.fixture
def visit(staff):
    return make_visit(staff["IR"], code="plain")


@pytest.fixture
def desk(staff, at_desk):
    client = at_desk(staff["IR"])
    client.cookies["hiwar_language"] = "en"
    return client


@pytest.fixture
def officer(staff):
    return UserFactory.create(roles=["researcher"])


def add(visit, actor, **facts):
    base = {
        "text": {"en": "One in four.", "ar": "واحد من أربعة."}, "address": "",
        "reference": {"en": "Labour survey, table 3", "ar": "مسح العمل، جدول ٣"},
        "checked_on": date(2026, 1, 1), "is_for_members": True, "is_for_press": True, "position": 9,
    }  # fmt: skip
    return act.add_content(
        actor=actor, visit=visit, kind=TalkingPoint, facts={**base, **facts}, now=NOW
    )


def test_a_point_finds_or_makes_the_source_it_names(visit, staff, officer):
    known = make_source(officer, title="Labour survey, table 3", language="en")
    assert add(visit, staff["IR"]).source == known
    point = add(visit, staff["IR"], reference={"en": "Minutes", "ar": "محضر"})
    assert (point.source.title, point.source.note) == ("محضر", "Minutes")
    assert point.source.checked_on == date(2026, 1, 1)
    assert add(visit, staff["IR"], reference={"ar": "محضر"}).source == point.source


def test_changed_words_name_another_source_unless_one_is_chosen(visit, staff, officer):
    point = add(visit, staff["IR"])
    before = point.source
    act.update_content(actor=staff["IR"], content=point, now=NOW,
                       facts={"reference": {"en": "Census 2027"}})  # fmt: skip
    assert point.source != before
    chosen = make_source(officer, title="Census of 2027", language="en")
    act.update_content(actor=staff["IR"], content=point, facts={"source": chosen}, now=NOW)
    act.update_content(actor=staff["IR"], content=point, facts={"position": 3}, now=NOW)
    point.refresh_from_db()
    assert point.source == chosen
    assert not chosen.checks.exists()
    day = {"checked_on": date(2027, 3, 1)}
    act.update_content(actor=staff["IR"], content=point, facts=day, now=NOW)
    assert [check.on for check in chosen.checks.all()] == [date(2027, 3, 1)]
    closed = make_source(officer, title="Closed", visibility=Visibility.PERSONAL)
    with pytest.raises(NotAllowed):
        act.update_content(actor=staff["IR"], content=point, facts={"source": closed}, now=NOW)


def test_a_source_lists_the_points_of_visits_one_may_read(visit, staff, officer):
    point = add(visit, staff["IR"])
    assert [use.title for use in uses_of(staff["IR"], point.source)] == [str(point)]
    Visit.objects.filter(pk=visit.pk).update(visibility=Visibility.PERSONAL)
    assert uses_of(officer, point.source) == []


def test_a_closed_visit_makes_closed_sources_and_shares_them_with_itself(visit, staff, officer):
    Visit.objects.filter(pk=visit.pk).update(visibility=Visibility.PERSONAL)
    visit.refresh_from_db()
    first, second = add(visit, staff["IR"]), add(visit, staff["IR"])
    assert first.source == second.source
    assert not sources_for(officer).exists()
    other = make_visit(staff["IR"], code="other")
    assert add(other, staff["IR"]).source != first.source


def test_one_look_at_the_source_counts_for_point_and_fact(visit, staff, officer):
    point = add(visit, staff["IR"])
    director = UserFactory.create(roles=["director"])
    fact = dossier_facts.add_fact(
        actor=director, dossier=DossierFactory.create(), text={"en": "A quarter."},
        source=dossier_facts.Source("Labour survey, table 3"), today=TODAY, now=NOW,
    )  # fmt: skip
    assert [use.title for use in fact_uses(director, [fact.pk])[fact.pk]] == [str(point)]
    assert point in stale_points(director, TODAY)
    sources.check(actor=director, record=point.source, on=TODAY, result="holds", now=NOW)
    point.refresh_from_db()
    fact.refresh_from_db()
    assert (point.checked_on, fact.checked_on) == (TODAY, TODAY)
    assert point not in stale_points(director, TODAY + timedelta(days=365))
    assert point in stale_points(director, TODAY + timedelta(days=366))


def test_a_day_to_come_is_no_look_at_the_source(visit, staff):
    point = add(visit, staff["IR"], checked_on=TODAY + timedelta(days=1))
    assert not point.source.checks.exists()


def test_who_does_not_run_visits_checks_no_point(visit, staff, officer):
    point = add(visit, staff["IR"])
    sources.check(actor=officer, record=point.source, on=TODAY, result="holds", now=NOW)
    point.refresh_from_db()
    assert point.checked_on == date(2026, 1, 1)


def test_looking_up_a_point_is_a_look_at_its_source(visit, staff):
    point = add(visit, staff["IR"])
    act.check_reference(actor=staff["IR"], point=point, on=TODAY, now=NOW)
    assert Source.objects.get().checked_on == TODAY
    assert Source.objects.get().checks.filter(on=TODAY).count() == 1


def test_a_corrected_figure_marks_the_point_until_it_is_looked_up(visit, staff, officer, desk):
    point = add(visit, staff["IR"])
    director = UserFactory.create(roles=["director"])
    fact = dossier_facts.add_fact(
        actor=director, dossier=DossierFactory.create(), text={"en": "A quarter."},
        source=dossier_facts.Source("Labour survey, table 3"), today=TODAY, now=NOW,
    )  # fmt: skip
    assert grounds_of_points(staff["IR"], [point])[point.pk].doubt == ""
    dossier_facts.correct_fact(
        actor=director, fact=fact, changes={"text": {"en": "A fifth."}}, reason="Revised.",
        today=TODAY, now=NOW,
    )  # fmt: skip
    mark = "a figure of this source was corrected"
    assert mark in desk.get(reverse("visits:pack", args=[visit.code])).content.decode()
    act.check_reference(actor=staff["IR"], point=point, on=TODAY, now=NOW)
    assert mark not in desk.get(reverse("visits:pack", args=[visit.code])).content.decode()


def test_a_correction_in_a_closed_dossier_marks_nothing_for_others(visit, staff, officer):
    known = make_source(officer, title="Labour survey, table 3", language="en")
    point = add(visit, staff["IR"])
    director = UserFactory.create(roles=["director"])
    dossier = DossierFactory.create(visibility=Visibility.PERSONAL, owner=director)
    fact = dossier_facts.add_fact(
        actor=director, dossier=dossier, text={"en": "A quarter."},
        source=dossier_facts.Source("Labour survey, table 3"), today=TODAY, now=NOW,
    )  # fmt: skip
    dossier_facts.correct_fact(
        actor=director, fact=fact, changes={"text": {"en": "A fifth."}}, reason="Revised.",
        today=TODAY, now=NOW,
    )  # fmt: skip
    assert grounds_of_points(staff["IR"], [point])[point.pk].doubt == ""
    assert grounds_of_points(director, [point])[point.pk].doubt != ""
    item = make_item(known)
    items.correct_item(actor=officer, item=item, text={}, figure="9%", reason="Typo", now=NOW)
    assert grounds_of_points(staff["IR"], [point])[point.pk].doubt != ""


def test_the_form_offers_sources_that_one_may_read(visit, staff, officer, desk):
    open_one = make_source(officer, title="Open report", language="en")
    make_source(officer, title="Closed report", visibility=Visibility.PERSONAL)
    page = desk.get(reverse("visits:add_point", args=[visit.code])).content.decode()
    assert "Open report" in page
    assert "Closed report" not in page
    sent = {"text_ar": "One in four.", "reference_ar": "p. 3", "source": str(open_one.pk),
            "position": "1", "is_for_members": "on"}  # fmt: skip
    response = desk.post(reverse("visits:add_point", args=[visit.code]), sent)
    assert response.status_code == 302
    assert TalkingPoint.objects.get().source == open_one


def test_the_migration_leads_over_and_back(visit, staff, officer):
    known = make_source(officer, title="Labour survey, table 3", language="en")
    for position, words in enumerate(["Labour survey, table 3", "Minutes", "minutes"]):
        TalkingPoint.objects.create(
            visit=visit,
            text={"en": "A point."},
            reference={"en": words},
            position=position,
            checked_on=date(2026, 5, 1),
        )
    before = list(TalkingPoint.objects.order_by("pk").values())
    moving.bring_over(apps, None)
    made = list(TalkingPoint.objects.order_by("position"))
    assert made[0].source == known
    assert made[1].source == made[2].source
    assert made[1].source.checked_on == date(2026, 5, 1)
    assert [point.reference["en"] for point in made][1:] == ["Minutes", "minutes"]
    moving.bring_back(apps, None)
    assert list(TalkingPoint.objects.order_by("pk").values()) == before
