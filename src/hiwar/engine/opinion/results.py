"""What the opinion engine answers with: frozen records, arrays with stated shapes.

``N`` participants, ``C`` statements, ``G`` opinion groups. Group labels run from 0 to
``G - 1`` and -1 means "in no group". ``G`` is 0 when no groups can be shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from hiwar.engine.opinion.latent_classes import Classes
    from hiwar.engine.opinion.votes import Tally

Mode = Literal["default", "compat"]
Direction = Literal["agree", "disagree"]
Outcome = Literal[
    "groups",  # two or more groups, shown
    "too_few_participants",  # fewer people above the threshold than two groups need
    "too_few_statements",  # fewer than two live statements
    "no_variation",  # everybody voted alike
    "no_structure",  # positions differ no more than they would by chance
    "not_stable",  # groups change when other people of the same kind are drawn
]


Verdict = Literal[
    "gap",  # people form groups with a gap between them
    "no_gap",  # one continuum; groups are its ends, and the line between them is ours
    "nothing",  # views differ no more than by chance
]


@dataclass(frozen=True)
class Parameters:
    """Everything that was chosen before looking at the votes.

    Attributes
    ----------
    mode : {"default", "compat"}
        "compat" repeats the best-known system step by step; "default" is Hiwar's own.
    min_votes : int
        Votes a participant needs to be placed in a group.
    min_participants : int
        Top up to this many by number of votes (compat mode).
    min_group_size : int
        Smallest group that may be shown (default mode).
    max_groups : int
        Largest number of groups that is tried.
    n_base_clusters : int
        Number of base clusters from which groups are made.
    restarts : int
        Random starts of each k-means.
    bootstrap : int
        Resamples of people for stability and intervals; 0 leaves them out.
    confidence : float
        Level of every interval, in (0, 1).
    false_discovery_rate : float
        Level of the Benjamini-Hochberg control, in (0, 1).
    min_exposure : int
        Votes in every group that a statement needs to be called shared or dividing.
    seed : int
        Seed of every random draw.
    trait_map : bool
        Also place everybody by a latent trait of their votes, with an interval for each person.
    """

    mode: Mode = "default"
    min_votes: int = 7
    min_participants: int = 15
    min_group_size: int = 5
    max_groups: int = 5
    n_base_clusters: int = 100
    restarts: int = 20
    bootstrap: int = 100
    confidence: float = 0.90
    false_discovery_rate: float = 0.10
    min_exposure: int = 5
    seed: int = 0
    trait_map: bool = False


@dataclass(frozen=True)
class Gap:
    """Whether the votes speak for groups or for a continuum, by votes that were held out.

    Attributes
    ----------
    verdict : Verdict
    n_classes : int
        Number of latent classes that foretells held-out votes best, one standard error allowed.
    z : float
        How much better than a continuum these classes foretell, in standard errors; nan where
        there is nothing to explain.
    dimensions : int
        1 or 2, of the continuum that foretells best.
    gain_by_number : mapping of int to float
        Mean log-likelihood of a held-out vote above that of one class, by number of classes.
    gain_by_dimensions : mapping of int to float
        The same by dimensions of the continuum.
    certainty : float
        Share of draws of other people that lead to the same verdict, in [0, 1].
    share_by_number : mapping of int to float
        How often each number of groups with a gap came out of the draws; 0 stands for no gap.
    small_groups : tuple of int
        Sizes of small groups that may exist and are not shown.
    n_people, n_votes : int
        How many the verdict rests on; fewer than there are in a large conversation.
    """

    verdict: Verdict
    n_classes: int
    z: float
    dimensions: int
    gain_by_number: Mapping[int, float]
    gain_by_dimensions: Mapping[int, float]
    certainty: float
    share_by_number: Mapping[int, float]
    small_groups: tuple[int, ...]
    n_people: int
    n_votes: int


@dataclass(frozen=True, eq=False)
class OpinionMapResult:
    """Where everybody stands, and the groups.

    Attributes
    ----------
    outcome : Outcome
        "groups", or the reason why no groups are shown.
    position : ndarray of shape (N, 2)
        Map units; (0, 0) for somebody without a live vote.
    component : ndarray of shape (2, C)
        Loadings, unit length; 0 for statements that are out.
    mean : ndarray of shape (C,)
        Mean vote in [-1, 1] among those who voted.
    explained_variance : ndarray of shape (2,)
        Share of the variance of the imputed matrix, in [0, 1].
    statement_position : ndarray of shape (C, 2)
        Where somebody would stand whose only vote is agree on the statement.
    extremity : ndarray of shape (C,)
        Length of `statement_position`, >= 0. This is not divisiveness.
    in_map : ndarray of shape (N,), bool
        True for those with enough votes to be placed in a group.
    group : ndarray of shape (N,), int32
        Group label, -1 for none.
    group_centre : ndarray of shape (G, 2)
        Mean position of the members.
    silhouette : mapping of int to float
        Silhouette in [-1, 1] of each number of groups that was tried.
    base_centre : ndarray of shape (B, 2)
        Centres of the base clusters.
    base_size : ndarray of shape (B,)
        Members of each base cluster.
    base_group : ndarray of shape (B,), int32
        Group of each base cluster.
    gap : Gap or None
        Whether there is a gap between groups; None where that was not asked (compat mode, too few
        votes).
    classes : Classes or None
        The classes that the groups are, in the same order, on all C statements; None where groups
        were made from places on the map.
    """

    outcome: Outcome
    position: NDArray[np.float64]
    component: NDArray[np.float64]
    mean: NDArray[np.float64]
    explained_variance: NDArray[np.float64]
    statement_position: NDArray[np.float64]
    extremity: NDArray[np.float64]
    in_map: NDArray[np.bool_]
    group: NDArray[np.int32]
    group_centre: NDArray[np.float64]
    silhouette: Mapping[int, float]
    base_centre: NDArray[np.float64]
    base_size: NDArray[np.int64]
    base_group: NDArray[np.int32]
    gap: Gap | None = None
    classes: Classes | None = None

    @property
    def n_groups(self) -> int:
        """Number of groups shown; 0 when none can be shown."""
        return len(self.group_centre)


@dataclass(frozen=True)
class Interval:
    """An estimate with its interval, all shares in [0, 1] unless said otherwise."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class RepresentativeStatement:
    """How far a statement speaks for one group and not for the others.

    Attributes
    ----------
    statement : int
        Column of the statement.
    direction : {"agree", "disagree"}
        Whether the group is known by its agreement or by its disagreement.
    n_success, n_trials : int
        Votes of the group in that direction, and all its votes on it.
    p_success : Interval
        (n_success + 1) / (n_trials + 2) with its Wilson interval.
    p_test : float
        z of one proportion against one half.
    repness : float
        Ratio of p_success in the group to that in all others together, > 0.
    repness_test : float
        z of two proportions, the group against all others together.
    score : float
        repness * repness_test * p_success * p_test, the order of the list.
    p_value, q_value : float
        One-sided p of `repness_test`, and its Benjamini-Hochberg value over all
        groups, statements and directions.
    is_significant : bool
        True when q_value is at most the false discovery rate.
    is_best_agree : bool
        True for the statement of the group that speaks best for what it agrees with.
    """

    statement: int
    direction: Direction
    n_success: int
    n_trials: int
    p_success: Interval
    p_test: float
    repness: float
    repness_test: float
    score: float
    p_value: float
    q_value: float
    is_significant: bool
    is_best_agree: bool = False


@dataclass(frozen=True)
class ConsensusStatement:
    """A statement that a majority of all shares, whatever the group."""

    statement: int
    direction: Direction
    n_success: int
    n_trials: int
    p_success: float
    p_test: float


@dataclass(frozen=True, eq=False)
class StatementStatistics:
    """One value per statement; nan where it cannot be computed.

    Attributes
    ----------
    group_informed_consensus : ndarray of shape (C,)
        Product over groups of (A + 1) / (S + 2), in (0, 1).
    group_informed_consensus_disagree : ndarray of shape (C,)
        The same for disagreement.
    bridging : ndarray of shape (C,)
        Group-free common ground, in [0, 1]: support on both sides of every viewpoint.
    divisiveness : ndarray of shape (C,)
        Largest difference of agreement between two groups, in [0, 1].
    divisiveness_low, divisiveness_high : ndarray of shape (C,)
        Its interval.
    is_shared, is_dividing : ndarray of shape (C,), bool
        Verdicts under the minimum exposure; never both.
    has_exposure : ndarray of shape (C,), bool
        True where every group has at least `min_exposure` votes.
    priority : ndarray of shape (C,)
        Weight with which the statement is offered next, > 0.
    """

    group_informed_consensus: NDArray[np.float64]
    group_informed_consensus_disagree: NDArray[np.float64]
    bridging: NDArray[np.float64]
    divisiveness: NDArray[np.float64]
    divisiveness_low: NDArray[np.float64]
    divisiveness_high: NDArray[np.float64]
    is_shared: NDArray[np.bool_]
    is_dividing: NDArray[np.bool_]
    has_exposure: NDArray[np.bool_]
    priority: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Stability:
    """What happens to the groups when other people of the same kind are drawn.

    Attributes
    ----------
    n_resamples : int
        Resamples drawn.
    n_people : int
        People drawn in each.
    share_by_n_groups : mapping of int to float
        How often each number of groups came out, in [0, 1]; 0 means no groups.
    membership : ndarray of shape (N,)
        Probability that a person belongs to the group that is shown; nan for nobody's and where
        there is no gap, because a part of a continuum is no group to belong to.
    mean_agreement : float
        Mean adjusted Rand index between the resampled groups and those shown, in [-1, 1].
    group_agree_low, group_agree_high : ndarray of shape (G, C)
        Interval of the share that agrees in each group, in [0, 1].
    """

    n_resamples: int
    n_people: int
    share_by_n_groups: Mapping[int, float]
    membership: NDArray[np.float64]
    mean_agreement: float
    group_agree_low: NDArray[np.float64]
    group_agree_high: NDArray[np.float64]


@dataclass(frozen=True)
class Accuracy:
    """How well withheld votes are foretold, shares in [0, 1].

    `majority` predicts the most common vote on the statement, `group` the most common in
    the person's group, `map` from the person's position; each fitted without the votes that
    it is asked for.
    """

    n_withheld: int
    majority: float
    group: float
    map: float


@dataclass(frozen=True)
class Privacy:
    """How far rows of votes are fingerprints.

    Attributes
    ----------
    n_rows : int
        Participants with at least one vote.
    unique_rows : float
        Share of rows that nobody else has, in [0, 1].
    singled_out : mapping of int to float
        Share of people singled out by somebody who knows so many of their votes.
    may_publish_rows : bool
        False when publishing rows would single people out.
    """

    n_rows: int
    unique_rows: float
    singled_out: Mapping[int, float]
    may_publish_rows: bool


@dataclass(frozen=True, eq=False)
class Manipulation:
    """What would look like manipulation, and what it changes.

    Attributes
    ----------
    most_active_share : float
        Share of all votes that the most active 1 % cast, in [0, 1].
    agreement_without_most_active : float
        Adjusted Rand index of the groups with and without them, in [-1, 1]; nan if no groups.
    identical_rows : tuple of tuple of int
        Clusters of people with the same votes on at least `min_votes` statements.
    agreement_without_identical : float
        As above, each cluster counted once.
    bursts : tuple of tuple of (int, int, int)
        (first event, last event, statement or -1) of runs that arrived too fast to be by chance;
        empty when no times are known.
    """

    most_active_share: float
    agreement_without_most_active: float
    identical_rows: tuple[tuple[int, ...], ...]
    agreement_without_identical: float
    bursts: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Missingness:
    """What missing votes may have done to the map.

    Attributes
    ----------
    density : float
        Share of cells voted on, in [0, 1].
    median_votes : float
        Median number of votes of a participant.
    distance_correlation : float
        Correlation between distance from the centre and log(number of votes), in [-1, 1].
    distance_correlation_corrected : float
        The same for the position that corrects for the number of votes.
    """

    density: float
    median_votes: float
    distance_correlation: float
    distance_correlation_corrected: float


@dataclass(frozen=True, eq=False)
class IdealPoints:
    """Places on a latent plane, turned and scaled to lie over the map; nan for those not in it.

    Attributes
    ----------
    place : ndarray of shape (N, 2)
        Posterior mean.
    low, high : ndarray of shape (N, 2)
        Ends of the interval of each coordinate at `Parameters.confidence`.
    spread : ndarray of shape (N,)
        Posterior standard deviation of the place, both axes together, >= 0.
    """

    place: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    spread: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Analysis:
    """Everything the engine has to say about one conversation."""

    engine_version: str
    parameters: Parameters
    opinion_map: OpinionMapResult
    corrected_position: NDArray[np.float64]
    tally_all: Tally
    tally_by_group: Tally
    representative: tuple[tuple[RepresentativeStatement, ...], ...]
    ranked: tuple[tuple[RepresentativeStatement, ...], ...]
    consensus_agree: tuple[ConsensusStatement, ...]
    consensus_disagree: tuple[ConsensusStatement, ...]
    statements: StatementStatistics
    missingness: Missingness
    stability: Stability | None = None
    accuracy: Accuracy | None = None
    privacy: Privacy | None = None
    manipulation: Manipulation | None = None
    ideal_points: IdealPoints | None = None
    notes: tuple[str, ...] = field(default=())
