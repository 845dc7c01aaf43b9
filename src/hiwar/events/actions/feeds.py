"""Private calendar addresses: made and withdrawn by their owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.events import rules
from hiwar.events.models import CalendarFeed
from hiwar.events.models.invitations import make_secret
from hiwar.events.queries.invitations import feeds_of

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.models import User


@transaction.atomic
def make_feed(*, actor: User, now: datetime) -> CalendarFeed:
    """Make a private calendar address for oneself; the one before ends. Raises ``NotAllowed``."""
    if not rules.can_see_events(actor):
        raise NotAllowed
    feeds_of(actor).update(revoked_at=now)
    feed = CalendarFeed.objects.create(user=actor, secret=make_secret(), made_at=now)
    audit(actor, "events.calendarfeed.make", feed, at=now)
    return feed


@transaction.atomic
def revoke_feed(*, actor: User, feed: CalendarFeed, now: datetime) -> CalendarFeed:
    """Withdraw one's calendar address; raises ``NotAllowed``."""
    if feed.user_id != actor.pk:
        raise NotAllowed
    feed.revoked_at = now
    feed.save(update_fields=["revoked_at"])
    audit(actor, "events.calendarfeed.revoke", feed, at=now)
    return feed
