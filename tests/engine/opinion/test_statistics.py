from __future__ import annotations

import doctest
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hiwar.engine.opinion import Moderation, Votes
from hiwar.engine.opinion.maps import fit_map
from hiwar.engine.opinion.results import Parameters
from hiwar.engine.opinion.statistics import statement_statistics

matrices = st.tuples(st.integers(0, 14), st.integers(0, 6)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.sampled_from([-1.0, 0.0, 1.0, np.nan]))
)

ANY_MAP = fit_map(Votes.from_dense(np.eye(4)), Moderation.none(4), Parameters())


def statistics(matrix, label, moderation=None, mode="default"):
    votes = Votes.from_dense(matrix)
    moderation = moderation or Moderation.none(votes.n_statements)
    label = np.asarray(label)
    n_groups = max(label.max(initial=-1) + 1, 0)
    parameters = Parameters(mode=mode)
    opinion_map = replace(ANY_MAP, extremity=np.ones(votes.n_statements))
    return statement_statistics(
        votes, moderation, votes.tally(label, n_groups), opinion_map, parameters
    )


@given(matrices, st.integers(0, 3), st.sampled_from(["default", "compat"]))
def test_every_figure_has_one_value_per_statement_within_its_range(matrix, n_groups, mode):
    label = np.arange(len(matrix)) % n_groups if n_groups else np.full(len(matrix), -1)
    found = statistics(matrix, label, mode=mode)
    for field in fields(found):
        assert getattr(found, field.name).shape == (matrix.shape[1],)
    for name in ("group_informed_consensus", "bridging", "divisiveness", "divisiveness_low"):
        values = getattr(found, name)
        assert (np.isnan(values) | ((values >= 0) & (values <= 1))).all()
    assert (found.priority > 0).all()
    assert not (found.is_shared & found.is_dividing).any()


def test_without_groups_everybody_is_judged_together():
    matrix = np.column_stack([np.ones(40), -np.ones(40), np.r_[np.ones(20), -np.ones(20)]])
    found = statistics(matrix, np.full(40, -1))
    assert found.is_shared.tolist() == [True, True, False]
    assert not found.is_dividing.any()
    assert found.has_exposure.all()
    assert np.isnan(found.group_informed_consensus).all()
    assert np.isnan(found.divisiveness).all()
    more = statistics(np.vstack([matrix, matrix]), np.full(80, -1))
    assert (more.priority < found.priority).all()


def test_statements_that_are_out_get_figures_but_no_verdict():
    half = np.r_[np.ones(20), -np.ones(20)]
    matrix = np.column_stack([np.ones(40), np.ones(40), half, half])
    moderation = Moderation(np.array([1, -1, 1, 1], np.int8), np.array([0, 0, 0, 1], bool))
    found = statistics(matrix, (half < 0).astype(int), moderation)
    assert found.is_shared.tolist() == [True, False, False, False]
    assert found.is_dividing.tolist() == [False, False, True, False]
    assert found.group_informed_consensus[0] == found.group_informed_consensus[1]
    assert found.divisiveness.tolist() == pytest.approx([0, 0, 1, 1])


@pytest.mark.parametrize(
    "page", ["representative-statements", "common-ground", "divisiveness", "routing"]
)
def test_worked_examples_of_the_documentation_are_right(page):
    path = Path(__file__).resolve().parents[3] / "docs" / "engine" / f"{page}.md"
    result = doctest.testfile(str(path), module_relative=False)
    assert result.attempted > 0
    assert result.failed == 0
