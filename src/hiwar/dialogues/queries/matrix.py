"""The votes of a dialogue as the arrays that the engine takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hiwar.dialogues.models import Participant, Statement, Vote
from hiwar.dialogues.queries.people import NOT_STATED
from hiwar.engine.opinion.votes import Moderation, Votes
from hiwar.places.models import Place
from hiwar.places.queries import unit_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hiwar.dialogues.models import Dialogue

ATTRIBUTES = ("sex", "age_band", "disability", "locality_kind", "trust", "channel", "last_channel")


@dataclass(frozen=True, eq=False)
class VoteMatrix:
    """Votes with what the rows and columns stand for.

    Attributes
    ----------
    votes : Votes
        The later vote of each person on each open statement.
    moderation : Moderation
        1 for reviewed statements, 0 for those that are shown before review.
    participants : ndarray of shape (n_participants,), int64
        Key of each row, increasing; everybody with a vote who is not blocked.
    numbers : ndarray of shape (n_statements,), int64
        Number of each column, increasing.
    statements : tuple of Statement
        The column's statements.
    attributes : mapping of str to tuple of str or None
        What people told of themselves by attribute, in the order of the rows; None: not stated.
    """

    votes: Votes
    moderation: Moderation
    participants: NDArray[np.int64]
    numbers: NDArray[np.int64]
    statements: tuple[Statement, ...]
    attributes: Mapping[str, tuple[str | None, ...]]


def vote_matrix(dialogue: Dialogue) -> VoteMatrix:
    """Return the votes that count, with a number of queries that does not depend on them.

    A registration that was merged and a near-copy that was merged stand for what they were merged
    into, even when a late vote still came in under the old key.
    """
    statements, column_of = _columns(dialogue)
    people, person_of = _people(dialogue)
    events = _events(dialogue)
    row = np.array([person_of.get(key, -1) for key in events[:, 0].tolist()], np.int64)
    column = np.array([column_of.get(key, -1) for key in events[:, 1].tolist()], np.int64)
    counted = (row >= 0) & (column >= 0)
    voted, row_of_person = np.unique(row[counted], return_inverse=True)
    votes = Votes.from_events(
        row_of_person,
        column[counted],
        events[counted, 2].astype(np.int8),
        n_participants=len(voted),
        n_statements=len(statements),
    )
    rows = [people[at] for at in voted.tolist()]
    return VoteMatrix(
        votes=votes,
        moderation=_moderation(statements),
        participants=np.array([person.pk for person in rows], np.int64),
        numbers=np.array([statement.number for statement in statements], np.int64),
        statements=tuple(statements),
        attributes=attributes_of(rows),
    )


def attributes_of(people: list[Participant]) -> dict[str, tuple[str | None, ...]]:
    """Return what people told of themselves by attribute; places by their unit of report."""
    columns = {
        name: tuple(_stated(getattr(person, name)) for person in people) for name in ATTRIBUTES
    }
    code = dict(Place.objects.values_list("pk", "code"))
    unit = unit_of()
    columns["place"] = tuple(
        code.get(unit.get(person.place_id)) if person.place_id else None  # type: ignore[call-overload]
        for person in people
    )
    columns["sector"] = tuple(";".join(person.sectors) or None for person in people)
    return columns


def _stated(value: object) -> str | None:
    return None if str(value) in NOT_STATED else str(value)


def _columns(dialogue: Dialogue) -> tuple[list[Statement], dict[int, int]]:
    """Return the open statements, and the column of each statement's key."""
    known = list(Statement.objects.filter(dialogue=dialogue).order_by("number", "pk"))
    shown = [statement for statement in known if statement.state == Statement.State.OPEN]
    column_of = {statement.pk: column for column, statement in enumerate(shown)}
    into = {
        statement.pk: statement.derived_from_id
        for statement in known
        if statement.state == Statement.State.MERGED and statement.derived_from_id
    }
    for key in into:
        at: int | None = key
        while at is not None and at in into:
            at = into[at]
        if at in column_of:
            column_of[key] = column_of[at]
    return shown, column_of


def _people(dialogue: Dialogue) -> tuple[list[Participant], dict[int, int]]:
    """Return the people who count, and the row of each registration's key."""
    known = list(Participant.objects.filter(dialogue=dialogue).order_by("pk"))
    people = [
        participant
        for participant in known
        if participant.merged_into_id is None and not participant.is_blocked
    ]
    row_of = {participant.pk: row for row, participant in enumerate(people)}
    into = {
        participant.pk: participant.merged_into_id
        for participant in known
        if participant.merged_into_id is not None
    }
    for key in into:
        at: int | None = key
        while at is not None and at in into:
            at = into[at]
        if at in row_of:
            row_of[key] = row_of[at]
    return people, row_of


def _events(dialogue: Dialogue) -> NDArray[np.int64]:
    """Return participant, statement and choice of every vote in the order of their sequence."""
    votes = Vote.objects.filter(statement__dialogue=dialogue).order_by("sequence", "pk")
    rows = list(votes.values_list("participant_id", "statement_id", "choice"))
    return np.array(rows, np.int64).reshape(-1, 3)


def _moderation(statements: list[Statement]) -> Moderation:
    reviewed = set(
        Statement.objects.filter(
            pk__in=[statement.pk for statement in statements], decisions__outcome="accepted"
        ).values_list("pk", flat=True)
    )
    status = [
        1 if statement.author_id is None or statement.pk in reviewed else 0
        for statement in statements
    ]
    return Moderation(
        np.array(status, np.int8),
        np.array([statement.is_meta for statement in statements], np.bool_),
    )
