"""Loading the place pack: places, calendars and seasons are data, not code."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, time
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.rules import has_permission
from hiwar.common.actions import audit
from hiwar.common.tables import read_records
from hiwar.places.models import Calendar, Pause, Place, Season, WorkingHours

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from hiwar.accounts.models import User

PLACES_FILE, CALENDAR_FILE = "geo-units.csv", "calendar.json"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(slots=True)
class Loaded:
    """What loading did: rows made, rows there already, rows that make no sense."""

    added: int = 0
    there: int = 0
    wrong: list[str] = field(default_factory=list)


@transaction.atomic
def load_place_pack(*, actor: User | None, folder: Path, now: datetime) -> Loaded:
    """Load the places and calendars of a folder; what is there already is left as it is.

    A row that makes no sense is reported and left out. `actor` None is the installation itself.
    Raises ``NotAllowed`` and ``FileNotFoundError``.
    """
    if actor is not None and not has_permission(actor, "accounts.change_institution"):
        raise NotAllowed
    loaded = Loaded()
    _load_places(list(read_records((folder / PLACES_FILE).read_text("utf-8-sig"))), loaded)
    pack = json.loads((folder / CALENDAR_FILE).read_text("utf-8"))
    for entry in pack["calendars"]:
        _load_calendar(actor, entry, now, loaded)
    return loaded


@transaction.atomic
def remove_place_pack(*, folder: Path) -> int:
    """Remove the places and calendars of a folder that nothing refers to; return how many went."""
    text = (folder / PLACES_FILE).read_text("utf-8-sig")
    codes = [row["code"] for row in read_records(text)]
    pack = json.loads((folder / CALENDAR_FILE).read_text("utf-8"))
    removed = 0
    # Children stand after their parents in the file, so the last row goes first.
    wanted: list[tuple[type[Place | Calendar], str]] = [(Place, code) for code in reversed(codes)]
    wanted += [(Calendar, entry["code"]) for entry in pack["calendars"]]
    for model, code in wanted:
        try:
            with transaction.atomic():
                removed += bool(model.objects.filter(code=code).delete()[0])
        except ProtectedError:
            continue
    return removed


def load_demo_pack(folder: Path, at: datetime) -> tuple[int, int, list[str]]:
    """Load the place pack of the demonstration: made, there already, wrong."""
    loaded = load_place_pack(actor=None, folder=folder / "places", now=at)
    return loaded.added, loaded.there, loaded.wrong


def remove_demo_pack(folder: Path) -> int:
    """Remove the place pack of the demonstration."""
    return remove_place_pack(folder=folder / "places")


def _load_places(rows: Sequence[Mapping[str, str]], loaded: Loaded) -> None:
    known = {place.code: place for place in Place.objects.all()}
    for number, row in enumerate(rows, 2):
        if row["code"] in known:
            loaded.there += 1
            continue
        if row["parent"] and row["parent"] not in known:
            loaded.wrong.append(f"{PLACES_FILE} {number}: no place {row['parent']}")
            continue
        place = Place(
            code=row["code"],
            level=row["level"],
            kind=row["locality_type"],
            name={key[5:]: text for key, text in row.items() if key.startswith("name_")},
            parent=known.get(row["parent"]),
            note=row["note"] or "",
        )
        try:
            place.full_clean()
        except ValidationError as wrong:
            loaded.wrong.append(f"{PLACES_FILE} {number}: {wrong}")
            continue
        place.save()
        known[place.code] = place
        loaded.added += 1


def _load_calendar(
    actor: User | None, entry: Mapping[str, Any], now: datetime, loaded: Loaded
) -> None:
    if Calendar.objects.filter(code=entry["code"]).exists():
        loaded.there += 1
        return
    calendar = Calendar(
        code=entry["code"],
        name=entry["name"],
        time_zone=entry["time_zone"],
        weekend=[_weekday(name) for name in entry["weekend"]],
    )
    calendar.full_clean()
    calendar.save()
    for hours in entry["working_hours"]:
        WorkingHours.objects.create(
            calendar=calendar,
            season_kind=hours["season"],
            opens=time.fromisoformat(hours["opens"]),
            closes=time.fromisoformat(hours["closes"]),
        )
    for pause in entry["pauses"]:
        Pause.objects.create(
            calendar=calendar,
            name=pause["name"],
            weekday=_weekday(pause["weekday"]),
            starts=time.fromisoformat(pause["starts"]),
            ends=time.fromisoformat(pause["ends"]),
        )
    for season in entry["seasons"]:
        Season.objects.create(
            calendar=calendar,
            name=season["name"],
            kind=Season.Kind(season["kind"]),
            starts_on=date.fromisoformat(season["starts_on"]),
            ends_on=date.fromisoformat(season["ends_on"]),
            is_estimated=season["is_estimated"],
        )
    audit(actor, "places.calendar.load", calendar, at=now)
    loaded.added += 1


def _weekday(name: str) -> int:
    """Return the ISO number of a weekday's English name."""
    return WEEKDAYS.index(name.lower()) + 1
