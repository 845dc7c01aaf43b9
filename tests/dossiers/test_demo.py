"""The demonstration's dossiers: loaded once, with years of history, and removed as one."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.conf import settings

from hiwar.accounts.actions.demo import load_demo
from hiwar.common.dates import local_day
from hiwar.contacts.actions.demo import load_demo_contacts, remove_demo_contacts
from hiwar.dossiers.actions.demo import load_demo_dossiers, remove_demo_dossiers
from hiwar.dossiers.actions.demo_joint import load_demo_statements, remove_demo_statements
from hiwar.dossiers.models import Barrier, Dossier, Fact, FactVersion, Pillar, Programme
from hiwar.dossiers.queries.barriers import Wish, find_barriers
from hiwar.dossiers.queries.joint import public_statements, signatories
from hiwar.dossiers.queries.signing import waiting_statements
from hiwar.dossiers.queries.strategy import strategy
from hiwar.dossiers.queries.timeline import timeline
from hiwar.dossiers.queries.today import due_steps
from hiwar.evidence.actions.demo import remove_demo_evidence
from hiwar.signatures.exports.letters import compose
from hiwar.signatures.models import Signature
from hiwar.signatures.queries.requests import answer_counts, asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(roles, now):
    document = json.loads((settings.DEMO_FOLDER / "institution.json").read_text("utf-8"))
    load_demo(document=document, at=now)
    return load_demo_dossiers(settings.DEMO_FOLDER, now)


def test_three_dossiers_hang_on_both_pillars(loaded, now):
    _made, there, wrong = loaded
    assert (wrong, there) == ([], 0)
    assert (Pillar.objects.count(), Programme.objects.count()) == (2, 6)
    director = Dossier.objects.get(code="LE").changes.first().by
    assert {view.pillar.code: view.dossiers for view in strategy(director)} == {"P1": 2, "P2": 1}
    years = [year.number for year in timeline(director, Dossier.objects.get(code="LE")).years]
    assert (years[0], len(years)) == (2019, 7)
    assert due_steps(director, date(2026, 11, 23)).exists()
    assert load_demo_dossiers(settings.DEMO_FOLDER, now) == (0, 3, [])


def test_facts_say_where_a_figure_is_needed_and_keep_their_corrections(loaded):
    needed = [one for one in Fact.objects.all() if "figure" in one.text["en"]]
    assert len(needed) >= 3
    assert all(not one.value for one in needed)
    assert FactVersion.objects.count() == 2
    assert all(set(one.text) == {"ar", "en"} for one in Fact.objects.all())


def test_barriers_of_women_in_villages_are_found(loaded):
    director = Dossier.objects.get(code="LE").changes.first().by
    found = find_barriers(director, Wish(group="women", locality="rural"))
    assert {row.barrier.dossier.code for row in found if row.barrier.dossier} == {"LE", "SS"}


def test_everything_goes_as_one(loaded):
    remove_demo_evidence(settings.DEMO_FOLDER)
    assert remove_demo_dossiers(settings.DEMO_FOLDER) == 3
    for model in (Dossier, Barrier, Fact, Pillar, Programme):
        assert not model.objects.exists()


@pytest.mark.exhaustive("demo")
def test_joint_statements_of_the_demonstration_come_and_go(loaded, now):
    load_demo_contacts(settings.DEMO_FOLDER, now)
    assert load_demo_statements(settings.DEMO_FOLDER, now, compose) == (2, 0, [])
    published = public_statements()
    assert [one.statement.code for one in published] == ["councils-for-everyone"]
    found = signatories(published[0])
    assert (found.count, len(found.reserved)) == (19, 2)
    assert found.rows[0].name["en"].startswith("Nakhla")
    director = Dossier.objects.get(code="LE").changes.first().by
    rows = asked(director, published[0].statement.signing, published[0].version)
    assert answer_counts(rows) == {
        "signed": 17, "reserved": 2, "withdrawn": 1, "declined": 1, "silent": 1,
    }  # fmt: skip
    waiting = [(text.statement.code, silent) for text, silent, _n in
               waiting_statements(director, local_day(now))]  # fmt: skip
    assert waiting == [("memorandum-on-contributions", 4)]
    assert load_demo_statements(settings.DEMO_FOLDER, now, compose) == (0, 2, [])
    assert remove_demo_statements(settings.DEMO_FOLDER) == 2
    assert not Signature.objects.exists()
    assert remove_demo_contacts(settings.DEMO_FOLDER) > 0
