"""Asks at the desk: their line in the menu, and what waits on the morning page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hiwar.asks import rules
from hiwar.asks.queries.positions import unseen
from hiwar.common.navigation import Due, Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

MOST = 12


def _may_see(request: HttpRequest) -> bool:
    return rules.can_see_asks(request.user) and bool(request.session.get("factor"))


MENU = (Entry(45, gettext_lazy("Asks"), "ask", "asks:list", _may_see),)


def due(request: HttpRequest) -> Iterator[Due]:
    """Yield the positions that organisations corrected themselves, until somebody looked."""
    user = request.user
    if not user.is_authenticated or not rules.can_edit_asks(user):
        return
    for position in unseen(user)[:MOST]:
        names = {
            "organisation": str(position.organisation),
            "stance": str(position.get_stance_display()),
        }
        text = _("%(organisation)s corrected its position: %(stance)s") % names
        yield Due(str(position.ask), text, reverse("asks:ask", args=[position.ask_id]))
