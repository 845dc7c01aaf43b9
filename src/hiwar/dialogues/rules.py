"""Who may run, review, fill, publish and read dialogues.

What a participant may do follows from the state of the dialogue and is checked by the actions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.accounts.rules import has_permission
from hiwar.events.rules import can_check_in

if TYPE_CHECKING:
    from hiwar.accounts.rules import Somebody
    from hiwar.dialogues.models import VotingRoom

PERMISSIONS = {
    "dialogues.run": _("Make and run dialogues"),
    "dialogues.moderate": _("Review statements and answer objections"),
    "dialogues.import": _("Bring in files and paper forms"),
    "dialogues.publish": _("Publish results"),
    "dialogues.see": _("Read dialogues and their results at the desk"),
}


def can_run_dialogue(user: Somebody) -> bool:
    """Return whether the user may make, open and close dialogues, rounds, targets and codes."""
    return has_permission(user, "dialogues.run")


def can_moderate_statement(user: Somebody) -> bool:
    """Return whether the user may decide about statements and objections."""
    return has_permission(user, "dialogues.moderate")


def can_import_file(user: Somebody) -> bool:
    """Return whether the user may bring in files and undo that."""
    return has_permission(user, "dialogues.import")


def can_enter_forms(user: Somebody, room: VotingRoom) -> bool:
    """Return whether the user may enter the paper forms of a room.

    Whoever may not see who is in a room does not handle its papers either.
    """
    return can_import_file(user) and can_check_in(user, room.room)


def can_publish_results(user: Somebody) -> bool:
    """Return whether the user may publish results and take them back."""
    return has_permission(user, "dialogues.publish")


def can_see_dialogue(user: Somebody) -> bool:
    """Return whether the user may read dialogues and their results at the desk."""
    return has_permission(user, "dialogues.see")
