"""Who may read asks and positions, and who may write them down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.accounts.queries import is_readable_by
from hiwar.accounts.rules import has_permission

if TYPE_CHECKING:
    from hiwar.accounts.rules import Somebody
    from hiwar.asks.models import Ask
    from hiwar.dossiers.models import Dossier

PERMISSIONS = {
    "asks.see": _("Read asks and positions"),
    "asks.edit": _("Write asks, record positions and let parties correct their own"),
    "asks.approve": _("Approve asks for the posts they are put to, and issue letters"),
    "asks.powermap": _("Read and draw the power maps of dossiers"),
    "asks.publish": _("Keep the register of meetings with posts that everybody reads"),
    "asks.verify": _("Verify, as a second person, what became of asks and promises"),
}


def can_see_asks(user: Somebody) -> bool:
    """Return whether the user may read asks at all."""
    return has_permission(user, "asks.see")


def can_edit_asks(user: Somebody) -> bool:
    """Return whether the user may write asks and record positions at all."""
    return has_permission(user, "asks.edit")


def can_edit_asks_of(user: Somebody, dossier: Dossier) -> bool:
    """Return whether the user may write asks and positions of one dossier."""
    return can_edit_asks(user) and is_readable_by(user, dossier)


def can_record_position(user: Somebody, ask: Ask) -> bool:
    """Return whether the user may record what somebody says to one ask."""
    return can_edit_asks(user) and is_readable_by(user, ask) and is_readable_by(user, ask.dossier)


def can_approve_asks(user: Somebody) -> bool:
    """Return whether the user may approve asks and issue letters at all."""
    return has_permission(user, "asks.approve")


def can_approve_ask(user: Somebody, ask: Ask) -> bool:
    """Return whether the user may approve one ask for its addressees and issue its letters."""
    return can_approve_asks(user) and can_record_position(user, ask)


def can_verify_asks(user: Somebody) -> bool:
    """Return whether the user may verify what others recorded at all."""
    return has_permission(user, "asks.verify")


def can_verify_ask(user: Somebody, ask: Ask) -> bool:
    """Return whether the user may verify what others recorded of one ask."""
    may_read = is_readable_by(user, ask) and is_readable_by(user, ask.dossier)
    return can_verify_asks(user) and can_see_asks(user) and may_read


def can_draw_maps(user: Somebody) -> bool:
    """Return whether the user may read and draw power maps at all; see ``queries.power``."""
    return has_permission(user, "asks.powermap")


def can_publish_meetings(user: Somebody) -> bool:
    """Return whether the user may keep the register of meetings; see ``queries.register``."""
    return has_permission(user, "asks.publish")
