"""Who may look at the outbox, approve a sending, and read what people write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.accounts.rules import has_permission
from hiwar.common.post import purpose_of

if TYPE_CHECKING:
    from hiwar.accounts.rules import Somebody
    from hiwar.channels.models import Batch

PERMISSIONS = {
    "channels.see": _("See what is waiting, sent and failed"),
    "channels.answer": _("Read what people write and answer it"),
    "channels.run": _("Turn channels on and off, pause and stop sendings"),
    "channels.subscribers": _("See addresses of the newsletter's list and take the list along"),
}


def can_see_outbox(user: Somebody) -> bool:
    """Return whether the user may see states and counts of what is sent."""
    return has_permission(user, "channels.see")


def can_answer(user: Somebody) -> bool:
    """Return whether the user may read what people write to the house."""
    return has_permission(user, "channels.answer")


def can_run_channels(user: Somebody) -> bool:
    """Return whether the user may turn channels on and off and have the house practise."""
    return has_permission(user, "channels.run")


def can_see_subscribers(user: Somebody) -> bool:
    """Return whether the user may see addresses of the newsletter's list, and lift what rests."""
    return can_see_outbox(user) and has_permission(user, "channels.subscribers")


def can_see_batch(user: Somebody, batch: Batch) -> bool:
    """Return whether the user may see that a sending exists: who made it, and who runs channels."""
    return can_run_channels(user) or is_maker(user, batch)


def can_approve_batch(user: Somebody, batch: Batch) -> bool:
    """Return whether the user may let a sending leave, pause or stop it."""
    return can_see_batch(user, batch)


def can_read_batch(user: Somebody, batch: Batch) -> bool:
    """Return whether the user may read a sending's text: who made it, or who approves it second.

    What goes to participants is read by whoever made it alone.
    """
    if is_maker(user, batch):
        return True
    is_second = batch.state == "prepared" and batch.first_approved_by_id is not None
    return is_second and can_run_channels(user) and not purpose_of(batch.purpose).is_sealed


def is_maker(user: Somebody, batch: Batch) -> bool:
    """Return whether the user made a sending, and so may read its text."""
    return bool(user.is_authenticated) and user.pk == batch.made_by_id
