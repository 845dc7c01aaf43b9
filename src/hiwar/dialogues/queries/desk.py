"""What the list of dialogues at the desk shows: one row each, with a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Prefetch

from hiwar.dialogues.models import Appeal, Dialogue, Round, Statement, Vote
from hiwar.dialogues.queries.moderation import waiting_for_review
from hiwar.dialogues.queries.statements import fold

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID


@dataclass(frozen=True, slots=True)
class Row:
    """A dialogue in the list, with what it needs.

    Attributes
    ----------
    dialogue : Dialogue
    round : Round or None
        The open one.
    participants, votes : int
        People with a vote, and votes, on statements that are open.
    to_review, objections : int
        Statements and objections that wait for a moderator.
    """

    dialogue: Dialogue
    round: Round | None
    participants: int
    votes: int
    to_review: int
    objections: int


@dataclass(frozen=True, slots=True)
class Tallied:
    """How a statement stands.

    Attributes
    ----------
    statement : Statement
    agree, disagree, passed : int
    """

    statement: Statement
    agree: int
    disagree: int
    passed: int


def search_dialogues(words: str = "", state: str = "") -> list[UUID]:
    """Return the keys of dialogues in a state whose title or question has all the words.

    Letters that are typed in several ways count as one. The newest comes first.
    """
    dialogues = Dialogue.objects.order_by("-created_at", "pk")
    if state:
        dialogues = dialogues.filter(state=state)
    wanted = fold(words).split()
    rows = dialogues.values_list("pk", "title", "question", "code")
    return [
        key
        for key, title, question, code in rows
        if _has_words(wanted, [*dict(title).values(), *dict(question).values(), code])
    ]


def dialogue_rows(keys: Iterable[UUID]) -> list[Row]:
    """Return the rows of some dialogues in the order of the keys, with six queries."""
    wanted = list(keys)
    opened = Round.objects.filter(state=Round.State.OPEN).order_by("number", "pk")
    rounds = Prefetch("rounds", opened, to_attr="rounds_open")
    dialogues = Dialogue.objects.filter(pk__in=wanted).prefetch_related(rounds).order_by("pk")
    known = {dialogue.pk: dialogue for dialogue in dialogues}
    votes = {
        key: (people, count)
        for key, people, count in Vote.objects.filter(
            statement__dialogue__in=wanted,
            statement__state=Statement.State.OPEN,
            participant__is_blocked=False,
        )
        .values("statement__dialogue")
        .annotate(people=Count("participant", distinct=True), count=Count("pk"))
        .order_by("statement__dialogue")
        .values_list("statement__dialogue", "people", "count")
    }
    waiting, objections = waiting_counts(wanted), objection_counts(wanted)
    return [
        Row(
            known[key],
            next(iter(known[key].rounds_open), None),
            *votes.get(key, (0, 0)),
            waiting.get(key, 0),
            objections.get(key, 0),
        )
        for key in wanted
    ]


def waiting_counts(keys: Iterable[UUID]) -> dict[UUID, int]:
    """Return how many statements wait for a moderator, by dialogue."""
    statements = waiting_for_review().filter(dialogue__in=list(keys)).order_by("dialogue")
    counted = statements.values("dialogue").annotate(n=Count("pk"))
    return dict(counted.values_list("dialogue", "n"))


def objection_counts(keys: Iterable[UUID]) -> dict[UUID, int]:
    """Return how many objections wait for an answer, by dialogue."""
    appeals = Appeal.objects.filter(
        statement__dialogue__in=list(keys), state=Appeal.State.OPEN
    ).order_by("statement__dialogue")
    counted = appeals.values("statement__dialogue").annotate(n=Count("pk"))
    return dict(counted.values_list("statement__dialogue", "n"))


def tallied(statements: Iterable[Statement]) -> list[Tallied]:
    """Return how statements stand, with one query; blocked people are left out."""
    listed = list(statements)
    votes = (
        Vote.objects.filter(
            statement__in=[statement.pk for statement in listed], participant__is_blocked=False
        )
        .values("statement", "choice")
        .annotate(n=Count("pk"))
        .order_by("statement", "choice")
        .values_list("statement", "choice", "n")
    )
    counts = {(statement, choice): n for statement, choice, n in votes}
    return [
        Tallied(statement, *(counts.get((statement.pk, choice.value), 0) for choice in _ORDER))
        for statement in listed
    ]


_ORDER = (Vote.Choice.AGREE, Vote.Choice.DISAGREE, Vote.Choice.PASS)


def _has_words(wanted: list[str], texts: list[str]) -> bool:
    folded = fold(" ".join(texts))
    return all(word in folded for word in wanted)
