"""Calendars and their seasons, entered and changed at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.places import rules
from hiwar.places.models import Calendar, Pause, Season, WorkingHours

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hiwar.accounts.models import User


@transaction.atomic
def save_calendar(
    *, actor: User, calendar: Calendar | None, values: Mapping[str, Any], now: datetime
) -> Calendar:
    """Enter a calendar with its ordinary hours, or change one.

    ``values`` are name, code, time_zone, weekend (ISO weekdays), opens and closes. Raises
    ``NotAllowed`` and ``ValidationError``.
    """
    if not rules.can_change_places(actor):
        raise NotAllowed
    verb = "change" if calendar else "add"
    calendar = calendar or Calendar()
    for name in ("code", "name", "time_zone", "weekend"):
        setattr(calendar, name, values[name])
    calendar.full_clean()
    calendar.save()
    hours = calendar.working_hours.filter(season_kind="")
    if values["opens"] and values["closes"]:
        WorkingHours.objects.update_or_create(
            calendar=calendar, season_kind="",
            defaults={"opens": values["opens"], "closes": values["closes"]},
        )  # fmt: skip
    else:
        hours.delete()
    audit(actor, f"places.calendar.{verb}", calendar, at=now)
    return calendar


@transaction.atomic
def save_part(
    *, actor: User, part: Season | Pause, values: Mapping[str, Any], now: datetime
) -> None:
    """Enter or change a season or a weekly pause of a calendar.

    Raises ``NotAllowed`` and ``ValidationError``.
    """
    if not rules.can_change_places(actor):
        raise NotAllowed
    for name, value in values.items():
        setattr(part, name, value)
    part.full_clean()
    part.save()
    audit(actor, "places.calendar.change", part.calendar, at=now)


@transaction.atomic
def remove_part(*, actor: User, part: Season | Pause, now: datetime) -> None:
    """Remove a season or a weekly pause of a calendar; raises ``NotAllowed``."""
    if not rules.can_change_places(actor):
        raise NotAllowed
    audit(actor, "places.calendar.change", part.calendar, at=now)
    part.delete()
