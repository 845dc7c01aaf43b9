"""Roles of the institution: what each is called, and what it may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts import rules
from hiwar.accounts.actions.people import (
    NotAllowed,
    refuse_house_without_keys,
    roles_of_the_file,
)
from hiwar.accounts.models import Invitation, Role, User
from hiwar.common.actions import audit, update_record
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime


class RoleChangedMeanwhile(Refused):
    """Somebody else changed what the role may do after the form was shown."""

    code = "role_changed_meanwhile"
    message = _("Somebody else changed this role meanwhile. Load the page again.")


class PermissionOfNobody(Refused):
    """No role would carry a permission any more."""

    code = "permission_of_nobody"
    message = _(
        "No role would carry this any more: %(labels)s. Give it to another role first, even to one"
        " that nobody has."
    )

    def __init__(self, labels: Collection[object]) -> None:
        super().__init__(labels)
        self.labels = "; ".join(map(str, labels))

    def __str__(self) -> str:
        return str(self.message) % {"labels": self.labels}


class RoleIsHeld(Refused):
    """Somebody has the role, or was invited to it."""

    code = "role_is_held"
    message = _(
        "Somebody has this role or was invited to it. It can be renamed and may do nothing."
    )


class RoleOfTheFile(Refused):
    """The role comes with the software and would be made again."""

    code = "role_of_the_file"
    message = _("This role came with the house and stays. It can be renamed and may do nothing.")


@transaction.atomic
def add_role(
    *, actor: User, name: Mapping[str, str], permissions: Collection[str], at: datetime
) -> Role:
    """Make a role; raises ``NotAllowed`` and ``ValidationError``."""
    _refuse_powers(actor, frozenset(permissions))
    last = Role.objects.order_by("-position").values_list("position", flat=True).first() or 0
    role = Role(name=name, permissions=_in_order(permissions), position=last + 1)
    role.code = f"role-{role.pk.hex[:12]}"
    role.full_clean()
    role.save()
    audit(actor, "accounts.role.add", role, at=at)
    return role


@transaction.atomic
def update_role(
    *,
    actor: User,
    role: Role,
    name: Mapping[str, str],
    permissions: Collection[str],
    seen: Collection[str],
    at: datetime,
) -> bool:
    """Name a role, and let it do exactly this; return whether anything changed.

    Parameters
    ----------
    permissions, seen
        Codes the role shall carry, and those it carried when the form was shown. Codes that no
        room knows today are kept: their room may come back.

    Raises
    ------
    NotAllowed
        A power over accounts is given or taken that the actor does not hold.
    RoleChangedMeanwhile, PermissionOfNobody, LastAdministrator
        See there.
    """
    role = _locked(role)
    known = rules.permission_labels()
    before = {code for code in role.permissions if code in known}
    if before != set(seen):
        raise RoleChangedMeanwhile
    wanted = set(permissions)
    _refuse_powers(actor, frozenset(before ^ wanted))
    _refuse_loss(role, before - wanted)
    kept = [code for code in role.permissions if code not in known]
    changes = {"name": name, "permissions": [*_in_order(wanted), *kept]}
    if before == wanted:
        del changes["permissions"]
    if not update_record(actor=actor, record=role, changes=changes, at=at):
        return False
    refuse_house_without_keys()
    return True


@transaction.atomic
def remove_role(*, actor: User, role: Role, at: datetime) -> None:
    """Remove a role that nobody has.

    Raises ``NotAllowed``, ``RoleIsHeld``, ``RoleOfTheFile`` and ``PermissionOfNobody``.
    """
    role = _locked(role)
    _refuse_powers(actor, frozenset(role.permissions))
    if role.code in {entry["code"] for entry in roles_of_the_file()}:
        raise RoleOfTheFile
    if User.objects.filter(roles=role).exists() or Invitation.objects.filter(role=role).exists():
        raise RoleIsHeld
    _refuse_loss(role, set(role.permissions) & set(rules.permission_labels()))
    audit(actor, "accounts.role.remove", role, at=at, changed={"name": [dict(role.name), None]})
    role.delete()


def _locked(role: Role) -> Role:
    """Return a role as it stands; nobody else changes a role until this is done."""
    roles = list(Role.objects.select_for_update().order_by("pk"))
    return next(standing for standing in roles if standing.pk == role.pk)


def _refuse_powers(actor: User, touched: frozenset[str]) -> None:
    if not rules.can_change_roles(actor) or not rules.can_give_role(actor, touched):
        raise NotAllowed
    if not touched <= rules.permission_labels().keys():
        raise NotAllowed


def _refuse_loss(role: Role, taken: set[str]) -> None:
    """Keep each permission at one role: what no role carries, an upgrade would give again."""
    others = Role.objects.exclude(pk=role.pk).values_list("permissions", flat=True)
    lost = taken.difference(*others)
    if lost:
        labels = rules.permission_labels()
        raise PermissionOfNobody([labels[code] for code in labels if code in lost])


def _in_order(permissions: Collection[str]) -> list[str]:
    return [code for code in rules.permission_labels() if code in permissions]
