"""Conversations with a known answer: planted groups, continua, noise, and one group.

A vote is what somebody feels about a statement, ``base_j + lean_ij + e_ij`` with e ~ N(0, 1), cut
into three: below 0.25 in size it is a pass, else its sign. What differs between the kinds is the
lean:

- *independent*: every group has loadings of its own, so K groups need K - 1 axes;
- *plane*: every group is a corner of a regular polygon, so that two axes hold them all;
- *line* and *disc*: everybody has a place of their own, drawn from a normal law or evenly from a
  disc, and no two people form a group;
- *one*: nobody leans; everybody shares the same opinions;
- *noise*: there are no opinions at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Kind = Literal["independent", "plane", "line", "disc", "one", "noise"]

# People, statements, share of votes that are missing.
SHAPES = ((200, 40, 0.3), (600, 60, 0.6), (2_000, 100, 0.85), (1_000, 100, 0.9))
APART, OVERLAPPING = 1.5, 0.75
LOADED = 0.7
PASS = 0.25
UNEVEN = 10.0


@dataclass(frozen=True)
class Plan:
    """What is planted.

    Attributes
    ----------
    kind : Kind
    n_groups : int
        1 where there is no group.
    spread : float
        Standard deviation of a loading.
    uneven : bool
        The largest group is ten times the smallest, sizes between fall geometrically.
    """

    kind: Kind
    n_groups: int = 1
    spread: float = APART
    uneven: bool = False

    @property
    def shares(self) -> NDArray[np.float64]:
        """Share of each group; shape (n_groups,)."""
        if not self.uneven or self.n_groups == 1:
            return np.full(self.n_groups, 1.0 / self.n_groups)
        size = UNEVEN ** -(np.arange(self.n_groups) / (self.n_groups - 1))
        return np.asarray(size / size.sum())

    @property
    def name(self) -> str:
        """Say in a few words what is planted."""
        if self.n_groups == 1:
            return self.kind
        far = "apart" if self.spread == APART else "overlapping"
        return f"{self.n_groups} {self.kind} {far}, {'10:1' if self.uneven else 'equal'}"


@dataclass(frozen=True, eq=False)
class Planted:
    """A drawn conversation.

    Attributes
    ----------
    matrix : ndarray of shape (N, C)
        Votes in {-1, 0, 1}, nan where nobody voted.
    group : ndarray of shape (N,)
        The planted group of each person, 0 for everybody where there is none.
    """

    matrix: NDArray[np.float64]
    group: NDArray[np.int64]


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
    key = [
        seed,
        people,
        plan.n_groups,
        int(100 * plan.spread),
        int(plan.uneven),
        *plan.kind.encode(),
    ]
    rng = np.random.default_rng(key)
    group = members(plan, people, rng)
    base = np.zeros(statements) if plan.kind == "noise" else rng.normal(0.3, 0.8, statements)
    felt = base + _lean(plan, group, statements, rng) + rng.normal(size=(people, statements))
    vote = np.where(np.abs(felt) < PASS, 0.0, np.sign(felt))
    # Votes per person are log-normal: a few vote on everything, most on little.
    mean = statements * (1.0 - missing)
    number = np.round(rng.lognormal(np.log(mean) - 0.125, 0.5, people))
    number = np.clip(number, 1, statements)
    rank = rng.random((people, statements)).argsort(axis=1).argsort(axis=1)
    return Planted(np.where(rank < number[:, None], vote, np.nan), group)


def members(plan: Plan, people: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return groups of exactly the planned sizes, in a random order; shape (people,)."""
    edge = np.round(np.cumsum(plan.shares) * people)
    return rng.permutation(np.searchsorted(edge, np.arange(people), side="right"))


def _lean(
    plan: Plan, group: NDArray[np.int64], statements: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    people = len(group)
    if plan.kind in {"noise", "one"}:
        return np.zeros((people, statements))
    axes = plan.n_groups if plan.kind == "independent" else 2
    loading = rng.normal(0.0, plan.spread, (axes, statements))
    loading *= rng.random(statements) < LOADED
    if plan.kind == "independent":
        return np.asarray(loading[group])
    if plan.kind == "plane":
        turn = 2.0 * np.pi * np.arange(plan.n_groups) / plan.n_groups
        corner = np.sqrt(2.0) * np.stack((np.cos(turn), np.sin(turn)), axis=1)
        return np.asarray(corner[group] @ loading)
    if plan.kind == "line":
        return np.asarray(rng.normal(size=(people, 1)) * loading[0])
    turn, away = 2.0 * np.pi * rng.random(people), 2.0 * np.sqrt(rng.random(people))
    place = np.stack((away * np.cos(turn), away * np.sin(turn)), axis=1)
    return np.asarray(place @ loading)
