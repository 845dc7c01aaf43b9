"""The inbox of review over all dialogues: what says nearly the same stands together, counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, F, OuterRef, Subquery

from hiwar.common.personal.details import private_details
from hiwar.dialogues.models import (
    Appeal,
    Dialogue,
    ModerationDecision,
    ModerationLease,
    ReviewBatch,
    Statement,
    Vote,
)
from hiwar.dialogues.queries.differences import Difference, difference
from hiwar.dialogues.queries.flags import flags_of
from hiwar.dialogues.queries.likeness import Likenesses
from hiwar.dialogues.queries.moderation import own_acceptances, waiting_for_review
from hiwar.dialogues.queries.statements import compared

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from hiwar.dialogues.queries.flags import Flag

MOST = 2000  # of what waits is looked at at once, the oldest first
State = Statement.State


class Show(StrEnum):
    """What the inbox is narrowed to."""

    COPIES = "copies"
    FLAGGED = "flagged"
    AGAIN = "again"
    NEAR = "near"
    DETAILS = "details"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A statement that waits, as it stands in its group.

    Attributes
    ----------
    statement : Statement
        With its dialogue and author.
    words : str
        As staff read them, in the language it was written in.
    difference : Difference or None
        How it differs from the first of its group; None for the first.
    people : int
        Who sent these words: its author, and whoever wrote the same while it waited.
    flags : tuple of Flag
    has_details : bool
        Whether private details were found in it.
    """

    statement: Statement
    words: str
    difference: Difference | None
    people: int
    flags: tuple[Flag, ...]
    has_details: bool


@dataclass(frozen=True, slots=True)
class Before:
    """Words that were not accepted and came in again.

    Attributes
    ----------
    statement : Statement
        The latest that was turned away.
    reason : str
        A code of ``ModerationDecision.Reason``.
    times : int
        How many were turned away with the very same words.
    is_same : bool
        Whether the words are the same, and not only close.
    """

    statement: Statement
    reason: str
    times: int
    is_same: bool

    @property
    def reason_label(self) -> str:
        """The reason in the reader's language."""
        return str(ModerationDecision.Reason(self.reason).label) if self.reason else ""


@dataclass(frozen=True, slots=True)
class Group:
    """What waits in one dialogue and says nearly the same.

    Attributes
    ----------
    members : tuple of Waiting
        The oldest first; the others are compared with it.
    near : Statement or None
        An open statement that the first is close to, with how they differ.
    before : Before or None
    """

    members: tuple[Waiting, ...]
    near: Statement | None = None
    near_difference: Difference | None = None
    before: Before | None = None

    @property
    def first(self) -> Waiting:
        """The oldest, with which the others are compared."""
        return self.members[0]

    @property
    def others(self) -> tuple[Waiting, ...]:
        """The copies of the first."""
        return self.members[1:]

    @property
    def people(self) -> int:
        """How often these words came in."""
        return sum(waiting.people for waiting in self.members)

    @property
    def authors(self) -> int:
        """How many participants wrote the statements of the group."""
        return len({waiting.statement.author_id for waiting in self.members})

    @property
    def is_flagged(self) -> bool:
        """Whether a word of the institution's list stands in one of them."""
        return any(waiting.flags for waiting in self.members)

    def is_shown(self, show: str) -> bool:
        """Return whether the group belongs to what the inbox is narrowed to; all where nothing."""
        answers = {
            Show.COPIES: self.people > 1,
            Show.FLAGGED: self.is_flagged,
            Show.AGAIN: self.before is not None,
            Show.NEAR: self.near is not None,
            Show.DETAILS: any(waiting.has_details for waiting in self.members),
        }
        return answers.get(Show(show), True) if show else True


@dataclass(frozen=True, slots=True)
class Inbox:
    """What waits for one moderator.

    Attributes
    ----------
    groups : tuple of Group
        What came in most often first, then the oldest.
    n_statements, n_left_out : int
        How many wait, and how many of them are not looked at yet because they are so many.
    n_elsewhere : int
        How many are open at somebody else, or wait for a second person's acceptance.
    """

    groups: tuple[Group, ...]
    n_statements: int
    n_left_out: int
    n_elsewhere: int


def inbox(moderator: UUID, now: datetime, dialogue: str = "") -> Inbox:
    """Return what a moderator may decide about, in every dialogue or in that of a code.

    Asks the database eight times however much waits.
    """
    waiting = waiting_for_review()
    if dialogue:
        waiting = waiting.filter(dialogue__code=dialogue)
    n_all = waiting.count()
    taken = ModerationLease.objects.filter(statement=OuterRef("pk"), until__gt=now)
    mine = waiting.filter(~Exists(taken.exclude(moderator=moderator)))
    mine = mine.filter(~Exists(own_acceptances(moderator)))
    n_mine = mine.count()
    listed = list(mine.select_related("dialogue", "author")[:MOST])
    return Inbox(grouped(listed), n_mine, n_mine - len(listed), n_all - n_mine)


def grouped(statements: Sequence[Statement]) -> tuple[Group, ...]:
    """Return statements that wait in groups that say nearly the same, with what is known of each.

    What may say the contrary is never put into one group.
    """
    people = _senders(statements)
    known = _Known({statement.dialogue_id for statement in statements})
    leads: dict[UUID, Likenesses[int]] = defaultdict(Likenesses)
    members: dict[int, list[Statement]] = {}
    for statement in statements:
        words = _words(statement)
        index = leads[statement.dialogue_id]
        near = index.closest(words)
        if near is None:
            index.add(statement.pk, words)
            members[statement.pk] = [statement]
        else:
            members[near[0]].append(statement)
    groups = [
        _group([_waiting(s, together[0], people) for s in together], known)
        for together in members.values()
    ]
    return tuple(sorted(groups, key=lambda group: -group.people))


def dialogues_with_review() -> list[tuple[Dialogue, int]]:
    """Return dialogues in which something waits, with how many statements."""
    waits = waiting_for_review().order_by("dialogue").values("dialogue")
    return _counted(dict(waits.annotate(n=Count("pk")).values_list("dialogue", "n")))


def dialogues_with_objections() -> list[tuple[Dialogue, int]]:
    """Return dialogues in which objections wait for an answer, with how many."""
    appeals = Appeal.objects.filter(state=Appeal.State.OPEN).order_by("statement__dialogue")
    counted = appeals.values("statement__dialogue").annotate(n=Count("pk"))
    return _counted(dict(counted.values_list("statement__dialogue", "n")))


def _counted(counts: Mapping[UUID, int]) -> list[tuple[Dialogue, int]]:
    dialogues = Dialogue.objects.filter(pk__in=list(counts)).order_by("slug", "pk")
    return [(dialogue, counts[dialogue.pk]) for dialogue in dialogues]


def batches_to_undo(since: datetime) -> QuerySet[ReviewBatch]:
    """Return what was decided together since then and was not undone, the newest first."""
    batches = ReviewBatch.objects.filter(decided_at__gte=since, undone_at=None)
    return batches.select_related("moderator").order_by("-decided_at", "-pk")


class _Known:
    """What was put to the vote and what was turned away in some dialogues."""

    def __init__(self, dialogues: Iterable[UUID]) -> None:
        self._open: dict[UUID, Likenesses[Statement]] = defaultdict(Likenesses)
        self._rejected: dict[UUID, Likenesses[Statement]] = defaultdict(Likenesses)
        self._times: Counter[tuple[UUID, tuple[str, str]]] = Counter()
        rejections = ModerationDecision.objects.filter(
            statement=OuterRef("pk"), outcome=ModerationDecision.Outcome.REJECTED
        ).order_by("-decided_at", "-pk")
        settled = Statement.objects.filter(
            dialogue__in=list(dialogues), state__in=(State.OPEN, State.REJECTED)
        ).annotate(reason=Subquery(rejections.values("reason")[:1]))
        # The newest first: of the same words, the latest is what a new one is compared with.
        for statement in settled.order_by("-number", "pk"):
            is_open = statement.state == State.OPEN
            index = (self._open if is_open else self._rejected)[statement.dialogue_id]
            for words in statement.text.values():
                key = (statement.dialogue_id, compared(words))
                if is_open or not self._times[key]:
                    index.add(statement, words)
                self._times[key] += not is_open

    def near(self, statement: Statement, words: str) -> Statement | None:
        """Return the open statement that is closest; none for one that is open itself."""
        if statement.state == State.OPEN:
            return None
        near = self._open[statement.dialogue_id].closest(words)
        return near[0] if near else None

    def before(self, members: list[Waiting]) -> Before | None:
        """Return what was turned away with the words of one of them, or close to the first."""
        dialogue = members[0].statement.dialogue_id
        counted = {m.words: self._times[dialogue, compared(m.words)] for m in members}
        words = max(counted, key=lambda each: counted[each])
        near = self._rejected[dialogue].closest(words)
        if near is None:
            return None
        reason = getattr(near[0], "reason", None) or ""
        return Before(near[0], reason, counted[words], is_same=counted[words] > 0)


def _group(members: list[Waiting], known: _Known) -> Group:
    first = members[0]
    near = known.near(first.statement, first.words)
    sides = [difference(first.words, words) for words in near.shown.values()] if near else []
    return Group(
        members=tuple(members),
        near=near,
        near_difference=min(sides, key=_differing, default=None),
        before=known.before(members),
    )


def _differing(side: Difference) -> int:
    return sum(differs for _word, differs in side.first + side.second)


def _waiting(statement: Statement, first: Statement, people: Mapping[int, int]) -> Waiting:
    words = _words(statement)
    return Waiting(
        statement=statement,
        words=words,
        difference=None if statement is first else difference(_words(first), words),
        people=1 + people.get(statement.pk, 0),
        flags=flags_of(statement.shown),
        has_details=bool(private_details(statement.text.get(statement.language, ""))),
    )


def _words(statement: Statement) -> str:
    shown = statement.shown
    return shown.get(statement.language, "") or str(shown)


def _senders(statements: Sequence[Statement]) -> dict[int, int]:
    """Return how many beside its author wrote a statement that nobody was offered yet."""
    held = [statement.pk for statement in statements if statement.state == State.HELD]
    agreeing = Vote.objects.filter(statement__in=held, choice=Vote.Choice.AGREE)
    others = agreeing.exclude(participant=F("statement__author")).order_by("statement")
    return dict(others.values_list("statement").annotate(n=Count("pk")))
