"""Places and calendars at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.common.navigation import Entry
from hiwar.places import rules

if TYPE_CHECKING:
    from django.http import HttpRequest


def _may(request: HttpRequest) -> bool:
    return rules.can_change_places(request.user) and bool(request.session.get("factor"))


MENU = (Entry(88, _("Places and calendars"), "place", "places:places", _may),)
