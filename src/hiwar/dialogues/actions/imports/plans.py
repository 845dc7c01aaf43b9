"""What bringing in a file would do, worked out row by row with nothing written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings

from hiwar.analysis.reading.values import integer, plain
from hiwar.dialogues.models import (
    Dialogue,
    Participant,
    Statement,
    Support,
    Vote,
    VotingRoom,
)
from hiwar.dialogues.models.sequences import COUNTERS, day_of, first_sequence, of_clock
from hiwar.dialogues.queries.imports import problem
from hiwar.dialogues.queries.messages import fold
from hiwar.dialogues.queries.people import contact_key

if TYPE_CHECKING:
    from uuid import UUID

    from hiwar.common.imports import Problem
    from hiwar.dialogues.actions.telling import Left
    from hiwar.dialogues.actions.votes import Act

Row = tuple[int, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Unread:
    """A message for a person to read; long numbers in it are not kept, its sender is sealed."""

    participant: int | None
    text: str
    problem: str
    received: int
    sender: str = ""


@dataclass(slots=True)
class Plan:
    """What would be written, and the counts and problems a person sees before."""

    problems: list[Problem] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    people: list[Participant] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    acts: dict[tuple[int, int], Act] = field(default_factory=dict)
    support: dict[tuple[int, int], Support] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
    # When, whether messages are to end or to begin again, and the address that said it.
    wishes: list[tuple[int, str, str]] = field(default_factory=list)
    # Whether the people of the file agreed that their addresses are kept to tell them.
    keeps_addresses: bool = False
    left: list[Left] = field(default_factory=list)
    forms: list[tuple[str, int]] = field(default_factory=list)
    seats: dict[int, UUID] = field(default_factory=dict)
    # Which of `statements` a key below 0 stands for until it is written.
    placeholders: dict[int, int] = field(default_factory=dict)
    rows: dict[tuple[int, int], Row] = field(default_factory=dict)

    def wrong(self, code: str, row: Row | None, title: str = "", value: str = "") -> None:
        """Note a problem of a row."""
        self.problems.append(problem(code, row[0] if row else 0, title, value))

    @property
    def is_stopped(self) -> bool:
        """Whether nothing of the file can be loaded."""
        return any(problem.stops for problem in self.problems)

    def lines_with(self, *, harmless: bool) -> set[int]:
        """Return the lines with a problem that is only to be known, or with one that is more."""
        return {
            problem.line
            for problem in self.problems
            if problem.line and problem.is_notice == harmless
        }

    def settle(self, known: Known) -> None:
        """Sort votes by their times, then keep the day and a counter of each person alone.

        Until then a vote of a plan has the time of its row. On a day on which somebody voted by
        another way, nobody knows which vote is the later one: that is for a person to say.
        """
        timed: dict[int | None, list[tuple[int, Act | Unread]]] = {}
        for vote in self.acts.values():
            timed.setdefault(vote.participant, []).append((vote.sequence, vote))
        for message in self.unread:
            timed.setdefault(message.participant, []).append((message.received, message))
        there = _votes_there({person for person in timed if person is not None})
        self.acts.clear()
        self.unread.clear()
        for person, rows in timed.items():
            stands = there.get(person or 0, {})
            counters = (sequence % COUNTERS for _choice, _channel, sequence in stands.values())
            counter = max(counters, default=first_sequence(person or 0, date.min) % COUNTERS)
            for clock, act in sorted(rows, key=lambda row: row[0]):
                counter += 1
                if isinstance(act, Unread):
                    came = of_clock(clock, counter if person else 0, known.zone)
                    self.unread.append(replace(act, received=came))
                    continue
                dated = act._replace(sequence=of_clock(act.sequence, counter, known.zone))
                if _same_day(dated, stands.get(act.statement)):
                    number = known.number_of[act.statement]
                    row = self.rows.get((act.participant, act.statement))
                    self.wrong("same_day", row, "", str(number))
                else:
                    self._take(dated, stands.get(act.statement))

    def _take(self, act: Act, stands: tuple[int, str, int] | None) -> None:
        """Take a vote unless the one that stands is later; counted is which it was."""
        if stands is not None and act.sequence <= stands[2]:
            self.counts["older"] += 1
            return
        self.counts["written"] += 1
        self.counts["replaced"] += stands is not None
        self.acts[act.participant, act.statement] = act

    def add(self, act: Act, row: Row | None = None) -> None:
        """Take a vote; of two in the file the later one stands, at one instant the lower row."""
        self.counts["votes"] += 1
        slot = (act.participant, act.statement)
        there = self.acts.get(slot)
        if there is not None:
            self.counts["replaced_in_file"] += 1
        if there is None or act.sequence >= there.sequence:
            self.acts[slot] = act
            if row is not None:
                self.rows[slot] = row


def _votes_there(people: set[int]) -> dict[int, dict[int, tuple[int, str, int]]]:
    """Return choice, channel and sequence of the votes that people gave, by statement."""
    votes: dict[int, dict[int, tuple[int, str, int]]] = {}
    columns = ("participant_id", "statement_id", "choice", "channel", "sequence")
    keys = sorted(people)
    for at in range(0, len(keys), 500):
        rows = Vote.objects.filter(participant__in=keys[at : at + 500]).values_list(*columns)
        for person, statement, *vote in rows.order_by("participant_id", "statement_id"):
            votes.setdefault(person, {})[statement] = (vote[0], vote[1], vote[2])
    return votes


def _same_day(act: Act, stands: tuple[int, str, int] | None) -> bool:
    if stands is None or not day_of(act.sequence):
        return False
    choice, channel, sequence = stands
    is_same_day = day_of(sequence) == day_of(act.sequence)
    return is_same_day and channel != act.channel and choice != act.choice


class Known:
    """What of a dialogue the rows of a file are held against, read once."""

    def __init__(self, dialogue: Dialogue) -> None:
        self.dialogue = dialogue
        calendar = dialogue.calendar
        self.zone = ZoneInfo(calendar.time_zone if calendar else settings.TIME_ZONE)
        people = list(Participant.objects.filter(dialogue=dialogue).order_by("pk"))
        self.person = {participant.pk: participant for participant in people}
        self.registered = {
            participant.registration: participant
            for participant in people
            if participant.registration
        }
        self.of_contact: dict[str, list[Participant]] = {}
        for participant in people:
            if participant.contact_key:
                self.of_contact.setdefault(participant.contact_key, []).append(participant)
        statements = list(Statement.objects.filter(dialogue=dialogue).order_by("number", "pk"))
        self.statements = statements
        self.number_of = {statement.pk: statement.number for statement in statements}
        self.open = {
            statement.number: statement.pk
            for statement in statements
            if statement.state == Statement.State.OPEN
        }

        self.rooms: dict[str, VotingRoom] = {}
        for room in VotingRoom.objects.filter(dialogue=dialogue).order_by("position", "pk"):
            for name in (room.code, *room.label.values()):
                self.rooms.setdefault(fold(name), room)

    def seat(self, person: Participant, cell: str, plan: Plan) -> bool:
        """Let somebody vote in the room of a cell, unless she votes in one; tell if it is known."""
        if not cell:
            return True
        room = self.rooms.get(fold(cell))
        if room is None:
            return False
        if person.room_id is None:
            person.room = room
            plan.counts["seats"] += 1
            if person.pk in self.person:
                plan.seats[person.pk] = room.pk
        return True

    def root(self, person: Participant) -> Participant:
        """Return the registration a person was joined into."""
        while person.merged_into_id is not None:
            person = self.person[person.merged_into_id]
        return person

    def sender(self, address: str) -> Participant | None:
        """Return who sends from an address; a registration by text message goes first."""
        key = contact_key(self.dialogue.contact_secret, address)
        participants = self.of_contact.get(key, []) if key else []
        own = [participant for participant in participants if participant.channel == "sms"]
        return self.root((own or participants)[0]) if participants else None

    def instant(self, cell: str, *, at_noon: bool = False) -> int | None:
        """Return milliseconds since 1970; without an offset it is the time of the dialogue."""
        words = plain(cell)
        whole = integer(words)
        if whole is not None:
            return whole * 1000 if abs(whole) < 10**11 else whole
        try:
            moment = datetime.fromisoformat(words)
        except ValueError:
            return None
        if at_noon and moment.time() == time(0):
            moment = moment.replace(hour=12)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self.zone)
        return round(moment.astimezone(UTC).timestamp() * 1000)
