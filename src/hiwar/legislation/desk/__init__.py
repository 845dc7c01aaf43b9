"""Laws at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from hiwar.common.navigation import Entry
from hiwar.legislation import rules

if TYPE_CHECKING:
    from django.http import HttpRequest


def _may_see(request: HttpRequest) -> bool:
    return rules.can_see_laws(request.user) and bool(request.session.get("factor"))


MENU = (Entry(44, gettext_lazy("Laws"), "law", "legislation:list", _may_see),)
