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
def save_season(
    *, actor: User, calendar: Calendar, season: Season | None, values: Mapping[str, Any],
    now: datetime,
) -> Season:  # fmt: skip
    """Enter a season or a holiday, or change one; raises ``NotAllowed``, ``ValidationError``."""
    if not rules.can_change_places(actor):
        raise NotAllowed
    season = season or Season(calendar=calendar)
    for name, value in values.items():
        setattr(season, name, value)
    season.full_clean()
    season.save()
    audit(actor, "places.calendar.change", calendar, at=now)
    return season


@transaction.atomic
def remove_season(*, actor: User, season: Season, now: datetime) -> None:
    """Remove a season; raises ``NotAllowed``."""
    if not rules.can_change_places(actor):
        raise NotAllowed
    audit(actor, "places.calendar.change", season.calendar, at=now)
    season.delete()


@transaction.atomic
def add_pause(
    *, actor: User, calendar: Calendar, values: Mapping[str, Any], now: datetime
) -> Pause:
    """Enter a weekly pause in which nothing is scheduled; raises ``NotAllowed``."""
    if not rules.can_change_places(actor):
        raise NotAllowed
    pause = Pause(calendar=calendar, **values)
    pause.full_clean()
    pause.save()
    audit(actor, "places.calendar.change", calendar, at=now)
    return pause


@transaction.atomic
def remove_pause(*, actor: User, pause: Pause, now: datetime) -> None:
    """Remove a weekly pause; raises ``NotAllowed``."""
    if not rules.can_change_places(actor):
        raise NotAllowed
    audit(actor, "places.calendar.change", pause.calendar, at=now)
    pause.delete()
