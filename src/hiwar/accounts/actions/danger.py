"""Pausing the house by one person or a code from paper, and going on by two people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts import rules
from hiwar.accounts.actions import throttles
from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.actions.sign_in import SignInPaused
from hiwar.accounts.models import PauseCode, SignedInSession, User
from hiwar.common import crypto, pauses
from hiwar.common.actions import SYSTEM, audit
from hiwar.common.jobs.bell import ring
from hiwar.common.models import Held, Pause
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

CODES = 3
# Wrong codes are counted for each caller alone: no stranger keeps a paper from working.
ACCOUNT = "pause code"


class PausedAlready(Refused):
    """The house stands still already."""

    code = "paused_already"
    message = _("The house is paused already.")


class NothingHeld(Refused):
    """Nothing is paused and nothing is held."""

    code = "nothing_held"
    message = _("Nothing is paused and nothing is held.")


class WrongPauseCode(Refused):
    """The code is none of those made, was used, or its maker may not pause the house any more."""

    code = "wrong_pause_code"
    message = _("This code does not fit, or it was used. Nothing was changed.")


class OtherPersonNeeded(Refused):
    """Whoever asked cannot agree."""

    code = "pause_second_person"
    message = _("Somebody else than who asked agrees that the house goes on.")


class WishChanged(Refused):
    """What was asked for is no longer what the page showed."""

    code = "pause_wish_changed"
    message = _("What was asked for changed since you opened the page. Look at it again.")


class TwoPeopleNeeded(Refused):
    """Two different people who may are to be named."""

    code = "pause_two_people"
    message = _("Name two different people with an account, each of whom may pause the house.")


@transaction.atomic
def pause_house(*, actor: User, at: datetime) -> Pause:
    """Let the house stand still; raises ``NotAllowed`` and ``PausedAlready``."""
    if not rules.can_pause_house(actor):
        raise NotAllowed
    return _pause(actor, "account", at)


@transaction.atomic
def pause_on_machine(*, at: datetime) -> Pause:
    """Let the house stand still, by whoever has the machine; raises ``PausedAlready``."""
    return _pause(None, "machine", at)


def pause_by_code(*, code: str, address: str, at: datetime) -> Pause:
    """Let the house stand still by a code from paper, which is used up.

    Failures are counted outside the refusal's transaction. Raises ``WrongPauseCode``,
    ``SignInPaused`` and ``PausedAlready``, which uses up nothing.
    """
    caller = throttles.caller_of(address)
    until = throttles.paused_until(ACCOUNT, address, at, caller)
    if until is not None:
        raise SignInPaused(until - at)
    try:
        return _use_code(code=code, at=at)
    except WrongPauseCode:
        throttles.count_failure(account=ACCOUNT, address=address, at=at, browser=caller)
        raise


@transaction.atomic
def make_codes(*, actor: User, at: datetime) -> list[str]:
    """Return new codes of a person, which can be read this once; older ones are worth nothing.

    Raises ``NotAllowed``.
    """
    if not rules.can_pause_house(actor):
        raise NotAllowed
    PauseCode.objects.filter(user=actor).delete()
    codes = [crypto.new_recovery_code() for _ in range(CODES)]
    PauseCode.objects.bulk_create(
        PauseCode(user=actor, digest=_digest(code), made_at=at) for code in codes
    )
    audit(actor, "accounts.user.make_pause_codes", actor, at=at)
    return codes


@transaction.atomic
def ask_to_resume(*, actor: User, kinds: Collection[str], at: datetime) -> Pause:
    """Ask that the house goes on and that some kinds are released; nothing changes yet.

    After a pause the same asks for what is still held. Raises ``NotAllowed``, ``NothingHeld``.
    """
    if not rules.can_pause_house(actor):
        raise NotAllowed
    pause = _held_pause()
    pause.asked_by, pause.asked_at = actor.reference, at
    pause.asked_kinds = [kind for kind in Held.values if kind in kinds and kind in pause.held]
    pause.save(update_fields=["asked_by", "asked_at", "asked_kinds"])
    changed = {"kinds": pause.asked_kinds}
    audit(actor, "common.pause.ask_to_resume", pause, at=at, changed=changed)
    return pause


@transaction.atomic
def resume(*, actor: User, asked_at: datetime | None, at: datetime) -> Pause:
    """Agree, as the second person: the house goes on and what was asked for is released.

    ``asked_at`` is that of the wish which the person saw. Raises ``NotAllowed``, ``NothingHeld``,
    ``WishChanged`` and ``OtherPersonNeeded``.
    """
    if not rules.can_pause_house(actor):
        raise NotAllowed
    pause = _held_pause()
    if pause.asked_at is None or pause.asked_at != asked_at:
        raise WishChanged
    if pause.asked_by == actor.reference:
        raise OtherPersonNeeded
    asker = User.objects.filter(pk=pause.asked_by.partition(":")[2]).first()
    if asker is None or not rules.can_pause_house(asker):
        raise WishChanged
    return _go_on(actor, pause, {"asked_by": pause.asked_by}, at)


@transaction.atomic
def resume_on_machine(*, first: str, second: str, kinds: Collection[str], at: datetime) -> Pause:
    """Let the house go on by two people named on the machine, by their e-mail addresses.

    Raises ``TwoPeopleNeeded`` and ``NothingHeld``.
    """
    people = [
        user
        for email in dict.fromkeys(text.strip().casefold() for text in (first, second))
        for user in User.objects.filter(email__iexact=email)
        if rules.can_pause_house(user)
    ]
    if len({user.pk for user in people}) != 2:
        raise TwoPeopleNeeded
    pause = _held_pause()
    pause.asked_kinds = [kind for kind in Held.values if kind in kinds and kind in pause.held]
    return _go_on(None, pause, {"people": [user.reference for user in people]}, at)


def _pause(actor: User | None, way: str, at: datetime) -> Pause:
    try:
        with transaction.atomic():
            pause = Pause.objects.create(
                since=at, paused_by=actor.reference if actor else SYSTEM, held=list(Held.values)
            )
    except IntegrityError as error:
        raise PausedAlready from error
    staying = [user.pk for user in User.objects.filter(is_active=True) if _may(user)]
    ended = SignedInSession.objects.exclude(user__in=staying)
    Session.objects.filter(session_key__in=ended.values("session_key")).delete()
    count = ended.delete()[0]
    audit(actor, "common.pause.pause", pause, at=at, changed={"way": way, "sessions": count})
    _tell()
    return pause


def _may(user: User) -> bool:
    return rules.can_pause_house(user)


@transaction.atomic
def _use_code(*, code: str, at: datetime) -> Pause:
    row = (
        PauseCode.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(digest=_digest(code), used_at=None)
        .first()
    )
    if row is None or not rules.can_pause_house(row.user):
        raise WrongPauseCode
    row.used_at = at
    row.save(update_fields=["used_at"])
    return _pause(row.user, "code", at)


def _digest(code: str) -> str:
    """Digest without the secret key: the paper must still work after a change of keys."""
    return crypto.plain_digest(f"pause|{crypto.tidy_code(code)}")


def _held_pause() -> Pause:
    pause = Pause.objects.select_for_update().order_by("-since", "pk").first()
    if pause is None or not (pause.lasts or pause.held):
        raise NothingHeld
    return pause


def _go_on(actor: User | None, pause: Pause, changed: dict[str, object], at: datetime) -> Pause:
    released = list(pause.asked_kinds)
    pause.held = [kind for kind in pause.held if kind not in released]
    pause.lasts, pause.asked_by, pause.asked_at, pause.asked_kinds = False, "", None, []
    pause.save()
    changed |= {"released": released, "held": pause.held}
    audit(actor, "common.pause.resume", pause, at=at, changed=changed)
    _tell()
    return pause


def _tell() -> None:
    """Let this process know now, and again once it stands in the database; wake the workers."""
    pauses.refresh(at_once=True)
    transaction.on_commit(lambda: pauses.refresh(at_once=True))
    transaction.on_commit(ring)
