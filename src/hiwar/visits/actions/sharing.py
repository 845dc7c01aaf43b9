"""Private links: made, withdrawn, ended by date; and what comes back by one of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.links import actions as links
from hiwar.common.models import PrivateLink
from hiwar.visits import rules
from hiwar.visits.models import Feedback, ShareLink
from hiwar.visits.queries.links import FEEDBACK, PROGRAMME

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from hiwar.accounts.models import User
    from hiwar.visits.models import Traveller, Visit

ENDS_AFTER = timedelta(days=14)
PURPOSES = {ShareLink.Kind.PROGRAMME: PROGRAMME, ShareLink.Kind.FEEDBACK: FEEDBACK}


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
        visit=visit, kind=kind, traveller=traveller, colleague=colleague
    )
    if kind == ShareLink.Kind.PROGRAMME:
        _withdraw(former, now)
    private_link, token = links.make_link(
        purpose=PURPOSES[ShareLink.Kind(kind)], now=now, ends_on=visit.ends_on + ENDS_AFTER
    )
    link = ShareLink(
        visit=visit,
        traveller=traveller,
        colleague=colleague,
        kind=kind,
        private_link=private_link,
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
    if _withdraw(ShareLink.objects.filter(pk=link.pk), now):
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
    """Keep what a traveller answers; the answer does not know by which link it came.

    The link is marked as used and not when: answers lie in the order in which they came, so that
    hours beside names would tell whose each is.
    """
    private_link = links.lock_open_link(link.private_link, now)
    if private_link.used_at or private_link.purpose != FEEDBACK:
        raise links.LinkClosed
    links.mark_used(link=private_link, now=private_link.made_at)
    feedback = Feedback(visit=link.visit, score=score, best=best, better=better, language=language)
    feedback.full_clean()
    feedback.save()
    return feedback


def _withdraw(rows: QuerySet[ShareLink], now: datetime) -> int:
    private_links = PrivateLink.objects.filter(pk__in=rows.values("private_link"))
    return links.withdraw_links(links=private_links, now=now)
