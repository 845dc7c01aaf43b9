"""The forum on youth employment, from four files to the numbers that are known beforehand."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from factories.accounts import UserFactory
from hiwar.channels.models import Suppression
from hiwar.dialogues.actions.demo import load_dialogue
from hiwar.dialogues.actions.imports.scenario import bring_in as load_file
from hiwar.dialogues.actions.imports.scenario import load_scenario
from hiwar.dialogues.actions.merges import accept_merges, propose_merges
from hiwar.dialogues.actions.recommendations import set_recommendations
from hiwar.dialogues.models import Dialogue, FormCheck, MessageInQueue, Participant, Vote
from hiwar.dialogues.queries.coverage import coverage, cross_coverage
from hiwar.dialogues.queries.matrix import VoteMatrix, vote_matrix
from hiwar.dialogues.queries.people import participants_of
from hiwar.dialogues.queries.recommendations import (
    answered_recommendations,
    people_answering,
)
from hiwar.engine.opinion.analysis import analyse
from hiwar.engine.opinion.results import Parameters
from hiwar.places.actions import load_place_pack

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.models import User

DEMO = Path(__file__).resolve().parents[2] / "demo"
SCENARIO = DEMO / "scenario"
EXPECTED: dict[str, Any] = json.loads((SCENARIO / "expected.json").read_text("utf-8"))


@pytest.fixture
def runner(roles: None) -> User:
    return UserFactory.create(email="nadim@house.example", roles=["programme_manager"])


@pytest.fixture
def forum(runner: User, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Dialogue:
    """Return the forum with its 25 statements, open for votes, without anybody in it."""
    monkeypatch.setattr("hiwar.dialogues.actions.demo.fill_demo", lambda *_parts: None)
    load_place_pack(actor=None, folder=DEMO / "places", now=now)
    document = json.loads((DEMO / "dialogues/dialogue-youth-employment.json").read_text("utf-8"))
    return load_dialogue(document=document, folder=DEMO, runner=runner, moderator=runner, at=now)


def bring_in(forum: Dialogue, runner: User, now: datetime, name: str) -> dict[str, Any]:
    file = SCENARIO / name
    return load_file(actor=runner, dialogue=forum, file=file, now=now).counts


def test_files_give_the_numbers_known_beforehand(
    forum: Dialogue, runner: User, now: datetime
) -> None:
    registrations = bring_in(forum, runner, now, "s1-participants.csv")
    assert registrations["people"] == EXPECTED["registrations"] == 246
    assert not Vote.objects.exists()
    web = bring_in(forum, runner, now, "s1-votes-web.csv")
    assert (web["votes"], web["wrong"]) == (EXPECTED["web_vote_rows"], 0)
    messages = bring_in(forum, runner, now, "s1-sms-inbound.csv")
    assert messages["rows"] == EXPECTED["sms_messages"]
    assert messages["understood"] == EXPECTED["sms_votes_understood"]
    assert messages["to_read"] == EXPECTED["sms_to_human_queue"]
    assert messages["opt_outs"] == EXPECTED["sms_opt_out"]
    assert MessageInQueue.objects.filter(is_settled=False).count() == 9
    forms = bring_in(forum, runner, now, "s1-paper-forms.csv")
    assert (forms["forms"], forms["blank"]) == (35, EXPECTED["paper_blanks"])
    assert FormCheck.objects.count() == 4

    proposals = propose_merges(actor=runner, dialogue=forum, now=now)
    assert len(proposals) == EXPECTED["merged_pairs"] == 6
    assert participants_of(forum).count() == 246, "nothing is joined before somebody says so"
    assert accept_merges(actor=runner, proposals=proposals, now=now) == 6

    people = list(participants_of(forum))
    assert len(people) == EXPECTED["people_after_merging"] == 240
    assert Counter(one.channel for one in people) == EXPECTED["channels_as_first_used"]
    assert Counter(one.last_channel for one in people) == EXPECTED["channels_as_last_used"]
    assert Suppression.objects.count() == EXPECTED["sms_opt_out"]
    assert not any(sign.isdecimal() for one in people for sign in one.name)

    check_counts(vote_matrix(forum))
    check_people(forum)
    check_map(vote_matrix(forum))


def check_counts(matrix: VoteMatrix) -> None:
    votes = matrix.votes
    assert (len(matrix.participants), votes.n_votes) == (240, EXPECTED["final_votes"])
    dense = votes.dense()
    sex = np.array([one or "" for one in matrix.attributes["sex"]])
    found = {}
    for column, number in enumerate(matrix.numbers.tolist()):
        given = dense[:, column]
        found[str(number)] = {
            "votes": int(np.isfinite(given).sum()),
            "agree": int((given == 1).sum()),
            "disagree": int((given == -1).sum()),
            "passed": int((given == 0).sum()),
            "women": share(given[sex == "female"]),
            "men": share(given[sex == "male"]),
        }
    expected = {
        number: {name: counts[name] for name in found[number]}
        for number, counts in EXPECTED["statements"].items()
    }
    assert found == expected


def share(given: np.ndarray) -> float:
    return round(100 * float((given == 1).sum() / np.isfinite(given).sum()) + 1e-9, 1)


def check_people(forum: Dialogue) -> None:
    found = coverage(forum)
    of = {
        name: {one.code: one.people for one in spread.categories}
        for name, spread in found.spreads.items()
    }
    assert (of["sex"]["female"], of["sex"]["male"]) == (EXPECTED["women"], EXPECTED["men"])
    assert found.people - found.spreads["sex"].stated == EXPECTED["not_stated"]
    assert of["age_band"]["18-29"] == EXPECTED["youth_18_29"]
    assert of["disability"]["yes"] == EXPECTED["persons_with_disabilities"]
    assert (found.places_reached, found.places) == (16, 16)
    crossing = cross_coverage(forum, "place", "sex")
    assert crossing.hidden == len(EXPECTED["governorate_by_sex_cells_below_5"]) == 15
    small = {
        (row.code, column.code)
        for row, cells in zip(crossing.rows, crossing.cells, strict=True)
        for column, cell in zip(crossing.columns, cells, strict=True)
        if cell is None
    }
    named = (
        cell.partition("=")[0].split("/") for cell in EXPECTED["governorate_by_sex_cells_below_5"]
    )
    assert {(place, "" if sex == "not stated" else sex) for place, sex in named} <= small


def check_map(matrix: VoteMatrix) -> None:
    found = analyse(matrix.votes, matrix.moderation, Parameters())
    numbers = matrix.numbers
    assert found.opinion_map.outcome == "groups"
    assert len(found.opinion_map.group_centre) == 2
    shared = sorted(numbers[found.statements.is_shared].tolist())
    dividing = sorted(numbers[found.statements.is_dividing].tolist())
    assert shared == EXPECTED["shared_at_70_percent_in_both_groups"]
    assert dividing == list(range(6, 16))


def test_the_whole_is_loaded_at_once(forum: Dialogue, runner: User, now: datetime) -> None:
    load_scenario(actor=runner, dialogue=forum, folder=SCENARIO, now=now)
    assert vote_matrix(forum).votes.n_votes == EXPECTED["final_votes"]
    assert Participant.objects.filter(dialogue=forum, merged_into=None).count() == 240


def test_the_third_round_shows_objections_beside_support(
    forum: Dialogue, runner: User, now: datetime
) -> None:
    load_scenario(actor=runner, dialogue=forum, folder=SCENARIO, now=now)
    last = forum.rounds.get(kind="recommend")
    texts = {code: {"ar": f"توصية {code}"} for code in EXPECTED["round3"]["result"]}
    set_recommendations(actor=runner, round=last, texts=texts, now=now)
    counts = bring_in(forum, runner, now, "s1-round3.csv")
    assert counts["people_answering"] == EXPECTED["round3"]["returning"] == 188
    assert people_answering(forum) == 188
    found = {
        one.code: {"support": one.support, "abstain": one.abstain, "object": one.object}
        for one in answered_recommendations(forum)
    }
    assert found == EXPECTED["round3"]["result"]
