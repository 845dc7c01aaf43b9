"""Whether letters leave the house and would be believed, for the list of how the house is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from hiwar.channels.models import Message
from hiwar.channels.queries.mail_domain import MISSING, WEAK, lines_of, own_domain
from hiwar.channels.queries.ways import mail_channel, trouble_of
from hiwar.common.health.findings import amber, green
from hiwar.common.health.metrics import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from hiwar.common.health.findings import Finding


def look_at_mail(now: datetime) -> Iterator[Finding]:
    """Yield what keeps letters here, and what makes others doubt them."""
    label = _("Mail")
    channel = mail_channel()
    trouble = trouble_of(channel, now)
    sentences = {
        "unset": (_("No mail server is set, so that letters wait."),
                  _("Name one in HIWAR_MAIL_URL, then try it: hiwar check_mail ADDRESS")),
        "off": (_("Mail is switched off at the desk."), _("Turn it on under Messages.")),
        "paused": (_("Mail is paused at the desk."), _("Let it go on under Messages.")),
        "elsewhere": (_("Mail belongs to another installation; nothing leaves from here."),
                      _("If that one is surely off: hiwar let_in")),
        "held": (_("The house is paused: letters are held."),
                 _("Two people release them on the page When it is dangerous.")),
    }  # fmt: skip
    if trouble:
        text, action = sentences[trouble]
        yield amber("mail", label, text, action)
        return
    if channel is not None and channel.trouble:
        yield amber("mail", label, channel.trouble, _("Try it: hiwar check_mail ADDRESS"))
    else:
        yield green("mail", label, _("Letters are handed to the mail server."))
    if own_domain() in {"localhost", ""}:
        yield amber(
            "mail_sender", label, _("Letters would come from an address at localhost."),
            _("Set HIWAR_MAIL_FROM to an address of the institution."),
        )  # fmt: skip
    for line in lines_of(channel.dns if channel is not None else []):
        if line.state in {WEAK, MISSING}:
            action = _("Have the entry of the domain corrected, then: hiwar check_mail ADDRESS")
            yield amber(f"mail_{line.check}", f"{label}: {line.name}", str(line.words), action)


def figures(_now: datetime) -> list[Figure]:
    """Return how many messages stand in each state."""
    states = Message.objects.order_by().values_list("state").annotate(count=Count("pk"))
    values = [({"state": state}, count) for state, count in states]
    return [Figure("hiwar_messages", "Messages by state.", values)]


def letters_in_time(now: datetime) -> int:
    """Return how many messages wait that can still leave."""
    waiting = Message.objects.filter(state__in=(Message.State.WAITING, Message.State.HELD))
    return waiting.filter(expires_at__gt=now).count()


def letters_too_late(now: datetime) -> int:
    """Return how many messages wait that would be given up as too late."""
    waiting = Message.objects.filter(state__in=(Message.State.WAITING, Message.State.HELD))
    return waiting.filter(expires_at__lte=now).count()


# What waits in a pause, for whoever decides what is released.
WAITING = (
    (pgettext_lazy("waiting in a pause", "messages"), letters_in_time),
    (pgettext_lazy("waiting in a pause", "too late by now"), letters_too_late),
)
