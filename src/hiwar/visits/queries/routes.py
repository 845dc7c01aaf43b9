"""Towns and the ways between them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db.models import Q

from hiwar.visits.models import Route

if TYPE_CHECKING:
    from collections.abc import Mapping


def town_of(where: Mapping[str, str]) -> str:
    """Return the key of the town in a text such as "Northtown, Garden Hall"; empty without one."""
    text = where.get("en") or next(iter(where.values()), "")
    return re.split(r"[,،]", text)[0].strip().casefold()


def town_name(where: Mapping[str, str], language: str) -> str:
    """Return the town of a text in one language, as it is written there."""
    text = where.get(language) or where.get("en") or next(iter(where.values()), "")
    return re.split(r"[,،]", text)[0].strip()


def find_route(origin: str, destination: str) -> Route | None:
    """Return the way between two towns, in whichever direction it was written down."""
    there = Q(origin=origin, destination=destination)
    back = Q(origin=destination, destination=origin)
    return Route.objects.filter(there | back).order_by("pk").first()
