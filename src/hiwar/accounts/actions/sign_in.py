"""Signing in and out: password, failed tries, sessions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hiwar.accounts.actions import throttles
from hiwar.accounts.models import SignedInSession, User
from hiwar.accounts.queries import user_by_email
from hiwar.common.actions import audit
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

Proof = TypeVar("Proof")


class WrongSignIn(Refused):
    """Address and password do not fit; the message never says which of them."""

    code = "wrong_sign_in"
    message = _("The e-mail address and the password do not fit together. Nothing was changed.")


class WrongCode(Refused):
    """The second factor does not fit."""

    code = "wrong_code"
    message = _("This code does not fit. Codes of an app are good for one use and half a minute.")


class SignInPaused(Refused):
    """Too many tries failed."""

    code = "sign_in_paused"
    message = _("Too many tries failed. Please wait before the next one.")

    def __init__(self, wait: timedelta) -> None:
        super().__init__()
        self.minutes = max(1, -(-int(wait.total_seconds()) // 60))

    def __str__(self) -> str:
        return ngettext(
            "Too many tries failed. Try again in %(minutes)d minute.",
            "Too many tries failed. Try again in %(minutes)d minutes.",
            self.minutes,
        ) % {"minutes": self.minutes}


def check_password(
    *, email: str, password: str, address: str, at: datetime, browser: str = ""
) -> User:
    """Return the user whose password this is.

    ``browser`` names one in which this very account signed in before: see ``known_browser``.

    Takes the same time and says the same for an unknown address as for a wrong password.
    Raises ``WrongSignIn`` and ``SignInPaused``.
    """
    account = email.strip().casefold()

    def prove() -> User | None:
        user = authenticate(username=account, password=password)
        return user if isinstance(user, User) else None

    return _guarded(account, address, at, prove, WrongSignIn(), browser=browser)


def check_second_factor(
    *, user: User, address: str, at: datetime, prove: Callable[[], Proof | None]
) -> Proof:
    """Return what ``prove`` returns, counting failures as those of the account.

    Raises ``WrongCode`` when it returns None, and ``SignInPaused``.
    """
    return _guarded(f"second|{user.pk}", address, at, prove, WrongCode())


def _guarded(
    account: str, address: str, at: datetime, prove: Callable[[], Proof | None], refusal: Refused,
    *, browser: str = "",
) -> Proof:  # fmt: skip
    """Count outside the refusal's transaction, or the count would be rolled back with it."""
    until = throttles.paused_until(account, address, at, browser)
    if until is not None:
        raise SignInPaused(until - at)
    proof = prove()
    if proof is None:
        if throttles.count_failure(account=account, address=address, at=at, browser=browser):
            _audit_pause(account, at)
        raise refusal
    throttles.forget_failures(account=account, address=address, at=at, browser=browser)
    return proof


def _audit_pause(account: str, at: datetime) -> None:
    kind, _bar, key = account.partition("|")
    user = User.objects.filter(pk=key).first() if kind == "second" else user_by_email(account)
    if user is not None:
        audit(user, "accounts.user.pause_sign_in", user, at=at)


@transaction.atomic
def record_sign_in(
    *, user: User, session_key: str, device: str, method: str, at: datetime
) -> SignedInSession:
    """Remember the browser somebody signed in with, and audit it."""
    _forget_expired(at)
    session = SignedInSession(
        user=user,
        session_key=session_key,
        device=device[:120],
        method=method,
        started_at=at,
        seen_at=at,
    )
    session.save()
    audit(user, "accounts.user.sign_in", user, at=at, changed={"method": method})
    return session


def _forget_expired(at: datetime) -> None:
    Session.objects.filter(expire_date__lt=at).delete()
    too_old = at - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    SignedInSession.objects.filter(started_at__lt=too_old).delete()


def note_seen(*, session_key: str, at: datetime) -> None:
    """Note that a session is still used."""
    SignedInSession.objects.filter(session_key=session_key).update(seen_at=at)


def move_session(*, before: str, after: str) -> None:
    """Follow a session whose key was changed."""
    SignedInSession.objects.filter(session_key=before).update(session_key=after)


@transaction.atomic
def record_sign_out(*, user: User, session_key: str, at: datetime) -> None:
    """Forget the browser somebody signed out of, and audit it."""
    SignedInSession.objects.filter(user=user, session_key=session_key).delete()
    audit(user, "accounts.user.sign_out", user, at=at)


@transaction.atomic
def end_sessions(*, actor: User, of: User, keep: str | None, at: datetime) -> int:
    """Sign a person out everywhere but in the session ``keep``; return how many ended."""
    ended = SignedInSession.objects.filter(user=of)
    if keep:
        ended = ended.exclude(session_key=keep)
    keys = list(ended.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    ended.delete()
    if keys:
        audit(actor, "accounts.user.end_session", of, at=at, changed={"sessions": len(keys)})
    return len(keys)


@transaction.atomic
def end_session(*, actor: User, session: SignedInSession, at: datetime) -> None:
    """Sign a person out in one browser."""
    Session.objects.filter(session_key=session.session_key).delete()
    session.delete()
    audit(actor, "accounts.user.end_session", session.user, at=at, changed={"sessions": 1})


@transaction.atomic
def change_password(*, actor: User, password: str, at: datetime, keep: str | None = None) -> None:
    """Set a new password and end the person's other sessions.

    Raises ``ValidationError`` when the password is too weak.
    """
    validate_password(password, actor)
    actor.set_password(password)
    actor.save(update_fields=["password"])
    audit(actor, "accounts.user.change_password", actor, at=at)
    end_sessions(actor=actor, of=actor, keep=keep, at=at)
