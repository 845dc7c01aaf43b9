"""Visits in the history of a dossier, on the morning page and in search, for their readers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import RequestFactory
from django.utils import timezone

from factories.dossiers import DossierFactory
from hiwar.common import navigation
from hiwar.common.search.indexing import reindex
from hiwar.dossiers.queries.extension_points import registered_facets, registered_timeline
from hiwar.visits import desk
from hiwar.visits.actions.visits import take_step, update_visit
from hiwar.visits.models import VisitItem
from hiwar.visits.queries.search_documents import KIND

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 22, 9, tzinfo=UTC)


@pytest.fixture
def hung(visit, staff):
    """Return the visit, hung on a dossier that all staff may read."""
    dossier = DossierFactory.create(visibility="institution")
    update_visit(actor=staff["IR"], visit=visit, changes={"dossiers": [dossier]}, now=NOW)
    return visit, dossier


def asked_by(user):
    request = RequestFactory().get("/desk/")
    request.user, request.session = user, {"factor": "app"}
    return request


def make_close(visit):
    visit.visibility = "personal"
    visit.save(update_fields=["visibility"])


def test_dossier_tells_its_visits_to_who_may_read_them(hung, staff, outsider, in_english):
    visit, dossier = hung
    told = [one for one in registered_timeline(staff["ED"], dossier) if one.kind == "visit"]
    assert [(one.on, one.title, one.state, one.is_expected) for one in told] == [
        (visit.starts_on, str(visit.title), "programme fixed", True)
    ]
    assert "14 items" in told[0].text
    (facet,) = [one for one in registered_facets(staff["ED"], dossier) if one.kind == "visit"]
    assert [one.title for one in facet.items] == [str(visit.title)]
    assert [one for one in registered_timeline(outsider, dossier) if one.kind == "visit"] == []
    make_close(visit)
    assert [one for one in registered_timeline(staff["ED"], dossier) if one.kind == "visit"] == []
    assert [one for one in registered_facets(staff["ED"], dossier) if one.kind == "visit"] == []


def test_dossiers_that_the_actor_may_not_read_stay_as_they_are(hung, staff):
    visit, dossier = hung
    hidden = DossierFactory.create(visibility="personal", owner=staff["ED"])
    other = DossierFactory.create(visibility="institution")
    visit.dossiers.add(hidden)
    changes = {"dossiers": [other]}
    assert update_visit(actor=staff["IR"], visit=visit, changes=changes, now=NOW)
    assert set(visit.dossiers.all()) == {hidden, other}
    assert not update_visit(actor=staff["IR"], visit=visit, changes=changes, now=NOW)
    update_visit(actor=staff["IR"], visit=visit, changes={"dossiers": [hidden, other]}, now=NOW)
    assert set(visit.dossiers.all()) == {hidden, other}
    assert dossier not in visit.dossiers.all()


def test_morning_names_the_items_of_today_once_and_the_visits_in_motion(
    visit, staff, outsider, in_english, monkeypatch
):
    monkeypatch.setattr(timezone, "localdate", lambda: visit.starts_on)
    asked = asked_by(staff["ED"])
    lines = [one for one in navigation.today(asked) if "/visits/" in one.url]
    titles = [one.title for one in navigation.today(asked)]
    items = VisitItem.objects.filter(visit=visit, event__starts_on=visit.starts_on)
    assert len(lines) == items.count() == 4
    assert sorted(titles) == sorted(str(one.event.title) for one in items)
    assert all(one.brief[0] == str(visit.title) for one in lines)
    assert any(line.startswith("With ") for one in lines for line in one.brief)
    assert [(one.title, one.state) for one in desk.moving(asked)] == [
        (str(visit.title), "programme fixed")
    ]
    assert list(desk.moving(asked_by(outsider))) == list(desk.today(asked_by(outsider))) == []
    make_close(visit)
    assert list(desk.moving(asked)) == list(desk.today(asked)) == []


def test_visit_that_is_postponed_moves_no_more(visit, staff):
    take_step(actor=staff["IR"], visit=visit, state="postponed", reason="refused_entry", now=NOW)
    assert list(desk.moving(asked_by(staff["ED"]))) == []
    assert list(desk.today(asked_by(staff["ED"]))) == []


def test_search_finds_a_visit_for_its_readers_and_nothing_said_inside(visit, staff, at_desk):
    client = at_desk(staff["ED"])
    assert f"/desk/visits/{visit.code}/" in found(client, "Velmark")
    assert f"/desk/visits/{visit.code}/" not in found(client, "Onsager")
    update_visit(actor=staff["IR"], visit=visit, changes={"title": {"en": "Renamed wadi"}}, now=NOW)
    assert f"/desk/visits/{visit.code}/" in found(client, "wadi")
    reindex([KIND])
    assert f"/desk/visits/{visit.code}/" in found(client, "wadi")
    make_close(visit)
    assert f"/desk/visits/{visit.code}/" not in found(client, "wadi")


def found(client, words):
    return client.get("/desk/search/", {"q": words}).content.decode()
