"""Patience with wrong codes: who guesses is slowed down, who mistypes is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from hiwar.common.patience import address_of, stopwatch
from hiwar.dialogues.actions.alerts import raise_alert
from hiwar.dialogues.queries.rate_monitor import GUESSES

if TYPE_CHECKING:
    from django.http import HttpRequest


def asks_for_patience(request: HttpRequest) -> bool:
    """Return whether a code from this network must first wait a moment."""
    return GUESSES.must_wait(request)


def ticket_for(request: HttpRequest) -> str:
    """Return a ticket that is good for one code, after five seconds."""
    return GUESSES.ticket_for(request)


def patience_sentence() -> str:
    """Return what somebody is told who must wait a moment."""
    return _("Many wrong codes came from this network. Wait five seconds, then continue.")


def note_wrong_code(request: HttpRequest, code: str) -> None:
    """Count a wrong code for a dialogue, and tell its facilitator when they are many."""
    unusual = GUESSES.wrong(address_of(request), stopwatch())
    if unusual is not None and code:
        raise_alert(code=code, unusual=unusual, now=timezone.now())
