"""Points and addressees of an ask: put, taken back, approved, and what became of an addressee."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.asks import rules
from hiwar.asks.models import Addressee, Ask, AskPoint, StateChange
from hiwar.asks.queries.deadlines import answer_day
from hiwar.asks.queries.standing import MOST_WORDS
from hiwar.common import dates
from hiwar.common.actions import audit
from hiwar.common.refusals import Refused
from hiwar.contacts.queries.people import posts_for
from hiwar.legislation.models import Amendment, Provision
from hiwar.papers.models import Recommendation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from hiwar.accounts.models import User
    from hiwar.asks.queries.targets import Target
    from hiwar.contacts.models import Post

State = Addressee.State
ORDER = [
    State.DRAFTED, State.APPROVED, State.SENT, State.DELIVERED, State.ACKNOWLEDGED,
    State.DISCUSSED, State.ANSWERED, State.CLOSED,
]  # fmt: skip
RECEIVED = frozenset([State.DELIVERED, State.ACKNOWLEDGED, State.DISCUSSED])


class PointsStand(Refused):
    """What was approved is what a post reads; its points are not changed behind its back."""

    code = "points_stand"
    message = _(
        "This ask is approved for an addressee, so its points stand. Write another ask instead."
    )


class TooManyWords(Refused):
    """An act that is asked for is said in one breath."""

    code = "too_many_words"
    message = _("Say what is wanted in no more than 40 words in each language.")


class AlreadyAddressed(Refused):
    """An ask is put to a post once."""

    code = "already_addressed"
    message = _("This post is an addressee of the ask already.")


class PostAbolished(Refused):
    """Nobody is asked who cannot be."""

    code = "post_abolished"
    message = _("This post was abolished. Choose the post that decides today.")


class DueBehind(Refused):
    """A day for an answer lies ahead."""

    code = "due_behind"
    message = _("The day for an answer has passed already. Choose one that is still to come.")


class NothingAsked(Refused):
    """Without a point there is nothing to answer."""

    code = "nothing_asked"
    message = _("Add at least one point first: an addressee answers points, one by one.")


class NobodyToApprove(Refused):
    """Approving means approving for somebody."""

    code = "nobody_to_approve"
    message = _("No addressee waits for approval.")


class WrongAddresseeState(Refused):
    """A state follows from an earlier one; back only with a reason."""

    code = "wrong_addressee_state"
    message = _("This state does not follow. Going back needs a reason.")


class ChangedLater(Refused):
    """What happened did not happen on a day to come."""

    code = "changed_later"
    message = _("This day is still to come. Enter when it happened.")


@transaction.atomic
def add_point(
    *,
    actor: User,
    ask: Ask,
    act: Mapping[str, str],
    now: datetime,
    target: Target | None = None,
) -> AskPoint:
    """Add a point to an ask; ``target`` is what the actor may point at (``queries.targets``).

    Raises ``NotAllowed``, ``PointsStand``, ``TooManyWords`` and ``ValidationError``.
    """
    locked = _open_ask(actor, ask)
    if any(len(text.split()) > MOST_WORDS for text in act.values()):
        raise TooManyWords
    last = AskPoint.objects.filter(ask=locked).order_by("-number").first()
    point = AskPoint(
        ask=locked,
        number=last.number + 1 if last is not None else 1,
        act=act,
        recommendation=target if isinstance(target, Recommendation) else None,
        amendment=target if isinstance(target, Amendment) else None,
        provision=target if isinstance(target, Provision) else None,
    )
    point.full_clean()
    point.save()
    audit(actor, "asks.point.add", locked, at=now, changed={"point": ["", str(point)]})
    return point


@transaction.atomic
def remove_point(*, actor: User, point: AskPoint, now: datetime) -> None:
    """Take a point out of an ask; raises ``NotAllowed`` and ``PointsStand``."""
    ask = _open_ask(actor, point.ask)
    audit(actor, "asks.point.remove", ask, at=now, changed={"point": [str(point), ""]})
    point.delete()


@transaction.atomic
def add_addressee(
    *,
    actor: User,
    ask: Ask,
    post: Post,
    now: datetime,
    answer_due: date | None = None,
    due_after: int | None = None,
) -> Addressee:
    """Put an ask to a post, with a day for the answer or working days after it was received.

    Raises ``NotAllowed``, ``PostAbolished``, ``AlreadyAddressed`` and ``DueBehind``.
    """
    locked = _locked(actor, ask)
    if not posts_for(actor).filter(pk=post.pk).exists():
        raise NotAllowed
    today = dates.local_day(now)
    if post.abolished_on is not None and post.abolished_on <= today:
        raise PostAbolished
    if Addressee.objects.filter(ask=locked, post=post).exists():
        raise AlreadyAddressed
    if answer_due is not None and answer_due < today:
        raise DueBehind
    addressee = Addressee(
        ask=locked, post=post, answer_due=answer_due,
        due_after=None if answer_due is not None else due_after,
    )  # fmt: skip
    addressee.full_clean()
    addressee.save()
    audit(actor, "asks.addressee.add", locked, at=now, changed={"post": ["", str(post)]})
    return addressee


@transaction.atomic
def remove_addressee(*, actor: User, addressee: Addressee, now: datetime) -> None:
    """Take an addressee back to whom nothing went; raises ``NotAllowed`` and ``PointsStand``."""
    ask = _locked(actor, addressee.ask)
    locked = Addressee.objects.select_for_update().get(pk=addressee.pk)
    if locked.state not in {State.DRAFTED, State.APPROVED}:
        raise PointsStand
    audit(actor, "asks.addressee.remove", ask, at=now, changed={"post": [str(addressee), ""]})
    locked.delete()


@transaction.atomic
def approve_addressees(*, actor: User, ask: Ask, now: datetime) -> Ask:
    """Approve an ask for the posts that it is put to; from then on its words and points stand.

    Raises ``NotAllowed``, ``NothingAsked`` and ``NobodyToApprove``.
    """
    locked = Ask.objects.select_for_update().select_related("dossier").get(pk=ask.pk)
    if not rules.can_approve_ask(actor, locked):
        raise NotAllowed
    waiting = list(Addressee.objects.filter(ask=locked, state=State.DRAFTED).order_by("pk"))
    if not waiting:
        raise NobodyToApprove
    if not AskPoint.objects.filter(ask=locked).exists():
        raise NothingAsked
    if locked.state != Ask.State.APPROVED:
        locked.state = Ask.State.APPROVED
        locked.save(update_fields=["state"])
    for addressee in waiting:
        change_state(addressee, State.APPROVED, actor=actor, now=now)
    audit(actor, "asks.ask.approve", locked, at=now, changed={"posts": len(waiting)})
    return locked


@transaction.atomic
def record_addressee_state(
    *,
    actor: User,
    addressee: Addressee,
    state: str,
    day: date,
    now: datetime,
    reason: str = "",
    source: str = "",
    closed_as: str = "",
) -> Addressee:
    """Record how far an ask has come at a post; back, or open again, only with a reason.

    Sent and what follows needs approval first. Raises ``NotAllowed``, ``WrongAddresseeState``
    and ``ChangedLater``.
    """
    _locked(actor, addressee.ask)
    locked = Addressee.objects.select_for_update().select_related("ask").get(pk=addressee.pk)
    if day > dates.local_day(now):
        raise ChangedLater
    before, after = State(locked.state), State(state)
    goes_back = after == State.RETURNED or (
        before in ORDER and after in ORDER and ORDER.index(after) < ORDER.index(before)
    )
    is_unapproved = before == State.DRAFTED and after != State.CLOSED
    if after == before or is_unapproved or after in {State.DRAFTED, State.APPROVED}:
        raise WrongAddresseeState
    if goes_back and not reason.strip():
        raise WrongAddresseeState
    locked.closed_as = closed_as if after == State.CLOSED else ""
    locked.save(update_fields=["closed_as"])
    change_state(locked, after, actor=actor, now=now, day=day, reason=reason, source=source)
    audit(actor, "asks.addressee.take_state", locked.ask, at=now, changed={
        "post": str(locked), "state": [before, after],
    })  # fmt: skip
    return locked


def change_state(
    addressee: Addressee,
    state: str,
    *,
    actor: User | None,
    now: datetime,
    day: date | None = None,
    reason: str = "",
    source: str = "",
) -> None:
    """Keep that an addressee passed to a state; for actions that asked their rule already."""
    if addressee.state == state:
        return
    StateChange.objects.create(
        addressee=addressee, before=addressee.state, after=state,
        day=day or dates.local_day(now), reason=reason.strip()[:500], source=source.strip()[:300],
        recorded_by=actor, recorded_at=now,
    )  # fmt: skip
    addressee.state = state
    if state in RECEIVED and addressee.answer_due is None and addressee.due_after is not None:
        addressee.answer_due = answer_day(day or dates.local_day(now), addressee.due_after)
    addressee.save(update_fields=["state", "answer_due"])


def _locked(actor: User, ask: Ask) -> Ask:
    locked = Ask.objects.select_for_update().select_related("dossier").get(pk=ask.pk)
    if not rules.can_record_position(actor, locked):
        raise NotAllowed
    return locked


def _open_ask(actor: User, ask: Ask) -> Ask:
    locked = _locked(actor, ask)
    if Addressee.objects.filter(ask=locked).exclude(state=State.DRAFTED).exists():
        raise PointsStand
    return locked
