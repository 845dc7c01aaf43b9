"""The live map: whose votes changed, who works on it, and what becomes of trouble."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.urls import reverse

from factories.dialogues import DialogueFactory, ParticipantFactory, StatementFactory, VoteFactory
from hiwar.common import jobs
from hiwar.common.jobs.worker import work_off
from hiwar.dialogues import tasks
from hiwar.dialogues.actions import maps
from hiwar.dialogues.actions.votes import LATEST
from hiwar.dialogues.models import Dialogue, MapRequest, OpinionMap, Participant, Statement, Vote
from hiwar.dialogues.queries import results

if TYPE_CHECKING:
    from datetime import datetime

    from django.test import Client

pytestmark = pytest.mark.django_db


def two_camps(people: int = 24, statements: int = 8) -> Dialogue:
    """Return an open dialogue whose people agree on every third statement and split on the rest."""
    dialogue = DialogueFactory.create()
    columns = [StatementFactory.create(dialogue=dialogue, number=n + 1) for n in range(statements)]
    for row in range(people):
        person = ParticipantFactory.create(dialogue=dialogue)
        Vote.objects.bulk_create(
            Vote(
                participant=person,
                statement=column,
                choice=1 if at % 3 == 0 or (row % 2 == at % 2) else -1,
                sequence=row * 100 + at,
            )
            for at, column in enumerate(columns)
        )
    return dialogue


def test_a_dialogue_is_stale_until_its_map_is_that_of_its_votes(now: datetime) -> None:
    dialogue = two_camps()
    [stale] = results.stale_dialogues(now)
    tasks.make_map.func(str(dialogue.pk))
    assert MapRequest.objects.get().mark == stale.mark
    later = now + timedelta(days=365)
    assert results.stale_dialogues(later) == []
    vote = Vote.objects.first()
    assert vote is not None
    Vote.objects.filter(pk=vote.pk).update(choice=-vote.choice, sequence=vote.sequence + 1)
    assert [one.dialogue for one in results.stale_dialogues(later)] == [dialogue]


def test_no_number_that_a_phone_may_choose_stops_the_maps(now: datetime) -> None:
    dialogue = two_camps()
    for vote in Vote.objects.order_by("pk")[:4]:
        Vote.objects.filter(pk=vote.pk).update(sequence=LATEST - 1)
    [stale] = results.stale_dialogues(now)
    last = Vote.objects.order_by("-pk").first()
    assert last is not None
    Vote.objects.filter(pk=last.pk).update(sequence=LATEST - 1)
    assert results.mark_of_votes(dialogue) != stale.mark


def test_the_map_holds_no_line_for_a_participant_and_feeds_the_sampler(now: datetime) -> None:
    dialogue = two_camps()
    before = set(Statement.objects.values_list("weight", flat=True))
    kept = maps.refresh_opinion_map(dialogue=dialogue, now=now)
    document = results.document_of(kept)
    assert "participants" not in document
    cells = [cell for layer in document["map"]["cells"]["layers"] for cell in layer["cells"]]
    assert sum(cell["people"] for cell in cells) == 24
    assert min(cell["people"] for cell in cells) >= 5
    assert (kept.participants, kept.votes) == (24, 192)
    assert document["answer"]["groups"] == 2
    assert set(Statement.objects.values_list("weight", flat=True)) != before


def test_a_stale_dialogue_is_asked_for_once_and_rests_after_its_map(now: datetime) -> None:
    dialogue = two_camps(4)
    [wish] = tasks.maps_that_are_stale(now)
    jobs.enqueue(wish.name, *wish.args, key=wish.key, now=now)
    assert tasks.maps_that_are_stale(now) == []
    assert work_off() == ["hiwar.dialogues.tasks.make_map"]
    assert OpinionMap.objects.filter(dialogue=dialogue).count() == 1
    vote = Vote.objects.first()
    assert vote is not None
    vote.delete()
    request = MapRequest.objects.get()
    assert request.pause_until is not None
    assert tasks.maps_that_are_stale(request.pause_until - timedelta(milliseconds=1)) == []
    assert [again.key for again in tasks.maps_that_are_stale(request.pause_until)] == [wish.key]


def test_trouble_in_one_dialogue_is_counted_and_pauses_that_one_alone(now: datetime) -> None:
    poison, healthy = two_camps(4), two_camps(4)
    Participant.objects.filter(dialogue=poison).update(sectors=[1, 2])
    for wish in tasks.maps_that_are_stale(now):
        jobs.enqueue(wish.name, *wish.args, key=wish.key, now=now)
    work_off()
    failed = results.map_progress(poison)
    assert failed is not None
    assert (failed.state, failed.failures, failed.error) == ("waiting", 1, "TypeError")
    assert OpinionMap.objects.filter(dialogue=healthy).count() == 1
    assert OpinionMap.objects.filter(dialogue=poison).count() == 0


def test_only_the_newest_maps_are_kept(now: datetime) -> None:
    dialogue = two_camps(4)
    for minute in range(5):
        maps.refresh_opinion_map(dialogue=dialogue, now=now + timedelta(minutes=minute))
    assert OpinionMap.objects.count() == maps.KEPT


def test_nothing_is_shown_live_below_twenty_people(now: datetime) -> None:
    few, enough = two_camps(19), two_camps(20)
    for dialogue in (few, enough):
        maps.refresh_opinion_map(dialogue=dialogue, now=now)
    assert results.live_document(few) is None
    assert results.live_document(enough) is not None


def test_a_late_vote_of_a_merged_registration_counts_once(now: datetime) -> None:
    dialogue = two_camps(4)
    kept = ParticipantFactory.create(dialogue=dialogue)
    other = ParticipantFactory.create(dialogue=dialogue, merged_into=kept)
    statement = dialogue.statements.first()
    VoteFactory.create(participant=other, statement=statement)
    made = maps.refresh_opinion_map(dialogue=dialogue, now=now)
    assert made.participants == 5


def test_letters_of_groups_stay_when_the_larger_group_changes(now: datetime) -> None:
    dialogue = two_camps(people=24)
    first = results.document_of(maps.refresh_opinion_map(dialogue=dialogue, now=now))
    assert len(first["groups"]) == 2
    # More people than there were join the smaller camp, which other draws would number first.
    columns = list(Statement.objects.filter(dialogue=dialogue).order_by("number"))
    for row in range(30):
        person = ParticipantFactory.create(dialogue=dialogue)
        Vote.objects.bulk_create(
            Vote(
                participant=person,
                statement=column,
                choice=1 if at % 3 == 0 or at % 2 == 1 else -1,
                sequence=10_000 + row * 100 + at,
            )
            for at, column in enumerate(columns)
        )
    leans = {}
    for turn in range(2):
        kept = maps.refresh_opinion_map(dialogue=dialogue, now=now + timedelta(minutes=turn))
        document = results.document_of(kept)
        leans[turn] = [document["statements"][1]["counts_by_group"][str(g)] for g in (0, 1)]
    before = [first["statements"][1]["counts_by_group"][str(g)] for g in (0, 1)]
    for said, now_said in zip(before, leans[0], strict=True):
        assert (said["agree"] > said["disagree"]) == (now_said["agree"] > now_said["disagree"])
    assert leans[0] == leans[1]
    was = {row["id"]: row["x"] for row in first["statements"]}
    assert sum(was[row["id"]] * row["x"] for row in document["statements"]) > 0


def test_wall_and_own_page_carry_the_verdict_of_the_newest_map(client: Client) -> None:
    dialogue = two_camps()
    wall = reverse("wall:now", args=["en", dialogue.code])
    assert client.get(wall).json()["verdict"] == ""
    tasks.make_map.func(str(dialogue.pk))
    cache.clear()
    assert client.get(wall).json()["verdict"] == "gap"
    words = "So far people form separate groups, and few stand between them."
    page = client.get(reverse("wall:page", args=["en", dialogue.code])).content.decode()
    assert f'data-verdict="gap">{words}' in page
    assert 'data-verdict="no_gap" hidden' in page
    own = client.get(reverse("public_dialogues:mine", args=["en", dialogue.code]))
    assert words in own.content.decode()


@pytest.mark.parametrize(
    ("outcome", "gap", "said"),
    [
        ("groups", {"verdict": "no_gap"}, "no_gap"),
        ("not_stable", {"verdict": "no_gap"}, "nothing"),
        ("groups", None, ""),
    ],
)
def test_verdict_speaks_of_what_is_shown(outcome: str, gap: object, said: str) -> None:
    assert results.verdict_of({"outcome": outcome, "gap": gap}) == said
