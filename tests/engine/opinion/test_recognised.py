"""Names of groups and axes are kept without knowing whose row was whose."""

from __future__ import annotations

import numpy as np
import pytest

from hiwar.engine.opinion.analysis import analyse
from hiwar.engine.opinion.continuity import Remembered
from hiwar.engine.opinion.results import Analysis, Parameters
from hiwar.engine.opinion.votes import Moderation, Votes


def camps(first: int, second: int, statements: int = 9) -> Votes:
    pattern = np.array([1.0 if c % 3 == 0 else (-1.0) ** c for c in range(statements)])
    other = np.array([1.0 if c % 3 == 0 else -((-1.0) ** c) for c in range(statements)])
    return Votes.from_dense(np.array([pattern] * first + [other] * second))


def remembered(found: Analysis, *, flip: bool = False) -> Remembered:
    tally = found.tally_by_group
    leaning = (tally.agree - tally.disagree) / np.maximum(tally.seen, 1)
    position = found.opinion_map.statement_position
    return Remembered(leaning[::-1] if flip else leaning, -position if flip else position)


def run(votes: Votes, before: Remembered | None = None) -> Analysis:
    moderation = Moderation.none(votes.n_statements)
    return analyse(votes, moderation, Parameters(), quality=False, before=before)


@pytest.mark.parametrize("sizes", [(20, 12), (12, 20), (40, 16)])
def test_groups_keep_the_names_they_had(sizes: tuple[int, int]) -> None:
    plain = run(camps(*sizes))
    assert plain.opinion_map.n_groups == 2
    for flip in (False, True):
        told = remembered(plain, flip=flip)
        found = run(camps(*sizes), told)
        kept = 1 - plain.opinion_map.group if flip else plain.opinion_map.group
        assert found.opinion_map.group.tolist() == kept.tolist()
        sign = -1 if flip else 1
        position = sign * plain.opinion_map.position
        assert np.allclose(found.opinion_map.position, position)
        assert np.allclose(found.tally_by_group.agree, plain.tally_by_group.agree[::sign])
        centre = sign * plain.opinion_map.group_centre[::sign]
        assert np.allclose(found.opinion_map.group_centre, centre)


def test_a_map_that_had_no_groups_or_other_statements_changes_no_name() -> None:
    plain = run(camps(20, 12))
    n = 9
    nothing = Remembered(np.full((2, n), np.nan), np.full((n, 2), np.nan))
    for before in (Remembered(np.empty((0, n)), np.full((n, 2), np.nan)), nothing):
        found = run(camps(20, 12), before)
        assert sorted(np.bincount(found.opinion_map.group)) == [12, 20]
        assert np.allclose(found.opinion_map.position, plain.opinion_map.position)
