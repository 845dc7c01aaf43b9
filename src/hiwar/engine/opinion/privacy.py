"""How easily a published row of votes leads back to the person who cast them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hiwar.engine.opinion.fingerprints import row_fingerprints, vote_keys
from hiwar.engine.opinion.results import Privacy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiwar.engine.opinion.results import Parameters
    from hiwar.engine.opinion.votes import Votes

KNOWN_VOTES = (3, 4, 5, 7)
DECIDING_KNOWN_VOTES = 4
MOST_SINGLED_OUT = 0.05
SAMPLE_PEOPLE = 500
DRAWS = 3_000


def row_privacy(votes: Votes, parameters: Parameters) -> Privacy:
    """Report how many rows are unique and how many people a little knowledge singles out.

    Parameters
    ----------
    votes : Votes
    parameters : Parameters
        Only `seed` is used.

    Returns
    -------
    Privacy
        `singled_out` has an entry for 3, 4, 5 and 7 known votes, as far as anybody cast so many.

    Notes
    -----
    The attacker knows k votes of a person (statements and answers, drawn at random among the
    person's votes, passes included) and holds the published matrix. The person is singled out
    when no other row carries the same k votes. All people with at least three votes are asked
    about when there are at most 500, and a random 500 otherwise; for each, several draws of votes
    are averaged, and a share counts those with at least k votes. With 500 people its standard
    error is below 0.023.

    Rows may be published only if at most 5 % of them lead back to one person: those singled out
    by 4 known votes, and for people with fewer than 4 votes those whose row is unique. Without
    any votes nobody is singled out and publishing is allowed.

    References
    ----------
    de Montjoye, Y.-A. et al. (2013). Unique in the crowd: the privacy bounds of human mobility.
    Scientific Reports 3, 1376 (unicity).
    """
    voters = votes.votes_per_participant > 0
    rows = row_fingerprints(votes)[voters]
    _, where, times = np.unique(rows, return_inverse=True, return_counts=True)
    alone = times[where] == 1
    singled_out = _singled_out(votes, np.random.default_rng([parameters.seed, 7]))
    few = votes.votes_per_participant[voters] < DECIDING_KNOWN_VOTES
    exposed = singled_out.get(DECIDING_KNOWN_VOTES, 0.0) * float((~few).sum())
    exposed += float(alone[few].sum())
    return Privacy(
        n_rows=len(rows),
        unique_rows=float(alone.mean()) if len(rows) else 0.0,
        singled_out=singled_out,
        may_publish_rows=exposed <= MOST_SINGLED_OUT * len(rows),
    )


def _singled_out(votes: Votes, rng: np.random.Generator) -> dict[int, float]:
    """Return the share of people with at least k votes whom k of them single out, by k."""
    people = np.flatnonzero(votes.votes_per_participant >= KNOWN_VOTES[0])
    if len(people) > SAMPLE_PEOPLE:
        people = np.sort(rng.choice(people, SAMPLE_PEOPLE, replace=False))
    attack = _Attack(votes)
    asked, alone = np.zeros(len(KNOWN_VOTES)), np.zeros(len(KNOWN_VOTES))
    draws = -(-DRAWS // max(len(people), 1))
    for person in people.tolist():
        own = votes.indptr[person + 1] - votes.indptr[person]
        known = rng.permuted(np.tile(np.arange(own), (draws, 1)), axis=1)[:, : KNOWN_VOTES[-1]]
        asked += draws * (own >= np.array(KNOWN_VOTES))
        for drawn in attack.keys[votes.indptr[person] + known]:
            alone += attack.alone(drawn)
    return {k: float(f / a) for k, a, f in zip(KNOWN_VOTES, asked, alone, strict=True) if a}


class _Attack:
    """People by statement and answer, each list increasing, ready to be intersected."""

    def __init__(self, votes: Votes) -> None:
        self.keys = vote_keys(votes)
        short = self.keys.astype(np.uint16) if votes.n_statements * 3 < 2**16 else self.keys
        self.people = votes.participant[np.argsort(short, kind="stable")]
        counts = np.bincount(self.keys, minlength=votes.n_statements * 3)
        self.ends = np.concatenate(([0], np.cumsum(counts)))

    def alone(self, known: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell, for each number of known votes, whether its first so many leave one person."""
        first = known[: KNOWN_VOTES[0]]
        rarest = np.argsort(self.ends[first + 1] - self.ends[first])
        suspects = self._voters(first[rarest[0]])
        for key in first[rarest[1:]]:
            suspects = _common(suspects, self._voters(key))
        left = [len(suspects)]
        for key in known[KNOWN_VOTES[0] :]:
            if len(suspects) > 1:
                suspects = _common(suspects, self._voters(key))
            left.append(len(suspects))
        asked = np.array(KNOWN_VOTES) - KNOWN_VOTES[0]
        return np.array([n < len(left) and left[n] == 1 for n in asked])

    def _voters(self, key: np.int64) -> NDArray[np.int32]:
        return self.people[self.ends[key] : self.ends[key + 1]]


def _common(some: NDArray[np.int32], others: NDArray[np.int32]) -> NDArray[np.int32]:
    """Intersect two increasing lists, neither of them empty."""
    few, many = sorted((some, others), key=len)
    at = np.searchsorted(many, few)
    at[at == len(many)] = 0
    return np.asarray(few[many[at] == few], np.int32)
