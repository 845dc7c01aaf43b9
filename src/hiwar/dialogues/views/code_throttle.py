"""Patience with wrong codes: who guesses is slowed down, who mistypes is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core import signing
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from hiwar.dialogues.actions.alerts import raise_alert
from hiwar.dialogues.queries.rate_monitor import GUESSES, stopwatch

if TYPE_CHECKING:
    from django.http import HttpRequest

SALT = "dialogues.patience"
WAIT, LIFE = 5, 600


def asks_for_patience(request: HttpRequest) -> bool:
    """Return whether a code from this network must first wait a moment."""
    if not GUESSES.needs_patience(_address(request), stopwatch()):
        return False
    ticket = request.POST.get("patience", "")
    try:
        signing.loads(ticket, salt=SALT, max_age=LIFE)
    except signing.BadSignature:
        return True
    try:
        signing.loads(ticket, salt=SALT, max_age=WAIT)
    except signing.SignatureExpired:
        return not GUESSES.use(ticket, stopwatch())
    return True


def ticket_for(request: HttpRequest) -> str:
    """Return a ticket that is good for one code, after five seconds.

    Who pressed too early keeps the one she has, and need not begin to wait again.
    """
    brought = request.POST.get("patience", "")
    try:
        signing.loads(brought, salt=SALT, max_age=LIFE)
    except signing.BadSignature:
        brought = ""
    if brought and not GUESSES.was_used(brought):
        return brought
    return signing.dumps(get_random_string(12), salt=SALT)


def patience_sentence() -> str:
    """Return what somebody is told who must wait a moment."""
    return _("Many wrong codes came from this network. Wait five seconds, then continue.")


def note_wrong_code(request: HttpRequest, code: str) -> None:
    """Count a wrong code for a dialogue, and tell its facilitator when they are many."""
    unusual = GUESSES.wrong(_address(request), stopwatch())
    if unusual is not None and code:
        raise_alert(code=code, unusual=unusual, now=timezone.now())


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
