"""What the register keeps for a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.common.personal.actions import end_of_time
from hiwar.common.personal.retention import KeepingClass
from hiwar.contacts.actions.erasure import PERSON
from hiwar.contacts.actions.people import restorable_since
from hiwar.contacts.models import Person
from hiwar.contacts.queries.vocabularies import days

if TYPE_CHECKING:
    from datetime import datetime

AT_ONCE = 100


def erase_removed(*, now: datetime) -> int:
    """Erase people who were removed and can no longer be put back, each by herself."""
    over = Person.objects.filter(removed_at__lt=restorable_since(now), merged_into=None)
    keys = list(over.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    return sum(end_of_time(kind=PERSON, key=key, now=now) for key in keys)


KEPT = (
    KeepingClass(
        "contacts.removed",
        _("people who were removed from the register"),
        _("from the day of removal"),
        lambda: days("restore_days"),
        erase_removed,
    ),
)
