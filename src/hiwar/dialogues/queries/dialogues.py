"""Questions about dialogues, their rounds, and how far somebody has come."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.cache import cache as memory
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from hiwar.common.dates import local_day
from hiwar.dialogues.models import Dialogue, Participant, Round, Statement, Vote

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

MANY_VOTES, VOTES_PER_SECOND = 20_000, 50_000


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a participant has come: statements voted on, of those that are open."""

    voted: int
    open: int

    @property
    def left(self) -> int:
        """Open statements without a vote."""
        return self.open - self.voted


# Public counters stand still between two looks, move in steps, and begin with this many people.
INTERVAL, STEP, LEAST_PEOPLE = 60, 10, 20


def open_dialogues() -> QuerySet[Dialogue]:
    """Return the dialogues people can take part in, the newest first."""
    return Dialogue.objects.filter(state=Dialogue.State.OPEN).order_by("-opened_at", "pk")


def public_dialogues() -> QuerySet[Dialogue]:
    """Return the dialogues the public may see, the newest first."""
    return Dialogue.objects.exclude(state=Dialogue.State.DRAFT).order_by("-opened_at", "pk")


def find_dialogue(code: str) -> Dialogue | None:
    """Return the dialogue of a public code, or None; drafts are found too."""
    return Dialogue.objects.filter(code=code.strip().lower()).first()


def current_round(dialogue: Dialogue) -> Round | None:
    """Return the round that is open, or None."""
    return dialogue.rounds.filter(state=Round.State.OPEN).order_by("number", "pk").first()


def rounds_that_are_over(now: datetime) -> list[Round]:
    """Return the open rounds whose last moment at the place has passed."""
    dated = Round.objects.filter(state=Round.State.OPEN, ends_on__lte=local_day(now))
    over = dated.select_related("dialogue").order_by("pk")
    return [dated_round for dated_round in over if dated_round.closes_at <= now]  # type: ignore[operator]  # they have a last day


def rounds_that_close_soon(now: datetime) -> list[Round]:
    """Return the open rounds that close by themselves within two days, the next first."""
    today = local_day(now)
    dated = Round.objects.filter(
        state=Round.State.OPEN, ends_on__range=(today, today + timedelta(days=2))
    )
    ordered = dated.select_related("dialogue").order_by("ends_on", "pk")
    return [
        soon
        for soon in ordered
        if now < soon.closes_at <= now + timedelta(days=2)  # type: ignore[operator]  # they have a last day
    ]


def decisions_due(now: datetime) -> list[Round]:
    """Return the rounds whose decision is promised for the week to come or the two weeks past.

    Rounds with one and the same promise are told once, by the last of them.
    """
    today = local_day(now)
    promised = (
        Round.objects.exclude(dialogue__state=Dialogue.State.DRAFT)
        .filter(decision_on__range=(today - timedelta(days=14), today + timedelta(days=7)))
        .select_related("dialogue")
        .order_by("decision_on", "number", "pk")
    )
    return list({(row.dialogue_id, row.decision_on): row for row in promised}.values())


def rounds_that_begin(now: datetime) -> list[Round]:
    """Return the planned rounds that open by themselves now: those the actions can open."""
    busy = Round.objects.filter(dialogue=OuterRef("dialogue"))
    waits_before = busy.filter(state=Round.State.PLANNED, number__lt=OuterRef("number"))
    planned = (
        Round.objects.filter(
            ~Exists(busy.filter(state=Round.State.OPEN)),
            ~Exists(waits_before),
            dialogue__state=Dialogue.State.OPEN,
            state=Round.State.PLANNED,
            starts_on__lte=local_day(now),
            decision_on__isnull=False,
        )
        .select_related("dialogue")
        .order_by("pk")
    )
    return [
        begun
        for begun in planned
        if begun.who_decides
        and begun.on_the_table
        and (begun.closes_at is None or begun.closes_at > now)
    ]


def rounds_of(dialogue: Dialogue) -> QuerySet[Round]:
    """Return the rounds in their order."""
    return dialogue.rounds.order_by("number", "pk")


def progress_of(participant: int, dialogue: Dialogue) -> Progress:
    """Return how far a participant has come."""
    open_now = Statement.objects.filter(dialogue=dialogue, state=Statement.State.OPEN)
    counts = open_now.aggregate(
        open=Count("pk", distinct=True),
        voted=Count("pk", filter=Q(votes__participant=participant), distinct=True),
    )
    return Progress(counts["voted"], counts["open"])


def counts_of(dialogue: Dialogue) -> dict[str, int]:
    """Return how many people voted and how many votes there are, by statements that are open.

    Votes are counted one by one. Where they are many, this process keeps what it counted for some
    seconds, so that a crowd that opens a page does not count them anew for everybody.
    """
    kept = _kept.get(dialogue.pk)
    if kept is None:
        return _keep(dialogue)
    if time.monotonic() < kept[0] or not _counting.acquire(blocking=False):
        return dict(kept[1])
    try:
        return _keep(dialogue)
    finally:
        _counting.release()


def public_counts(dialogue: Dialogue) -> dict[str, int | None]:
    """Return how many people voted and how many votes there are, as everybody may know.

    Counted at most once in `INTERVAL` seconds, rounded down to tens, and None while fewer than
    `LEAST_PEOPLE` took part: who looks often must not see anybody arrive.
    """
    key = f"dialogues:counts:{dialogue.pk}"
    shown: dict[str, int | None] | None = memory.get(key)
    if shown is None:
        counts = counts_of(dialogue)
        is_shown = counts["participants"] >= LEAST_PEOPLE
        shown = {
            name: in_steps(counts[name]) if is_shown else None for name in ("participants", "votes")
        }
        memory.set(key, shown, INTERVAL)
    return shown


def in_steps(count: int) -> int:
    """Return a count rounded down to the last step that may be seen in public."""
    return count - count % STEP


_kept: dict[UUID, tuple[float, dict[str, int]]] = {}
_counting = threading.Lock()


def _keep(dialogue: Dialogue) -> dict[str, int]:
    counts = _count(dialogue)
    if counts["votes"] < MANY_VOTES:
        _kept.pop(dialogue.pk, None)
    else:
        _kept[dialogue.pk] = time.monotonic() + counts["votes"] / VOTES_PER_SECOND, counts
    return dict(counts)


def _count(dialogue: Dialogue) -> dict[str, int]:
    people = Participant.objects.filter(dialogue=dialogue, merged_into=None, is_blocked=False)
    votes = Vote.objects.filter(
        statement__dialogue=dialogue,
        statement__state=Statement.State.OPEN,
        participant__is_blocked=False,
    )
    counted = votes.aggregate(participants=Count("participant", distinct=True), votes=Count("pk"))
    return {
        "registered": people.count(),
        **counted,
        "statements": Statement.objects.filter(
            dialogue=dialogue, state=Statement.State.OPEN
        ).count(),
    }


def names_of_dialogues(keys: Iterable[str]) -> dict[str, str]:
    """Return how dialogues are called in the log, by key: by their code until they are public."""
    return {
        str(dialogue.pk): _name_in_log(dialogue)
        for dialogue in Dialogue.objects.filter(pk__in=list(keys))
    }


def _name_in_log(dialogue: Dialogue) -> str:
    """Return a title, or the code of a draft: who reads the log may not read every room."""
    is_draft = dialogue.state == Dialogue.State.DRAFT
    return dialogue.code if is_draft else str(dialogue.title)


def names_of_rounds(keys: Iterable[str]) -> dict[str, str]:
    """Return the names of rounds by key."""
    rounds = Round.objects.filter(pk__in=list(keys)).select_related("dialogue")
    return {
        str(known_round.pk): f"{_name_in_log(known_round.dialogue)} – {known_round}"
        for known_round in rounds
    }


def names_of_statements(keys: Iterable[str]) -> dict[str, str]:
    """Return the numbers of statements with their dialogue by key; never their words."""
    statements = Statement.objects.filter(pk__in=list(keys)).select_related("dialogue")
    return {
        str(statement.pk): f"{_name_in_log(statement.dialogue)} – {statement.number}"
        for statement in statements
    }
