"""Work beside the requests: reminders to posts are drafted for whoever answers for the ask."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hiwar.asks.actions.reminders import draft_reminder
from hiwar.asks.models import Addressee
from hiwar.asks.queries.reminders import letters_since, owed_answers
from hiwar.common import dates, jobs
from hiwar.common.models import Held

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


@jobs.task(label=_("Draft a reminder to a post"), held=Held.REMINDERS)
def remind(key: str) -> None:
    """Draft what one addressee is due; again it finds nothing to do."""
    draft_reminder(key=UUID(key), now=timezone.now())


@jobs.watch(every=timedelta(hours=6))
def reminders_that_are_due(now: datetime) -> Iterator[jobs.Wish]:
    """Ask for a reminder to each post whose day passed so long ago that one is due."""
    asked = jobs.open_keys("asks.remind ")
    owed = owed_answers(Addressee.objects.order_by("pk"), dates.local_day(now))
    letters = letters_since(owed)
    for row in owed:
        name = f"asks.remind {row.addressee.pk}"
        if row.letters_wanted > len(letters[row.addressee.pk]) and name not in asked:
            yield jobs.Wish("asks.remind", (str(row.addressee.pk),), name)
