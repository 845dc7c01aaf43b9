"""Asks: written, changed, approved, dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.asks import rules
from hiwar.asks.actions.points import PointsStand
from hiwar.asks.models import Addressee, Ask
from hiwar.asks.queries import search_documents
from hiwar.asks.queries.positions import next_number
from hiwar.common.actions import audit
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import index_record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.dossiers.models import Dossier

# From a state to those that follow it; a dropped ask can be taken up again.
FOLLOWS = {
    Ask.State.DRAFTED: {Ask.State.APPROVED, Ask.State.DROPPED},
    Ask.State.APPROVED: {Ask.State.DROPPED, Ask.State.DRAFTED},
    Ask.State.DROPPED: {Ask.State.DRAFTED},
}


class AskApproved(Refused):
    """The words of an approved ask stand: organisations have answered to them."""

    code = "ask_approved"
    message = _("This ask is approved and its words stand. Put it back to draft to change them.")


class WrongAskState(Refused):
    """The state does not follow from the present one."""

    code = "wrong_ask_state"
    message = _("The ask is no longer in the state this page showed. Load the page again.")


@transaction.atomic
def write_ask(
    *,
    actor: User,
    dossier: Dossier,
    text: Mapping[str, str],
    short: Mapping[str, str],
    now: datetime,
    visibility: str = "institution",
    is_demo: bool = False,
) -> Ask:
    """Write an ask into a dossier; raises ``NotAllowed`` and ``ValidationError``."""
    if not rules.can_edit_asks_of(actor, dossier):
        raise NotAllowed
    ask = Ask(
        dossier=dossier, number=next_number(dossier), text=text, short=short, owner=actor,
        visibility=visibility, created_at=now, is_demo=is_demo,
    )  # fmt: skip
    ask.full_clean()
    ask.save()
    for kind in (search_documents.KIND, search_documents.PUBLIC):
        index_record(kind, search_documents.document_of(ask))
    audit(actor, "asks.ask.write", ask, at=now)
    return ask


@transaction.atomic
def change_ask(
    *,
    actor: User,
    ask: Ask,
    text: Mapping[str, str],
    short: Mapping[str, str],
    now: datetime,
) -> Ask:
    """Change the words of a draft; raises ``NotAllowed``, ``AskApproved``, ``ValidationError``."""
    locked = _locked(actor, ask)
    if locked.state == Ask.State.APPROVED:
        raise AskApproved
    before = {"text": dict(locked.text), "short": dict(locked.short)}
    locked.text, locked.short = text, short
    locked.full_clean()
    locked.save()
    locked.refresh_from_db()
    for kind in (search_documents.KIND, search_documents.PUBLIC):
        index_record(kind, search_documents.document_of(locked))
    changed = {
        name: [old, dict(getattr(locked, name))]
        for name, old in before.items()
        if old != dict(getattr(locked, name))
    }
    audit(actor, "asks.ask.change", locked, at=now, changed=changed)
    return locked


@transaction.atomic
def take_state(*, actor: User, ask: Ask, state: str, now: datetime) -> Ask:
    """Approve an ask that is put to nobody yet, drop it or put it back to draft.

    What is put to posts is approved for them (``points.approve_addressees``), and its words stand
    from then on. Raises ``NotAllowed``, ``WrongAskState`` and ``PointsStand``.
    """
    locked = _locked(actor, ask)
    put = Addressee.objects.filter(ask=locked)
    if state == Ask.State.APPROVED and put.exists():
        raise NotAllowed
    if state == Ask.State.DRAFTED and put.exclude(state=Addressee.State.DRAFTED).exists():
        raise PointsStand
    if state not in FOLLOWS[Ask.State(locked.state)]:
        raise WrongAskState
    old, locked.state = locked.state, state
    locked.save(update_fields=["state"])
    audit(actor, "asks.ask.take_state", locked, at=now, changed={"state": [old, state]})
    return locked


def _locked(actor: User, ask: Ask) -> Ask:
    locked = Ask.objects.select_for_update().get(pk=ask.pk)
    if not rules.can_record_position(actor, locked):
        raise NotAllowed
    return locked
