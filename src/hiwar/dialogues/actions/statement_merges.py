"""Near-copies become one statement, and one that says several things becomes several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.common.actions import audit
from hiwar.common.dates import start_of_day
from hiwar.common.refusals import Refused
from hiwar.dialogues.actions.moderation import need_moderator, needs_two, settle, take
from hiwar.dialogues.actions.statements import StatementSettled, agree, drop_details
from hiwar.dialogues.models import Dialogue, ModerationDecision, Statement, Vote
from hiwar.dialogues.queries.statements import next_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from hiwar.accounts.models import User

VOTE = ("pk", "participant_id", "statement_id", "choice", "is_important", "channel", "sequence")


class NotTwoStatements(Refused):
    """A statement is merged with another one of the same dialogue."""

    code = "not_two_statements"
    message = _("Choose another open statement of the same dialogue.")


class TooFewParts(Refused):
    """A split makes two statements or more."""

    code = "too_few_parts"
    message = _("Write at least two statements.")


@transaction.atomic
def merge_statements(
    *, actor: User, kept: Statement, merged: Statement, now: datetime
) -> Statement:
    """Put the votes of a near-copy to the statement that stays; a person's later vote stands.

    The near-copy is no longer shown. Raises ``NotAllowed``, ``NotTwoStatements``,
    ``TakenByAnother`` and ``StatementSettled``.
    """
    if kept.pk == merged.pk or kept.dialogue_id != merged.dialogue_id:
        raise NotTwoStatements
    Dialogue.objects.select_for_update(no_key=True).get(pk=kept.dialogue_id)
    kept = take(actor, kept, now, (Statement.State.OPEN,))
    merged = take(actor, merged, now, (Statement.State.HELD, Statement.State.OPEN))
    there = Vote.objects.select_for_update().filter(statement__in=(kept, merged))
    votes = list(there.order_by("pk").values_list(*VOTE))
    before = {"kept": kept.pk, "state": str(merged.state), "votes": votes}
    Vote.objects.filter(pk__in=[row[0] for row in votes]).delete()
    Vote.objects.bulk_create(_votes(winners(votes, kept.pk), kept.pk), batch_size=500)
    merged.derived_from = kept
    merged.save(update_fields=["derived_from"])
    if before["state"] == Statement.State.HELD:
        drop_details(merged)
    details = {"reason": ModerationDecision.Reason.REPEATED, "before": before}
    settle(actor, merged, Statement.State.MERGED, ModerationDecision.Outcome.MERGED, now, **details)
    return kept


@transaction.atomic
def unmerge_statements(*, actor: User, merged: Statement, now: datetime) -> Statement:
    """Take a merge back: both statements and all their votes are as they were.

    Votes given since then stay with the statement that was kept. Raises ``NotAllowed``, and
    ``StatementSettled`` when nothing was merged or a later merge into the same one stands.
    """
    need_moderator(actor)
    Dialogue.objects.select_for_update(no_key=True).get(pk=merged.dialogue_id)
    merged = Statement.objects.select_for_update().get(pk=merged.pk)
    decision = merged.decisions.filter(outcome=ModerationDecision.Outcome.MERGED)
    latest = decision.order_by("-decided_at", "-pk").first()
    if merged.state != Statement.State.MERGED or latest is None or not latest.before:
        raise StatementSettled
    kept = Statement.objects.select_for_update().get(pk=latest.before["kept"])
    later = ModerationDecision.objects.filter(
        outcome=ModerationDecision.Outcome.MERGED, statement__derived_from=kept,
        statement__state=Statement.State.MERGED, decided_at__gt=latest.decided_at,
    )  # fmt: skip
    if later.exists() or kept.state == Statement.State.MERGED:
        raise StatementSettled
    _part(kept, merged, [tuple(row) for row in latest.before["votes"]])
    merged.state = Statement.State(latest.before["state"])
    merged.derived_from = None
    merged.save(update_fields=["state", "derived_from"])
    latest.before = {}
    latest.save(update_fields=["before"])
    audit(actor, "dialogues.statement.unmerge", merged, at=now)
    return merged


@transaction.atomic
def split_statement(
    *, actor: User, statement: Statement, texts: Sequence[str], now: datetime
) -> list[Statement]:
    """Put a statement of several ideas to the vote as one statement for each; return these.

    Its votes said something about the whole and are not carried over; its author agrees with each
    part. Raises ``NotAllowed``, ``TooFewParts``, ``TakenByAnother`` and ``StatementSettled``.
    """
    parts = [" ".join(text.split()) for text in texts if text.strip()]
    if len(parts) < 2:
        raise TooFewParts
    dialogue = Dialogue.objects.select_for_update(no_key=True).get(pk=statement.dialogue_id)
    statement = take(actor, statement, now, (Statement.State.HELD, Statement.State.OPEN))
    # Who splits has written new words: where two must read them, the second is still to come.
    state = Statement.State.HELD if needs_two(statement) else Statement.State.OPEN
    statements = []
    for part in parts:
        new = Statement(
            dialogue=dialogue,
            number=next_number(dialogue),
            text={statement.language: part},
            language=statement.language,
            source=statement.source,
            state=state,
            theme=statement.theme,
            author=statement.author,
            derived_from=statement,
            added_at=now if statement.author_id is None else start_of_day(now),
        )
        new.full_clean()
        new.save()
        if statement.author is not None:
            agree(statement=new, author=statement.author, now=now)
        statements.append(new)
    drop_details(statement)
    reason = ModerationDecision.Reason.SEVERAL
    outcome = ModerationDecision.Outcome.SPLIT
    settle(actor, statement, Statement.State.SPLIT, outcome, now, reason=reason)
    return statements


def winners(votes: Iterable[tuple[Any, ...]], kept: int) -> list[tuple[Any, ...]]:
    """Return the vote that stands for each person: the later one, at a tie the kept statement's."""
    best: dict[int, tuple[Any, ...]] = {}
    for row in votes:
        against = best.get(row[1])
        if against is None or (row[6], row[2] == kept) > (against[6], against[2] == kept):
            best[row[1]] = row
    return sorted(best.values())


def _votes(rows: Iterable[tuple[Any, ...]], statement: int | None = None) -> list[Vote]:
    votes = [dict(zip(VOTE, row, strict=True)) for row in rows]
    return [Vote(**row | ({"statement_id": statement} if statement else {})) for row in votes]


def _part(kept: Statement, merged: Statement, old: list[tuple[Any, ...]]) -> None:
    joined = {row[1]: row[6] for row in winners(old, kept.pk)}
    locked = Vote.objects.select_for_update().filter(statement__in=(kept, merged))
    there = list(locked.order_by("pk").values_list(*VOTE))
    since = [row for row in there if row[1] not in joined or row[6] > joined[row[1]]]
    Vote.objects.filter(pk__in=[row[0] for row in there]).delete()
    overtaken = {row[1] for row in since}
    back = [row for row in old if row[2] != kept.pk or row[1] not in overtaken]
    taken = {row[0] for row in back}
    Vote.objects.bulk_create(_votes(back), batch_size=500)
    fresh = [(None if row[0] in taken else row[0], *row[1:]) for row in since]
    Vote.objects.bulk_create(_votes(fresh, kept.pk), batch_size=500)
