"""Who may read, edit and decide about dossiers, the strategy tree and barriers.

A permission opens the room; which single records somebody reads follows from their visibility.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.accounts.queries import is_readable_by
from hiwar.accounts.rules import has_permission

if TYPE_CHECKING:
    from hiwar.accounts.rules import Somebody
    from hiwar.dossiers.models import Barrier, Dossier, JointStatement

PERMISSIONS = {
    "dossiers.see": _("Read dossiers, facts and barriers"),
    "dossiers.edit": _("Make dossiers, and add facts, documents, steps and barriers"),
    "dossiers.decide_state": _("Decide the state of dossiers and change the strategy tree"),
    "dossiers.publish_statement": _("Publish joint statements and withdraw them"),
}


def can_see_dossiers(user: Somebody) -> bool:
    """Return whether the user may read dossiers that are open to them."""
    return has_permission(user, "dossiers.see")


def can_edit_dossiers(user: Somebody) -> bool:
    """Return whether the user may make and edit dossiers that are open to them."""
    return has_permission(user, "dossiers.edit")


def can_decide_state(user: Somebody) -> bool:
    """Return whether the user may decide the state of dossiers and shape the strategy tree."""
    return has_permission(user, "dossiers.decide_state")


def can_edit_dossier(user: Somebody, dossier: Dossier) -> bool:
    """Return whether the user may edit this dossier."""
    return can_edit_dossiers(user) and is_readable_by(user, dossier)


def can_change_state(user: Somebody, dossier: Dossier) -> bool:
    """Return whether the user may decide the state of this dossier."""
    return can_decide_state(user) and is_readable_by(user, dossier)


def can_change_readers(user: Somebody, dossier: Dossier) -> bool:
    """Return whether the user may say who reads this dossier: its owner, or who decides."""
    if not can_edit_dossier(user, dossier):
        return False
    return dossier.owner_id in {None, user.pk} or can_decide_state(user)


def can_publish_dossier(user: Somebody, dossier: Dossier) -> bool:
    """Return whether the user may open this dossier to everybody: who decides about its state."""
    return can_change_readers(user, dossier) and can_decide_state(user)


def can_edit_barrier(user: Somebody, barrier: Barrier) -> bool:
    """Return whether the user may edit this barrier, and the dossier it is linked to, if any."""
    if not can_edit_dossiers(user) or not is_readable_by(user, barrier):
        return False
    return barrier.dossier is None or is_readable_by(user, barrier.dossier)


def can_publish_statements(user: Somebody) -> bool:
    """Return whether the user may publish joint statements and withdraw them."""
    return has_permission(user, "dossiers.publish_statement")


def can_read_statement(user: Somebody, statement: JointStatement) -> bool:
    """Return whether the user may read this joint statement at the desk, and its dossier."""
    if not can_see_dossiers(user) or not is_readable_by(user, statement):
        return False
    return is_readable_by(user, statement.dossier)


def can_edit_statement(user: Somebody, statement: JointStatement) -> bool:
    """Return whether the user may write this joint statement and collect its signatures."""
    return can_edit_dossiers(user) and can_read_statement(user, statement)


def can_publish_statement(user: Somebody, statement: JointStatement) -> bool:
    """Return whether the user may publish this joint statement and withdraw it."""
    return can_publish_statements(user) and can_read_statement(user, statement)
