"""What a post replies and disputes, by its private link or at the desk, and who decides on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.asks import rules
from hiwar.asks.actions.commitments import PromisedLater, keep_reply
from hiwar.asks.models import Commitment, Dispute, Outcome, StateChange
from hiwar.asks.queries.deadlines import answer_day
from hiwar.asks.queries.disputes import involved_in, promises_at, verdicts_at
from hiwar.asks.queries.positions import dispute_days
from hiwar.asks.queries.standing import state_of_commitment
from hiwar.common import dates
from hiwar.common.actions import audit
from hiwar.common.links import actions as links
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from datetime import date, datetime

    from hiwar.accounts.models import User
    from hiwar.asks.models import AnswerLink
    from hiwar.asks.queries.disputes import Disputable

State = Dispute.State
DECISIONS = frozenset([State.UPHELD, State.STANDS])


@dataclass(frozen=True, slots=True)
class Objection:
    """What a post says against a verdict, who spoke for it, and from where that is known."""

    words: str
    by_whom: str = ""
    source: str = ""


class NothingSaid(Refused):
    """A dispute has words."""

    code = "nothing_said"
    message = _("Write down what they say, in their words.")


class SourceNeeded(Refused):
    """What a colleague writes down for a post has a source."""

    code = "dispute_without_source"
    message = _("Say from where it is known that they dispute this: a letter, a call, a session.")


class NotYetVerified(Refused):
    """What nobody verified is replied to, not disputed."""

    code = "not_yet_verified"
    message = _("Nobody verified this yet. Record their reply to it instead.")


class DisputedAlready(Refused):
    """A verdict has one open dispute at a time."""

    code = "disputed_already"
    message = _("This is disputed already, and nobody has decided yet.")


class NoPostToDispute(Refused):
    """A post disputes what speaks of it."""

    code = "no_post_to_dispute"
    message = _("This speaks of no single post, so no post can dispute it.")


class DisputedEarlier(Refused):
    """What is disputed was there before."""

    code = "disputed_earlier"
    message = _("A dispute is not older than the day of what is disputed.")


class Involved(Refused):
    """Who recorded or verified does not decide."""

    code = "involved"
    message = _(
        "Somebody has to decide who neither recorded nor verified this, nor wrote the dispute down."
    )


class Decided(Refused):
    """A dispute is decided once."""

    code = "dispute_decided"
    message = _("Somebody decided on this dispute already.")


class DecisionNeeded(Refused):
    """A decision says which of two it is, and why."""

    code = "decision_needed"
    message = _("Say whether they are right, and why: everybody reads the reason.")


@transaction.atomic
def dispute_for_post(
    *, actor: User, verdict: Disputable, objection: Objection, made_on: date,
    now: datetime,
) -> Dispute:  # fmt: skip
    """Write down that a post disputes what was verified of it, or that it promised something.

    A source says how that is known. A promise can be disputed before any state of it is verified.

    Raises ``NotAllowed``, ``SourceNeeded``, ``PromisedLater``, ``DisputedEarlier`` and what
    ``_keep`` raises.
    """
    locked = _locked(verdict)
    if not rules.can_record_position(actor, locked.ask):
        raise NotAllowed
    if not objection.source.strip():
        raise SourceNeeded
    if made_on > dates.local_day(now):
        raise PromisedLater
    if made_on < _day_of(locked):
        raise DisputedEarlier
    dispute = Dispute(made_on=made_on, recorded_by=actor, recorded_at=now)
    return _keep(dispute, locked, objection, actor=actor, now=now)


@transaction.atomic
def dispute_by_link(
    *, link: AnswerLink, verdict: Disputable, objection: Objection, now: datetime
) -> Dispute:
    """Take what a post disputes by its private link.

    Raises ``LinkClosed``, ``NotAllowed`` for what is not of that post, and what ``_keep`` raises.
    """
    private_link = links.lock_open_link(link.private_link, now)
    locked = _locked(verdict)
    if locked not in [*promises_at(link.addressee), *verdicts_at(link.addressee)]:
        raise NotAllowed
    dispute = Dispute(made_on=dates.local_day(now), link=link, recorded_at=now)
    kept = _keep(dispute, locked, objection, actor=None, now=now)
    links.mark_used(link=private_link, now=now)
    return kept


@transaction.atomic
def reply_by_link(
    *, link: AnswerLink, verdict: StateChange | Outcome, reply: str, now: datetime
) -> StateChange | Outcome:
    """Take what a post replies by its private link to what was put to it.

    Raises ``LinkClosed``, ``NotAllowed`` for what is not of that post, and what ``keep_reply``
    raises.
    """
    private_link = links.lock_open_link(link.private_link, now)
    locked = _locked(verdict)
    if isinstance(locked, Commitment) or locked not in verdicts_at(link.addressee):
        raise NotAllowed
    keep_reply(locked, reply, dates.local_day(now), now, link=link)
    links.mark_used(link=private_link, now=now)
    verb = "asks.outcome.reply" if isinstance(locked, Outcome) else "asks.commitment.reply"
    audit(None, verb, locked.ask, at=now, changed={"link": str(link.pk)})
    return locked


@transaction.atomic
def decide_dispute(
    *, actor: User, dispute: Dispute, state: str, reason: str, now: datetime
) -> Dispute:
    """Decide, as somebody who was not involved, whether what we noted stands.

    Where they are right it counts no longer, and stays readable. Raises ``NotAllowed``,
    ``Decided``, ``Involved`` and ``DecisionNeeded``.
    """
    locked = Dispute.objects.select_for_update(of=("self",)).get(pk=dispute.pk)
    verdict = locked.disputed
    if verdict is None or not rules.can_verify_ask(actor, verdict.ask):
        raise NotAllowed
    if locked.state != State.OPEN:
        raise Decided
    if actor.pk in involved_in(locked):
        raise Involved
    if state not in DECISIONS or not reason.strip():
        raise DecisionNeeded
    locked.state, locked.reply = state, reason.strip()
    locked.replied_by, locked.replied_at = actor, now
    locked.full_clean()
    locked.save(update_fields=["state", "reply", "replied_by", "replied_at"])
    if isinstance(verdict, StateChange) and verdict.commitment_id is not None:
        commitment = Commitment.objects.select_for_update().get(pk=verdict.commitment_id)
        commitment.state = state_of_commitment(commitment)
        commitment.save(update_fields=["state"])
    audit(actor, "asks.dispute.decide", verdict.ask, at=now, changed={
        "post": str(locked.post or ""), "state": [State.OPEN, state],
    })  # fmt: skip
    return locked


def _keep(
    dispute: Dispute,
    verdict: Disputable,
    objection: Objection,
    *,
    actor: User | None,
    now: datetime,
) -> Dispute:
    """Keep a dispute of a promise or a verdict that was locked.

    Raises ``NotYetVerified``, ``NoPostToDispute``, ``DisputedAlready`` and ``NothingSaid``.
    """
    if not isinstance(verdict, Commitment) and verdict.second_person is None:
        raise NotYetVerified
    if verdict.post is None:
        raise NoPostToDispute
    if verdict.disputes.filter(state=State.OPEN).exists():
        raise DisputedAlready
    if not objection.words.strip():
        raise NothingSaid
    dispute.change = verdict if isinstance(verdict, StateChange) else None
    dispute.outcome = verdict if isinstance(verdict, Outcome) else None
    dispute.commitment = verdict if isinstance(verdict, Commitment) else None
    dispute.post, dispute.words = verdict.post, objection.words.strip()
    dispute.by_whom = objection.by_whom.strip()[:200]
    dispute.source = objection.source.strip()[:300]
    dispute.reply_due = answer_day(dispute.made_on, dispute_days())
    dispute.full_clean()
    dispute.save()
    audit(actor, "asks.dispute.make", verdict.ask, at=now, changed={
        "post": str(verdict.post), "due": ["", str(dispute.reply_due)],
    })  # fmt: skip
    return dispute


def _day_of(verdict: Disputable) -> date:
    if isinstance(verdict, Commitment):
        return verdict.made_on
    return verdict.on if isinstance(verdict, Outcome) else verdict.day


def _locked(verdict: Disputable) -> Disputable:
    locked: Disputable = (
        type(verdict)._default_manager.select_for_update(of=("self",)).get(pk=verdict.pk)
    )
    return locked
