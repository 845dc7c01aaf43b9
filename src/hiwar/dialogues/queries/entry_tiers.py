"""What people say by how they were let in: codes and lists first, the open link apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hiwar.dialogues.models import Participant
from hiwar.engine.inclusion.crosstab import answers_to_statement
from hiwar.engine.opinion.divisiveness import has_exposure, shared_direction
from hiwar.engine.opinion.results import Parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hiwar.dialogues.queries.matrix import VoteMatrix

CODES, OPEN = 0, 1
LEAST = 15  # people of each kind; fewer do not stand for a headline
Json = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Tiers:
    """How the people of a matrix were let in.

    Attributes
    ----------
    of_person : ndarray of shape (n_participants,), int64
        0 for a code or a membership list, 1 for the open link.
    people : tuple of int
        How many of each.
    """

    of_person: NDArray[np.int64]
    people: tuple[int, int]

    def kind(self, threshold: int) -> str:
        """Return what may be said: `codes` or `open` alone, `both` apart, or `few` to part."""
        if not self.people[OPEN]:
            return "codes"
        if not self.people[CODES]:
            return "open"
        return "both" if min(self.people) >= max(threshold, LEAST) else "few"


def tiers_of(matrix: VoteMatrix) -> Tiers:
    """Return how each row of the matrix was let in."""
    open_link = str(Participant.Trust.OPEN_LINK.value)
    of_person = np.array(
        [int(source == open_link) for source in matrix.attributes["trust"]], np.int64
    )
    count = np.bincount(of_person, minlength=2)
    return Tiers(of_person, (int(count[CODES]), int(count[OPEN])))


def headline(matrix: VoteMatrix, document: Mapping[str, Any], threshold: int) -> Json:
    """Return the answer by how people were let in, so that a crowd of bots cannot set it.

    Parameters
    ----------
    matrix : VoteMatrix
        Its rows are those of the document's map.
    document : mapping
        The JSON document of the final map; its groups are kept as they are.
    threshold : int
        Statements on which fewer people of either kind voted have no numbers of their own.

    Returns
    -------
    dict
        ``kind`` as in `Tiers`; for ``both`` also ``codes`` and ``open``, each with how many people
        there are, their votes, the statements that enough of every group voted on and how many of
        these all groups share; and ``statements``, the answers of both by number. ``codes`` names
        the shared ones by ``numbers``: which way a clear majority of a whole group goes, no count.
    """
    tiers = tiers_of(matrix)
    kind = tiers.kind(threshold)
    if kind != "both":
        return {"kind": kind}
    codes, shared = _shared(matrix, document, tiers, CODES)
    return {
        "kind": kind,
        "codes": {**codes, "numbers": shared},
        "open": _shared(matrix, document, tiers, OPEN)[0],
        "statements": _by_statement(matrix, tiers, threshold),
    }


def _shared(
    matrix: VoteMatrix, document: Mapping[str, Any], tiers: Tiers, which: int
) -> tuple[Json, list[int]]:
    parameters = Parameters(**document["engine"]["parameters"])
    order = {group["id"]: at for at, group in enumerate(document["groups"])}
    group = np.array([order.get(label, -1) for label in document["group_by_row"]], np.int64)
    inside = tiers.of_person == which
    if not order:
        group, order = np.zeros(len(inside), np.int64), {0: 0}
    tally = matrix.votes.tally(np.where(inside, group, -1), len(order))
    put = has_exposure(tally, parameters.min_exposure)
    # Votes under review are as in the map: what is out is neither put nor shared.
    live = ~matrix.moderation.out & put
    shared = live & (shared_direction(tally, parameters) != 0)
    answer = {
        "people": tiers.people[which],
        "votes": int(matrix.votes.tally(np.where(inside, 0, -1), 1).seen.sum()),
        "statements": int(live.sum()),
        "shared": int(shared.sum()),
    }
    return answer, matrix.numbers[shared].tolist()


def _by_statement(matrix: VoteMatrix, tiers: Tiers, threshold: int) -> Json:
    by_statement: Json = {}
    for column, number in enumerate(matrix.numbers.tolist()):
        cast = matrix.votes.statement == column
        table = answers_to_statement(
            tiers.of_person[matrix.votes.participant[cast]],
            matrix.votes.vote[cast],
            2,
            threshold,
        )
        by_statement[str(number)] = [_counts(table.shown[at]) for at in (CODES, OPEN)]
    return by_statement


def _counts(cell: NDArray[np.float64]) -> Json | None:
    if np.isnan(cell).any():
        return None
    disagree, passed, agree, seen = (int(value) for value in cell.tolist())
    return {"agree": agree, "disagree": disagree, "pass": passed, "seen": seen}
