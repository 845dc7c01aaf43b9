"""How what is done with messages reads in the activity log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.channels.models import Batch, Channel

if TYPE_CHECKING:
    from collections.abc import Iterable

VERBS = {
    "common.alarm.tell": _("told by mail how the house is"),
    "channels.batch.approve": _("let a sending leave"),
    "channels.batch.approve_first": _("approved a sending that a second person approves too"),
    "channels.batch.pause": _("paused a sending"),
    "channels.batch.go_on": _("let a paused sending go on"),
    "channels.batch.stop": _("stopped a sending"),
    "channels.message.stop": _("stopped a message"),
    "channels.message.send_again": _("had a message sent again"),
    "channels.channel.switch": _("switched a channel"),
    "channels.channel.update": _("changed a channel"),
    "channels.channel.ask_names": _("had the names of the mail domain checked"),
    "channels.channel.practise": _("switched practice on or off"),
    "channels.issuesending.begin": _("put an issue of the newsletter into the outbox"),
    "channels.issuesending.halt": _("stopped an issue: too many addresses do not exist"),
    "channels.subscriber.export": _("took the newsletter's list along"),
    "channels.subscriber.lift": _("let an address of the newsletter go on"),
    "channels.suppression.add": _("ended messages to an address"),
    "channels.suppression.lift": _("took messages to an address up again"),
    "channels.inboundmessage.take_on": _("took on a message of the inbox"),
    "channels.inboundmessage.finish": _("put a message of the inbox away"),
    "channels.inboundmessage.answer": _("answered a message of the inbox"),
}


def names_of_batches(keys: Iterable[str]) -> dict[str, str]:
    """Return a word for sendings by key: their titles are for who made them."""
    batches = Batch.objects.filter(pk__in=list(keys)).values_list("pk", flat=True)
    return {str(key): str(_("a sending")) for key in batches}


def names_of_channels(keys: Iterable[str]) -> dict[str, str]:
    """Return the codes of channels by key."""
    return {str(channel.pk): channel.code for channel in Channel.objects.filter(pk__in=list(keys))}
