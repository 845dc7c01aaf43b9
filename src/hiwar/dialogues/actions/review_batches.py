"""Several statements are decided about at once, and that goes back as one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Protocol

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.common.actions import audit
from hiwar.common.refusals import Refused
from hiwar.dialogues.actions.moderation import (
    ReasonNeeded,
    accept_statement,
    need_moderator,
    reject_statement,
    settle,
)
from hiwar.dialogues.actions.statement_merges import merge_statements, unmerge_statements
from hiwar.dialogues.actions.statements import StatementSettled
from hiwar.dialogues.models import Appeal, Dialogue, ModerationDecision, ReviewBatch, Statement
from hiwar.dialogues.queries.moderation import latest_decision

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from hiwar.accounts.models import User

MOST_TOGETHER = 200
Outcome = ModerationDecision.Outcome
TICK = timedelta(microseconds=1)


class NothingChosen(Refused):
    """A decision is about something."""

    code = "nothing_chosen"
    message = _("Choose at least one statement. Nothing was decided.")


class TooManyTogether(Refused):
    """More than a person can look over."""

    code = "too_many_together"
    message = _("Decide about 200 statements at once at most. Nothing was decided.")


class BatchUndone(Refused):
    """The decision was taken back already."""

    code = "batch_undone"
    message = _("This decision was taken back already.")


class Act(Protocol):
    """A decision about one statement that only waits for its time."""

    def __call__(self, *, now: datetime) -> object:
        """Decide at a time; raises what the decision raises."""


@dataclass(frozen=True, slots=True)
class Together:
    """What became of a decision about several statements.

    Attributes
    ----------
    batch : ReviewBatch or None
        What goes back as one; None when every statement was refused.
    refused : tuple of (Statement, Refused)
        What stayed as it was, with the reason.
    """

    batch: ReviewBatch | None
    refused: tuple[tuple[Statement, Refused], ...]


@transaction.atomic
def accept_together(*, actor: User, statements: Iterable[Statement], now: datetime) -> Together:
    """Put several statements to the vote, or accept them as the first of two.

    What somebody else has open, or is settled, stays as it is and is named. Raises ``NotAllowed``,
    ``NothingChosen`` and ``TooManyTogether``.
    """
    acts = [
        (statement, partial(accept_statement, actor=actor, statement=statement))
        for statement in _chosen(actor, statements)
    ]
    return _decide(actor, Outcome.ACCEPTED, acts, now)


@transaction.atomic
def reject_together(
    *, actor: User, statements: Iterable[Statement], reason: str, now: datetime
) -> Together:
    """Turn several statements away for one reason, each author told in the own language.

    Raises ``NotAllowed``, ``ReasonNeeded``, ``NothingChosen`` and ``TooManyTogether``; what cannot
    be turned away stays as it is and is named.
    """
    if reason not in ModerationDecision.Reason.values:
        raise ReasonNeeded
    acts = [
        (statement, partial(reject_statement, actor=actor, statement=statement, reason=reason))
        for statement in _chosen(actor, statements)
    ]
    return _decide(actor, Outcome.REJECTED, acts, now)


@transaction.atomic
def merge_together(
    *, actor: User, groups: Sequence[tuple[Statement, Sequence[Statement]]], now: datetime
) -> Together:
    """Put the copies of each group to the one that stays; this is accepted where it waits.

    ``groups`` are what stays and its copies. Raises ``NotAllowed``, ``NothingChosen`` and
    ``TooManyTogether``; what cannot be merged stays as it is and is named.
    """
    copies = [statement for _kept, together in groups for statement in together]
    _chosen(actor, copies)
    acts: list[tuple[Statement, Act]] = []
    for kept, together in sorted(groups, key=lambda group: group[0].pk):
        if kept.state != Statement.State.OPEN:
            acts.append((kept, partial(accept_statement, actor=actor, statement=kept)))
        acts += [
            (statement, partial(merge_statements, actor=actor, kept=kept, merged=statement))
            for statement in sorted(together, key=lambda statement: statement.pk)
            if statement.pk != kept.pk
        ]
    return _decide(actor, Outcome.MERGED, acts, now)


@transaction.atomic
def undo_together(*, actor: User, batch: ReviewBatch, now: datetime) -> tuple[int, int]:
    """Take a decision about several statements back; return how many went back, how many stay.

    Each is as it was before and waits for review again, with its votes; private details that were
    dropped stay dropped. What was decided about again since then, or objected to, stays. Raises
    ``NotAllowed`` and ``BatchUndone``.
    """
    need_moderator(actor)
    batch = ReviewBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.undone_at is not None:
        raise BatchUndone
    undone, stays = 0, 0
    # The last first: a merge gives the votes back as they were before it.
    decisions = batch.decisions.select_related("statement").order_by("-decided_at", "-pk")
    for number, decision in enumerate(list(decisions)):
        try:
            _undo(actor, decision, now + number * TICK)
            undone += 1
        except Refused:
            stays += 1
    batch.undone_at = now
    batch.save(update_fields=["undone_at"])
    audit(actor, "dialogues.reviewbatch.undo", batch, at=now, changed={"count": undone})
    return undone, stays


def _chosen(actor: User, statements: Iterable[Statement]) -> list[Statement]:
    """Return what is decided about in the order in which it is locked."""
    need_moderator(actor)
    chosen = sorted(
        {statement.pk: statement for statement in statements}.values(),
        key=lambda statement: statement.pk,
    )
    if not chosen:
        raise NothingChosen
    if len(chosen) > MOST_TOGETHER:
        raise TooManyTogether
    return chosen


def _decide(
    actor: User,
    outcome: str,
    acts: Sequence[tuple[Statement, Act]],
    now: datetime,
) -> Together:
    states = _locked([statement for statement, _act in acts])
    refused: list[tuple[Statement, Refused]] = []
    done: list[ModerationDecision] = []
    for number, (statement, act) in enumerate(acts):
        # Each a moment after the one before, so that they are undone the other way round.
        at = now + number * TICK
        try:
            act(now=at)
        except Refused as why:
            refused.append((statement, why))
            continue
        decision = latest_decision(statement)
        if decision is not None:
            decision.before = {"state": states[statement.pk], **decision.before}
            done.append(decision)
    if not done:
        return Together(None, tuple(refused))
    batch = ReviewBatch.objects.create(
        outcome=outcome, count=len(done), moderator=actor, decided_at=now
    )
    for decision in done:
        decision.batch = batch
        decision.save(update_fields=["batch", "before"])
    audit(actor, "dialogues.reviewbatch.decide", batch, at=now, changed={"count": len(done)})
    return Together(batch, tuple(refused))


def _locked(statements: Sequence[Statement]) -> dict[int, str]:
    """Return the states of statements, locked after their dialogues, as a single merge does."""
    dialogues = {statement.dialogue_id for statement in statements}
    list(Dialogue.objects.select_for_update(no_key=True).filter(pk__in=dialogues).order_by("pk"))
    locked = Statement.objects.select_for_update().filter(
        pk__in=[statement.pk for statement in statements]
    )
    return {statement.pk: str(statement.state) for statement in locked.order_by("pk")}


def _undo(actor: User, decision: ModerationDecision, now: datetime) -> None:
    statement = Statement.objects.select_for_update().get(pk=decision.statement_id)
    latest = latest_decision(statement)
    if latest is None or latest.pk != decision.pk:
        raise StatementSettled
    if decision.outcome == Outcome.MERGED:
        unmerge_statements(actor=actor, merged=statement, now=now)
        statement.refresh_from_db()
    else:
        _refuse_moved_on(statement, decision)
    state = str(decision.before.get("state", statement.state))
    settle(actor, statement, state, Outcome.REOPENED, now)


def _refuse_moved_on(statement: Statement, decision: ModerationDecision) -> None:
    """Raise ``StatementSettled`` where its author has objected or taken it back since."""
    objections = Appeal.objects.filter(statement=statement, made_at__gte=decision.decided_at)
    if objections.exists() or statement.state == Statement.State.WITHDRAWN:
        raise StatementSettled
