"""Are there groups at all? Held-out votes decide between classes and a continuum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hiwar.engine.opinion.answers import Answers, normalised
from hiwar.engine.opinion.fingerprints import cell_fingerprints, statement_order
from hiwar.engine.opinion.latent_classes import Classes, find_classes, fit_classes
from hiwar.engine.opinion.latent_trait import fit_trait, start_at
from hiwar.engine.opinion.pca import principal_components
from hiwar.engine.opinion.residuals import residuals
from hiwar.engine.opinion.results import Gap
from hiwar.engine.opinion.votes import Votes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiwar.engine.opinion.latent_trait import Trait
    from hiwar.engine.opinion.results import Parameters, Verdict

FOLDS = 5
MOST_VOTES = 40_000
NEARLY_AS_GOOD, PLAINLY_BETTER = -1.0, 2.0
FIRM_PRIOR = 8.0
LEAST_SHARE, MOST_SHARE = 0.02, 0.15
MAY_EXIST, EXISTS = 2.0, 2.5
DRAWS = 200


@dataclass(frozen=True, eq=False)
class Search:
    """The verdict, and the classes that it rests on.

    Attributes
    ----------
    gap : Gap
    classes : Classes or None
        On the statements that were given; None where there is no gap.
    """

    gap: Gap
    classes: Classes | None


def find_gap(
    votes: Votes, weight: NDArray[np.float64], parameters: Parameters, *, axes: int
) -> Search:
    """Say whether the votes speak for groups, for a continuum, or for nothing.

    Parameters
    ----------
    votes : Votes
        M people with enough votes, in an order that does not depend on the input's; every
        statement live and voted on.
    weight : ndarray of shape (M,)
        Weight of each, > 0.
    parameters : Parameters
        `max_groups`, `min_group_size` and `seed`.
    axes : int
        How many axes carry more than chance; see `structure.significant_axes`.

    Returns
    -------
    Search

    Notes
    -----
    Every vote is held out once, in one of five folds that depend on what was voted, not on how
    rows are numbered. Each model is fitted to the other folds, starting from what it found with
    all votes, and foretells the votes that it has not seen: ``log P(held out | the person's other
    votes)``, one number for each person and model, added over folds. Differences are compared in
    units of their standard error over people, z.

    *Number of classes.* 1 … `max_groups`; the smallest whose z behind the best is at most 1, at
    least 2 where there is something to explain. A larger number is taken where it holds a small
    class, of max(5, 2 %) to 15 % of the people, whose own members are foretold better by z > 2.5.

    *Gap.* z of the classes against the better of a line and a plane. Above -1 the classes do as
    well as the continuum or better: a gap. Classes are tried with a prior of 2 and of 8 votes on
    every statement, and the better counts: with few votes a person the firm one foretells better.

    *Something to explain*: an axis above chance, or a model that foretells better than no groups at
    all by z > 2.

    References
    ----------
    Bartholomew, D. J. and Knott, M. (1999). Latent Variable Models and Factor Analysis.
    Nylund, K. L., Asparouhov, T. and Muthén, B. O. (2007). Deciding on the number of classes in
    latent class analysis. Structural Equation Modeling 14. Hastie, T., Tibshirani, R. and
    Friedman, J. (2009). The Elements of Statistical Learning, 7.10 (one standard error).
    """
    order = statement_order(votes)
    answers = Answers(_with_statements(votes, order), weight)
    most = max(min(parameters.max_groups, answers.n_people // parameters.min_group_size), 1)
    place = _places(answers, max(most - 1, 2))
    classes = [find_classes(answers, place, k, parameters.seed) for k in range(1, most + 1)]
    traits = [fit_trait(answers, start_at(place[:, :d]), d) for d in (1, 2)]
    trial = _Trial(answers, classes, traits, parameters, has_axis=axes > 0)
    gap = trial.judged()
    if gap.verdict != "gap":
        return Search(gap, None)
    shown = classes[gap.n_classes - 1]
    column = (3 * order[:, None] + np.arange(3)).ravel()
    log_answer = np.empty_like(shown.log_answer)
    log_answer[column] = shown.log_answer
    return Search(gap, Classes(shown.log_size, log_answer, shown.fit))


class _Trial:
    """What each model foretells of the votes that it has not seen.

    Rows of `score` are models: classes 1 … K, the same with the firm prior, a line and a plane;
    shape (folds, 2K + 2, M).
    """

    def __init__(
        self,
        answers: Answers,
        classes: list[Classes],
        traits: list[Trait],
        parameters: Parameters,
        *,
        has_axis: bool,
    ) -> None:
        self.answers, self.most, self.has_axis = answers, len(classes), has_axis
        self.seed, people = parameters.seed, answers.n_people
        member = [fitted.posterior(answers).argmax(axis=1) for fitted in classes]
        self.size = [np.bincount(label, minlength=k + 1) for k, label in enumerate(member)]
        self.possible = [bool(size.min() >= parameters.min_group_size) for size in self.size]
        self.possible[0] = True
        self.least = max(parameters.min_group_size, int(np.ceil(LEAST_SHARE * people)))
        self.score = np.zeros((FOLDS, 2 * self.most + 2, people))
        self.label = np.zeros((FOLDS, self.most, people), np.int8)
        drawn = cell_fingerprints(answers.votes, parameters.seed) >> np.uint64(11)
        fold = (drawn.astype(np.float64) * (FOLDS / 2.0**53)).astype(np.int64)
        for number in range(FOLDS):
            self._foretell(number, fold == number, classes, traits)
        self.summed = self.score.sum(axis=0)

    def _foretell(
        self, number: int, held: NDArray[np.bool_], classes: list[Classes], traits: list[Trait]
    ) -> None:
        seen, unseen = self.answers.part(~held), self.answers.part(held)
        score = self.score[number]
        for k, fitted in enumerate(classes):
            guess = fitted.posterior(seen)
            soft = fit_classes(seen, guess)
            firm = fit_classes(seen, guess, prior=FIRM_PRIOR)
            score[k], share = _foretold(soft, seen, unseen)
            score[self.most + k], _ = _foretold(firm, seen, unseen)
            self.label[number, k] = share.argmax(axis=1)
        for d, trait in enumerate(traits):
            refit = fit_trait(seen, trait.posterior(seen), d + 1)
            score[2 * self.most + d], _ = _foretold(refit, seen, unseen)

    def judged(self) -> Gap:
        """Judge with everybody as they are, and with people drawn again."""
        weight = self.answers.weight
        verdict, k, z, trait = self._judge(weight)
        small, firm = self._small_classes(verdict, k, trait)
        if firm:
            k = min(firm)
        rng = np.random.default_rng(self.seed)
        people = len(weight)
        times = rng.multinomial(people, np.full(people, 1.0 / people), DRAWS)
        again = [self._judge(weight * draw)[:2] for draw in times]
        total = self.summed @ weight / max(self.answers.votes.n_votes, 1)
        number = [number_again if said == "gap" else 0 for said, number_again in again]
        return Gap(
            verdict=verdict,
            n_classes=k if verdict != "nothing" else 1,
            z=z,
            dimensions=trait + 1,
            gain_by_number={i + 1: float(total[i] - total[0]) for i in range(self.most)},
            gain_by_dimensions={
                d + 1: float(total[2 * self.most + d] - total[0]) for d in range(2)
            },
            certainty=float(np.mean([said == verdict for said, _ in again])),
            share_by_number={n: float(np.mean(np.equal(number, n))) for n in sorted(set(number))},
            small_groups=tuple(small),
            n_people=people,
            n_votes=self.answers.votes.n_votes,
        )

    def _judge(self, weight: NDArray[np.float64]) -> tuple[Verdict, int, float, int]:
        """Return verdict, number of classes, z of the gap and the better trait (0 or 1)."""
        score = self.summed
        total = score @ weight
        soft, firm, line = 0, self.most, 2 * self.most
        number = [k for k in range(self.most) if self.possible[k]]
        best = max(number, key=lambda k: (total[k], -k))
        k = next(k for k in number if _z(score[best] - score[k], weight) <= 1.0)
        trait = int(total[line + 1] > total[line])
        ahead = [_z(score[m] - score[0], weight) for m in (best, line + trait)]
        if not self.has_axis and max(ahead) <= PLAINLY_BETTER:
            return "nothing", 1, float("nan"), trait
        if len(number) < 2:
            return "no_gap", 1, float("nan"), trait
        k = max(k, number[1])
        z = max(_z(score[kind + k] - score[line + trait], weight) for kind in (soft, firm))
        return ("gap" if z > NEARLY_AS_GOOD else "no_gap"), k + 1, z, trait

    def _small_classes(self, verdict: Verdict, k: int, trait: int) -> tuple[list[int], list[int]]:
        """Return sizes of small classes that may exist, and numbers of classes that hold one."""
        is_gap = verdict == "gap"
        if verdict == "nothing":
            return [], []
        other = self.score[:, k - 1 if is_gap else 2 * self.most + trait]
        may, firm = set(), []
        for more in range(k if is_gap else 1, self.most):
            if not self.possible[more]:
                continue
            for at, size in enumerate(self.size[more].tolist()):
                if not self.least <= size <= MOST_SHARE * self.answers.n_people:
                    continue
                inside = self.label[:, more] == at
                gain = ((self.score[:, more] - other) * inside).sum(axis=0)
                z = _z(gain[inside.any(axis=0)], self.answers.weight[inside.any(axis=0)])
                if is_gap and z > EXISTS:
                    firm.append(more + 1)
                elif z > MAY_EXIST:
                    may.add(size)
        return ([] if firm else sorted(may)), firm


def _foretold(
    model: Classes | Trait, seen: Answers, unseen: Answers
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Return log P(unseen | seen) of each person, and where the votes seen put them."""
    joint = seen.likelihood(model.log_answer) + model.log_size
    share, before = normalised(joint)
    _, after = normalised(joint + unseen.likelihood(model.log_answer))
    return (after - before).astype(np.float64), share


def _z(difference: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    """Sum of paired differences over its standard error; 0 where there is no difference."""
    mass = float(weight.sum())
    if mass <= 0.0:
        return 0.0
    total = float(weight @ difference)
    spread = float(weight @ (difference - total / mass) ** 2)
    return total / np.sqrt(spread) if spread > 0.0 else 0.0


def _places(answers: Answers, axes: int) -> NDArray[np.float64]:
    """Stand people on the leading axes of the filled matrix; shape (M, axes)."""
    nothing = np.zeros(answers.n_statements, np.bool_)
    centred = residuals(answers.votes, nothing, weight=answers.weight)
    component, _ = principal_components(centred, min(axes, answers.n_statements))
    place: NDArray[np.float64] = centred.scale[:, None] * (centred.matrix.product @ component.T)
    missing = axes - place.shape[1]
    return np.pad(place, ((0, 0), (0, max(missing, 0))))


def _with_statements(votes: Votes, order: NDArray[np.intp]) -> Votes:
    """Put statements into an order of their own."""
    name = np.empty(len(order), np.int32)
    name[order] = np.arange(len(order), dtype=np.int32)
    statement = name[votes.statement]
    at = np.lexsort((statement, votes.participant))
    return Votes(votes.indptr, statement[at], votes.vote[at], votes.n_statements)
