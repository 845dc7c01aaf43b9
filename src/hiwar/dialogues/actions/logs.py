"""Taking the log of review out of the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.dialogues import rules
from hiwar.dialogues.queries.moderation import moderation_log

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.dialogues.models import Dialogue, ModerationDecision


@transaction.atomic
def export_log(*, actor: User, dialogue: Dialogue, now: datetime) -> list[ModerationDecision]:
    """Return every decision, the newest first, and record who took them; raises ``NotAllowed``."""
    if not rules.can_moderate_statement(actor):
        raise NotAllowed
    moderation_decisions = list(moderation_log(dialogue))
    changed = {"decisions": len(moderation_decisions)}
    audit(actor, "dialogues.dialogue.export_log", dialogue, at=now, changed=changed)
    return moderation_decisions
