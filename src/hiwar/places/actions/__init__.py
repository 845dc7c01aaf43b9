"""Places, calendars and seasons: from a pack, from a list, entered at the desk."""

from hiwar.places.actions.packs import (
    CALENDAR_FILE,
    PLACES_FILE,
    Loaded,
    load_demo_pack,
    load_place_pack,
    remove_demo_pack,
    remove_place_pack,
)

__all__ = [
    "CALENDAR_FILE",
    "PLACES_FILE",
    "Loaded",
    "load_demo_pack",
    "load_place_pack",
    "remove_demo_pack",
    "remove_place_pack",
]
