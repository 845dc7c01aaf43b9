"""The screens of the register, their lines in the desk's menu, and what they owe the morning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from hiwar.accounts.access import me
from hiwar.common import dates
from hiwar.common.navigation import Due, Entry, FirstStep
from hiwar.contacts import rules
from hiwar.contacts.models import Person, Promise
from hiwar.contacts.queries.holders import leaving
from hiwar.contacts.queries.log import promises_for
from hiwar.contacts.queries.people import people_for, posts_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest


def _may_see(request: HttpRequest) -> bool:
    return rules.can_see_contact(request.user) and bool(request.session.get("factor"))


def _may_see_missions(request: HttpRequest) -> bool:
    return rules.can_see_mission(request.user) and _may_see(request)


MENU = (
    Entry(30, lazy("People and organisations"), "people", "contacts:people", _may_see),
    Entry(31, lazy("Diplomatic missions"), "letter", "contacts:missions", _may_see_missions),
)
FIRST_STEPS = (
    FirstStep(
        50,
        lazy("Bring in people from a list"),
        lazy("A spreadsheet or the cards of a telephone. Nothing is saved before it was seen."),
        "accounts:import_files",
        Person.objects.exists,
        argument="contacts.people",
    ),
)
SOON = 10


def due(request: HttpRequest) -> Iterator[Due]:
    """Yield promises that are due and officers who leave soon, for those who keep the register."""
    if not rules.can_edit_contact(request.user):
        return
    user, today = me(request), timezone.localdate()
    for promise in promises_for(user).filter(state=Promise.State.OPEN, due_on__lte=today)[:SOON]:
        whom = promise.interaction.post or promise.interaction.organisation or ""
        url = reverse("contacts:interaction", args=[promise.interaction_id])
        yield Due(
            promise.text, str(whom), url, promise.due_on, str(promise.interaction.owner or "")
        )
    if not rules.can_see_mission(user):
        return
    seen = leaving(today).filter(post__in=posts_for(user), person__in=people_for(user))
    for holding in seen.select_related("post__organisation", "person").order_by("ends_on", "pk")[
        :SOON
    ]:
        text = _("%(post)s, leaves on %(day)s") % {
            "post": holding.post,
            "day": dates.day(holding.ends_on) if holding.ends_on else "",
        }
        yield Due(str(holding.person), text, reverse("contacts:person", args=[holding.person_id]))
