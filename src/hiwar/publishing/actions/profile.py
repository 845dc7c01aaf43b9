"""What the site says about the institution is changed by whoever may change its record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.rules import can_change_institution
from hiwar.common.actions import audit, update_record
from hiwar.publishing.models import PublicProfile
from hiwar.publishing.queries.profile import the_profile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hiwar.accounts.models import User


@transaction.atomic
def change_profile(
    *, actor: User | None, changes: Mapping[str, object], now: datetime, is_demo: bool = False
) -> PublicProfile:
    """Change the profile, or write the first one; "last modified" moves only with a change.

    Raises ``NotAllowed`` and ``ValidationError``. ``actor`` None is the system itself.
    """
    if actor is not None and not can_change_institution(actor):
        raise NotAllowed
    profile = the_profile()
    if profile is None:
        profile = PublicProfile(modified_at=now, is_demo=is_demo, **changes)
        profile.full_clean()
        profile.save()
        audit(actor, "publishing.publicprofile.update", profile, at=now)
        return profile
    locked = PublicProfile.objects.select_for_update().get(pk=profile.pk)
    if update_record(actor=actor, record=locked, changes=changes, at=now):
        locked.modified_at = now
        locked.save(update_fields=["modified_at"])
    return locked
