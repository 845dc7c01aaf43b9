"""What people say by room, and which statements are bridging: small rooms told together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db.models import Q

from hiwar.dialogues.models import Dialogue, Participant, VotingRoom
from hiwar.dialogues.queries.groups import answers_by_group
from hiwar.engine.inclusion.rooms import Step, answers_by_room, difference_exposes, fold_rooms
from hiwar.engine.opinion.intervals import wilson
from hiwar.engine.opinion.threshold_bridging import (
    MISSED,
    UNTOLD,
    agreement_everywhere,
    reaches_share,
)
from hiwar.events.models import Event
from hiwar.events.queries.events import events_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import QuerySet
    from numpy.typing import NDArray

    from hiwar.accounts.rules import Somebody
    from hiwar.dialogues.queries.matrix import VoteMatrix
    from hiwar.engine.inclusion.rooms import Folding, RoomAnswers

CONFIDENCE = 0.90
# Where taking part is dangerous, small numbers begin later.
SMALLEST_AT_HIGH_RISK = 20
STATES = {1: "bridging", MISSED: "missed", UNTOLD: "untold"}
STEPS = {step.value: step.name.lower() for step in Step}
Json = dict[str, Any]


def rooms_of_dialogue(dialogue: Dialogue) -> QuerySet[VotingRoom]:
    """Return the rooms in which people vote in a dialogue, in their order."""
    voting_rooms = VotingRoom.objects.filter(dialogue=dialogue)
    return voting_rooms.select_related("room__event").order_by("position", "pk")


def events_with_rooms(user: Somebody) -> QuerySet[Event]:
    """Return the events a user may read that have rooms and are not called off, newest first."""
    gone = (Event.State.CANCELLED, Event.State.POSTPONED)
    events = events_for(user).filter(rooms__isnull=False, is_archive=False).exclude(state__in=gone)
    return events.distinct().order_by("-starts_at", "pk")


def find_room(code: str) -> VotingRoom | None:
    """Return the room of a code in a dialogue that the public may see."""
    voting_rooms = VotingRoom.objects.filter(code=code.strip().lower())
    voting_rooms = voting_rooms.exclude(dialogue__state=Dialogue.State.DRAFT)
    return voting_rooms.select_related("dialogue").first()


def smallest_room(dialogue: Dialogue) -> int:
    """Return from how many people on a room is shown alone."""
    least = SMALLEST_AT_HIGH_RISK if dialogue.risk == Dialogue.Risk.HIGH else 0
    return max(dialogue.room_threshold, dialogue.threshold, least)


@dataclass(frozen=True, eq=False)
class Seating:
    """In which row of the list of rooms the people of a matrix are told.

    Attributes
    ----------
    rooms : tuple of VotingRoom
    threshold : int
        Smallest number of people that is told.
    folding : Folding
    people : ndarray of shape (n_rooms + 1,), int64
        People by room; the last are in none.
    row : ndarray of shape (n_participants,), int64
        Row of each person of the matrix.
    """

    rooms: tuple[VotingRoom, ...]
    threshold: int
    folding: Folding
    people: NDArray[np.int64]
    row: NDArray[np.int64]

    @property
    def is_told(self) -> bool:
        """Whether there are two rows to compare; people in no room are no such row."""
        return self.folding.n_rows - (self.folding.elsewhere >= 0) >= 2

    def exposes(self, category: NDArray[np.int64]) -> bool:
        """Tell whether answers by another category, from 0 on, would give small rooms away."""
        if not self.is_told:
            return False
        shape = self.folding.n_rows, int(category.max(initial=0)) + 1
        table = np.zeros(shape, np.int64)
        np.add.at(table, (self.row, category), 1)
        return difference_exposes(table, self.threshold)


def seating_of(dialogue: Dialogue, matrix: VoteMatrix) -> Seating | None:
    """Return who is told where, or None for a dialogue without rooms."""
    rooms = tuple(rooms_of_dialogue(dialogue))
    if not rooms:
        return None
    threshold = smallest_room(dialogue)
    room_of_row = _room_of_row(dialogue, matrix, rooms)
    people = np.bincount(room_of_row, minlength=len(rooms) + 1)
    folding = fold_rooms(people[:-1].tolist(), int(people[-1]), threshold)
    return Seating(rooms, threshold, folding, people, folding.row_of_part[room_of_row])


def by_room(
    dialogue: Dialogue,
    document: Mapping[str, Any],
    matrix: VoteMatrix,
    seating: Seating | None,
) -> Json | None:
    """Return the agreement by room and group, and the statements that are bridging.

    Parameters
    ----------
    dialogue : Dialogue
        Its share decides.
    document : mapping
        The JSON document of a map, from which the opinion groups are taken.
    matrix : VoteMatrix
        The votes.
    seating : Seating or None
        Who is told where.

    Returns
    -------
    dict or None
        None for a dialogue without rooms. ``rows`` is empty when there are not two to compare.
        Everything is as it may be published: whoever sees all of it and the totals learns
        nothing of a room below the threshold.
    """
    if seating is None:
        return None
    by_room: Json = {
        "threshold": seating.threshold,
        "share": dialogue.bridging_share,
        "groups": [group["id"] for group in document["groups"]],
        "rows": [],
        "statements": [],
    }
    if not seating.is_told:
        return by_room
    tally = matrix.votes.tally(seating.row, seating.folding.n_rows)
    passed = tally.seen - tally.agree - tally.disagree
    counts = np.stack((tally.disagree, passed, tally.agree), axis=2)
    answers = answers_by_room(counts, seating.threshold, dialogue.bridging_share)
    by_room["rows"] = _rows(seating.rooms, seating.folding, seating.people)
    by_room["statements"] = _statements(dialogue, document, matrix, answers, seating.folding)
    return by_room


def _room_of_row(
    dialogue: Dialogue, matrix: VoteMatrix, rooms: Sequence[VotingRoom]
) -> NDArray[np.int64]:
    """Return the number of the room of each row; the last number stands for no room.

    Somebody whose registrations were joined votes in the room of the one that was kept, and without
    one there in that of the others.
    """
    number = {room.pk: at for at, room in enumerate(rooms)}
    known = Participant.objects.filter(dialogue=dialogue).filter(
        Q(room__isnull=False) | Q(merged_into__isnull=False)
    )
    into: dict[int, int] = {}
    room_of: dict[int, int] = {}
    for key, room, kept in known.order_by("pk").values_list("pk", "room_id", "merged_into_id"):
        if kept is not None:
            into[key] = kept
        if room is not None:
            room_of[key] = number[room]
    for key in sorted(into):
        at = key
        while at in into:
            at = into[at]
        if key in room_of:
            room_of.setdefault(at, room_of[key])
    nowhere = len(rooms)
    return np.array([room_of.get(key, nowhere) for key in matrix.participants.tolist()], np.int64)


def _rows(rooms: Sequence[VotingRoom], folding: Folding, people: NDArray[np.int64]) -> list[Json]:
    rows: list[Json] = [
        {"kind": "room", "names": [], "people": 0} for _row in range(folding.n_rows)
    ]
    if folding.others >= 0:
        rows[folding.others]["kind"] = "others"
    if folding.elsewhere >= 0:
        rows[folding.elsewhere]["kind"] = "elsewhere"
    for part, row in enumerate(folding.row_of_part.tolist()):
        if row < 0:
            continue
        rows[row]["people"] += int(people[part])
        if part < len(rooms):
            rows[row]["names"].append(dict(rooms[part].label))
        elif row == folding.others and people[part]:
            rows[row]["with_elsewhere"] = True
    return rows


def _statements(
    dialogue: Dialogue,
    document: Mapping[str, Any],
    matrix: VoteMatrix,
    answers: RoomAnswers,
    folding: Folding,
) -> list[Json]:
    share = dialogue.bridging_share
    groups = _groups(document, matrix, dialogue.threshold)
    in_group = _reached(groups, len(matrix.statements), share)
    in_room = reaches_share(answers.least, answers.most, answers.seen, share)
    deciding = np.arange(folding.n_rows) != folding.elsewhere
    bridges = agreement_everywhere(in_room[deciding], in_group)
    low, high = wilson(
        np.nan_to_num(answers.counts[..., 2]), np.nan_to_num(answers.seen), CONFIDENCE
    )
    statements: list[Json] = []
    for column, statement in enumerate(matrix.statements):
        statements.append(
            {
                "number": statement.number,
                "texts": dict(statement.text),
                "state": STATES[int(bridges.bridging[column])],
                "rows": [
                    _cell(answers, row, column, int(in_room[row, column]))
                    | _interval(answers, row, column, (low, high))
                    for row in range(folding.n_rows)
                ],
                "groups": [
                    _group_cell(groups[row][column], int(in_group[row, column]))
                    for row in range(len(in_group))
                ],
            }
        )
    return statements


def _cell(answers: RoomAnswers, row: int, column: int, reached: int) -> Json:
    step = STEPS[int(answers.step[row, column])]
    if step == "hidden":
        return {"step": step, "reached": reached}
    cell: Json = {"step": step, "seen": int(answers.seen[row, column]), "reached": reached}
    if step == "exact":
        disagree, passed, agree = (int(n) for n in answers.counts[row, column].tolist())
        cell |= {"agree": agree, "disagree": disagree, "pass": passed}
    return cell


def _interval(
    answers: RoomAnswers,
    row: int,
    column: int,
    bounds: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> Json:
    if answers.step[row, column] != Step.EXACT or not answers.seen[row, column]:
        return {}
    low, high = (round(100 * float(part[row, column])) for part in bounds)
    return {"low": low, "high": high}


def _groups(
    document: Mapping[str, Any], matrix: VoteMatrix, threshold: int
) -> list[list[Json | None]]:
    """Return the counts by group and statement, None where a group is hidden."""
    keys = [str(group["id"]) for group in document["groups"]]
    column_of = {number: column for column, number in enumerate(matrix.numbers.tolist())}
    groups: list[list[Json | None]] = [[None] * len(column_of) for _key in keys]
    for row in document["statements"]:
        column = column_of.get(row["id"])
        if column is None or row["counts"]["seen"] < threshold:
            continue
        for at, counts in enumerate(answers_by_group(row, keys, threshold)):
            groups[at][column] = counts
    return groups


def _reached(
    groups: Sequence[Sequence[Json | None]], n_statements: int, share: int
) -> NDArray[np.int8]:
    agree, seen = (
        np.array(
            [[cell[name] if cell else np.nan for cell in group] for group in groups], np.float64
        ).reshape(len(groups), n_statements)
        for name in ("agree", "seen")
    )
    return reaches_share(agree, agree, seen, share)


def _group_cell(counts: Json | None, reached: int) -> Json:
    if counts is None:
        return {"step": "hidden", "reached": reached}
    return {"step": "exact", "reached": reached} | counts
