"""What everybody may read of asks: an approved ask, and its promises one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.asks import rules
from hiwar.asks.models import Ask, Commitment
from hiwar.common.actions import audit
from hiwar.common.models import Visibility
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.models import User


class NotApproved(Refused):
    """Everybody reads what was approved."""

    code = "ask_not_approved"
    message = _("Only an approved ask can be read by everybody.")


class AskNotShown(Refused):
    """A promise is read with its ask."""

    code = "ask_not_shown"
    message = _("Let everybody read the ask first: a promise is read with it.")


@transaction.atomic
def show_ask(*, actor: User, ask: Ask, is_public: bool, now: datetime) -> Ask:
    """Let everybody read an approved ask with its verified outcomes, or the institution alone.

    Raises ``NotAllowed`` and ``NotApproved``.
    """
    locked = Ask.objects.select_for_update(of=("self",)).select_related("dossier").get(pk=ask.pk)
    if not rules.can_approve_ask(actor, locked):
        raise NotAllowed
    if is_public and locked.state != Ask.State.APPROVED:
        raise NotApproved
    before = locked.visibility
    if not is_public and before != Visibility.PUBLIC:
        return locked
    locked.visibility = Visibility.PUBLIC if is_public else Visibility.INSTITUTION
    locked.save(update_fields=["visibility"])
    audit(actor, "asks.ask.show", locked, at=now, changed={
        "visibility": [before, locked.visibility],
    })  # fmt: skip
    return locked


@transaction.atomic
def show_commitment(
    *, actor: User, commitment: Commitment, is_public: bool, now: datetime
) -> Commitment:
    """Let everybody read a promise with its verified states, or the desk alone.

    Raises ``NotAllowed`` and ``AskNotShown``.
    """
    locked: Commitment = (
        Commitment.objects.select_for_update(of=("self",))
        .select_related("point__ask__dossier").get(pk=commitment.pk)
    )  # fmt: skip
    ask = locked.point.ask
    if not rules.can_approve_ask(actor, ask):
        raise NotAllowed
    if is_public and ask.visibility != Visibility.PUBLIC:
        raise AskNotShown
    was, locked.is_public = locked.is_public, is_public
    locked.save(update_fields=["is_public"])
    audit(actor, "asks.commitment.show", ask, at=now, changed={"is_public": [was, is_public]})
    return locked
