from __future__ import annotations

import csv
import random
import re
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.opinion.data import shared
from hiwar.engine.names import (
    Candidate,
    Decision,
    Verdict,
    automatic,
    cluster,
    digits_as_ascii,
    open_pairs,
    propose_duplicates,
)

PHONE = frozenset(["599123456"])


def verdict(first: Candidate, second: Candidate, *others: Candidate) -> str | None:
    pairs = propose_duplicates([first, second, *others])
    found = [p for p in pairs if {p.first, p.second} == {first.key, second.key}]
    return found[0].verdict.value if found else None


def codes(first: Candidate, second: Candidate) -> set[str]:
    (pair,) = propose_duplicates([first, second])
    return {reason.code for reason in pair.evidence}


def test_same_phone_and_name_is_one_person():
    one = Candidate("a", ("منى أحمد القواسمي",), PHONE)
    other = Candidate("b", ("مني القواسمى",), PHONE)
    assert verdict(one, other) == "same"
    assert {"same-phone", "similar-name"} <= codes(one, other)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"phones": PHONE, "emails": {"a@x.org"}}, {"phones": PHONE, "emails": {"b@x.org"}}),
        ({"phones": PHONE, "organisations": {"o1"}}, {"phones": PHONE, "organisations": {"o2"}}),
        ({"phones": {"1"}, "birth_year": 1987}, {"phones": {"2"}, "birth_year": 1987}),
        ({"organisations": {"o1"}}, {"organisations": {"o2"}}),
        ({"phones": {"1"}, "emails": {"a@x.org"}}, {"phones": {"2"}, "emails": {"a@x.org"}}),
    ],
)
def test_what_differs_is_asked_about(first, second):
    known = {"birth_year": 1987, "place": "gaza"}
    sides = [
        Candidate(key, ("محمد خالد العيسى",),
                  **{**known, **{name: value if name == "birth_year" else frozenset(value)
                                 for name, value in told.items()}})
        for key, told in zip("ab", (first, second), strict=True)
    ]  # fmt: skip
    assert verdict(*sides) == "likely"
    assert any(code.startswith("other-") for code in codes(*sides))
    between = Candidate("c", ("محمد خالد العيسى",), **known)
    everybody = [*sides, between]
    groups = cluster(everybody, automatic(propose_duplicates(everybody))).groups
    assert not any({"a", "b"} <= set(group) for group in groups), "joined by way of a third"


def test_grandfather_and_grandson_on_one_phone_are_asked_about():
    elder = Candidate("a", ("كمال خالد جمعة",), PHONE)
    grandson = Candidate("b", ("كمال خالد كمال جمعة",), PHONE)
    assert verdict(elder, grandson) == "likely"
    years = [Candidate(c.key, c.names, PHONE, birth_year=1990) for c in (elder, grandson)]
    assert verdict(*years) == "same"


@pytest.mark.parametrize("other", ["رائد زيدان", "أمل حسن", "Fadi Ward", ""])
def test_whoever_shares_a_phone_is_shown(other):
    one = Candidate("a", ("أحمد خليل حسن",), PHONE, birth_year=1960, sex="male")
    assert verdict(one, Candidate("b", (other,), PHONE, birth_year=1992, sex="female")) == "shared"


def test_same_phone_in_a_family_is_not():
    father = Candidate("a", ("أحمد خليل حسن",), PHONE)
    son = Candidate("b", ("محمد أحمد خليل حسن",), PHONE)
    sister = Candidate("c", ("أمل خليل حسن",), PHONE)
    for one, other in combinations([father, son, sister], 2):
        assert verdict(one, other) != "same"


def test_a_phone_that_others_have_too_says_little():
    people = [
        Candidate("a", ("منى القواسمي",), PHONE),
        Candidate("b", ("مني القواسمى",), PHONE),
        Candidate("c", ("رائد زيدان",), PHONE),
    ]
    assert verdict(*people) != "same"


def test_other_script_with_the_same_phone_needs_the_year():
    one = Candidate("a", ("سمير جرار",), PHONE, birth_year=1990)
    other = Candidate("b", ("Samir Jarrar",), PHONE)
    assert verdict(one, other) == "likely"
    dated = Candidate("b", ("Samir Jarrar",), PHONE, birth_year=1990)
    assert verdict(one, dated) == "same"


@pytest.mark.parametrize(
    ("first", "second"),
    [("Samir Jarrar", "Samer Jarrar"), ("حسن علي جرار", "حسين علي جرار"), ("منى جرار", "مها جرار")],
)
def test_twins_with_one_phone_are_never_joined_at_once(first, second):
    one = Candidate("a", (first,), PHONE, birth_year=1990, place="x")
    other = Candidate("b", (second,), PHONE, birth_year=1990, place="x")
    assert verdict(one, other) != "same"


def test_full_name_year_and_place_is_one_person():
    one = Candidate("a", ("منى أحمد القواسمي",), birth_year=1990, place="x")
    other = Candidate("b", ("مني احمد القواسمى",), birth_year=1990, place="x")
    assert verdict(one, other) == "same"


@pytest.mark.parametrize(
    "other",
    [
        Candidate("b", ("منى أحمد القواسمي",), birth_year=1972, place="y"),
        Candidate("b", ("منى أحمد القواسمي",), birth_year=1972, place="x"),
    ],
)
def test_same_name_other_year_is_a_namesake(other):
    one = Candidate("a", ("منى أحمد القواسمي",), birth_year=1990, place="x")
    assert verdict(one, other) == "namesakes"
    assert "other-birth-year" in codes(one, other)


def test_a_name_alone_is_never_enough():
    names = ["منى أحمد سليم القواسمي", "منى القواسمي", "Mona Qawasmi"]
    for name in names:
        assert verdict(Candidate("a", (name,)), Candidate("b", (name,))) != "same"
        one, other = (Candidate(key, (name,), birth_year=1990) for key in "ab")
        assert verdict(one, other) != "same"
        one, other = (Candidate(key, (name,), place="x") for key in "ab")
        assert verdict(one, other) != "same"


def test_other_sex_is_never_joined_at_once():
    one = Candidate("a", ("نور أحمد زيدان",), PHONE, birth_year=1990, place="x", sex="female")
    other = Candidate("b", ("نور أحمد زيدان",), PHONE, birth_year=1990, place="x", sex="male")
    assert verdict(one, other) == "likely"
    assert "other-sex" in codes(one, other)


def test_two_words_with_year_and_place_are_for_a_person_to_decide():
    one, other = (Candidate(k, ("محمد حسن",), birth_year=1990, place="x") for k in "ab")
    assert verdict(one, other) == "likely"


def test_common_name_with_year_and_place_is_for_a_person_to_decide():
    chance = random.Random(3)
    crowd = [
        Candidate(f"{n:05d}", ("محمد أحمد حسن",), birth_year=1900 + n % 100, place=str(n // 100))
        for n in range(2000)
    ]
    twice = chance.choice(crowd)
    again = Candidate("z", twice.names, birth_year=twice.birth_year, place=twice.place)
    pairs = propose_duplicates([*crowd, again])
    assert not [p for p in pairs if p.verdict is Verdict.SAME]


def test_same_address_is_as_good_as_a_phone():
    one = Candidate("a", ("Mona Qawasmi",), emails=frozenset(["Mona@example.org"]))
    other = Candidate("b", ("Mona Qawasmi",), emails=frozenset(["mona@EXAMPLE.org "]))
    assert verdict(one, other) == "same"
    assert "same-email" in codes(one, other)


def test_a_typing_mistake_is_proposed():
    one = Candidate("a", ("منى أحمد القواسمي",), birth_year=1990, place="x")
    other = Candidate("b", ("منى احمد القواشمي",), birth_year=1990, place="x")
    assert verdict(one, other) == "likely"


def test_strangers_are_not_proposed():
    one = Candidate("a", ("منى أحمد القواسمي",), birth_year=1990, place="x")
    assert verdict(one, Candidate("b", ("رائد زيدان",), birth_year=1990, place="x")) is None
    assert verdict(one, Candidate("b", ())) is None
    assert propose_duplicates([]) == []


NAMES = ["منى أحمد القواسمي", "مني احمد قواسمي", "Mona Qawasmi", "محمد حسن", "رائد", ""]
CANDIDATES = st.lists(
    st.builds(
        Candidate,
        key=st.integers(0, 999).map(str),
        names=st.lists(st.sampled_from(NAMES), max_size=2).map(tuple),
        phones=st.sets(st.sampled_from(["1234567", "7654321"])).map(frozenset),
        birth_year=st.sampled_from([None, 1990, 1991, 2001]),
        place=st.sampled_from(["", "x", "y"]),
        sex=st.sampled_from(["", "female", "male"]),
    ),
    max_size=8,
    unique_by=lambda record: record.key,
)


@given(CANDIDATES, st.randoms(use_true_random=False))
def test_proposals_do_not_depend_on_the_order(records, chance):
    shuffled = list(records)
    chance.shuffle(shuffled)
    pairs = propose_duplicates(records)
    assert propose_duplicates(shuffled) == pairs
    assert cluster(shuffled, automatic(pairs)) == cluster(records, automatic(pairs))
    assert all(pair.first < pair.second and 0 <= pair.score <= 1 for pair in pairs)


@given(CANDIDATES)
def test_what_is_joined_at_once_has_a_strong_reason(records):
    by_key = {record.key: record for record in records}
    for pair in propose_duplicates(records):
        if pair.verdict is Verdict.SAME:
            one, other = by_key[pair.first], by_key[pair.second]
            has_year_and_place = one.place == other.place != "" and one.birth_year
            assert one.phones & other.phones or has_year_and_place
            assert not one.sex or not other.sex or one.sex == other.sex


def test_cluster_carries_on_and_keeps_apart():
    records = [Candidate(key, ()) for key in "abcd"]
    decisions = [
        Decision("a", "b", is_same=True),
        Decision("b", "c", is_same=True),
        Decision("a", "c", is_same=False),
        Decision("x", "y", is_same=True),
    ]
    found = cluster(records, decisions)
    assert found.groups == (("a", "b"), ("c",), ("d",))
    assert found.refused == (Decision("b", "c", is_same=True),)


def test_what_people_decided_goes_first():
    records = [Candidate(key, ()) for key in "abc"]
    decisions = [
        Decision("a", "b", is_same=True, by_person=False, score=1.0),
        Decision("b", "c", is_same=True),
        Decision("a", "c", is_same=False),
    ]
    assert cluster(records, decisions).groups == (("a",), ("b", "c"))


def test_a_program_joins_no_groups_that_contradict():
    records = [
        Candidate("a", (), birth_year=1990),
        Candidate("b", ()),
        Candidate("c", (), birth_year=2001),
    ]
    joins = [Decision("a", "b", True, by_person=False), Decision("b", "c", True, by_person=False)]
    found = cluster(records, joins)
    assert found.groups == (("a", "b"), ("c",))
    assert len(found.refused) == 1


def ending_of(number: str) -> str:
    """Return the digits by which one telephone of the scenario is known."""
    return re.sub(r"\D", "", digits_as_ascii(number))[-9:].lstrip("0")


@pytest.mark.shared_data
def test_attendance_of_the_scenario_leads_to_617_people():
    path = shared("demo/scenario-data/s5-attendance.csv")
    with path.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    records = [
        Candidate(
            row["row"],
            (row["name_as_written"],),
            frozenset(
                filter(
                    None,
                    [re.sub(r"\D", "", digits_as_ascii(row["phone_as_written"]))[-9:].lstrip("0")],
                )
            ),
            birth_year=int(row["birth_year"]),
            place=row["governorate"],
            sex=row["sex"],
        )
        for row in rows
    ]
    assert len({row["name_as_written"] for row in rows}) == 857
    pairs = propose_duplicates(records)
    found = cluster(records, automatic(pairs))
    left = open_pairs(pairs, found)
    assert found.refused == ()
    assert len(found.groups) == 617
    assert len(left) <= 60
    namesakes = [pair for pair in left if pair.verdict is Verdict.NAMESAKES]
    assert len(namesakes) == 12
    for pair in namesakes:
        assert {"other-birth-year", "other-place"} <= {reason.code for reason in pair.evidence}
