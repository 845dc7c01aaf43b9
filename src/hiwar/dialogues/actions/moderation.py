"""Review: one statement to one moderator, a reason with every refusal, and a second look."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.dates import start_of_day
from hiwar.common.refusals import Refused
from hiwar.dialogues import rules
from hiwar.dialogues.actions.statements import NotTheAuthor, StatementSettled, drop_details
from hiwar.dialogues.models import (
    Appeal,
    Dialogue,
    ModerationDecision,
    ModerationLease,
    Participant,
    Statement,
)
from hiwar.dialogues.queries.moderation import (
    first_acceptance,
    latest_decision,
    offered_to,
    open_at,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.common.multilingual import MultilingualText

LEASE = timedelta(minutes=10)
Outcome = ModerationDecision.Outcome
Reason = ModerationDecision.Reason

VERB = {
    Outcome.ACCEPTED: "accept",
    Outcome.PROPOSED: "propose",
    Outcome.REJECTED: "reject",
    Outcome.ASKED: "ask",
    Outcome.MERGED: "merge",
    Outcome.SPLIT: "split",
    Outcome.REOPENED: "reopen",
}

REPLIES = {
    Reason.INSULT: _("Your statement contains an insult or a threat, so it was not accepted."),
    Reason.PRIVATE: _(
        "Your statement contains private details of somebody, so it was not accepted."
        " Write it again without them."
    ),
    Reason.OFF_TOPIC: _("Your statement is not about the question of this dialogue."),
    Reason.SEVERAL: _("Your statement has several ideas. Please write each one by itself."),
    Reason.REPEATED: _("What you wrote is said already; your agreement was counted there."),
    Reason.UNCLEAR: _("We could not understand your statement. Please write it in other words."),
}


class TakenByAnother(Refused):
    """Another moderator has the statement open."""

    code = "taken_by_another"
    message = _("Another moderator has this statement open.")


class ReasonNeeded(Refused):
    """No statement is turned away without a reason."""

    code = "reason_needed"
    message = _("Choose a reason. The author is told.")


class SecondPersonNeeded(Refused):
    """An objection is answered by somebody else than who decided."""

    code = "second_person_needed"
    message = _("Somebody else than the moderator who decided answers an objection.")


class AnotherModeratorNeeded(Refused):
    """In a high-risk dialogue two moderators read a statement before anybody else does."""

    code = "another_moderator_needed"
    message = _("In a high-risk dialogue somebody else must accept this statement too.")


class AppealStands(Refused):
    """There is an objection already, or nothing to object to."""

    code = "appeal_stands"
    message = _("There is nothing to object to, or your objection is with us already.")


@transaction.atomic
def take_for_review(
    *, actor: User, dialogue: Dialogue, now: datetime, skipped: Collection[int] = ()
) -> Statement | None:
    """Return the next statement for a moderator and keep it for ten minutes; None when all is done.

    Who has one open is given the same one again; the keys of `skipped` are left for later. Raises
    ``NotAllowed``.
    """
    need_moderator(actor)
    # One lock for each dialogue: two moderators who ask at once are served one after the other.
    Dialogue.objects.select_for_update(no_key=True).get(pk=dialogue.pk)
    mine = open_at(dialogue, actor.pk, now)
    if mine is not None:
        return mine
    statement = offered_to(dialogue, actor.pk, now).exclude(pk__in=skipped).first()
    if statement is None:
        return None
    ModerationLease.objects.update_or_create(
        statement=statement, defaults={"moderator": actor, "until": now + LEASE}
    )
    return statement


@transaction.atomic
def release(*, actor: User, statement: Statement) -> None:
    """Put a statement back for others; raises ``NotAllowed``."""
    need_moderator(actor)
    ModerationLease.objects.filter(statement=statement, moderator=actor).delete()


@transaction.atomic
def accept_statement(
    *, actor: User, statement: Statement, now: datetime, keeps_details: bool = False
) -> Statement:
    """Put a statement to the vote as moderators read it: private details stay masked, for good.

    With `keeps_details` it is put to the vote as it was written, and the log says so. In a
    high-risk dialogue, what a participant wrote is shown after a second moderator has accepted the
    same words; until then it waits. Raises ``NotAllowed``, ``TakenByAnother``,
    ``AnotherModeratorNeeded`` and ``StatementSettled``.
    """
    may = (Statement.State.HELD, Statement.State.OPEN, Statement.State.REJECTED)
    statement = take(actor, statement, now, may)
    if needs_two(statement) and statement.state != Statement.State.OPEN:
        first = first_acceptance(statement)
        if first is not None and first.moderator_id == actor.pk:
            raise AnotherModeratorNeeded
        if first is None:
            return settle(actor, statement, Statement.State.HELD, Outcome.PROPOSED, now)
    if keeps_details:
        audit(actor, "dialogues.statement.keep_details", statement, at=now)
    elif statement.state != Statement.State.OPEN:
        drop_details(statement)
    return settle(actor, statement, Statement.State.OPEN, Outcome.ACCEPTED, now)


@transaction.atomic
def unmask_statement(*, actor: User, statement: Statement, now: datetime) -> MultilingualText:
    """Return the words of a statement with the private details in them, and record who read them.

    Raises ``NotAllowed``.
    """
    need_moderator(actor)
    audit(actor, "dialogues.statement.unmask", statement, at=now)
    text: MultilingualText = statement.text
    return text


@transaction.atomic
def reject_statement(
    *, actor: User, statement: Statement, reason: str, now: datetime, reply: str = ""
) -> Statement:
    """Turn a statement away with a reason and a reply in the language of its author.

    Without a reply of one's own, the reason's sentence is kept in that language. Private details
    in it are dropped. Raises ``NotAllowed``, ``ReasonNeeded``, ``TakenByAnother`` and
    ``StatementSettled``.
    """
    statement = take(actor, statement, now, (Statement.State.HELD, Statement.State.OPEN))
    details = {"reason": _reason(reason), "reply": reply or default_reply(reason, statement)}
    state = Statement.State.REJECTED
    drop_details(statement)
    return settle(actor, statement, state, Outcome.REJECTED, now, **details)


@transaction.atomic
def ask_to_reword(
    *, actor: User, statement: Statement, reason: str, now: datetime, reply: str = ""
) -> Statement:
    """Ask the author for other words; the statement waits, seen by nobody, until they come.

    Raises ``NotAllowed``, ``ReasonNeeded``, ``TakenByAnother`` and ``StatementSettled``.
    """
    statement = take(actor, statement, now, (Statement.State.HELD, Statement.State.OPEN))
    details = {"reason": _reason(reason), "reply": reply or default_reply(reason, statement)}
    return settle(actor, statement, Statement.State.HELD, Outcome.ASKED, now, **details)


@transaction.atomic
def appeal(*, statement: Statement, participant: Participant, text: str, now: datetime) -> Appeal:
    """Object to the refusal of one's own statement; raises ``NotTheAuthor``, ``AppealStands``."""
    statement = Statement.objects.select_for_update().get(pk=statement.pk)
    if statement.author_id != participant.pk:
        raise NotTheAuthor
    # One objection to one decision: after an answer the matter is closed.
    decision = latest_decision(statement)
    known = statement.appeals.filter(made_at__gte=decision.decided_at) if decision else None
    if statement.state != Statement.State.REJECTED or known is None or known.exists():
        raise AppealStands
    # The day of the objection, and after the decision it is about: its hour is nobody's business.
    made_at = max(start_of_day(now), decision.decided_at) if decision else start_of_day(now)
    return Appeal.objects.create(statement=statement, text=text.strip()[:2000], made_at=made_at)


@transaction.atomic
def answer_appeal(
    *, actor: User, appeal: Appeal, is_upheld: bool, answer: str, now: datetime
) -> Appeal:
    """Answer an objection; upheld, the statement is put to the vote.

    Raises ``NotAllowed``, ``AppealStands`` when it was answered, and ``SecondPersonNeeded`` for the
    moderator who decided.
    """
    need_moderator(actor)
    appeal = Appeal.objects.select_for_update().select_related("statement").get(pk=appeal.pk)
    if appeal.state != Appeal.State.OPEN:
        raise AppealStands
    decision = latest_decision(appeal.statement)
    if decision is not None and decision.moderator_id == actor.pk:
        raise SecondPersonNeeded
    appeal.state = Appeal.State.UPHELD if is_upheld else Appeal.State.DISMISSED
    appeal.answer, appeal.answered_at, appeal.answered_by = answer, now, actor
    appeal.save()
    audit(actor, "dialogues.appeal.answer", appeal, at=now, changed={"state": str(appeal.state)})
    if is_upheld:
        accept_statement(actor=actor, statement=appeal.statement, now=now)
    return appeal


def needs_two(statement: Statement) -> bool:
    """Return whether two moderators must accept a statement before it is shown."""
    return (
        statement.dialogue.risk == Dialogue.Risk.HIGH
        and statement.source == Statement.Source.PARTICIPANT
    )


def default_reply(reason: str, statement: Statement) -> str:
    """Return the sentence an author is sent for a reason, in the author's language."""
    with translation.override(author_language(statement)):
        return str(REPLIES[Reason(_reason(reason))])


def author_language(statement: Statement) -> str:
    """Return the language in which an author is answered: the statement's own."""
    return statement.language


def need_moderator(actor: User) -> None:
    """Raise ``NotAllowed`` unless the person may decide about statements."""
    if not rules.can_moderate_statement(actor):
        raise NotAllowed


def take(actor: User, statement: Statement, now: datetime, states: tuple[str, ...]) -> Statement:
    """Return a statement locked for a decision; inside the caller's transaction."""
    need_moderator(actor)
    locked = Statement.objects.select_for_update().get(pk=statement.pk)
    if locked.state not in states:
        raise StatementSettled
    others = ModerationLease.objects.filter(statement=locked, until__gt=now)
    if others.exclude(moderator=actor).exists():
        raise TakenByAnother
    return locked


def settle(
    actor: User, statement: Statement, state: str, outcome: str, now: datetime, **details: object
) -> Statement:
    """Write a decision: the entry of the log, the state, the end of the lease, the audit entry."""
    ModerationDecision.objects.create(
        statement=statement,
        outcome=outcome,
        language=author_language(statement),
        moderator=actor,
        decided_at=now,
        **details,
    )
    statement.state = Statement.State(state)
    statement.save(update_fields=["state"])
    ModerationLease.objects.filter(statement=statement).delete()
    changed = {"reason": details["reason"]} if details.get("reason") else {}
    audit(
        actor, f"dialogues.statement.{VERB[Outcome(outcome)]}", statement, at=now, changed=changed
    )
    return statement


def _reason(reason: str) -> str:
    if reason not in Reason.values:
        raise ReasonNeeded
    return reason
