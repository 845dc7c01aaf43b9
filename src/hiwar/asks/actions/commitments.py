"""What posts promised: recorded, proven, settled by one person and verified by another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.asks import rules
from hiwar.asks.models import Addressee, Commitment, Proof, StateChange
from hiwar.asks.queries.deadlines import answer_day
from hiwar.asks.queries.positions import reply_days
from hiwar.asks.queries.standing import state_of_commitment
from hiwar.common import dates
from hiwar.common.actions import audit
from hiwar.common.refusals import Refused
from hiwar.legislation.models import LawVersion
from hiwar.legislation.rules import can_read_version

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from hiwar.accounts.models import User
    from hiwar.asks.models import AnswerLink, AskPoint, Outcome
    from hiwar.asks.queries.commitments import Origin
    from hiwar.contacts.models import Post
    from hiwar.evidence.models import EvidenceItem

State = Commitment.State
# What a post may object to before everybody reads it.
NEGATIVE = frozenset([State.UNKEPT, State.CHANGED, State.DROPPED])
PROVEN = frozenset([State.PROGRESS, State.KEPT, State.PART])


@dataclass(frozen=True, slots=True)
class Promised:
    """What was promised: its words, the day it was said, and by when, and how exact that is."""

    words: Mapping[str, str]
    made_on: date
    due_on: date | None = None
    due_precision: str = Commitment.Precision.DAY


class PromisedLater(Refused):
    """What was promised was not promised on a day to come."""

    code = "promised_later"
    message = _("A promise cannot have been made on a day that is still to come.")


class DueBeforePromise(Refused):
    """A promise is due after it was made."""

    code = "due_before_promise"
    message = _("A promise is due on or after the day it was made.")


class NotAnAddressee(Refused):
    """A promise on a point is one of a post that was asked."""

    code = "not_an_addressee"
    message = _("This post was not asked. Only who was asked can have promised something here.")


class ProofNeeded(Refused):
    """No progress without proof."""

    code = "proof_needed"
    message = _("This state needs a proof first: evidence, a text of law, or a file of theirs.")


class OneProof(Refused):
    """A proof is one thing that can be opened."""

    code = "one_proof"
    message = _("Choose either a piece of evidence or a text of law.")


class ReasonNeeded(Refused):
    """A verdict has a reason and a source."""

    code = "verdict_without_reason"
    message = _("Say why, and where it is known from.")


class SamePerson(Refused):
    """A second person verifies."""

    code = "same_person"
    message = _("Somebody else has to verify what you recorded.")


class ReplyOpen(Refused):
    """A post replies before a verdict against it is settled."""

    code = "reply_open"
    message = _("The post may still reply. Verify it once it replied or the day has passed.")


class PromiseDisputed(Refused):
    """What a post says it never promised is not held against it."""

    code = "promise_disputed"
    message = _("The post disputes this promise. Decide on that first, then on what became of it.")


class NothingToReply(Refused):
    """Only what speaks against a post is put to it."""

    code = "nothing_to_reply"
    message = _("Only what speaks against a post is put to it for a reply.")


class ReplyTooEarly(Refused):
    """A reply follows what it replies to."""

    code = "reply_too_early"
    message = _("A reply is not older than the day on which this was put to them.")


class ReplyStands(Refused):
    """What a post replied is never replaced."""

    code = "reply_stands"
    message = _(
        "A reply stands here already and is not replaced. Record the state once more where they "
        "say something else, and put it to them again."
    )


@transaction.atomic
def record_commitment(
    *,
    actor: User,
    point: AskPoint,
    post: Post,
    promised: Promised,
    origin: Origin,
    now: datetime,
    is_demo: bool = False,
) -> Commitment:
    """Record what a post promised on a point, and from where it is known.

    The origin is an answer, a conclusion of a session, a promise of the contact log, or a piece
    of evidence that holds a public statement. Raises ``NotAllowed``, ``NotAnAddressee``,
    ``PromisedLater``, ``DueBeforePromise`` and ``ValidationError``.
    """
    if not rules.can_record_position(actor, point.ask):
        raise NotAllowed
    if not Addressee.objects.filter(ask=point.ask, post=post).exists():
        raise NotAnAddressee
    if promised.made_on > dates.local_day(now):
        raise PromisedLater
    if promised.due_on is not None and promised.due_on < promised.made_on:
        raise DueBeforePromise
    commitment = Commitment(
        point=point, post=post, words=promised.words, made_on=promised.made_on,
        due_on=promised.due_on, due_precision=promised.due_precision, recorded_by=actor,
        recorded_at=now, is_demo=is_demo, **{ORIGINS[type(origin).__name__]: origin},
    )  # fmt: skip
    commitment.full_clean()
    commitment.save()
    audit(actor, "asks.commitment.record", point.ask, at=now, changed={
        "post": str(post), "due": ["", str(promised.due_on or "")],
    })  # fmt: skip
    return commitment


ORIGINS = {
    "Answer": "answer", "Conclusion": "conclusion", "Promise": "promise", "EvidenceItem": "item",
}  # fmt: skip


@transaction.atomic
def add_proof(
    *,
    actor: User,
    commitment: Commitment,
    says: str,
    brought_on: date,
    now: datetime,
    shown_by: EvidenceItem | LawVersion | None,
    brought_by: str = "",
    note: str = "",
) -> Proof:
    """Add evidence or a text of law for or against a promise being kept.

    Raises ``NotAllowed``, and ``OneProof`` for none.
    """
    version = shown_by if isinstance(shown_by, LawVersion) else None
    may_read = version is None or can_read_version(actor, version)
    if not rules.can_record_position(actor, commitment.point.ask) or not may_read:
        raise NotAllowed
    if shown_by is None:
        raise OneProof
    item = None if isinstance(shown_by, LawVersion) else shown_by
    proof = Proof(
        commitment=commitment, item=item, version=version, says=says, brought_on=brought_on,
        brought_by=brought_by.strip()[:200], note=note.strip()[:500], recorded_by=actor,
        recorded_at=now,
    )  # fmt: skip
    proof.full_clean()
    proof.save()
    audit(actor, "asks.proof.add", commitment.point.ask, at=now, changed={"says": ["", says]})
    return proof


@transaction.atomic
def settle_commitment(
    *,
    actor: User,
    commitment: Commitment,
    state: str,
    day: date,
    reason: str,
    source: str,
    now: datetime,
) -> StateChange:
    """Record what became of a promise; it stands for the public once another person verified it.

    What speaks against a post is put to it first, with a day for its reply. Raises
    ``NotAllowed``, ``ProofNeeded``, ``ReasonNeeded`` and ``PromisedLater``.
    """
    locked = _locked(commitment)
    if not rules.can_record_position(actor, locked.point.ask):
        raise NotAllowed
    if day > dates.local_day(now):
        raise PromisedLater
    if not reason.strip() or not source.strip():
        raise ReasonNeeded
    if state in PROVEN and not locked.proofs.exists():
        raise ProofNeeded
    change = StateChange(
        commitment=locked, before=locked.state, after=state, day=day, reason=reason.strip()[:500],
        source=source.strip()[:300], recorded_by=actor, recorded_at=now,
    )  # fmt: skip
    if state in NEGATIVE:
        put_to_post(change, now)
    change.full_clean()
    change.save()
    audit(actor, "asks.commitment.settle", locked.point.ask, at=now, changed={
        "state": [locked.state, state],
    })  # fmt: skip
    return change


@transaction.atomic
def record_reply(
    *, actor: User, change: StateChange, reply: str, replied_on: date, now: datetime
) -> StateChange:
    """Record what a post replies to a verdict that was put to it; it stands above it.

    Raises ``NotAllowed``, ``NothingToReply``, ``ReplyStands``, ``ReasonNeeded`` for no words,
    ``ReplyTooEarly`` and ``PromisedLater``.
    """
    locked = StateChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    commitment = change.commitment
    if commitment is None or not rules.can_record_position(actor, commitment.point.ask):
        raise NotAllowed
    keep_reply(locked, reply, replied_on, now)
    audit(actor, "asks.commitment.reply", commitment.point.ask, at=now)
    return locked


def put_to_post(verdict: StateChange | Outcome, now: datetime) -> None:
    """Put what speaks against a post to it, with the last day for its reply."""
    verdict.put_on = dates.local_day(now)
    verdict.reply_due = answer_day(verdict.put_on, reply_days())


def keep_reply(
    locked: StateChange | Outcome,
    reply: str,
    replied_on: date,
    now: datetime,
    *,
    link: AnswerLink | None = None,
) -> None:
    """Keep what a post replies; for actions that asked their rule and locked the row.

    Raises ``NothingToReply``, ``ReplyStands``, ``ReasonNeeded``, ``ReplyTooEarly`` and
    ``PromisedLater``.
    """
    if locked.put_on is None:
        raise NothingToReply
    if locked.reply:
        raise ReplyStands
    if not reply.strip():
        raise ReasonNeeded
    if replied_on < locked.put_on:
        raise ReplyTooEarly
    if replied_on > dates.local_day(now):
        raise PromisedLater
    locked.reply, locked.replied_on, locked.reply_link = reply.strip(), replied_on, link
    locked.save(update_fields=["reply", "replied_on", "reply_link"])


def is_reply_open(verdict: StateChange | Outcome, now: datetime) -> bool:
    """Return whether a post may still reply, and has not, so that nobody may verify yet."""
    due = verdict.reply_due
    return due is not None and dates.local_day(now) <= due and not verdict.reply


@transaction.atomic
def verify_change(*, actor: User, change: StateChange, now: datetime) -> StateChange:
    """Verify, as a second person, what became of a promise.

    Its state is then the one of the latest day that was verified, whichever was verified last, and
    never *unclear* after it was settled.

    Raises ``NotAllowed``, ``SamePerson``, ``ReplyOpen``, and ``PromiseDisputed`` for what speaks
    against a post that disputes having promised it.
    """
    locked = StateChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    if locked.commitment_id is None or locked.verified_by_id is not None:
        raise NotAllowed
    commitment = _locked(Commitment.objects.get(pk=locked.commitment_id))
    if not rules.can_verify_ask(actor, commitment.point.ask):
        raise NotAllowed
    if locked.recorded_by_id == actor.pk:
        raise SamePerson
    if is_reply_open(locked, now):
        raise ReplyOpen
    if locked.put_on is not None and (commitment.is_disputed or not commitment.counts):
        raise PromiseDisputed
    locked.verified_by, locked.verified_at = actor, now
    locked.save(update_fields=["verified_by", "verified_at"])
    was, commitment.state = commitment.state, state_of_commitment(commitment)
    commitment.save(update_fields=["state"])
    audit(actor, "asks.commitment.verify", commitment.point.ask, at=now, changed={
        "state": [was, commitment.state],
    })  # fmt: skip
    return locked


def _locked(commitment: Commitment) -> Commitment:
    locked: Commitment = (
        Commitment.objects.select_for_update(of=("self",))
        .select_related("point__ask__dossier").get(pk=commitment.pk)
    )  # fmt: skip
    return locked
