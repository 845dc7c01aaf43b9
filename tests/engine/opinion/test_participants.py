from __future__ import annotations

import numpy as np

from hiwar.engine.opinion.participants import participant_statistics
from hiwar.engine.opinion.results import OpinionMapResult


def placed(position, group):
    """Return a map with these positions and groups; members are those on the map."""
    position, group = np.asarray(position, float).reshape(-1, 2), np.asarray(group, np.int32)
    labels = range(group.max() + 1) if len(group) else []
    centres = np.array([position[group == g].mean(axis=0) for g in labels]).reshape(-1, 2)
    nothing = np.zeros(0)
    return OpinionMapResult(
        outcome="groups" if len(centres) else "too_few_participants",
        position=position,
        component=np.zeros((2, 0)),
        mean=nothing,
        explained_variance=np.zeros(2),
        statement_position=np.zeros((0, 2)),
        extremity=nothing,
        in_map=group >= 0,
        group=group,
        group_centre=centres,
        silhouette={},
        base_centre=np.zeros((0, 2)),
        base_size=np.zeros(0, np.int64),
        base_group=np.zeros(0, np.int32),
    )


def test_the_worked_example_of_the_documentation():
    found = participant_statistics(
        placed([[3, 0], [5, 0], [-4, 1], [-4, -1], [9, 9]], [0, 0, 1, 1, -1])
    )
    np.testing.assert_allclose(found.centricness[:2], [-2, -4])
    np.testing.assert_allclose(found.coreness[:4], [0, 0, 0, 0])
    np.testing.assert_allclose(found.extremeness[:4], [3, 5, 4, 4])
    assert np.isnan([found.centricness[4], found.coreness[4], found.extremeness[4]]).all()


def test_a_turn_and_a_shift_of_the_map_change_nothing():
    rng = np.random.default_rng(1)
    position, group = rng.normal(size=(40, 2)), rng.integers(0, 3, 40)
    angle = 0.7
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    here = participant_statistics(placed(position, group))
    there = participant_statistics(placed(position @ turn + [3, -2], (group + 1) % 3))
    for name in ("centricness", "coreness", "extremeness"):
        np.testing.assert_allclose(getattr(here, name), getattr(there, name), atol=1e-12)


def test_a_group_in_the_middle_has_no_direction():
    found = participant_statistics(placed([[1, 0], [-1, 0]], [0, 0]))
    assert found.extremeness.tolist() == [0, 0]
    assert found.centricness.tolist() == found.coreness.tolist() == [0, 0]


def test_without_groups_there_is_nothing_to_say():
    for found in (
        participant_statistics(placed([[1, 0], [2, 0]], [-1, -1])),
        participant_statistics(placed(np.zeros((0, 2)), [])),
    ):
        assert np.isnan(found.centricness).all()
        assert np.isnan(found.coreness).all()
        assert np.isnan(found.extremeness).all()
