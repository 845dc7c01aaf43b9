"""Opinion groups that are latent classes: who is in which, on the map that is drawn."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from hiwar.engine.opinion.answers import CHOICES, Answers
from hiwar.engine.opinion.describing import describe
from hiwar.engine.opinion.gap import MOST_VOTES, find_gap
from hiwar.engine.opinion.grouping import Grouping, base_clusters
from hiwar.engine.opinion.latent_classes import Classes, fit_classes
from hiwar.engine.opinion.structure import systematic_sample
from hiwar.engine.opinion.votes import Votes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from hiwar.engine.opinion.plane import Plane
    from hiwar.engine.opinion.results import Gap, OpinionMapResult, Parameters

BLOCK = 1 << 20
FITTED_VOTES = 1_000_000
FIT_STEPS = 8


def search_gap(
    votes: Votes,
    plane: Plane,
    member: NDArray[np.intp],
    parameters: Parameters,
    *,
    axes: int,
    settled: OpinionMapResult | None,
) -> tuple[Gap, Classes | None]:
    """Look for a gap among the people in the map, and fit the classes where there is one.

    Parameters
    ----------
    votes : Votes
        N participants, C statements.
    plane : Plane
    member : ndarray of shape (M,)
        People in the map.
    parameters : Parameters
    axes : int
        Axes above chance.
    settled : OpinionMapResult or None
        Whose verdict holds; its classes are fitted to these votes.

    Returns
    -------
    gap : Gap
    classes : Classes or None
        On all C statements; where a statement is out, no answer says anything.

    Notes
    -----
    Above 40,000 votes the verdict rests on a systematic sample of the people along the first axis;
    sizes of small groups are those of all people. What the classes answer, which decides who
    belongs where, is then fitted on to a sample of a million votes.
    """
    people = systematic_sample(plane, member, MOST_VOTES)
    live = plane.centred.live
    if settled is None or settled.gap is None:
        sample = _answers_of(people, votes, plane)
        search = find_gap(sample.votes, sample.weight, parameters, axes=axes)
        times = len(member) / max(len(people), 1)
        small = tuple(round(size * times) for size in search.gap.small_groups)
        gap, classes = replace(search.gap, small_groups=small), search.classes
    else:
        gap = settled.gap
        classes = None if settled.classes is None else settled.classes.on(live)
    if classes is None:
        return gap, None
    more = systematic_sample(plane, member, FITTED_VOTES)
    if len(more) > len(people):
        answers = _answers_of(more, votes, plane)
        classes = fit_classes(answers, classes.posterior(answers), steps=FIT_STEPS)
    elif settled is not None and settled.gap is not None:
        answers = _answers_of(people, votes, plane)
        classes = fit_classes(answers, classes.posterior(answers))
    log_answer = np.zeros((CHOICES * len(live), classes.n_classes), np.float32)
    log_answer[np.repeat(live, CHOICES)] = classes.log_answer
    return gap, Classes(classes.log_size, log_answer, classes.fit)


def _answers_of(people: NDArray[np.intp], votes: Votes, plane: Plane) -> Answers:
    weight = plane.centred.weight
    mass = np.ones(len(people)) if weight is None else weight[people]
    return Answers(votes.take_participants(people).keep_statements(plane.centred.live), mass)


def class_groups(
    votes: Votes,
    plane: Plane,
    people: tuple[NDArray[np.bool_], NDArray[np.intp]],
    classes: Classes,
    parameters: Parameters,
) -> OpinionMapResult:
    """Put everybody in the map into the class that their votes speak for most.

    `people` are who is in the map, as a mask, and of these the numbers of those who count. Groups
    are named by size, the largest first; a class without the smallest number of people is left
    out. The outcome is "no_structure" where fewer than two remain.
    """
    inside, member = people
    label = most_likely(votes, classes, inside)
    size = np.bincount(label[member], minlength=classes.n_classes)
    kept = size >= parameters.min_group_size
    if kept.sum() < 2:
        return describe("no_structure", plane, inside, member, None)
    if not kept.all():
        fewer = Classes(classes.log_size[kept], classes.log_answer[:, kept], classes.fit)
        return class_groups(votes, plane, people, fewer, parameters)
    leaning = classes.log_answer.reshape(-1, CHOICES, len(size)).sum(axis=0)
    rank = np.empty(len(size), np.int32)
    rank[np.lexsort((*leaning, -size))] = np.arange(len(size), dtype=np.int32)
    group = np.where(label >= 0, rank[label], -1).astype(np.int32)
    weight = plane.centred.weight
    mass = np.ones(len(member)) if weight is None else weight[member]
    base = base_clusters(plane.position[member], mass, parameters.n_base_clusters)
    pair, base_of = np.unique(base.of_person * len(size) + group[member], return_inverse=True)
    grouping = Grouping(group[member], len(size), {}, base_of, (pair % len(size)).astype(np.int32))
    shown = describe("groups", plane, inside, member, grouping)
    return replace(shown, group=group, classes=classes.reordered(rank))


def most_likely(
    votes: Votes, classes: Classes, asked: NDArray[np.bool_] | None = None
) -> NDArray[np.int32]:
    """Return the likeliest class of each person, -1 for those not asked; shape (N,)."""
    label = np.full(votes.n_participants, -1, np.int32)
    for first, last, answers in answers_by_block(votes):
        label[first:last] = classes.posterior(answers).argmax(axis=1)
    return label if asked is None else np.where(asked, label, np.int32(-1))


def answers_by_block(votes: Votes) -> Iterator[tuple[int, int, Answers]]:
    """Yield stretches of people with about a million votes each."""
    edge = np.searchsorted(votes.indptr, np.arange(0, votes.n_votes, BLOCK), side="left")
    for first, last in pairwise(sorted({0, *edge.tolist(), votes.n_participants})):
        part = slice(votes.indptr[first], votes.indptr[last])
        stretch = votes.indptr[first : last + 1] - votes.indptr[first]
        some = Votes(stretch, votes.statement[part], votes.vote[part], votes.n_statements)
        yield first, last, Answers(some, np.ones(last - first))
