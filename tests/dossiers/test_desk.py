"""The screens: from an empty house to a history, and what each form writes."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.dossiers import (
    BarrierFactory,
    DossierFactory,
    FactFactory,
    NextStepFactory,
    ProgrammeFactory,
    ProjectFactory,
    StateChangeFactory,
)
from hiwar.common import navigation
from hiwar.dossiers.models import Barrier, Dossier, Fact, NextStep
from hiwar.dossiers.queries import extension_points
from hiwar.dossiers.queries.timeline import timeline

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


@pytest.fixture
def desk_of(roles):
    InstitutionFactory.create()

    def enter(*codes, language="en", user=None):
        client = Client()
        sign_in_fully(client, user or UserFactory.create(roles=list(codes)))
        client.cookies["hiwar_language"] = language
        return client

    return enter


def at(name, *args):
    return reverse(f"dossiers:{name}", args=args)


def test_an_empty_house_says_what_to_do(desk_of):
    client = desk_of("director")
    for name in ("list", "strategy", "barriers"):
        assert "empty-title" in text(client.get(at(name)))


def test_from_a_short_form_to_a_dossier_with_a_programme(desk_of):
    programme = ProgrammeFactory.create()
    client = desk_of("programme_manager")
    given = {"title_ar": "الطرق", "title_en": "Roads", "programme": programme.pk,
             "visibility": "institution", "code": ""}  # fmt: skip
    answer = client.post(at("new"), given, follow=True)
    assert "Roads" in text(answer)
    made = Dossier.objects.get()
    assert (made.programme, made.code, dict(made.title)["ar"]) == (programme, "D-1", "الطرق")
    again = client.post(at("new"), given | {"code": "d 1"})
    assert "Capital letters" in text(again)


def test_search_folds_letters_and_filters_count_what_is_seen(desk_of):
    DossierFactory.create(title={"ar": "قانون الانتخابات"}, state="dormant")
    DossierFactory.create(title={"ar": "الأجور"})
    client = desk_of("media", language="ar")
    assert "قانون" in text(client.get(at("list"), {"q": "الإنتخابات"}))
    assert "الأجور" not in text(client.get(at("list"), {"q": "إنتخابات", "state": "dormant"}))
    _label, shown = client.get(at("list")).context["filters"][-1]
    assert {one["url"]: one["count"] for one in shown if one["url"] != "?state="} == {
        "?state=observed": 1,
        "?state=dormant": 1,
    }


def test_the_history_runs_from_the_oldest_to_what_is_ahead(desk_of):
    user = UserFactory.create(roles=["director"])
    dossier = DossierFactory.create(created_at=datetime(2020, 1, 1, 9, tzinfo=UTC))
    StateChangeFactory.create(dossier=dossier, on=date(2021, 5, 1))
    FactFactory.create(dossier=dossier, published_on=date(2019, 3, 3))
    barrier = BarrierFactory.create(dossier=dossier, state="removed", state_on=date(2022, 7, 7))
    NextStepFactory.create(dossier=dossier, done_at=datetime(2023, 1, 2, 9, tzinfo=UTC))
    NextStepFactory.create(dossier=dossier, due_on=date(2030, 1, 1))
    found = timeline(user, dossier)
    assert [year.number for year in found.years] == [2019, 2020, 2021, 2022, 2023, 2026]
    assert [one.kind for year in found.years for one in year.entries] == [
        "fact", "state", "state", "barrier", "step", "barrier",
    ]  # fmt: skip
    assert [one.on.year for one in found.expected] == [2030]
    assert {kind.code: kind.count for kind in found.kinds} == {
        "state": 2, "fact": 1, "barrier": 2, "step": 2,
    }  # fmt: skip
    page = text(desk_of(user=user).get(at("dossier", dossier.code), {"kind": "barrier"}))
    assert str(barrier.title) in page
    assert "#y2019" not in page


def test_rooms_above_add_to_the_spine_and_the_side(desk_of, monkeypatch):
    dossier = DossierFactory.create()
    entry = extension_points.TimelineEntry(
        date(2024, 2, 2), "visit", "Visit", "visit", "A delegation came"
    )
    monkeypatch.setattr(extension_points, "_timelines", [lambda _user, _one: [entry]])
    hanging = extension_points.LinkedRecord("Ambassadors' tour", state="held")
    facet = extension_points.Facet("visit", "Visits", "visit", (hanging,))
    empty = extension_points.Facet("law", "Laws", "law", ())
    monkeypatch.setattr(extension_points, "_facets", [lambda _user, _one: [facet, empty]])
    page = text(desk_of("media").get(at("dossier", dossier.code)))
    assert "A delegation came" in page
    side = page.partition('<aside class="dossier-side"')[2]
    assert "Ambassadors&#x27; tour" in side
    assert "Laws" not in side


def test_state_form_moves_and_takes_back(desk_of):
    dossier = DossierFactory.create()
    client = desk_of("director")
    today = timezone.localdate()
    given = {"state": "met", "on": today.isoformat()}
    assert "out of the usual order" in text(client.post(at("state", dossier.code), given))
    given |= {"state": "opened", "reason_en": "Begun."}
    assert client.post(at("state", dossier.code), given).status_code == 302
    assert "Begun." in text(client.get(at("dossier", dossier.code)))
    client.post(at("take_back_state", dossier.code))
    dossier.refresh_from_db()
    assert dossier.state == "observed"
    assert "Begun." not in text(client.get(at("dossier", dossier.code)))


def test_put_away_and_brought_back(desk_of):
    dossier = DossierFactory.create(title={"en": "Old matter"})
    client = desk_of("researcher")
    assert client.get(at("archive", dossier.code)).status_code == 200
    client.post(at("archive", dossier.code))
    assert "Old matter" not in text(client.get(at("list")))
    assert "Old matter" in text(client.get(at("list"), {"state": "archived"}))
    client.post(at("restore", dossier.code))
    assert "Old matter" in text(client.get(at("list")))


def test_a_fact_is_added_checked_corrected_and_its_uses_listed(desk_of):
    dossier = DossierFactory.create()
    client = desk_of("researcher")
    given = {"text_en": "Forty councils.", "value": "40", "source": "Yearbook"}
    client.post(at("add_fact", dossier.code), given)
    fact = Fact.objects.get()
    BarrierFactory.create(fact=fact, dossier=dossier, title={"en": "Few councils"})
    assert "never checked" in text(client.get(at("facts", dossier.code)))
    today = timezone.localdate()
    client.post(at("check_fact", dossier.code, fact.pk), {"on": today.isoformat()})
    fact.refresh_from_db()
    assert (fact.checked_on, fact.next_check_on) == (today, today + timedelta(days=365))
    form = text(client.get(at("correct_fact", dossier.code, fact.pk)))
    assert "Few councils" in form
    client.post(
        at("correct_fact", dossier.code, fact.pk),
        given | {"text_en": "Forty-one councils.", "value": "41", "reason": "misprint"},
    )
    page = text(client.get(at("facts", dossier.code)))
    for words in ("Forty-one councils.", "Forty councils.", "misprint", "Few councils"):
        assert words in page
    undo = client.post(at("withdraw_fact", dossier.code, fact.pk), follow=True)
    assert "Forty-one councils." not in text(undo)
    client.post(at("restore_fact", dossier.code, fact.pk))
    assert "Forty-one councils." in text(client.get(at("facts", dossier.code)))


def test_documents_steps_and_people(desk_of):
    dossier = DossierFactory.create()
    user = UserFactory.create(roles=["researcher"])
    client = desk_of(user=user)
    assert "Say where the document is" in text(
        client.post(at("documents", dossier.code), {"title_en": "Letter"})
    )
    client.post(at("documents", dossier.code), {"title_en": "Letter", "kept_at": "binder"})
    document = dossier.documents.get()
    undone = client.post(at("remove_document", dossier.code, document.pk), follow=True)
    assert "Undo" in text(undone)
    client.post(at("restore_document", dossier.code, document.pk))
    assert dossier.documents.get().removed_at is None
    step = {"what_en": "Call them", "owner": user.pk, "due_on": "2026-12-01"}
    client.post(at("steps", dossier.code), step)
    made = NextStep.objects.get()
    client.post(at("finish_step", dossier.code, made.pk))
    assert "Reopen" in text(client.get(at("steps", dossier.code)))
    client.post(at("people", dossier.code), {"role": "lead", "user": user.pk})
    assert dossier.people.get().user == user
    assert "Nobody in the register" in text(
        client.post(at("people", dossier.code), {"role": "ally", "name": "Nobody Known"})
    )
    client.post(at("remove_person", dossier.code, dossier.people.get().pk))
    assert not dossier.people.exists()


def test_readers_are_named_by_the_owner(desk_of):
    owner = UserFactory.create(roles=["researcher"])
    named = UserFactory.create(roles=["media"])
    dossier = DossierFactory.create(owner=owner)
    given = {"visibility": "team", "owner": owner.pk, "readers": [named.pk]}
    other = desk_of("facilitator")
    assert "Only the owner" in text(other.get(at("readers", dossier.code)))
    other.post(at("readers", dossier.code), given)
    assert Dossier.objects.get().visibility == "institution"
    desk_of(user=owner).post(at("readers", dossier.code), given)
    assert desk_of(user=named).get(at("dossier", dossier.code)).status_code == 200
    assert other.get(at("dossier", dossier.code)).status_code == 404


def test_the_strategy_grows_and_is_moved(desk_of):
    client = desk_of("director")
    client.post(at("add_branch", "pillar"), {"name_en": "Justice", "code": "P1", "position": 1})
    client.post(at("add_branch", "pillar"), {"name_en": "Unity", "code": "P2", "position": 2})
    page = client.get(at("strategy"))
    first, second = (view.pillar for view in page.context["pillars"])
    given = {"name_en": "Forums", "code": "P1.1", "position": 0, "above": first.pk}
    client.post(at("add_branch", "programme"), given)
    programme = first.programmes.get()
    DossierFactory.create(programme=programme, title={"en": "Roads"})
    ProjectFactory.create(programme=programme)
    client.post(at("edit_branch", "programme", programme.pk), given | {"above": second.pk})
    shown = client.get(at("strategy"))
    assert [(one.dossiers, one.active) for one in shown.context["pillars"]] == [(0, 0), (1, 1)]
    assert "Roads" in text(shown)


def test_which_barriers_of_women_in_villages(desk_of):
    BarrierFactory.create(title={"en": "No bus"}, locality_kind="rural", state="worked_on")
    BarrierFactory.create(title={"en": "No lift"}, locality_kind="urban")
    BarrierFactory.create(title={"en": "No age"}, locality_kind="rural", groups=["youth"])
    BarrierFactory.create(
        title={"en": "=No key"},
        locality_kind="rural",
        state="removed",
        identified_on=date(2026, 1, 5),
    )
    client = desk_of("me_officer")
    asked = {"group": "women", "locality": "rural"}
    page = text(client.get(at("barriers"), asked))
    assert "No bus" in page
    assert "No lift" not in page
    assert "No age" not in page
    only = text(client.get(at("barriers"), asked | {"state": "removed"}))
    assert "No bus" not in only
    lines = list(csv.reader(io.StringIO(text(client.get(at("barriers_csv"), asked)))))
    assert [line[0] for line in lines[1:]] == ["No bus", "'=No key"]
    client.cookies["hiwar_language"] = "ar"
    sheet = load_workbook(io.BytesIO(client.get(at("barriers_xlsx"), asked).content)).active
    assert sheet.sheet_view.rightToLeft
    assert sheet.max_row == 3
    assert sheet["A1"].value != "Barrier"


def test_barriers_are_asked_by_what_was_done(desk_of, monkeypatch):
    kept = BarrierFactory.create(title={"en": "Kept promise"})
    BarrierFactory.create(title={"en": "No promise"})
    link = extension_points.BarrierLink("commitment", "Commitment", "kept", "kept", "A bus line")
    monkeypatch.setattr(extension_points, "_links", [lambda _user, _keys: {kept.pk: [link]}])
    page = text(desk_of("media").get(at("barriers"), {"link": "commitment:kept"}))
    assert "Kept promise" in page
    assert "A bus line" in page
    assert "No promise" not in page


def test_a_barrier_is_entered_edited_and_followed(desk_of):
    client = desk_of("researcher")
    today = timezone.localdate().isoformat()
    given = {"title_en": "Stairs", "kind": "access", "groups": ["disability"],
             "evidence_en": "Seen", "evidence_source": "visit", "identified_on": today}  # fmt: skip
    assert client.post(at("new_barrier"), given).status_code == 302
    barrier = Barrier.objects.get()
    client.post(at("edit_barrier", barrier.pk), given | {"groups": ["older", "disability"]})
    assert sorted(barrier.groups.values_list("group", flat=True)) == ["disability", "older"]
    client.post(
        at("barrier_state", barrier.pk), {"state": "removed", "on": today, "reason": "A ramp"}
    )
    assert "A ramp" in text(client.get(at("barrier", barrier.pk)))


def test_the_morning_page_differs_by_what_people_answer_for(desk_of):
    today = timezone.localdate()
    director = UserFactory.create(roles=["director"])
    facilitator = UserFactory.create(roles=["facilitator"], email="areej@house.example")
    mine = {"owner": facilitator, "dossier": DossierFactory.create(title={"en": "Roads"})}
    NextStepFactory.create(**mine, what={"en": "Late call"}, due_on=today - timedelta(days=2))
    NextStepFactory.create(**mine, what={"en": "Call today"}, due_on=today)
    NextStepFactory.create(**mine, what={"en": "Soon call"}, due_on=today + timedelta(days=5))
    NextStepFactory.create(**mine, what={"en": "Far call"}, due_on=today + timedelta(days=9))
    FactFactory.create(dossier=mine["dossier"])
    page = desk_of(user=facilitator).get("/desk/")
    due = page.context["due"]
    assert [one.text for one in (*due.overdue, *due.today, *due.soon)] == [
        "Late call", "Call today", "Soon call",
    ]  # fmt: skip
    assert due.others == []
    assert "Who answers what" not in text(page)
    seen = desk_of(user=director).get("/desk/")
    assert not seen.context["due"].has_mine
    assert [(one.text, late) for one, late in seen.context["due"].others] == [
        ("Late call", True), ("Call today", False), ("Soon call", False),
    ]  # fmt: skip
    assert "Areej" in text(seen)
    assert "has not been checked for 12 months" in text(seen)
    assert "Late call" not in text(desk_of("media").get("/desk/"))


def test_the_morning_page_lists_the_day_in_the_order_of_the_clock(desk_of, monkeypatch):
    noon = timezone.now().replace(hour=9, minute=0)
    lines = [
        navigation.Today(noon + timedelta(hours=2), None, "Board", "Hall"),
        navigation.Today(noon, noon + timedelta(hours=1), "Ambassador", brief=("Second visit.",)),
    ]
    monkeypatch.setattr(navigation, "_today", [lambda _request: lines])
    page = text(desk_of("media").get("/desk/"))
    assert page.index("Ambassador") < page.index("Second visit.") < page.index("Board")
    monkeypatch.setattr(navigation, "_today", [])
    assert "Meetings today" not in text(desk_of("media").get("/desk/"))


def test_the_list_takes_as_many_queries_for_three_as_for_one(
    desk_of, django_assert_max_num_queries
):
    client = desk_of("director")
    NextStepFactory.create()
    client.get(at("list"))
    with django_assert_max_num_queries(100) as one:
        client.get(at("list"))
    NextStepFactory.create_batch(2)
    with django_assert_max_num_queries(len(one)):
        client.get(at("list"))
