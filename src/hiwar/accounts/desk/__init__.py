"""The desk's screens of this room, and its lines in the desk's menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts import queries, rules
from hiwar.common.navigation import Entry, FirstStep

if TYPE_CHECKING:
    from django.http import HttpRequest


def _signed_in(request: HttpRequest) -> bool:
    return request.user.is_authenticated and bool(request.session.get("factor"))


FIRST_STEPS = (
    FirstStep(
        10,
        _("Name the institution"),
        _("Its name and seat stand on every page, letter and file. All of it can change later."),
        "accounts:institution",
        queries.is_institution_named,
    ),
    FirstStep(
        20,
        _("Invite a colleague"),
        _("Two people can let each other in again, and some acts need a second person."),
        "accounts:invite",
        queries.has_colleagues,
    ),
)
MENU = (
    Entry(10, _("Morning page"), "home", "accounts:morning", _signed_in),
    Entry(12, _("Search"), "search", "accounts:search", _signed_in),
    Entry(
        80,
        _("Staff"),
        "people",
        "accounts:staff",
        lambda request: _signed_in(request) and rules.can_see_staff(request.user),
    ),
    Entry(
        85,
        _("Activity"),
        "clock",
        "accounts:activity",
        lambda request: _signed_in(request) and rules.can_see_activity(request.user),
    ),
    Entry(
        86,
        _("Jobs"),
        "step",
        "accounts:jobs",
        lambda request: _signed_in(request) and rules.can_see_activity(request.user),
    ),
    Entry(
        82,
        _("When it is dangerous"),
        "warning",
        "accounts:danger",
        lambda request: _signed_in(request) and rules.can_pause_house(request.user),
    ),
    Entry(
        84,
        _("The house"),
        "shield",
        "accounts:house",
        lambda request: _signed_in(request) and rules.can_look_after_house(request.user),
    ),
    Entry(
        83,
        _("Security"),
        "lock",
        "accounts:security",
        lambda request: _signed_in(request) and rules.can_look_after_house(request.user),
    ),
    Entry(
        87,
        pgettext_lazy("of people", "Erasure"),
        "trash",
        "accounts:erasures",
        lambda request: _signed_in(request) and rules.can_erase_people(request.user),
    ),
    Entry(
        88,
        _("Institution"),
        "mark",
        "accounts:institution",
        lambda request: _signed_in(request) and rules.can_change_institution(request.user),
    ),
    Entry(
        89,
        _("Lists"),
        "settings",
        "accounts:vocabularies",
        lambda request: _signed_in(request) and rules.can_change_vocabularies(request.user),
    ),
    Entry(90, _("My account"), "shield", "accounts:account", lambda r: r.user.is_authenticated),
)
