"""Readings that stand in the activity log: of private numbers and of closed notes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from hiwar.accounts.queries import WIDE
from hiwar.common.actions import audit
from hiwar.common.models import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.contacts.models import ContactPoint, Note, Person

ONCE_IN = timedelta(hours=1)
VERB = "contacts.person.read_private"


@transaction.atomic
def record_reading(
    *,
    actor: User,
    person: Person,
    points: Sequence[ContactPoint],
    notes: Sequence[Note],
    now: datetime,
) -> bool:
    """Write down that somebody read what is private of a person; once an hour is enough.

    Nothing is written where all that was read is open to all staff. Returns whether it was written.
    """
    private = sum(point.is_private for point in points)
    closed = sum(note.visibility not in WIDE and note.owner_id != actor.pk for note in notes)
    if not private and not closed:
        return False
    audit_entries = AuditEntry.objects.filter(
        verb=VERB, actor=actor.reference, object=person.reference, at__gt=now - ONCE_IN
    )
    if audit_entries.exists():
        return False
    changed = {"points": [0, private], "notes": [0, closed]}
    audit(actor, VERB, person, at=now, changed=changed)
    return True
