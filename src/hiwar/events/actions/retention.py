"""What events keep for a time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.common.personal.retention import KeepingClass
from hiwar.events.models import InvitationMessage

if TYPE_CHECKING:
    from datetime import datetime

LETTER_DAYS = 90


@transaction.atomic
def forget_letters(*, now: datetime) -> int:
    """Delete the words of letters to invitees of events long over; that they went stays."""
    before = now - timedelta(days=LETTER_DAYS)
    old = InvitationMessage.objects.filter(invitation__event__ends_at__lt=before)
    return old.exclude(body="").update(body="", subject="", address="", calendar="")


KEPT = (
    KeepingClass(
        "events.needs",
        _("what somebody needs in order to come"),
        _("from the end of the event"),
        lambda: 0,
        duty="events.send_event_reminders",
    ),
    KeepingClass(
        "events.letters",
        _("words of letters to invitees"),
        _("from the end of the event"),
        lambda: LETTER_DAYS,
        forget_letters,
    ),
)
