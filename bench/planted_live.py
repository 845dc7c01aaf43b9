"""Conversations with a known answer, planted by another law than `bench.planted`.

What is found must not hang on the generator that a method was tuned on. Here loadings have heavy
tails (Student's t, 4 degrees of freedom, at the same standard deviation), what people feel is
logistic instead of normal, statements differ in how often they are passed, and continua have
other shapes (even on the line, normal in the plane). People answer as on a live site: a tenth of
the statements are seed statements that everybody sees first; the others come in over time, so that
early people never saw the late ones; how much somebody votes is Pareto, and the first group votes
half as much again as the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bench.planted import LOADED, Planted, members

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bench.planted import Plan

FREEDOM = 4
SEEDED = 0.1
KEENER = 1.5
TAIL = 2.5
# How often a statement is passed, by the width of the middle; that of `bench.planted` is 0.25.
MIDDLE = (0.05, 0.5)


def draw(plan: Plan, shape: tuple[int, int, float], seed: int) -> Planted:
    """Draw a conversation.

    Parameters
    ----------
    plan : Plan
    shape : tuple
        People, statements, share of votes missing in (0, 1).
    seed : int

    Returns
    -------
    Planted
    """
    people, statements, missing = shape
    key = [7, seed, people, plan.n_groups, int(100 * plan.spread), int(plan.uneven)]
    rng = np.random.default_rng([*key, *plan.kind.encode()])
    group = members(plan, people, rng)
    base = np.zeros(statements) if plan.kind == "noise" else rng.uniform(-1.1, 1.7, statements)
    logistic = rng.logistic(0.0, np.sqrt(3.0) / np.pi, (people, statements))
    felt = base + _lean(plan, group, statements, rng) + logistic
    vote = np.where(np.abs(felt) < rng.uniform(*MIDDLE, statements), 0.0, np.sign(felt))
    return Planted(np.where(_seen(group, statements, missing, rng), vote, np.nan), group)


def _seen(
    group: NDArray[np.int64], statements: int, missing: float, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Say who voted on what: seed statements first, then what was there already."""
    people = len(group)
    arrival = rng.permutation(people) / people
    seeds = max(int(SEEDED * statements), 1)
    written = np.concatenate((np.zeros(seeds), np.sort(rng.uniform(0.0, 0.8, statements - seeds))))
    there = written <= arrival[:, None]
    much = (1.0 + rng.pareto(TAIL, people)) * np.where(group == 0, KEENER, 1.0)
    # The number of votes asked for, so that the planned share is missing although nobody votes
    # on more than there is.
    asked = much / much.mean() * statements * (1.0 - missing)
    for _ in range(20):
        number = np.clip(np.round(asked), 1, there.sum(axis=1))
        asked *= statements * (1.0 - missing) / number.mean()
    order = np.where(there, rng.random((people, statements)), 2.0)
    order[:, :seeds] -= 1.0
    rank = order.argsort(axis=1).argsort(axis=1)
    return np.asarray(rank < number[:, None])


def _lean(
    plan: Plan, group: NDArray[np.int64], statements: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    people = len(group)
    if plan.kind in {"noise", "one"}:
        return np.zeros((people, statements))
    axes = plan.n_groups if plan.kind == "independent" else 2
    heavy = rng.standard_t(FREEDOM, (axes, statements)) / np.sqrt(FREEDOM / (FREEDOM - 2))
    loading = plan.spread * heavy * (rng.random(statements) < LOADED)
    if plan.kind == "independent":
        return np.asarray(loading[group])
    if plan.kind == "plane":
        turn = 2.0 * np.pi * (np.arange(plan.n_groups) + rng.random()) / plan.n_groups
        corner = np.sqrt(2.0) * np.stack((np.cos(turn), np.sin(turn)), axis=1)
        return np.asarray(corner[group] @ loading)
    if plan.kind == "line":
        return np.asarray(rng.uniform(-np.sqrt(3.0), np.sqrt(3.0), (people, 1)) * loading[0])
    return np.asarray(rng.normal(size=(people, 2)) @ loading)
