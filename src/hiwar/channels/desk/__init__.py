"""Channels at the desk: their line in the menu, and what waits on the morning page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hiwar.channels import rules
from hiwar.channels.models import Batch
from hiwar.channels.queries.inbox import inbox
from hiwar.channels.queries.issues import halted_sendings
from hiwar.channels.queries.outbox import batches, counts
from hiwar.channels.queries.ways import mail_channel, trouble_of
from hiwar.common.navigation import Due, Entry, Risk
from hiwar.common.templatetags.components import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

MOST = 12


def _may_see(request: HttpRequest) -> bool:
    return rules.can_see_outbox(request.user) and bool(request.session.get("factor"))


MENU = (Entry(60, gettext_lazy("Messages"), "letter", "channels:outbox", _may_see),)


def due(request: HttpRequest) -> Iterator[Due]:
    """Yield one's own sendings that wait to be looked at, and what people wrote."""
    user = request.user
    if not user.is_authenticated:
        return
    prepared = batches(user).filter(state=Batch.State.PREPARED, made_by=user.pk)
    for batch in prepared[:MOST]:
        yield Due(
            batch.title,
            _("Look at it and let it leave: nothing has been sent yet."),
            reverse("channels:batch", args=[batch.pk]),
        )
    first_approved = batches(user).filter(
        state=Batch.State.PREPARED, first_approved_by__isnull=False
    )
    for batch in first_approved.exclude(made_by=user.pk).exclude(first_approved_by=user.pk)[:MOST]:
        yield Due(
            batch.title,
            _("Somebody has approved this sending; it waits for a second person."),
            reverse("channels:batch", args=[batch.pk]),
        )
    count = inbox(user).count()
    if count:
        text = ngettext(
            "%(n)s message waits for a person.", "%(n)s messages wait for a person.", count
        )
        yield Due(_("Inbox"), text % {"n": number(count)}, reverse("channels:inbox"))


def risks(request: HttpRequest) -> Iterator[Risk]:
    """Warn where messages wait and nothing carries them."""
    if not rules.can_see_outbox(request.user):
        return
    for sending in halted_sendings()[:MOST]:
        title = sending.batch.title if sending.batch else str(sending)
        at = reverse("channels:batch", args=[sending.batch_id])
        yield Risk(title, _("stopped by itself: too many addresses do not exist"), at)
    channel = mail_channel()
    url = reverse("channels:outbox")
    if channel is not None and channel.trouble:
        yield Risk(_("Mail needs the operator"), channel.trouble, url)
    if trouble_of(channel, timezone.now()) and counts()["waiting"]:
        yield Risk(_("Messages wait"), _("Nothing is sent at the moment: see why."), url)
