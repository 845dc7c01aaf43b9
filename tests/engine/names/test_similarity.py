"""Likeness across scripts, measured on names that nothing was tuned on."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from engine.names import transcription
from hiwar.engine.names import explain, keys, rank, search_keys, similarity
from hiwar.engine.names.similarity import compare
from hiwar.engine.names.words import words

CONVENTIONS = transcription.CONVENTIONS


def places(asked: list[tuple[str, int]], pool: list[str]) -> list[int]:
    """Return for each question how many answers come before the right one, or tie with it."""
    split = [words(name) for name in pool]
    found = []
    for query, right in asked:
        scores = [compare(words(query), name).score for name in split]
        found.append(sum(score >= scores[right] for score in scores) - 1)
    return found


def shares(found: list[int]) -> tuple[float, float]:
    """Return top 1 and top 5."""
    return sum(p == 0 for p in found) / len(found), sum(p < 5 for p in found) / len(found)


def by_turns(names: list[transcription.Name]) -> list[str]:
    return [name.latin(CONVENTIONS[at % len(CONVENTIONS)]) for at, name in enumerate(names)]


def spellings() -> list[dict[str, str]]:
    with (transcription.FOLDER / "spellings.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_halves_have_no_word_in_common():
    for table in ("given", "family"):
        everything = transcription.read(table)
        halves = [
            {word.arabic for word in transcription.half(everything, is_seen=seen)}
            for seen in (True, False)
        ]
        assert not halves[0] & halves[1]


def test_unseen_full_names_are_found_from_either_script():
    names = transcription.people(320, is_seen=False)
    arabic = [words(name.arabic) for name in names]
    latin = [words(text) for text in by_turns(names)]
    scores = np.array([[compare(one, other).score for other in arabic] for one in latin])
    right = np.diag(scores)
    for axis, own in ((1, right[:, None]), (0, right[None, :])):
        before = (scores >= own).sum(axis=axis) - 1
        assert (before == 0).mean() >= 0.93
        assert (before < 5).mean() >= 0.98


def test_unseen_single_words_are_found():
    names = transcription.single_words(is_seen=False)
    asked = [(latin, at) for at, latin in enumerate(by_turns(names))]
    first, five = shares(places(asked, [name.arabic for name in names]))
    assert first >= 0.93
    assert five >= 0.98


def test_spellings_as_met_are_found():
    rows = spellings()
    asked = [(row["latin"], at) for at, row in enumerate(rows)]
    first, five = shares(places(asked, [row["arabic"] for row in rows]))
    assert first >= 0.93
    assert five >= 0.98


def test_keys_bring_unseen_names_among_the_candidates():
    names = transcription.people(320, is_seen=False)
    reached = 0
    for name, latin in zip(names, by_turns(names), strict=True):
        rows = keys(name.arabic)
        asked = search_keys(f"{latin} ")
        missing = [word for word in asked if not rows.intersection(word.exact)]
        reached += not missing or (len(missing) == 1 and bool(rows.intersection(missing[0].far)))
    assert reached / len(names) >= 0.98


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("حنان", "حنين"),
        ("حمد", "أحمد"),
        ("حامد", "أحمد"),
        ("محمد", "محمود"),
        ("سامر", "سمير"),
        ("Hanan", "Haneen"),
    ],
)
def test_different_names_are_never_wholly_alike(first, second):
    assert similarity(first, second) < 0.97


def test_explanation_names_the_partners():
    found = explain("ليلى أحمد خالد", "Khaled, Layla")
    assert [(m.first, m.second) for m in found.matches] == [
        ("ليلي", "layla"),
        ("احمد", ""),
        ("خالد", "khaled"),
    ]
    assert found.is_in_order
    assert found.has_same_given_name


def test_another_order_costs_something():
    assert similarity("أحمد محمد", "محمد أحمد") < 1


def test_names_without_words_are_not_alike():
    assert similarity("", "") == 0
    assert similarity("؟", "!") == 0


def test_rank_puts_the_meant_person_first():
    people = [
        ("1", ["محمد أحمد خليل القواسمي"]),
        ("2", ["محمد خليل القاسم"]),
        ("3", ["محمود القواسمي", "Mahmoud Qawasmi"]),
    ]
    assert rank("Mohammed Kawasmeh ", people)[0].key == "1"
    assert rank("محمد القوا", people)[0].key == "1"
    assert rank("qawasmi mahm", people)[0].key == "3"
    assert rank("ليلى ", people) == []
    assert len(rank("محمد", people, limit=1)) == 1


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("الق", "محمد القواسمي"),
        ("نور ال", "نور الدين جرار"),
        ("عبد الر", "عبد الرحمن جرار"),
        ("abd", "عبد الرحمن جرار"),
        ("abu kh", "أبو خضير"),
        ("kaw", "محمد القواسمي"),
        ("رحمن", "عبد الرحمن جرار"),
        ("khalil ", "Abu Khalil"),
        ("القواسمي محمد", "محمد أحمد القواسمي"),
    ],
)
def test_what_is_being_typed_reaches_the_name(typed, name):
    rows = keys(name)
    for word in search_keys(typed):
        assert rows.intersection(word.exact) or any(
            key.startswith(word.prefixes) for key in rows if word.prefixes
        )


@pytest.mark.parametrize("mistaken", ["القواسم", "القوسمي", "القواشمي", "القواسسمي", "القاوسمي"])
def test_one_mistake_still_reaches_the_name(mistaken):
    rows = keys("محمد القواسمي")
    assert all(rows.intersection((*w.exact, *w.near)) for w in search_keys(f"{mistaken} "))
    assert rank(f"{mistaken} ", [("1", ["محمد القواسمي"])])
