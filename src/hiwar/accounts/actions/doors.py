"""Closing what stands open: links that nobody uses any more, and every session but one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts import rules
from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.models import SignedInSession
from hiwar.common.actions import audit
from hiwar.common.links.actions import withdraw_links
from hiwar.common.links.queries import forgotten_links
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.models import User


class NothingForgotten(Refused):
    """No link of the kind is old, unused and without an end."""

    code = "nothing_forgotten"
    message = _("No such link is left: somebody withdrew or used them meanwhile.")


@transaction.atomic
def withdraw_forgotten(*, actor: User, purpose: str, now: datetime) -> int:
    """Withdraw the links of a purpose that never end and were not used in half a year.

    Raises ``NotAllowed`` and ``NothingForgotten``; returns how many there were.
    """
    if not rules.can_look_after_house(actor):
        raise NotAllowed
    count = withdraw_links(links=forgotten_links(now).filter(purpose=purpose), now=now)
    if not count:
        raise NothingForgotten
    changed = {"kind": purpose, "links": count}
    audit(actor, "accounts.user.withdraw_links", actor, at=now, changed=changed)
    return count


@transaction.atomic
def end_all_sessions(*, actor: User, keep: str, at: datetime) -> int:
    """Sign everybody out everywhere but in the session ``keep``; return how many ended.

    Raises ``NotAllowed`` for whoever may not close accounts.
    """
    if not rules.can_invite_staff(actor):
        raise NotAllowed
    ended = SignedInSession.objects.exclude(session_key=keep)
    keys = list(ended.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    count = ended.delete()[0]
    audit(actor, "accounts.user.end_all_sessions", actor, at=at, changed={"sessions": count})
    return count
