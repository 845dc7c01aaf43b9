"""The library at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hiwar.accounts.models import User
from hiwar.common.navigation import Entry, Risk
from hiwar.common.templatetags.components import number
from hiwar.evidence import rules
from hiwar.evidence.queries.library import sources_for, stale

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest


def _may_see(request: HttpRequest) -> bool:
    return rules.can_see_evidence(request.user) and bool(request.session.get("factor"))


def risks(request: HttpRequest) -> Iterator[Risk]:
    """Yield how many sources nobody has looked at for a year, to whoever can look."""
    user = request.user
    if not isinstance(user, User) or not rules.can_edit_evidence(user):
        return
    count = stale(sources_for(user), timezone.localdate()).count()
    if count:
        text = ngettext(
            "%(n)s source has not been looked at for 12 months",
            "%(n)s sources have not been looked at for 12 months",
            count,
        )
        url = f"{reverse('evidence:sources')}?stale=on"
        yield Risk(_("Evidence"), text % {"n": number(count)}, url)


MENU = (Entry(43, gettext_lazy("Evidence"), "fact", "evidence:sources", _may_see),)
