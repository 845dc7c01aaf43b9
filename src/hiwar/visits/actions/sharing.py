"""Private links: made, withdrawn, ended by date; and what comes back by one of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts import sealing
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.refusals import Refused
from hiwar.visits import rules
from hiwar.visits.models import Feedback, ShareLink

if TYPE_CHECKING:
    from datetime import date, datetime

    from hiwar.accounts.models import User
    from hiwar.visits.models import Traveller, Visit

ENDS_AFTER = timedelta(days=14)


class LinkClosed(Refused):
    """A form comes by a link that ended, was withdrawn or was used."""

    code = "link_closed"
    message = _("This link is closed.")


@transaction.atomic
def make_link(
    *,
    actor: User,
    visit: Visit,
    kind: str,
    traveller: Traveller | None = None,
    colleague: User | None = None,
    now: datetime,
) -> tuple[ShareLink, str]:
    """Make a private link; its token is returned once and kept nowhere.

    It ends 14 days after the visit. An earlier link of the same holder and kind is withdrawn.
    """
    if not rules.can_run_visit(actor, visit):
        raise NotAllowed
    former = ShareLink.objects.filter(
        visit=visit, kind=kind, traveller=traveller, colleague=colleague, withdrawn_at=None
    )
    if kind == ShareLink.Kind.PROGRAMME:
        former.update(withdrawn_at=now)
    token = sealing.new_link_token()
    link = ShareLink(
        visit=visit,
        traveller=traveller,
        colleague=colleague,
        kind=kind,
        digest=sealing.plain_digest(token),
        ends_on=visit.ends_on + ENDS_AFTER,
        made_at=now,
        made_by=actor,
    )
    link.full_clean()
    link.save()
    audit(actor, "visits.link.make", visit, at=now, changed={"kind": kind, "link": link.pk})
    return link, token


@transaction.atomic
def withdraw_link(*, actor: User, link: ShareLink, now: datetime) -> None:
    """Withdraw a private link at once; a copy on a phone is wiped at its next contact."""
    if not rules.can_run_visit(actor, link.visit):
        raise NotAllowed
    if link.withdrawn_at is None:
        link.withdrawn_at = now
        link.save(update_fields=["withdrawn_at"])
        audit(actor, "visits.link.withdraw", link.visit, at=now, changed={"link": link.pk})


@transaction.atomic
def give_feedback(
    *,
    link: ShareLink,
    score: int,
    best: str = "",
    better: str = "",
    language: str = "",
    now: datetime,
) -> Feedback:
    """Keep what a traveller answers; the answer does not know by which link it came."""
    kept = ShareLink.objects.select_for_update().get(pk=link.pk)
    if not is_open(kept, now.date()) or kept.used_at or kept.kind != ShareLink.Kind.FEEDBACK:
        raise LinkClosed
    kept.used_at = now
    kept.save(update_fields=["used_at"])
    feedback = Feedback(visit=kept.visit, score=score, best=best, better=better, language=language)
    feedback.full_clean()
    feedback.save()
    return feedback


def is_open(link: ShareLink, today: date) -> bool:
    """Return whether a link still opens what it was made for."""
    return link.withdrawn_at is None and today <= link.ends_on
