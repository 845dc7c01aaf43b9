"""Who may do what with people, roles and the institution's profile.

Permissions are codes that roles carry as data. A room above adds its own with
``register_permissions`` when it starts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.common import navigation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.contrib.auth.models import AnonymousUser
    from django.utils.functional import _StrPromise

    from hiwar.accounts.models import User

    Somebody = User | AnonymousUser

_permissions: dict[str, str | _StrPromise] = {
    "accounts.see_staff": _("See who works here"),
    "accounts.invite_staff": _("Invite staff and close accounts"),
    "accounts.change_roles": _("Give and take roles"),
    "accounts.change_institution": _("Change the institution's profile"),
    "accounts.change_vocabularies": _("Word the institution's lists"),
    "accounts.see_activity": _("Read the activity log"),
    "accounts.erase": _("Erase what is held of a person"),
    "accounts.move_house": _("Take everything of the house along"),
    "accounts.let_house_go": _("Agree, as the second person, that everything is taken along"),
    "accounts.pause": _("Pause the house, and let it go on with a second person"),
    "accounts.see_second_factors": _("See who has no second factor yet"),
    "accounts.reset_second_factor": _("Reset a person's second factor"),
}


_rooms: dict[str, str | _StrPromise] = {"accounts": _("People and the house")}


@dataclass(frozen=True, slots=True)
class PermissionGroup:
    """The permissions of a room: the code of the room, its name, and a wording by code."""

    code: str
    label: str
    permissions: dict[str, str] = field(default_factory=dict)


def register_permissions(
    permissions: Mapping[str, str | _StrPromise], *, room: str | _StrPromise = ""
) -> None:
    """Let a room add permission codes with their wording.

    ``room`` names a room that has no line in the desk's menu.
    """
    _permissions.update(permissions)
    if room:
        _rooms.update({code.partition(".")[0]: room for code in permissions})


def permission_groups() -> list[PermissionGroup]:
    """Return all permissions by room, in the order of the desk's menu, the house first."""
    groups: dict[str, PermissionGroup] = {}
    names = navigation.names_of_rooms() | _rooms
    for code, label in _permissions.items():
        room = code.partition(".")[0]
        if room not in groups:
            groups[room] = PermissionGroup(room, str(names[room]))
        groups[room].permissions[code] = str(label)
    order = ["accounts", *names]
    return sorted(groups.values(), key=lambda group: order.index(group.code))


def permission_labels() -> dict[str, str | _StrPromise]:
    """Return every permission code with its wording."""
    return dict(_permissions)


def has_permission(user: Somebody, code: str) -> bool:
    """Return whether one of the user's roles carries a permission; false for outsiders."""
    return code in permissions_of(user)


def permissions_of(user: Somebody) -> frozenset[str]:
    """Return the permissions a user's roles carry."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    if user.held_permissions is not None:
        return user.held_permissions
    codes = user.roles.values_list("permissions", flat=True)
    return frozenset(code for role in codes for code in role if code in _permissions)


def can_see_staff(user: Somebody) -> bool:
    """Return whether the user may see the list of staff."""
    return has_permission(user, "accounts.see_staff")


def can_invite_staff(user: Somebody) -> bool:
    """Return whether the user may invite people and close accounts."""
    return has_permission(user, "accounts.invite_staff")


def can_change_roles(user: Somebody) -> bool:
    """Return whether the user may give and take roles."""
    return has_permission(user, "accounts.change_roles")


def can_give_role(user: Somebody, permissions: frozenset[str]) -> bool:
    """Return whether the user may give a role: nobody gives a power they do not hold."""
    powers = {code for code in permissions if code.startswith("accounts.")}
    return powers <= permissions_of(user)


def can_change_institution(user: Somebody) -> bool:
    """Return whether the user may change the institution's profile."""
    return has_permission(user, "accounts.change_institution")


def can_change_vocabularies(user: Somebody) -> bool:
    """Return whether the user may word the lists that the institution chooses for itself."""
    return has_permission(user, "accounts.change_vocabularies")


def can_see_activity(user: Somebody) -> bool:
    """Return whether the user may read the activity log."""
    return has_permission(user, "accounts.see_activity")


def can_erase_people(user: Somebody) -> bool:
    """Return whether the user may erase what the house holds of a person."""
    return has_permission(user, "accounts.erase")


def can_move_house(user: Somebody) -> bool:
    """Return whether the user may ask for everything of the house, and take it."""
    return has_permission(user, "accounts.move_house")


def can_let_house_go(user: Somebody) -> bool:
    """Return whether the user may agree to it; never to what they asked for themselves."""
    return has_permission(user, "accounts.let_house_go")


def can_see_house_exports(user: Somebody) -> bool:
    """Return whether the user may see which exports of the house there were."""
    return can_let_house_go(user)


def can_pause_house(user: Somebody) -> bool:
    """Return whether the user may pause the house, and be one of two who let it go on."""
    return has_permission(user, "accounts.pause")


def can_see_second_factors(user: Somebody) -> bool:
    """Return whether the user may see who has no second factor."""
    return has_permission(user, "accounts.see_second_factors")


def can_look_after_house(user: Somebody) -> bool:
    """Return whether the user may see how the house is: those who see who is unprotected."""
    return has_permission(user, "accounts.see_second_factors")


def can_reset_second_factor(user: Somebody, of: User) -> bool:
    """Return whether the user may reset another person's second factor; never their own."""
    return has_permission(user, "accounts.reset_second_factor") and user.pk != of.pk


def can_close_account(user: Somebody, of: User) -> bool:
    """Return whether the user may close another person's account; never their own."""
    return can_invite_staff(user) and user.pk != of.pk
