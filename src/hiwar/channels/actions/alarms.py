"""Telling that something is red: through the outbox, and that it was told."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import pgettext_lazy

from hiwar.channels.queries.alarms import AGAIN, TOLD
from hiwar.common.actions import audit
from hiwar.common.post import Draft, Purpose, post

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hiwar.channels.queries.alarms import Alarm

ALARM = Purpose(
    "channels.alarm", pgettext_lazy("purpose", "alarm of the house itself"), is_urgent=True
)


@transaction.atomic
def post_alarm(
    *, alarm: Alarm, subject: str, text: str, recipients: Sequence[str], at: datetime
) -> None:
    """Hand the letters in, one for each recipient, and note what was told."""
    for recipient in recipients:
        post(
            Draft(
                key=uuid4(), purpose=ALARM.code, language=settings.LANGUAGE_CODE,
                recipient=recipient, subject=subject, text=text, expires_at=at + AGAIN,
            ),
            at=at,
        )  # fmt: skip
    note_told(alarm=alarm, way="outbox", at=at)


@transaction.atomic
def note_told(*, alarm: Alarm, way: str, at: datetime) -> None:
    """Note what was told and by which way, so that it is told once."""
    audit(None, TOLD, alarm, at=at, changed={"red": list(alarm.codes), "way": way})
