"""What invitees are written: mail and the printed letter, in the language of the invitee."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from hiwar.accounts.queries import institution_name
from hiwar.common import dates
from hiwar.common.links.purposes import address
from hiwar.common.links.queries import PLACEHOLDER, fill_in, token_of
from hiwar.contacts.queries.addresses import address_of
from hiwar.events.actions.invitations import Letter
from hiwar.events.exports.calendar import place_of, request_for
from hiwar.events.models import InvitationMessage
from hiwar.events.queries.attribution import rule_text

if TYPE_CHECKING:
    from hiwar.events.models import Event, Invitation

Kind = InvitationMessage.Kind


def private_address(invitation: Invitation) -> str:
    """Return the link that only the invitee has; empty once no letter has to carry it."""
    token = token_of(invitation.private_link)
    return address(invitation.private_link.purpose, token) if token else ""


def body_with_link(message: InvitationMessage) -> str:
    """Return a message as it is sent, with the private link where the text names its place."""
    forgotten = _("(the link is with the invitee alone)")
    return fill_in(message.body, message.invitation.private_link, forgotten)


def when(event: Event) -> str:
    """Return the day and the hours of an event, with the place whose clock is meant."""
    return _("%(day)s, %(from)s to %(until)s (%(zone)s time)") % {
        "day": dates.day(event.starts_on),
        "from": f"{event.starts:%H:%M}",
        "until": f"{event.ends:%H:%M}",
        "zone": zone_word(event),
    }


def offset(event: Event) -> str:
    """Return how far the clock of an event was from universal time on its day, as "+02:00"."""
    text = f"{event.starts_at.astimezone(ZoneInfo(event.zone)):%z}"
    return f"{text[:3]}:{text[3:]}"


def zone_word(event: Event) -> str:
    """Return the word that says whose clock is meant."""
    if event.zone == settings.TIME_ZONE:
        return dates.place()
    return event.zone.rpartition("/")[2].replace("_", " ")


def compose(invitation: Invitation, kind: str) -> Letter:
    """Write one invitee about an event, in their language."""
    with translation.override(invitation.language or settings.LANGUAGE_CODE):
        event = invitation.event
        parts = {"title": str(event.title), "name": str(invitation), "when": when(event)}
        opening = {
            Kind.INVITATION: _("We have the honour of inviting you to: %(title)s."),
            Kind.CHANGE: _("Something has changed about: %(title)s. This is how it stands now."),
            Kind.CANCELLATION: _("We are sorry to call off: %(title)s."),
            Kind.REMINDER: _("A reminder of: %(title)s."),
            Kind.THANKS: _("Thank you for coming to: %(title)s."),
        }[Kind(kind)] % parts
        lines = [*_address(invitation), "", opening]
        if kind not in (Kind.THANKS, Kind.CANCELLATION):
            lines += ["", parts["when"], place_of(event), "", rule_text(event.attribution)]
            lines += ["", _("Please answer here, without an account:"), PLACEHOLDER]
            if event.reply_by:
                lines.append(_("Answer until %(day)s.") % {"day": dates.day(event.reply_by)})
        lines += ["", institution_name()]
        subject = _("%(title)s: %(when)s") % parts
        calendar = "" if kind == Kind.THANKS else _calendar(invitation, kind)
    return Letter(subject, "\n".join(lines).strip(), calendar)


def _address(invitation: Invitation) -> list[str]:
    """Return how the letter begins: the form of address of a post or person, else the name."""
    subject = invitation.post or invitation.person
    if subject is None:
        return [_("To %(name)s") % {"name": str(invitation)}]
    language = invitation.language or settings.LANGUAGE_CODE
    form = address_of(subject, language, invitation.event.starts_on)
    return [*form.envelope, "", form.salutation]


def _calendar(invitation: Invitation, kind: str) -> str:
    method = "CANCEL" if kind == Kind.CANCELLATION else "REQUEST"
    organizer = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">")
    return request_for(invitation, organizer=organizer, method=method).decode()
