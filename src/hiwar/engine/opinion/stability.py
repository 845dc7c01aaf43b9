"""What happens to the groups when other people of the same kind are drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, cast

import numpy as np

from hiwar.engine.opinion.agreement import adjusted_rand_index, contingency
from hiwar.engine.opinion.answers import Answers
from hiwar.engine.opinion.classification import answers_by_block
from hiwar.engine.opinion.clustering import nearest
from hiwar.engine.opinion.describing import describe
from hiwar.engine.opinion.fingerprints import canonical_order
from hiwar.engine.opinion.grouping import find_groups
from hiwar.engine.opinion.intervals import wilson
from hiwar.engine.opinion.latent_classes import counted_classes, fit_classes
from hiwar.engine.opinion.maps import axis_stretch, impediment
from hiwar.engine.opinion.matching import cheapest_matching
from hiwar.engine.opinion.plane import fit_plane
from hiwar.engine.opinion.quantiles import quantiles
from hiwar.engine.opinion.results import Stability

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

    from hiwar.engine.opinion.latent_classes import Classes
    from hiwar.engine.opinion.plane import Plane
    from hiwar.engine.opinion.results import OpinionMapResult, Parameters
    from hiwar.engine.opinion.votes import Moderation, Votes

Verdict = Literal["stable", "uncertain", "not_stable"]

MOST_PEOPLE = 5_000
MOST_PROJECTIONS = 200_000_000
RESTARTS = 3
REFIT_STEPS = 12
# In compat mode, which asks for no gap: within a part of a continuum answers of one person hang
# together, so a vote tells less than one vote.
EVIDENCE = 0.75
STRUCTURE_EVERY = 5
CERTAIN_AGREEMENT, CERTAIN_SHARE = 0.75, 0.5
LEAST_AGREEMENT = 0.4


def bootstrap_stability(
    votes: Votes,
    moderation: Moderation,
    parameters: Parameters,
    shown: OpinionMapResult,
    progress: Callable[[float], None] | None = None,
) -> Stability:
    """Draw people anew, make the map again and compare the groups with those shown.

    Parameters
    ----------
    votes : Votes
        N participants, C statements.
    moderation : Moderation
    parameters : Parameters
        `bootstrap` resamples, `seed`, `confidence`, and what the map needs.
    shown : OpinionMapResult
        The map that is judged.
    progress : callable, optional
        Is told the share done after each resample, in (0, 1]; what it raises ends the work.

    Returns
    -------
    Stability
        Without resamples every share is empty and every number nan.

    Notes
    -----
    Each resample draws as many people as there are, with replacement, among those who voted. Means,
    components and groups are fitted to the people drawn; then everybody in the map, drawn or not,
    is placed with these components and put into the nearest group. Groups are matched with those
    shown so that as many people as possible keep theirs (Hungarian method); a group too many
    matches none. A resample without groups counts as an agreement of 0.

    Membership joins both kinds of doubt, about the groups and about the person. In each resample
    the matched groups (those shown, where it has another number of them) of the people *drawn* give
    shares of answers; the probability of the group shown for a person given these shares and the
    person's votes is averaged over the resamples in which the person was **not** drawn. Whoever
    shaped the shares would be found in them too surely. It is nan where held-out votes speak for a
    continuum: its parts are no groups to belong to.

    Where groups are latent classes, each resample fits them anew from the classes shown, whose
    number is kept. How often each number came out is then `Gap.share_by_number`.

    The interval of a group's share of agreement runs between percentiles over resamples, each with
    its own matched groups where it has as many as are shown, and is never narrower than Wilson's
    for the votes counted.

    Above 5,000 people each resample draws 5,000, which bounds the cost and *overstates* the
    uncertainty; everybody is then placed only as often as 2·10⁸ votes allow. Whether there is
    structure at all is tested anew in every fifth resample and holds for the next four. The result
    does not depend on the order of participants or statements.

    References
    ----------
    Efron, B. and Tibshirani, R. (1993). An Introduction to the Bootstrap, chapters 6 and 13.
    Hennig, C. (2007). Cluster-wise assessment of cluster stability. Computational Statistics and
    Data Analysis 52, 258-271. Kuhn, H. W. (1955). The Hungarian method for the assignment problem.
    """
    voters = canonical_order(votes)
    voters = voters[votes.votes_per_participant[voters] > 0]
    n_people = min(len(voters), MOST_PEOPLE)
    count = _Count(votes, shown, parameters.confidence)
    redraw = _Redraw(votes, moderation, parameters, shown)
    resamples = parameters.bootstrap if n_people else 0
    for number in range(resamples):
        rng = np.random.default_rng([parameters.seed, number])
        times = np.bincount(rng.choice(voters, n_people), minlength=votes.n_participants)
        if shown.classes is None:
            group, n_groups = redraw.groups(times, number)
            matched = count.add(group, n_groups, times)
            # Parts of a continuum are no groups to which anybody could belong.
            if shown.n_groups and shown.gap is None:
                count.add_membership(redraw.membership(matched, group, times, number), times)
        else:
            count.add_classes(redraw.classes(times, number), times)
        if progress is not None:
            progress((number + 1) / resamples)
    return count.result(n_people)


def verdict(stability: Stability, shown: OpinionMapResult) -> Verdict:
    """Say whether the groups may be shown, shown with a warning, or not at all.

    Parameters
    ----------
    stability : Stability
    shown : OpinionMapResult

    Returns
    -------
    {"stable", "uncertain", "not_stable"}
        "stable" also where no groups are shown or nothing was resampled.

    Notes
    -----
    Uncertain: the mean adjusted Rand index is below 0.75, or fewer than half of the resamples have
    as many groups as are shown. Not stable: the mean index is below 0.40. For two groups of equal
    size an index of 0.75 means that about 7 people in 100 change sides, and 0.40 that 18 do.
    """
    if not shown.n_groups or not stability.n_resamples:
        return "stable"
    if stability.mean_agreement < LEAST_AGREEMENT:
        return "not_stable"
    same = stability.share_by_n_groups.get(shown.n_groups, 0.0)
    is_certain = stability.mean_agreement >= CERTAIN_AGREEMENT and same >= CERTAIN_SHARE
    return "stable" if is_certain else "uncertain"


@dataclass(eq=False)
class _Redraw:
    """Makes the map of the people drawn."""

    votes: Votes
    moderation: Moderation
    parameters: Parameters
    shown: OpinionMapResult

    def __post_init__(self) -> None:
        self.parameters = replace(
            self.parameters, restarts=min(RESTARTS, self.parameters.restarts), bootstrap=0
        )
        self.stretch = np.zeros(2)
        voted = np.bincount(self.votes.statement, minlength=self.votes.n_statements) > 0
        is_compat = self.parameters.mode == "compat"
        self.zeroed = int((voted & self.moderation.out).sum()) if is_compat else 0
        kept = ~self.moderation.out
        self.live = self.votes.keep_statements(kept) if self.shown.n_groups else self.votes
        self.known = None if self.shown.classes is None else self.shown.classes.on(kept)
        self.placed = max(MOST_PROJECTIONS // max(self.votes.n_votes, 1), 10)
        self.judged = max(MOST_PROJECTIONS // max(4 * self.votes.n_votes, 1), 3)
        self.member = np.flatnonzero(self.shown.in_map)

    def groups(self, times: NDArray[np.int64], number: int) -> tuple[NDArray[np.int32], int]:
        """Return the group of everybody (-1 none, -2 not asked) and the number of groups."""
        everybody = self.votes.n_participants <= MOST_PEOPLE
        drawn = np.arange(self.votes.n_participants) if everybody else np.flatnonzero(times)
        part = self.votes if everybody else self.votes.take_participants(drawn)
        mass, inside = times[drawn].astype(np.float64), self.shown.in_map[drawn]
        plane = fit_plane(part, self.moderation.out, self.parameters.mode, weight=mass)
        member = np.flatnonzero(inside & (mass > 0))
        group = np.full(self.votes.n_participants, -2, np.int32)
        if impediment(plane, member, self.parameters) is not None:
            group[self.shown.in_map] = -1
            return group, 0
        if number % STRUCTURE_EVERY == 0:
            self.stretch = axis_stretch(plane, member, self.parameters)
        if not self.stretch.any():
            group[self.shown.in_map] = -1
            return group, 0
        grouping = find_groups(plane.position[member] * self.stretch, mass[member], self.parameters)
        fitted = describe("groups", plane, inside, member, grouping)
        group[drawn] = fitted.group
        if fitted.n_groups and not everybody and number < self.placed:
            asked = np.flatnonzero(self.shown.in_map & (times == 0))
            place = self._project(plane, asked)
            group[asked] = nearest(place * self.stretch, fitted.group_centre * self.stretch)
        return group, fitted.n_groups

    def classes(self, times: NDArray[np.int64], number: int) -> NDArray[np.float32]:
        """Return how likely everybody is in each class refitted to the people drawn.

        Shape (N, K); nan for those not asked.
        """
        drawn = np.flatnonzero(self.shown.in_map & (times > 0))
        answers = Answers(self.live.take_participants(drawn), times[drawn].astype(np.float64))
        known = cast("Classes", self.known)
        fitted = fit_classes(answers, known.posterior(answers), steps=REFIT_STEPS)
        everybody = self.votes.n_participants <= MOST_PEOPLE or number < self.placed
        asked = np.flatnonzero(self.shown.in_map) if everybody else drawn
        share = np.full((self.votes.n_participants, known.n_classes), np.nan, np.float32)
        for first, last, some in answers_by_block(self.live.take_participants(asked)):
            share[asked[first:last]] = fitted.posterior(some)
        return share

    def membership(
        self,
        matched: NDArray[np.int32],
        group: NDArray[np.int32],
        times: NDArray[np.int64],
        number: int,
    ) -> NDArray[np.float32]:
        """Return how likely everybody is in the group shown, judged by the people drawn.

        `matched` are the groups of the resample under the names of those shown. Shape (N,); nan
        for those not asked.
        """
        drawn = np.flatnonzero((times > 0) & (matched >= 0) & (matched < self.shown.n_groups))
        share = np.zeros((len(drawn), self.shown.n_groups), np.float32)
        share[np.arange(len(drawn)), matched[drawn]] = 1.0
        answers = Answers(self.live.take_participants(drawn), times[drawn].astype(np.float64))
        fitted = counted_classes(answers, share)
        shares = np.full(len(group), np.nan, np.float32)
        for people, some in self._asked(group, number):
            own = self.shown.group[people]
            known = own >= 0
            posterior = fitted.posterior(some, EVIDENCE)[known, own[known]]
            shares[people[known]] = posterior
        return shares

    def _asked(
        self, group: NDArray[np.int32], number: int
    ) -> Iterable[tuple[NDArray[np.intp], Answers]]:
        """Return stretches of the people whose membership is asked for in this resample."""
        if self.votes.n_participants <= MOST_PEOPLE:
            return self._everybody
        asked = self.member if number < self.judged else np.flatnonzero(group >= 0)
        return self._stretches(asked)

    def _stretches(self, people: NDArray[np.intp]) -> Iterable[tuple[NDArray[np.intp], Answers]]:
        for first, last, some in answers_by_block(self.live.take_participants(people)):
            yield people[first:last], some

    @cached_property
    def _everybody(self) -> list[tuple[NDArray[np.intp], Answers]]:
        return list(self._stretches(self.member))

    def _project(self, plane: Plane, asked: NDArray[np.intp]) -> NDArray[np.float64]:
        """Place people with the means and components of others."""
        people = self.votes.take_participants(asked)
        step = np.array([-1.0, 0.0, 1.0]) - plane.centred.mean[:, None]
        step[self.moderation.out] = 0
        cell = people.statement.astype(np.int64) * 3 + people.vote + 1
        live = ~self.moderation.out[people.statement]
        rows = people.participant
        number = np.bincount(rows, live, people.n_participants) + self.zeroed
        place = [
            np.bincount(rows, (step * loading[:, None]).ravel()[cell], people.n_participants)
            for loading in plane.component
        ]
        scale = np.sqrt(plane.centred.columns / np.maximum(number, 1))
        return np.asarray(np.stack(place, axis=1) * scale[:, None], np.float64)


class _Count:
    """What the resamples add up to."""

    def __init__(self, votes: Votes, shown: OpinionMapResult, confidence: float) -> None:
        self.votes, self.shown, self.confidence = votes, shown, confidence
        self.n_groups: list[int] = []
        self.agreement: list[float] = []
        self.share: list[NDArray[np.float32]] = []
        # How often membership was judged, and what it added up to: drawn, and not drawn.
        self.judged = np.zeros((2, votes.n_participants), np.int64)
        self.belongs = np.zeros((2, votes.n_participants))

    def add(
        self, group: NDArray[np.int32], n_groups: int, times: NDArray[np.int64]
    ) -> NDArray[np.int32]:
        """Count a resample; return its groups under the names of those shown.

        Where it has another number of groups, those shown stand for them.
        """
        self.n_groups.append(n_groups)
        if not self.shown.n_groups:
            return group
        self.agreement.append(adjusted_rand_index(group, self.shown.group) if n_groups else 0.0)
        is_same = n_groups == self.shown.n_groups
        matched = _matched(group, self.shown.group) if is_same else self.shown.group
        self.share.append(self._agree_share(matched, times))
        return matched

    def add_membership(self, belongs: NDArray[np.float32], times: NDArray[np.int64]) -> None:
        """Count how likely people are in the group shown; nan for those not asked."""
        asked = np.isfinite(belongs)
        for row, part in enumerate((asked & (times > 0), asked & (times == 0))):
            self.judged[row] += part
            self.belongs[row, part] += belongs[part]

    def add_classes(self, share: NDArray[np.float32], times: NDArray[np.int64]) -> None:
        """Count a resample of latent classes, which keep their names."""
        asked = np.isfinite(share[:, 0]) & (self.shown.group >= 0)
        group = np.full(len(share), -2, np.int32)
        group[asked] = share[asked].argmax(axis=1)
        self.n_groups.append(share.shape[1])
        belongs = np.full(len(share), np.nan, np.float32)
        belongs[asked] = share[asked, self.shown.group[asked]]
        self.add_membership(belongs, times)
        self.agreement.append(adjusted_rand_index(group, self.shown.group))
        self.share.append(self._agree_share(group, times))

    def _agree_share(
        self, group: NDArray[np.int32], times: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        groups, statements = self.shown.n_groups, self.votes.n_statements
        of_vote = np.repeat(np.where(group < groups, group, -1), self.votes.votes_per_participant)
        weight = np.repeat(times, self.votes.votes_per_participant)
        counted = (of_vote >= 0) & (weight > 0)
        cell = of_vote[counted].astype(np.int64) * statements + self.votes.statement[counted]
        weight, size = weight[counted], groups * statements
        seen = np.bincount(cell, weight, size)
        agree = np.bincount(cell, weight * (self.votes.vote[counted] > 0), size)
        share = np.divide(agree, seen, out=np.full(size, np.nan), where=seen > 0)
        return np.asarray(share.reshape(groups, statements), np.float32)

    def result(self, n_people: int) -> Stability:
        groups = max(self.n_groups, default=0)
        resamples = len(self.n_groups)
        often = np.bincount(self.n_groups, minlength=groups + 1) if resamples else np.zeros(0)
        low, high = self._interval()
        return Stability(
            n_resamples=resamples,
            n_people=n_people if resamples else 0,
            share_by_n_groups=self._numbers(often),
            membership=self._membership(),
            mean_agreement=float(np.mean(self.agreement)) if self.agreement else float("nan"),
            group_agree_low=low,
            group_agree_high=high,
        )

    def _membership(self) -> NDArray[np.float64]:
        """Mean over the resamples without the person; over all, where there is none."""
        drawn, out = self.judged
        total = np.where(out > 0, self.belongs[1], self.belongs[0])
        number = np.where(out > 0, out, drawn)
        counted = (self.shown.group >= 0) & (number > 0)
        membership = np.full(len(counted), np.nan)
        membership[counted] = total[counted] / number[counted]
        return membership

    def _numbers(self, often: NDArray[np.int64] | NDArray[np.float64]) -> Mapping[int, float]:
        gap = self.shown.gap
        if not self.n_groups:
            return {}
        if self.shown.classes is not None and gap is not None:
            return gap.share_by_number
        return {k: n / len(self.n_groups) for k, n in enumerate(often.tolist()) if n}

    def _interval(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        tally = self.votes.tally(self.shown.group, max(self.shown.n_groups, 1))
        agree, seen = tally.agree[: self.shown.n_groups], tally.seen[: self.shown.n_groups]
        low, high = wilson(agree, seen, self.confidence)
        if not self.share:
            return low, high
        drawn = np.array(self.share)
        share = np.divide(agree, seen, out=np.full(agree.shape, 0.5), where=seen > 0)
        drawn = np.where(np.isnan(drawn), share, drawn)
        tail = (1 - self.confidence) / 2
        lower, upper = quantiles(drawn, [tail, 1 - tail])
        return np.minimum(low, lower), np.maximum(high, upper)


def _matched(group: NDArray[np.int32], shown: NDArray[np.int32]) -> NDArray[np.int32]:
    """Renumber groups as those shown; one that matches none gets a number above all of these."""
    table = contingency(group, shown)
    number = np.full(int(group.max(initial=-1)) + 1, int(shown.max(initial=-1)) + 1, np.int32)
    ours, theirs = cheapest_matching(-table)
    number[ours] = theirs
    return np.where(group >= 0, number[np.maximum(group, 0)] if len(number) else -1, group)
