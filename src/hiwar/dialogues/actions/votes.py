"""The one way in which votes are taken, whatever the channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import msgspec
from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from hiwar.common.dates import local_day
from hiwar.common.health.metrics import Figure
from hiwar.common.refusals import Refused
from hiwar.common.serving.writer import GroupCommitWriter, RejectedError
from hiwar.dialogues.models import Participant, Vote
from hiwar.dialogues.models.keys import make_number
from hiwar.dialogues.models.sequences import next_sequence
from hiwar.dialogues.queries.snapshots import Snapshot, take_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from django.utils.functional import _StrPromise

    from hiwar.dialogues.models import Dialogue

LATEST = 2**62
_encode = msgspec.json.Encoder().encode


class VoteRefused(Refused):
    """A vote was not taken; `code` says why."""

    code: ClassVar[str] = "refused"
    message: ClassVar[str | _StrPromise] = _("This vote was not taken.")


class DialogueClosed(VoteRefused):
    """The dialogue takes no votes any more."""

    code: ClassVar[str] = "dialogue_closed"
    message: ClassVar[str | _StrPromise] = _("This dialogue is closed. Your earlier votes count.")


class NoRoundOpen(VoteRefused):
    """No round of voting is open."""

    code: ClassVar[str] = "no_round_open"
    message: ClassVar[str | _StrPromise] = _("Voting is not open at the moment.")


class StatementNotOpen(VoteRefused):
    """The statement is not, or not any more, put to the vote."""

    code: ClassVar[str] = "statement_not_open"
    message: ClassVar[str | _StrPromise] = _("This statement is not open for votes.")


class ParticipantBlocked(VoteRefused):
    """The participant may not take part any more."""

    code: ClassVar[str] = "blocked"
    message: ClassVar[str | _StrPromise] = _("Votes from this link are not taken.")


class InvalidVote(VoteRefused):
    """What was sent is not a vote."""

    code: ClassVar[str] = "invalid"
    message: ClassVar[str | _StrPromise] = _("This could not be read as a vote.")


REFUSALS: dict[str, type[VoteRefused]] = {
    kind.code: kind
    for kind in (DialogueClosed, NoRoundOpen, StatementNotOpen, ParticipantBlocked, InvalidVote)
}


class Newcomer(NamedTuple):
    """What is written about somebody together with the first act."""

    dialogue: UUID
    language: str


class Offer(NamedTuple):
    """A statement that was offered, with the probability with which it was."""

    participant: int
    statement: int
    probability: float


class Act(NamedTuple):
    """One vote as it is written. Of two for the same slot the greater sequence counts."""

    participant: int
    statement: int
    choice: int
    is_important: bool
    sequence: int
    channel: str
    newcomer: Newcomer | None = None


def refusal(snapshot: Snapshot, participant: int, number: int, choice: int, sequence: int) -> str:
    """Return why a vote is refused, empty when it is taken: the rule of every channel."""
    if snapshot.refusal:
        return snapshot.refusal
    if choice not in (-1, 0, 1) or not 0 <= sequence < LATEST:
        return "invalid"
    if number not in snapshot.statement_of:
        return "statement_not_open"
    if participant in snapshot.blocked:
        return "blocked"
    return ""


# In the order of an act, after a key that is random.
VOTE_COLUMNS = "id, participant_id, statement_id, choice, is_important, sequence, channel"
LATER_WINS = (
    "ON CONFLICT (participant_id, statement_id) DO UPDATE SET choice = excluded.choice,"
    " is_important = excluded.is_important, channel = excluded.channel,"
    " sequence = excluded.sequence WHERE excluded.sequence > dialogues_vote.sequence"
)


def write_acts(cursor: Any, vendor: str, acts: Sequence[Act]) -> None:
    """Write votes inside the caller's transaction; one statement of SQL for all of them."""
    newcomers = {act.participant: act.newcomer for act in acts if act.newcomer is not None}
    if newcomers:
        _write_newcomers(cursor, vendor, newcomers)
    if vendor != "postgresql":
        cursor.execute(
            f"INSERT INTO dialogues_vote ({VOTE_COLUMNS})"  # noqa: S608 -- constants
            f" SELECT {_from_json(7)} FROM json_each(?) WHERE true {LATER_WINS}",
            (_encode([(make_number(), *act[:6]) for act in acts]),),
        )
        return
    # PostgreSQL does not touch a row twice in one statement, so the latest act stands for its slot.
    latest: dict[tuple[int, int], Act] = {}
    for act in acts:
        slot = act[:2]
        there = latest.get(slot)
        if there is None or act.sequence > there.sequence:
            latest[slot] = act
    # Each transaction locks its rows in the same order, so that two never wait for each other.
    rows = [(make_number(), *latest[slot][:6]) for slot in sorted(latest)]
    columns = zip(*rows, strict=True)
    cursor.execute(
        f"INSERT INTO dialogues_vote ({VOTE_COLUMNS}) SELECT * FROM"  # noqa: S608 -- constants
        " unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::smallint[], %s::bool[],"
        f" %s::bigint[], %s::text[]) {LATER_WINS}",
        [_array(column) for column in columns],
    )


def _from_json(columns: int) -> str:
    """Return the columns of a JSON list of rows.

    SQLite then reads a whole batch in one step, without coming back to the interpreter for each
    row: with thousands of votes a second every return waits for its turn.
    """
    return ", ".join(f"json_extract(value, '$[{number}]')" for number in range(columns))


def _array(values: Sequence[object]) -> str:
    """Return an array as PostgreSQL writes it; a driver would look at the type of each value."""
    if isinstance(values[0], str):
        quoted = (str(value).replace("\\", "\\\\").replace('"', '\\"') for value in values)
        return '{"' + '","'.join(quoted) + '"}'
    return "{" + ",".join(map(str, values)) + "}"


def write_offers(cursor: Any, vendor: str, offers: Sequence[Offer]) -> None:
    """Record what was offered; the first offer of a statement to somebody is the one that counts.

    Somebody who has not acted yet has no row, and her first offer is recorded with none.
    """
    if vendor == "postgresql":
        source = (
            "unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::float8[])"
            " AS o (id, person, statement, chance)"
        )
        rows = [(make_number(), *offer) for offer in sorted(offers)]
        columns: list[Any] = [_array(column) for column in zip(*rows, strict=True)]
    else:
        source = (
            "(SELECT json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS person,"
            " json_extract(value, '$[2]') AS statement, json_extract(value, '$[3]') AS chance"
            " FROM json_each(?)) AS o"
        )
        columns = [_encode([(make_number(), *offer) for offer in offers])]
    cursor.execute(
        "INSERT INTO dialogues_exposure"  # noqa: S608 -- constants
        " (id, participant_id, statement_id, probability)"
        f" SELECT o.id, o.person, o.statement, o.chance FROM {source}"
        " JOIN dialogues_participant p ON p.id = o.person"
        " JOIN dialogues_statement s ON s.id = o.statement WHERE true"
        " ON CONFLICT (participant_id, statement_id) DO NOTHING",
        columns,
    )


def _write_newcomers(cursor: Any, vendor: str, newcomers: dict[int, Newcomer]) -> None:
    sign = "%s" if vendor == "postgresql" else "?"
    fields = [field for field in Participant._meta.concrete_fields if field.column]
    columns = ", ".join(str(field.column) for field in fields)
    rows = []
    for key, newcomer in newcomers.items():
        person = Participant(pk=key, dialogue_id=newcomer.dialogue, language=newcomer.language)
        rows.append(
            [field.get_db_prep_save(getattr(person, field.attname), connection) for field in fields]
        )
    cursor.executemany(
        f"INSERT INTO dialogues_participant ({columns})"  # noqa: S608 -- names of our own columns
        f" VALUES ({', '.join([sign] * len(fields))}) ON CONFLICT (id) DO NOTHING",
        rows,
    )


def write_with(vendor: str) -> Any:
    """Return what a group-commit writer runs inside its transaction."""

    def apply(raw: Any, items: Sequence[Act | Offer]) -> list[None]:
        cursor = raw.cursor()
        acts = [item for item in items if isinstance(item, Act)]
        if acts:
            write_acts(cursor, vendor, acts)
        if len(acts) == len(items):
            return [None] * len(items)
        offers = [item for item in items if isinstance(item, Offer)]
        if offers:
            write_offers(cursor, vendor, offers)
        return [None] * len(items)

    return apply


class VoteWriter:
    """How this process writes votes: through a running writer, or in a transaction of its own.

    SQLite has one writer; a second connection that writes votes would make both slow.
    """

    writer: GroupCommitWriter[Act | Offer, None] | None = None
    # Told whose votes were written through another door than the native one.
    forget: Callable[[int], None] | None = None


def vote_figures(_now: datetime) -> list[Figure]:
    """Return how the writer of votes of this process is doing; nothing where it has none."""
    if VoteWriter.writer is None:
        return []
    health = VoteWriter.writer.health()
    return [
        Figure("hiwar_votes_well", "Whether votes can be stored.", [({}, health.is_well)]),
        Figure("hiwar_votes_waiting", "Votes that wait to be written.", [({}, health.waiting)]),
        Figure("hiwar_votes", "Votes written by this process.", [({}, health.committed)],
               is_counter=True),
        Figure("hiwar_votes_batches", "Transactions they took.", [({}, health.batches)],
               is_counter=True),
        Figure("hiwar_votes_reconnects", "Connections to the database begun anew.",
               [({}, health.reconnects)], is_counter=True),
    ]  # fmt: skip


def cast_votes(
    *,
    dialogue: Dialogue,
    participant: int,
    choices: Iterable[tuple[int, int, bool, int]],
    channel: str = "web",
    newcomer: Newcomer | None = None,
) -> list[str]:
    """Take votes of one participant as (number, choice, is_important, sequence).

    Returns one refusal code per vote, empty for those that are stored durably.

    Raises
    ------
    UnavailableError
        If it is not known whether the votes were stored; the same votes may be sent again.
    """
    snapshot = take_snapshot(dialogue.code)
    answers: list[str] = []
    acts: list[Act] = []
    for number, choice, is_important, sequence in choices:
        if snapshot is None:
            answers.append("dialogue_closed")
            continue
        why = refusal(snapshot, participant, number, choice, sequence)
        answers.append(why)
        if not why:
            key = snapshot.statement_of[number]
            acts.append(Act(participant, key, choice, is_important, sequence, channel, newcomer))
    store_acts(acts)
    return answers


def upcoming_sequence(person: int, now: datetime) -> int:
    """Return the sequence of what a person says at an instant, later than all she said before."""
    latest = Vote.objects.filter(participant=person).aggregate(latest=Max("sequence"))["latest"]
    return next_sequence(person, latest, local_day(now))


def store_acts(acts: Sequence[Act]) -> None:
    """Store votes that were decided on, durably, before returning."""
    if not acts:
        return
    writer = VoteWriter.writer
    if writer is None:
        with transaction.atomic(), connection.cursor() as cursor:
            raw = cursor.cursor if hasattr(cursor, "cursor") else cursor
            write_acts(raw, connection.vendor, acts)
        return
    for act in acts:
        try:
            writer.write(act)
        except RejectedError as error:
            raise ParticipantBlocked from error
        finally:
            if VoteWriter.forget is not None:
                VoteWriter.forget(act.participant)
