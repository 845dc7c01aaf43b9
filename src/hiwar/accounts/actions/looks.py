"""When somebody last looked at a record, noted at most once an hour."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import F

from hiwar.accounts.models import Look
from hiwar.common import pauses

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.common.models import Record

# What is opened again within this time is one visit, and says the same.
ONE_VISIT = timedelta(hours=1)


def note_look(*, user: User, record: Record, now: datetime) -> datetime | None:
    """Note that somebody looks at a record; return when they looked before this visit, if ever.

    At most one row is written in an hour for a reader and a record, and none in a pause.
    """
    is_paused = pauses.known().is_paused
    look = Look.objects.filter(user=user, record=record.reference).first()
    if look is None:
        if not is_paused:
            first = Look(user=user, record=record.reference, looked_at=now)
            Look.objects.bulk_create([first], ignore_conflicts=True)
        return None
    if look.looked_at > now - ONE_VISIT:
        return look.before
    if not is_paused:
        same = Look.objects.filter(pk=look.pk, looked_at=look.looked_at)
        same.update(before=F("looked_at"), looked_at=now)
    return look.looked_at
