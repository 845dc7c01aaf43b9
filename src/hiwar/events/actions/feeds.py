"""Private calendar addresses: made and withdrawn by their owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.links import actions as links
from hiwar.common.models import PrivateLink
from hiwar.events import rules
from hiwar.events.models import CalendarFeed
from hiwar.events.queries.invitations import CALENDAR, feeds_of

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from hiwar.accounts.models import User


@transaction.atomic
def make_feed(*, actor: User, now: datetime) -> tuple[CalendarFeed, str]:
    """Make a private calendar address for oneself; the one before ends. Raises ``NotAllowed``.

    The token is returned once and kept nowhere: who copies the database follows nobody.
    """
    if not rules.can_see_events(actor):
        raise NotAllowed
    _withdraw(feeds_of(actor), now)
    link, token = links.make_link(purpose=CALENDAR, now=now)
    feed = CalendarFeed.objects.create(user=actor, private_link=link, made_at=now)
    audit(actor, "events.calendarfeed.make", feed, at=now)
    return feed, token


@transaction.atomic
def revoke_feed(*, actor: User, feed: CalendarFeed, now: datetime) -> CalendarFeed:
    """Withdraw one's calendar address; raises ``NotAllowed``."""
    if feed.user_id != actor.pk:
        raise NotAllowed
    _withdraw(CalendarFeed.objects.filter(pk=feed.pk), now)
    audit(actor, "events.calendarfeed.revoke", feed, at=now)
    return feed


def _withdraw(feeds: QuerySet[CalendarFeed], now: datetime) -> None:
    pages = PrivateLink.objects.filter(pk__in=feeds.order_by().values("private_link"))
    links.withdraw_links(links=pages, now=now)
