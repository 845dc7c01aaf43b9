"""Laws followed by members of staff, and what they said they had seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.legislation import rules
from hiwar.legislation.models import LawFollower

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.legislation.models import Law


@transaction.atomic
def follow_law(*, actor: User, law: Law, now: datetime) -> LawFollower:
    """Follow a law from now on; what happened before counts as seen. Raises ``NotAllowed``."""
    if not rules.can_read_law(actor, law):
        raise NotAllowed
    follower, is_new = LawFollower.objects.get_or_create(
        law=law, user=actor, defaults={"seen_at": now}
    )
    if is_new:
        audit(actor, "legislation.law.follow", law, at=now)
    return follower


@transaction.atomic
def unfollow_law(*, actor: User, law: Law, now: datetime) -> None:
    """Follow a law no longer."""
    count, _kinds = LawFollower.objects.filter(law=law, user=actor).delete()
    if count:
        audit(actor, "legislation.law.unfollow", law, at=now)


@transaction.atomic
def mark_law_seen(*, actor: User, law: Law, until: datetime, now: datetime) -> None:
    """Say that one has seen what happened to a law until an instant; it never goes back.

    Raises ``NotAllowed`` for who does not follow it.
    """
    follower = LawFollower.objects.select_for_update().filter(law=law, user=actor).first()
    if follower is None or not rules.can_read_law(actor, law):
        raise NotAllowed
    seen_at = min(until, now)
    if seen_at <= follower.seen_at:
        return
    before, follower.seen_at = follower.seen_at, seen_at
    follower.save(update_fields=["seen_at"])
    audit(actor, "legislation.law.see", law, at=now, changed={
        "seen_at": [before.isoformat(), seen_at.isoformat()],
    })  # fmt: skip
