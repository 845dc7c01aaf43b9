from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

from hiwar.accounts.actions.demo import load_demo, load_parts, remove_demo, remove_parts
from hiwar.dialogues.actions import demo
from hiwar.dialogues.models import Dialogue, Round, Statement, Vote, VotingRoom
from hiwar.dialogues.queries.moderation import moderation_log, removals
from hiwar.places.models import Place

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).resolve().parents[2] / "demo"


@pytest.fixture
def loaded(now, monkeypatch):
    """Load the demonstration without its people and votes, which imports bring."""
    monkeypatch.setattr(demo, "fill_demo", lambda *_parts: None)
    document = json.loads((FOLDER / "institution.json").read_text("utf-8"))
    load_demo(document=document, at=now)
    return load_parts(folder=FOLDER, at=now)


def two_dialogues_are_open_and_one_ran_its_course(loaded, now):
    assert loaded.wrong == []
    assert Dialogue.objects.count() == 3
    again = load_parts(folder=FOLDER, at=now)
    assert (again.added, again.wrong) == (0, [])
    assert again.there > 0
    for dialogue in Dialogue.objects.all():
        assert dialogue.calendar is not None
        shown = dialogue.statements.filter(state=Statement.State.OPEN)
        assert sorted(shown.values_list("number", flat=True)) == list(range(1, 26))
        assert all({"ar", "en"} <= set(one.text) for one in shown)
        if dialogue.slug == "social-security":
            continue
        assert dialogue.state == Dialogue.State.OPEN
        open_now = dialogue.rounds.get(state=Round.State.OPEN)
        assert (open_now.number, open_now.kind) == (2, "vote")
        assert open_now.who_decides["ar"]


def the_closed_dialogue_is_published_with_what_it_recommended(now):
    closed = Dialogue.objects.get(slug="social-security")
    assert (closed.state, closed.contact_secret) == (Dialogue.State.CLOSED, "")
    assert not closed.rounds.exclude(state=Round.State.CLOSED).exists()
    assert Vote.objects.filter(statement__dialogue=closed).count() > 300 * 20
    document = closed.publications.get(state="published").document
    shared = [row["number"] for row in document["statements"] if row["shared"]]
    assert {3, 4, 7, 23, 24} <= set(shared)
    assert [row["code"] for row in document["recommendations"]] == ["R1", "R2", "R3", "R4", "R5"]
    assert closed.statements.get(number=8).event.code == "T3"


def the_third_dialogue_has_votes_in_the_rooms_of_the_national_session():
    elections = Dialogue.objects.get(slug="local-elections")
    rooms = elections.voting_rooms.order_by("position")
    assert [one.label["ar"] for one in rooms] == [
        "رام الله", "غزة", "الخليل، قاعة النساء", "عبر الإنترنت",
    ]  # fmt: skip
    assert [one.participants.count() for one in rooms] == [34, 11, 18, 9]
    assert Vote.objects.filter(statement__dialogue=elections).count() == 72 * 25
    others = Dialogue.objects.exclude(pk=elections.pk)
    assert not VotingRoom.objects.filter(dialogue__in=others).exists()


def statement_17_was_reworded_and_the_unsuitable_have_a_reply():
    youth = Dialogue.objects.get(slug="youth-employment")
    reworded = youth.statements.get(was_reworded=True)
    assert reworded.number == 17
    assert reworded.wordings.get().text["ar"] == "مدير المكتب س لا يوظف إلا أقاربه."
    [decision] = moderation_log(youth)
    assert (decision.outcome, decision.reason, decision.language) == ("asked", "several", "ar")
    assert decision.reply.startswith("ثلاث أفكار")
    assert removals(Dialogue.objects.get(slug="social-security")).by_reason == (("insult", 1),)
    elections = Dialogue.objects.get(slug="local-elections")
    assert removals(elections).by_reason == (("private", 1),)


def all_of_it_goes():
    assert remove_parts(folder=FOLDER) >= 54 + 3
    remove_demo()
    rooms = (
        "places", "contacts", "dossiers", "events", "dialogues", "visits", "papers", "asks",
        "legislation",
    )  # fmt: skip
    kept = [
        (model.__name__, model._default_manager.count())
        for room in rooms
        for model in apps.get_app_config(room).get_models()
        if model._default_manager.exists()
    ]
    assert kept == []


@pytest.mark.exhaustive("demo")
def test_dialogues_of_the_demonstration(loaded, now):
    two_dialogues_are_open_and_one_ran_its_course(loaded, now)
    the_closed_dialogue_is_published_with_what_it_recommended(now)
    the_third_dialogue_has_votes_in_the_rooms_of_the_national_session()
    statement_17_was_reworded_and_the_unsuitable_have_a_reply()
    all_of_it_goes()


@pytest.mark.exhaustive("demo")
def test_commands_load_and_remove(settings, capsys, monkeypatch):
    monkeypatch.setattr(demo, "fill_demo", lambda *_parts: None)
    settings.DEMO = True
    call_command("load_demo")
    assert re.search(r"\d{2,} made, 0 there already, 0 wrong", capsys.readouterr().out)
    settings.DEMO = False
    call_command("remove_demo", "--yes")
    assert re.search(r"\d{2,}", capsys.readouterr().out)
    assert not Dialogue.objects.exists()
    assert not Place.objects.exists()


@pytest.mark.exhaustive("demo")
def test_filler_is_given_the_full_dialogue_only(now, monkeypatch):
    filled = []
    monkeypatch.setattr(demo, "fill_demo", lambda dialogue, *_rest: filled.append(dialogue.slug))
    document = json.loads((FOLDER / "institution.json").read_text("utf-8"))
    load_demo(document=document, at=now)
    load_parts(folder=FOLDER, at=now)
    assert filled == ["youth-employment"]


def test_without_staff_nothing_is_loaded(now):
    loaded = load_parts(folder=FOLDER, at=now)
    assert "dialogues: the staff of the demonstration is not there" in loaded.wrong
    assert not Dialogue.objects.exists()
