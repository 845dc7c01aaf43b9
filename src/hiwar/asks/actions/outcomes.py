"""What became of a point at a post: recorded, put to the post, verified by a second person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.asks import rules
from hiwar.asks.actions.commitments import (
    ReplyOpen,
    SamePerson,
    is_reply_open,
    keep_reply,
    put_to_post,
)
from hiwar.asks.models import Addressee, Commitment, Outcome
from hiwar.common import dates
from hiwar.common.actions import audit
from hiwar.common.refusals import Refused
from hiwar.evidence.queries.library import items_for
from hiwar.legislation.rules import can_read_version

if TYPE_CHECKING:
    from datetime import date, datetime

    from hiwar.accounts.models import User
    from hiwar.asks.models import AskPoint
    from hiwar.evidence.models import EvidenceItem
    from hiwar.legislation.models import LawVersion, Provision

Result = Outcome.Result
# What a post may object to before everybody reads it.
NEGATIVE = frozenset([Result.ABSENT])
UNPUT = frozenset([Addressee.State.DRAFTED, Addressee.State.APPROVED])


@dataclass(frozen=True, slots=True)
class Shown:
    """By what an outcome is shown: evidence, a text of law, a public address; one at least."""

    item: EvidenceItem | None = None
    version: LawVersion | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class Became:
    """What became of a point: its result and day, how that is known, and what we claim of it."""

    result: str
    on: date
    note: str
    contribution: str = ""
    strength: str = Outcome.Strength.NONE


class OutcomeOfAmendment(Refused):
    """What became of an amendment is kept where the amendment is."""

    code = "outcome_of_amendment"
    message = _(
        "This point asks for an amendment. What became of it is confirmed with the new text of "
        "the law and read from there, so that it is never said twice."
    )


class NotYetPut(Refused):
    """What was asked of nobody became of nothing."""

    code = "not_yet_put"
    message = _("The ask has not reached this post yet, so nothing became of it there.")


class BecameLater(Refused):
    """What became of a point is known from a day that has come."""

    code = "became_later"
    message = _("This day is still to come. Enter the day on which it was known.")


class ShownByNothing(Refused):
    """An outcome can be looked up."""

    code = "shown_by_nothing"
    message = _("Say where it can be looked up: evidence, a text of law, or a public address.")


class StrengthNeeded(Refused):
    """A contribution is claimed with its strength."""

    code = "strength_needed"
    message = _("Say how sure our contribution is, or leave both empty.")


class OutcomeStands(Refused):
    """What was verified is not verified again."""

    code = "outcome_stands"
    message = _("Somebody verified this already.")


@transaction.atomic
def record_outcome(
    *,
    actor: User,
    point: AskPoint,
    addressee: Addressee,
    became: Became,
    shown: Shown,
    now: datetime,
    commitment: Commitment | None = None,
) -> Outcome:
    """Record what became of a point at a post; it counts once another person verified it.

    *Not adopted* is put to the post first, with a day for its reply. Raises ``NotAllowed``,
    ``OutcomeOfAmendment``, ``NotYetPut``, ``BecameLater``, ``ShownByNothing``,
    ``StrengthNeeded`` and ``ValidationError``.
    """
    ask = point.ask
    if addressee.ask_id != ask.pk or not rules.can_record_position(actor, ask):
        raise NotAllowed
    if point.amendment_id is not None:
        raise OutcomeOfAmendment
    locked = Addressee.objects.select_for_update().get(pk=addressee.pk)
    if locked.state in UNPUT:
        raise NotYetPut
    if became.on > dates.local_day(now):
        raise BecameLater
    if shown.item is None and shown.version is None and not shown.link.strip():
        raise ShownByNothing
    if bool(became.contribution.strip()) != bool(became.strength):
        raise StrengthNeeded
    if not _may_show(actor, shown) or not _is_of(commitment, point, addressee):
        raise NotAllowed
    outcome = Outcome(
        point=point, addressee=locked, commitment=commitment, result=became.result,
        on=became.on, note=became.note.strip(), contribution=became.contribution.strip(),
        strength=became.strength, item=shown.item, version=shown.version,
        provision=_same_place(point, shown.version), link=shown.link.strip(),
        recorded_by=actor, recorded_at=now,
    )  # fmt: skip
    if outcome.result in NEGATIVE:
        put_to_post(outcome, now)
    outcome.full_clean()
    outcome.save()
    audit(actor, "asks.outcome.record", ask, at=now, changed={
        "post": str(addressee), "result": ["", outcome.result],
    })  # fmt: skip
    return outcome


@transaction.atomic
def record_outcome_reply(
    *, actor: User, outcome: Outcome, reply: str, replied_on: date, now: datetime
) -> Outcome:
    """Record what a post replies to an outcome that was put to it; it stands above it.

    Raises ``NotAllowed`` and what ``keep_reply`` raises.
    """
    locked = _locked(outcome)
    if not rules.can_record_position(actor, locked.ask):
        raise NotAllowed
    keep_reply(locked, reply, replied_on, now)
    audit(actor, "asks.outcome.reply", locked.ask, at=now)
    return locked


@transaction.atomic
def verify_outcome(*, actor: User, outcome: Outcome, now: datetime) -> Outcome:
    """Verify, as a second person, what became of a point.

    Raises ``NotAllowed``, ``OutcomeStands``, ``SamePerson`` and ``ReplyOpen``.
    """
    locked = _locked(outcome)
    if not rules.can_verify_ask(actor, locked.ask):
        raise NotAllowed
    if locked.confirmed_by_id is not None:
        raise OutcomeStands
    if locked.recorded_by_id == actor.pk:
        raise SamePerson
    if is_reply_open(locked, now):
        raise ReplyOpen
    locked.confirmed_by, locked.confirmed_at = actor, now
    locked.save(update_fields=["confirmed_by", "confirmed_at"])
    audit(actor, "asks.outcome.verify", locked.ask, at=now, changed={
        "post": str(locked.addressee or ""), "result": ["", locked.result],
    })  # fmt: skip
    return locked


def _may_show(actor: User, shown: Shown) -> bool:
    if shown.version is not None and not can_read_version(actor, shown.version):
        return False
    return shown.item is None or items_for(actor).filter(pk=shown.item.pk).exists()


def _is_of(commitment: Commitment | None, point: AskPoint, addressee: Addressee) -> bool:
    if commitment is None:
        return True
    return commitment.point_id == point.pk and commitment.post_id == addressee.post_id


def _same_place(point: AskPoint, version: LawVersion | None) -> Provision | None:
    """Return what stands in a text of law where the point wanted something else to stand."""
    if version is None or point.provision is None:
        return None
    provisions = version.provisions.filter(eid=point.provision.eid)
    return provisions.filter(version__law=point.provision.version.law_id).first()


def _locked(outcome: Outcome) -> Outcome:
    locked: Outcome = (
        Outcome.objects.select_for_update(of=("self",))
        .select_related("point__ask__dossier", "addressee__post").get(pk=outcome.pk)
    )  # fmt: skip
    return locked
