"""A dossier that is closed to somebody is nowhere: not in a list, a count, a page or a file."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.dossiers import (
    BarrierFactory,
    DocumentFactory,
    DossierFactory,
    FactFactory,
    NextStepFactory,
    ProgrammeFactory,
    StateChangeFactory,
)
from hiwar.common.search.indexing import reindex
from hiwar.dossiers.models import Barrier, Dossier
from hiwar.dossiers.queries import dossiers, extension_points, facts, log, timeline
from hiwar.dossiers.queries.barriers import Wish, barrier_counts, find_barriers
from hiwar.dossiers.queries.strategy import strategy
from roles import roles_that_differ

pytestmark = pytest.mark.django_db
SECRET = "Quicksilver"
ROLES = ("director", "programme_manager", "facilitator", "me_officer", "finance_viewer", "admin")


def client_of(user):
    client = Client()
    sign_in_fully(client, user)
    client.cookies["hiwar_language"] = "en"
    return client


@pytest.fixture
def owner(roles):
    InstitutionFactory.create()
    return UserFactory.create(roles=["programme_manager"])


@pytest.fixture(params=["personal", "team"])
def closed(request, owner):
    """Return a dossier of somebody else with something in each of its parts."""
    dossier = DossierFactory.create(
        code="D-77", title={"en": SECRET}, aim={"en": f"{SECRET} aim"}, owner=owner,
        visibility=request.param, state="dormant", programme=ProgrammeFactory.create(),
    )  # fmt: skip
    StateChangeFactory.create(dossier=dossier, after="dormant", on=date(2020, 1, 5), by=owner)
    fact = FactFactory.create(dossier=dossier, text={"en": f"{SECRET} fact"})
    DocumentFactory.create(dossier=dossier, title={"en": f"{SECRET} paper"})
    NextStepFactory.create(
        dossier=dossier, owner=owner, what={"en": f"{SECRET} step"}, due_on=date(2026, 1, 1)
    )
    BarrierFactory.create(dossier=dossier, fact=fact, title={"en": f"{SECRET} barrier"})
    reindex()
    return dossier


def pages_of(dossier):
    for name in ("dossier", "facts", "documents", "steps", "people", "edit", "state", "readers",
                 "place", "archive"):  # fmt: skip
        yield reverse(f"dossiers:{name}", args=[dossier.code])
    fact = dossier.facts.get()
    for name in ("check_fact", "correct_fact"):
        yield reverse(f"dossiers:{name}", args=[dossier.code, fact.pk])
    barrier = Barrier.objects.get()
    for name in ("barrier", "edit_barrier", "barrier_state"):
        yield reverse(f"dossiers:{name}", args=[barrier.pk])


LISTS = ("dossiers:list", "dossiers:strategy", "dossiers:barriers", "dossiers:barriers_csv",
         "accounts:morning", "accounts:activity", "dossiers:new_barrier")  # fmt: skip


@pytest.mark.parametrize("role", roles_that_differ("dossiers", among=ROLES))
def test_no_page_list_count_or_file_shows_it(closed, role):
    client = client_of(UserFactory.create(roles=[role]))
    for address in pages_of(closed):
        assert client.get(address).status_code in {403, 404}, address
        assert client.post(address, {"title_en": "Mine"}).status_code in {403, 404}, address
    for name in LISTS:
        for query in ("", "?q=quick", "?state=dormant", "?group=women"):
            answer = client.get(reverse(name) + query)
            assert answer.status_code in {200, 403}
            assert SECRET.lower() not in answer.content.decode().lower(), name
            assert "D-77" not in answer.content.decode(), name
    found = client.get(reverse("accounts:search"), {"q": SECRET})
    assert b"D-77" not in found.content
    assert f"{SECRET} " not in found.content.decode()
    book = client.get(reverse("dossiers:barriers_xlsx"))
    if book.status_code == 200:
        sheet = load_workbook(io.BytesIO(book.content)).active
        assert sheet.max_row == 1


def test_its_questions_answer_nothing(closed):
    other = UserFactory.create(roles=["director"])
    assert not dossiers.search_dossiers(other, SECRET).exists()
    assert sum(dossiers.counts_by_state(other).values()) == 0
    assert find_barriers(other, Wish()) == []
    assert barrier_counts(other) == {}
    assert not facts.stale_facts(other, date(2026, 11, 23)).exists()
    assert [view.dossiers for view in strategy(other)] == [0]


def test_the_owner_reads_everything(closed, owner):
    client = client_of(owner)
    for address in pages_of(closed):
        assert client.get(address).status_code == 200, address
    assert SECRET in client.get(reverse("dossiers:list")).content.decode()
    found = client.get(reverse("accounts:search"), {"q": SECRET}).content.decode()
    assert reverse("dossiers:dossier", args=["D-77"]) in found
    assert f"{SECRET} step" in client.get(reverse("accounts:morning")).content.decode()


def test_a_named_colleague_reads_a_team_dossier_and_no_personal_one(closed):
    named = UserFactory.create(roles=["researcher"])
    closed.readers.add(named)
    client = client_of(named)
    expected = 200 if closed.visibility == "team" else 404
    assert client.get(reverse("dossiers:dossier", args=["D-77"])).status_code == expected


def test_the_log_names_no_closed_dossier(closed, owner):
    client_of(owner).post(
        reverse("dossiers:steps", args=["D-77"]),
        {"what_en": f"{SECRET} call", "owner": owner.pk, "due_on": "2026-12-01"},
    )
    assert closed.steps.count() == 2
    keys = [str(closed.pk)]
    assert log.names_of_dossiers(keys) == {}
    assert log.names_of_steps([str(one.pk) for one in closed.steps.all()]) == {}
    assert log.names_of_barriers([str(Barrier.objects.get().pk)]) == {}
    director = client_of(UserFactory.create(roles=["director"]))
    assert SECRET not in director.get(reverse("accounts:activity")).content.decode()


def test_a_barrier_open_to_all_is_hidden_with_its_dossier(closed):
    assert Barrier.objects.get().visibility == "institution"
    other = UserFactory.create(roles=["director"])
    assert find_barriers(other, Wish(group="women")) == []
    Dossier.objects.update(visibility="institution")
    assert [row.barrier.title["en"] for row in find_barriers(other, Wish(group="women"))] == [
        f"{SECRET} barrier"
    ]


def test_what_rooms_above_register_is_asked_with_the_reader(owner, monkeypatch):
    asked = []
    monkeypatch.setattr(
        extension_points, "_timelines", [lambda user, one: asked.append((user, one)) or []]
    )
    dossier = DossierFactory.create()
    timeline.timeline(owner, dossier)
    assert asked == [(owner, dossier)]


def test_a_kind_that_nothing_is_indexed_under_is_named():
    with pytest.raises(CommandError, match=r"nosuch.*dossiers\.dossier"):
        call_command("reindex", "nosuch")


def test_reindexing_from_the_command_keeps_it_closed(closed):
    call_command("reindex")
    other = client_of(UserFactory.create(roles=["director"]))
    answer = other.get(reverse("accounts:search"), {"q": SECRET}).content.decode()
    assert f"{SECRET} " not in answer
