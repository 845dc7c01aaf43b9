"""Questions of review: what waits, what was decided, what was removed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from hiwar.dialogues.models import (
    Appeal,
    Dialogue,
    ModerationDecision,
    ModerationLease,
    Statement,
    Wording,
)

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID


@dataclass(frozen=True, slots=True)
class Removals:
    """What the public is told about review: counts of statements, of no person.

    Attributes
    ----------
    received : int
        Statements from participants, whatever became of them.
    accepted, waiting, merged, split, withdrawn, rejected : int
        What became of them.
    by_reason : tuple of (str, int)
        Statements that were not accepted, by reason code, the most frequent first.
    appeals, upheld : int
        Objections of authors, and those after which the decision was changed.
    """

    received: int
    accepted: int
    waiting: int
    merged: int
    split: int
    withdrawn: int
    rejected: int
    by_reason: tuple[tuple[str, int], ...]
    appeals: int
    upheld: int


def review_queue(dialogue: Dialogue) -> QuerySet[Statement]:
    """Return what waits for a moderator in a dialogue, the oldest first."""
    return waiting_for_review().filter(dialogue=dialogue)


def waiting_for_review() -> QuerySet[Statement]:
    """Return what waits for a moderator in any dialogue, the oldest first.

    Held statements, and open ones of participants that nobody has looked at; not those whose
    author was asked for other words and has not answered.
    """
    decisions = ModerationDecision.objects.filter(statement=OuterRef("pk"))
    latest = decisions.order_by("-decided_at", "-pk")
    wordings = Wording.objects.filter(statement=OuterRef("pk")).order_by("-replaced_at", "-pk")
    statements = Statement.objects.annotate(
        was_decided=Exists(decisions),
        decided=Subquery(latest.values("outcome")[:1]),
        decided_at=Subquery(latest.values("decided_at")[:1]),
        worded_at=Subquery(wordings.values("replaced_at")[:1]),
    )
    # Said positively, because a comparison with nothing is not true, and neither is its opposite.
    is_ours = (
        Q(decided=None)
        | ~Q(decided=ModerationDecision.Outcome.ASKED)
        | Q(worded_at__gte=F("decided_at"))
    )
    held = Q(state=Statement.State.HELD)
    put_back = Q(decided=ModerationDecision.Outcome.REOPENED)
    unseen = (Q(was_decided=False) | put_back) & Q(
        state=Statement.State.OPEN, source=Statement.Source.PARTICIPANT, author__isnull=False,
        derived_from=None,
    )  # fmt: skip
    waiting = statements.filter(held | unseen).filter(is_ours)
    return waiting.order_by("added_at", "pk")


def free_for_review(dialogue: Dialogue, now: datetime) -> QuerySet[Statement]:
    """Return what waits and no moderator has open."""
    taken = ModerationLease.objects.filter(statement=OuterRef("pk"), until__gt=now)
    return review_queue(dialogue).filter(~Exists(taken))


def offered_to(dialogue: Dialogue, moderator: UUID, now: datetime) -> QuerySet[Statement]:
    """Return what a moderator may be served: free, and not waiting for somebody else's second."""
    return free_for_review(dialogue, now).filter(~Exists(own_acceptances(moderator)))


def own_acceptances(moderator: UUID) -> QuerySet[ModerationDecision]:
    """Return a moderator's first acceptances of what waits, inside a query of what waits."""
    return ModerationDecision.objects.filter(
        statement=OuterRef("pk"),
        moderator=moderator,
        outcome=ModerationDecision.Outcome.PROPOSED,
        decided_at__gte=Coalesce(OuterRef("worded_at"), OuterRef("added_at")),
    )


def open_at(dialogue: Dialogue, moderator: UUID, now: datetime) -> Statement | None:
    """Return the statement that a moderator has open."""
    mine = ModerationLease.objects.filter(
        moderator=moderator, statement__dialogue=dialogue, until__gt=now
    )
    lease = mine.select_related("statement").order_by("pk").first()
    return lease.statement if lease else None


def first_acceptance(statement: Statement) -> ModerationDecision | None:
    """Return the acceptance that waits for that of a second moderator, of the words as they are."""
    latest = latest_decision(statement)
    if latest is None or latest.outcome != ModerationDecision.Outcome.PROPOSED:
        return None
    if statement.wordings.filter(replaced_at__gte=latest.decided_at).exists():
        return None
    return latest


def moderation_log(dialogue: Dialogue) -> QuerySet[ModerationDecision]:
    """Return every decision, the newest first: the whole log, for export too."""
    moderation_decisions = ModerationDecision.objects.filter(statement__dialogue=dialogue)
    return moderation_decisions.select_related("statement", "moderator").order_by(
        "-decided_at", "-pk"
    )


def open_appeals(dialogue: Dialogue) -> QuerySet[Appeal]:
    """Return objections that wait for an answer, the oldest first."""
    appeals = Appeal.objects.filter(statement__dialogue=dialogue, state=Appeal.State.OPEN)
    return appeals.select_related("statement").order_by("made_at", "pk")


def latest_decision(statement: Statement) -> ModerationDecision | None:
    """Return the decision that stands."""
    return statement.decisions.order_by("-decided_at", "-pk").first()


def removals(dialogue: Dialogue) -> Removals:
    """Return the public account of review, with three queries."""
    written = Statement.objects.filter(
        dialogue=dialogue, source=Statement.Source.PARTICIPANT, derived_from=None
    ) | Statement.objects.filter(
        dialogue=dialogue, source=Statement.Source.PARTICIPANT, state=Statement.State.MERGED
    )
    latest = ModerationDecision.objects.filter(statement=OuterRef("pk"), outcome="rejected")
    reason = Subquery(latest.order_by("-decided_at", "-pk").values("reason")[:1])
    rows = list(written.annotate(why=reason).values_list("state", "why"))
    states = Counter(state for state, _why in rows)
    reasons = Counter(why for state, why in rows if state == Statement.State.REJECTED)
    appeals = Counter(
        Appeal.objects.filter(statement__dialogue=dialogue).values_list("state", flat=True)
    )
    return Removals(
        received=len(rows),
        accepted=states[Statement.State.OPEN],
        waiting=states[Statement.State.HELD],
        merged=states[Statement.State.MERGED],
        split=states[Statement.State.SPLIT],
        withdrawn=states[Statement.State.WITHDRAWN],
        rejected=states[Statement.State.REJECTED],
        by_reason=tuple(sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))),
        appeals=sum(appeals.values()),
        upheld=appeals[Appeal.State.UPHELD],
    )
