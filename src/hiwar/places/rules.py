"""Who may enter places and calendars: whoever may change the institution's profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.accounts.rules import can_change_institution

if TYPE_CHECKING:
    from hiwar.accounts.rules import Somebody


def can_change_places(user: Somebody) -> bool:
    """Return whether the user may enter and change places, calendars and seasons."""
    return can_change_institution(user)
