"""Calendars, read with a parser that is not the writer's."""

from __future__ import annotations

import vobject

ZONES_BY_NAME = vars(vobject.icalendar)["__tzidMap"]


def read_calendar(content: bytes) -> vobject.base.Component:
    """Read a calendar; the parser keeps zones by name, so it forgets those of others first."""
    for name in list(ZONES_BY_NAME):
        if name != "UTC":
            del ZONES_BY_NAME[name]
    return vobject.readOne(content.decode())
