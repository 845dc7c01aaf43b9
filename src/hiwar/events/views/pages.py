"""What opens without an account: an invitee's link, a calendar, an event for everybody."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from hiwar.common.links.pages import behind_link
from hiwar.common.refusals import Refused
from hiwar.events.actions import invitations as act
from hiwar.events.exports.calendar import calendar_of, for_invitee, place_of, stays_in_feed
from hiwar.events.exports.letters import when
from hiwar.events.forms.public import NeedsForm, ReplyForm
from hiwar.events.models import CalendarFeed, Conclusion, Event, Invitation
from hiwar.events.queries.attribution import rule_text
from hiwar.events.queries.events import events_for
from hiwar.events.queries.invitations import BY_LINK, CALENDAR, COMING
from hiwar.events.queries.minutes import conclusions, public_event, public_minutes, sections
from hiwar.events.queries.programme import timetable

if TYPE_CHECKING:
    from django.http import HttpRequest

MIME = "text/calendar; charset=utf-8"


@behind_link(BY_LINK, takes_answers=True)
def invitation(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Show an invitation and take the answer; opening it changes nothing."""
    event, language = invitation.event, get_language() or settings.LANGUAGE_CODE
    is_needs = "needs" in request.POST
    first: dict[str, object] = {
        "answer": _answer_of(invitation),
        "delegated_to": invitation.delegated_to,
    }
    first |= {"plus_one": invitation.plus_one, "may_contact": invitation.may_contact}
    data = request.POST or None
    form = ReplyForm(None if is_needs else data, initial=first)
    needs_form = NeedsForm(data if is_needs else None, initial={"needs": invitation.needs})
    sent = needs_form if is_needs else form
    if request.method == "POST" and sent.is_valid():
        try:
            if is_needs:
                act.tell_needs(invitation=invitation, now=timezone.now(), **sent.cleaned_data)
            else:
                act.reply(
                    invitation=invitation,
                    channel=Invitation.Channel.LINK,
                    now=timezone.now(),
                    **sent.cleaned_data,
                )
        except Refused as refused:
            sent.add_error(None, str(refused))
        else:
            messages.success(request, _("Thank you. Your answer has arrived."))
            return redirect(f"{request.path}?language={language}")
    context = {
        "event": event,
        "invitation": invitation,
        "when": when(event),
        "place": place_of(event),
        "rules": [_rule_in(event, code) for code, _name in settings.LANGUAGES],
        "table": timetable(event),
        "form": form,
        "needs_form": needs_form,
        "is_coming": invitation.state in COMING,
        "is_open": event.state != Event.State.CANCELLED and event.ends_at > timezone.now(),
        "LANGUAGE_CODE": language,
        "asked_language": language,
        "token": token,
    }
    return render(request, "events/public/invitation.html", context)


def _rule_in(event: Event, language: str) -> tuple[str, str]:
    with override(language):
        return language, rule_text(event.attribution)


def _answer_of(invitation: Invitation) -> str:
    return (
        Invitation.State.ACCEPTED
        if invitation.state == Invitation.State.WAITLISTED
        else invitation.state
    )


@behind_link(BY_LINK)
def invitation_file(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Give the invitee the event for their own calendar."""
    with override(invitation.language or settings.LANGUAGE_CODE):
        answer = HttpResponse(for_invitee(invitation), content_type=MIME)
    answer["Content-Disposition"] = f'attachment; filename="{invitation.event.code}.ics"'
    return answer


@behind_link(CALENDAR)
def feed(request: HttpRequest, calendar_feed: CalendarFeed, token: str) -> HttpResponse:
    """Give a member of staff their events, for a calendar program that asks every hour."""
    now = timezone.now()
    readable = events_for(calendar_feed.user).select_related("venue")
    events = [event for event in readable if stays_in_feed(event, now)]
    mark = "|".join(
        f"{event.pk}:{event.sequence}:{event.modified_at.timestamp()}" for event in events
    )
    mark += f"|{calendar_feed.user.language}|{[event.visibility for event in events]}"
    tag = f'"{hashlib.sha256(mark.encode()).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        unchanged = HttpResponseNotModified()
        unchanged["ETag"] = tag
        return unchanged
    with override(calendar_feed.user.language or settings.LANGUAGE_CODE):
        content = bytes(calendar_of(events, name=_("Events")).to_ical())
    answer = HttpResponse(content, content_type=MIME)
    answer["ETag"] = tag
    return answer


def event(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show an event that is for everybody."""
    event = public_event(code)
    if event is None:
        raise Http404
    return render(
        request,
        "events/public/event.html",
        {
            "event": event,
            "when": when(event),
            "place": place_of(event),
            "rule": rule_text(event.attribution),
            "table": timetable(event),
            "minutes": public_minutes(event),
        },
    )


def minutes(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show published minutes: no name, no list of who was there."""
    event = public_event(code)
    written = public_minutes(event) if event else None
    if event is None or written is None:
        raise Http404
    return render(
        request,
        "events/public/minutes.html",
        {
            "event": event,
            "when": when(event),
            "rule": rule_text(event.attribution),
            "sections": sections(written),
            "lists": [
                (Conclusion.Kind(kind).label, points) for kind, points in conclusions(event).items()
            ],
        },
    )
