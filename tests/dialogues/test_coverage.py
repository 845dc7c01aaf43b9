from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from factories.dialogues import (
    DialogueFactory,
    ParticipantFactory,
    StatementFactory,
    VoteFactory,
)
from factories.places import PlaceFactory
from hiwar.dialogues.actions import merges
from hiwar.dialogues.models import Statement, Target
from hiwar.dialogues.queries.coverage import (
    coverage,
    cross_coverage,
    missing,
    public_coverage,
)
from hiwar.dialogues.queries.matrix import vote_matrix
from hiwar.dialogues.queries.people import contact_key
from hiwar.engine.inclusion.attack import feasible_intervals
from hiwar.engine.inclusion.disclosure import with_totals
from hiwar.places.actions import load_place_pack
from hiwar.places.models import Place

pytestmark = pytest.mark.django_db
DEMO = Path(__file__).resolve().parents[2] / "demo"


def want(dialogue, attribute, values, *, share=None, count=None):
    return Target.objects.create(
        dialogue=dialogue, attribute=attribute, values=values, share=share, count=count,
        label={"en": attribute, "ar": attribute},
    )  # fmt: skip


@pytest.fixture
def forum(facilitator, now):
    """Return a dialogue with the registrations of the demonstration, merged."""
    load_place_pack(actor=None, folder=DEMO / "places", now=now)
    places = {place.code: place for place in Place.objects.all()}
    dialogue = DialogueFactory.create()
    with (DEMO / "scenario/s1-participants.csv").open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            ParticipantFactory.create(
                dialogue=dialogue,
                registration=row["registration_id"],
                channel=row["channel"],
                contact_key=contact_key(dialogue.contact_secret, row["phone"]),
                sex=row["sex"].replace("not stated", ""),
                age_band=row["age_band"],
                disability=row["disability"],
                locality_kind=row["locality_type"],
                place=places[row["governorate"]],
            )
    proposals = merges.propose_merges(actor=facilitator, dialogue=dialogue, now=now)
    merges.accept_merges(actor=facilitator, proposals=proposals, now=now)
    want(dialogue, "sex", ["female"], share=Decimal("0.5"))
    want(dialogue, "age_band", ["18-19", "20-24", "25-29", "18-29"], share=Decimal("0.4"))
    want(dialogue, "disability", ["yes"], share=Decimal("0.05"))
    want(dialogue, "place", [], count=12)
    return dialogue


def test_forum_of_the_demonstration(forum, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        found = coverage(forum)
    assert found.people == 240
    assert (found.places_reached, found.places) == (16, 16)
    by = {one.attribute: one for one in found.targets}
    women = by["sex"]
    assert (women.reached, women.of_all, women.of_stated) == (125, 240, 238)
    assert (by["age_band"].reached, by["age_band"].of_all) == (163, 240)
    assert by["disability"].reached == 14
    assert (by["place"].reached, by["place"].of_all, by["place"].wanted_count) == (16, 16, 12)
    assert all(one.is_met for one in found.targets)
    sexes = {one.code: one.people for one in found.spreads["sex"].categories}
    assert sexes == {"female": 125, "male": 113, "other": 0}


def test_places_by_sex_hide_the_small_cells_and_what_would_give_them_away(forum):
    table = cross_coverage(forum, "place", "sex")
    assert table.people == 240
    exact = exact_counts(forum, table)
    assert table.hidden == sum(0 < count < 5 for row in exact for count in row) == 15
    for at, row in enumerate(table.cells):
        for to, shown in enumerate(row):
            assert shown in {None, exact[at][to]}
            assert not (0 < exact[at][to] < 5 and shown is not None)
    is_hidden = np.array(
        [[*[one is None for one in row], total.people is None]
         for row, total in zip(table.cells, table.rows, strict=True)]
        + [[*[one.people is None for one in table.columns], False]]
    )  # fmt: skip
    # What the pages beside it tell: how many did not answer, and the places that are shown.
    alone = public_coverage(forum).spreads
    told = {one.code: one.people for name in ("sex", "place") for one in alone[name].categories}
    told[""] = alone["sex"].stated
    for at, one in enumerate(table.rows):
        is_hidden[at, -1] &= told.get(one.code) is None
    for to, one in enumerate(table.columns):
        is_hidden[-1, to] &= told.get(one.code) is None
    full = with_totals(exact)
    low, high = feasible_intervals(full, is_hidden)
    small = (full > 0) & (full < 5) & is_hidden
    small[:, len(table.columns) - 1] = False  # how many did not answer singles out nobody
    small[-1, :] = False
    width = high[small] - low[small]
    assert (width >= 4).all(), width.min()


def test_the_table_and_the_spreads_beside_it_cannot_be_combined():
    rng = np.random.default_rng(7)
    for turn in range(6):
        dialogue = DialogueFactory.create()
        places = [PlaceFactory.create(code=f"{turn}{code}") for code in "ABCD"]
        for at, place in enumerate(places):
            for sex in ("female", "male", ""):
                for _ in range(int(rng.integers(0, (4, 9, 14, 20)[at] if sex else 3))):
                    ParticipantFactory.create(dialogue=dialogue, place=place, sex=sex)
        table = cross_coverage(dialogue, "place", "sex")
        alone = public_coverage(dialogue).spreads
        full = with_totals(exact_counts(dialogue, table))
        is_hidden = np.zeros(full.shape, np.bool_)
        is_hidden[:-1, :-1] = [[one is None for one in row] for row in table.cells]
        told = {one.code: one.people for name in ("sex", "place") for one in alone[name].categories}
        is_hidden[:-1, -1] = [
            told.get(one.code, alone["place"].stated) is None for one in table.rows
        ]
        is_hidden[-1, :-1] = [
            told.get(one.code, alone["sex"].stated) is None for one in table.columns
        ]
        low, high = feasible_intervals(full, is_hidden)
        small = (full > 0) & (full < dialogue.threshold)
        small[:, -2] = small[-2, :] = small[-1, :] = small[:, -1] = False
        assert is_hidden[small].all()
        assert (high[small] - low[small] >= dialogue.threshold - 1).all()


def exact_counts(dialogue, table):
    rows = [one.code for one in table.rows]
    columns = [one.code for one in table.columns]
    counts = [[0] * len(columns) for _ in rows]
    people = dialogue.participants.filter(merged_into=None).select_related("place")
    for person in people:
        counts[rows.index(person.place.code)][columns.index(person.sex)] += 1
    return counts


def test_public_coverage_hides_small_places(forum):
    found = public_coverage(forum)
    exact = {one.code: one.people for one in coverage(forum).spreads["place"].categories}
    shown = {one.code: one.people for one in found.spreads["place"].categories}
    small = {code for code, people in exact.items() if people < 5}
    assert small
    assert all(shown[code] is None for code in small)
    assert all(people in (None, exact[code]) for code, people in shown.items())
    assert (found.people, found.places_reached) == (240, 16)
    women = next(one for one in found.targets if one.attribute == "sex")
    assert women.reached == 125


def test_small_group_is_not_shown_beside_the_rest_of_two():
    dialogue = DialogueFactory.create()
    want(dialogue, "disability", ["yes"], share=Decimal("0.05"))
    for number in range(40):
        ParticipantFactory.create(dialogue=dialogue, disability="yes" if number < 3 else "no")
    found = public_coverage(dialogue)
    spread = found.spreads["disability"]
    assert [one.people for one in spread.categories] == [None, None]
    [target] = found.targets
    assert (target.reached, target.is_met) == (None, None)


def test_sectors_overlap():
    dialogue = DialogueFactory.create()
    for number in range(12):
        sectors = ["media", "student"] if number < 3 else ["student"]
        ParticipantFactory.create(dialogue=dialogue, sectors=sectors)
    ParticipantFactory.create(dialogue=dialogue)
    want(dialogue, "sector", ["media", "student"], share=Decimal("0.5"))
    found = coverage(dialogue)
    assert {one.code: one.people for one in found.spreads["sector"].categories} == {
        "student": 12,
        "media": 3,
    }
    assert (found.targets[0].reached, found.targets[0].of_stated) == (12, 12)
    shown = {one.code: one.people for one in public_coverage(dialogue).spreads["sector"].categories}
    assert shown == {"student": 12, "media": None}
    with pytest.raises(ValueError, match="several"):
        cross_coverage(dialogue, "sector", "sex")


def test_ages_stand_in_the_order_of_life():
    dialogue = DialogueFactory.create()
    for band in ("60+", "18-29", "45-59", "30-44", "18-29"):
        ParticipantFactory.create(dialogue=dialogue, age_band=band)
    bands = [one.code for one in coverage(dialogue).spreads["age_band"].categories]
    assert bands == ["18-29", "30-44", "45-59", "60+"]


def test_who_is_missing():
    dialogue = DialogueFactory.create()
    north, south, _east = (PlaceFactory.create(code=code) for code in ("A", "B", "C"))
    camp = PlaceFactory.create(code="K", kind="camp", level="locality", parent=south)
    want(dialogue, "sex", ["female"], share=Decimal("0.5"))
    for _number in range(6):
        ParticipantFactory.create(dialogue=dialogue, place=north, sex="male")
    for number in range(12):
        sex = "female" if number < 4 else "male"
        ParticipantFactory.create(dialogue=dialogue, place=camp, sex=sex)
    found = missing(dialogue)
    told = [(one.place["en"], one.label and one.label["en"], one.is_nobody) for one in found]
    assert told == [("C", None, True), ("A", "sex", True), ("B", "sex", False)]


def test_nobody_there_meets_no_share():
    dialogue = DialogueFactory.create()
    want(dialogue, "sex", ["female"], share=Decimal("0.5"))
    found = coverage(dialogue)
    assert (found.people, found.targets[0].is_met) == (0, False)
    assert public_coverage(dialogue).people == 0


def test_blocked_and_merged_are_not_counted():
    dialogue = DialogueFactory.create()
    one = ParticipantFactory.create(dialogue=dialogue, sex="female")
    ParticipantFactory.create(dialogue=dialogue, sex="female", merged_into=one)
    ParticipantFactory.create(dialogue=dialogue, sex="female", is_blocked=True)
    assert coverage(dialogue).people == 1


def test_matrix_has_the_open_statements_and_who_voted(django_assert_max_num_queries):
    dialogue = DialogueFactory.create()
    shown = [StatementFactory.create(dialogue=dialogue) for _ in range(3)]
    gone = StatementFactory.create(dialogue=dialogue, state="rejected")
    Statement.objects.filter(pk=shown[1].pk).update(is_meta=True)
    place = PlaceFactory.create(code="A")
    people = [
        ParticipantFactory.create(dialogue=dialogue, sex="female", place=place, trust=2)
        for _ in range(3)
    ]
    ParticipantFactory.create(dialogue=dialogue)  # without a vote
    for person, choice in zip(people, (1, 0, -1), strict=True):
        VoteFactory.create(participant=person, statement=shown[2], choice=choice)
        VoteFactory.create(participant=person, statement=gone)
    VoteFactory.create(participant=people[0], statement=shown[0], choice=-1)
    with django_assert_max_num_queries(8):
        matrix = vote_matrix(dialogue)
    assert matrix.numbers.tolist() == [one.number for one in shown]
    order = sorted(one.pk for one in people)
    assert matrix.participants.tolist() == order
    dense = np.full((3, 3), 9)
    dense[matrix.votes.participant, matrix.votes.statement] = matrix.votes.vote
    expected = {
        people[0].pk: [-1, 9, 1],
        people[1].pk: [9, 9, 0],
        people[2].pk: [9, 9, -1],
    }
    assert dense.tolist() == [expected[key] for key in order]
    assert matrix.moderation.is_meta.tolist() == [False, True, False]
    assert matrix.attributes["sex"] == ("female",) * 3
    assert matrix.attributes["place"] == ("A",) * 3
    assert matrix.attributes["trust"] == ("2",) * 3
    assert matrix.attributes["age_band"] == (None,) * 3


def test_matrix_of_nothing():
    matrix = vote_matrix(DialogueFactory.create())
    assert (matrix.votes.n_participants, matrix.votes.n_statements) == (0, 0)
