"""What is unusual is told to the facilitator; nothing is deleted and nobody is shut out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.dialogues import rules
from hiwar.dialogues.models import Alert, Dialogue, Statement

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.dialogues.queries.rate_monitor import Unusual


@transaction.atomic
def raise_alert(*, code: str, unusual: Unusual, now: datetime) -> Alert | None:
    """Keep what the counters found, for the facilitator; None when the dialogue is not there."""
    dialogue = Dialogue.objects.filter(code=code).first()
    if dialogue is None:
        return None
    statement = Statement.objects.filter(dialogue=dialogue, number=unusual.statement or -1).first()
    # Ten minutes are near enough for who looks, and too far to tell when somebody voted.
    made_at = now - timedelta(
        minutes=now.minute % 10, seconds=now.second, microseconds=now.microsecond
    )
    return Alert.objects.create(
        dialogue=dialogue, kind=unusual.kind, statement=statement,
        count=unusual.count, usual=unusual.usual, made_at=made_at,
    )  # fmt: skip


@transaction.atomic
def see_alert(*, actor: User, alert: Alert, now: datetime) -> Alert:
    """Note that somebody has looked; raises ``NotAllowed``."""
    if not rules.can_run_dialogue(actor):
        raise NotAllowed
    if alert.seen_at is None:
        alert.seen_at, alert.seen_by = now, actor
        alert.save(update_fields=["seen_at", "seen_by"])
        changed = {"kind": alert.kind, "count": alert.count}
        audit(actor, "dialogues.alert.see", alert, at=now, changed=changed)
    return alert
