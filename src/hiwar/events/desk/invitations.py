"""Invitations at the desk: the closed list, the outbox, answers by telephone, letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.pages import attempt, attempt_and_say, attempt_with_form, paged
from hiwar.common.links.purposes import address as link_address
from hiwar.common.mailings import state_of_mailing
from hiwar.common.printing import qr_code
from hiwar.common.templatetags.components import number
from hiwar.contacts.queries.segments import segments_for
from hiwar.contacts.rules import can_see_contact
from hiwar.events import rules
from hiwar.events.actions import feeds
from hiwar.events.actions import invitations as act
from hiwar.events.desk.pages import event_or_404, one_or_404, page_of_event
from hiwar.events.exports.calendar import read_replies, request_for, uid_of
from hiwar.events.exports.letters import body_with_link, compose, private_address, when
from hiwar.events.forms.desk import AnswerForm, InviteForm, SegmentInviteForm
from hiwar.events.models import Invitation
from hiwar.events.queries.attribution import rule_text
from hiwar.events.queries.invitation_selection import proposal
from hiwar.events.queries.invitations import CALENDAR, answers, feeds_of, invitees, outbox

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hiwar.events.models import Event, InvitationMessage

S = Invitation.State
TONES: dict[str, str] = {
    S.ACCEPTED: "primary",
    S.ATTENDED: "primary",
    S.DELEGATED: "primary",
    S.TENTATIVE: "notice",
    S.WAITLISTED: "notice",
    S.DECLINED: "danger",
}
ANSWERED = {
    "ACCEPTED": S.ACCEPTED,
    "TENTATIVE": S.TENTATIVE,
    "DECLINED": S.DECLINED,
}
LARGEST_REPLY = 200_000
SHOWN = 50


@needs(rules.can_run_events)
def invitations(request: HttpRequest, code: str) -> HttpResponse:
    """Show who is invited and how they answered; put somebody on the list."""
    subject = event_or_404(request, code)
    form = InviteForm(request.POST or None, reader=request.user)
    if attempt_and_say(
        request,
        form,
        lambda: act.add_invitation(
            actor=me(request), event=subject, now=timezone.now(), **form.cleaned_data
        ),
        _("On the list. Nothing has been sent yet."),
    ):
        return redirect("events:invitations", code)
    page = paged(request, invitees(request.user, subject), 50)
    rows = [(listed, TONES.get(listed.state, "")) for listed in page["page"].object_list]
    waiting = subject.invitations.filter(is_withdrawn=False, sent_sequence__lt=subject.sequence)
    return page_of_event(
        request,
        "invitations",
        subject,
        tab="invitations",
        **page,
        rows=rows,
        answers=answers(subject),
        form=form,
        to_send=waiting.count(),
        messages_made=outbox(request.user, subject)[:20],
        is_published=subject.published_at is not None,
        may_select=can_see_contact(request.user),
    )


@needs(rules.can_run_events)
def invite_segment(request: HttpRequest, code: str) -> HttpResponse:
    """Show whom of a segment the event may invite, and put them on the list when told so."""
    subject = event_or_404(request, code)
    actor, today = me(request), timezone.localdate()
    if not can_see_contact(actor):
        raise Http404
    form = SegmentInviteForm(request.POST or request.GET or None, segments=segments_for(actor))
    proposed = None
    if form.is_valid():
        segment = form.cleaned_data["segment"]
        proposed = proposal(actor, subject, segment, today)
        done = request.method == "POST" and attempt_with_form(
            form,
            lambda: act.invite_segment(
                actor=actor, event=subject, segment=segment, proposal=proposed, now=timezone.now()
            ),
        )
        if done:
            thanks = ngettext(
                "%(n)s is on the list. Nothing has been sent yet.",
                "%(n)s are on the list. Nothing has been sent yet.",
                proposed.count,
            )
            messages.success(request, thanks % {"n": number(proposed.count)})
            return redirect("events:invitations", code)
    return page_of_event(
        request,
        "invite_segment",
        subject,
        tab="invitations",
        form=form,
        proposal=proposed,
        shown=proposed.people[:SHOWN] if proposed else (),
        shown_bodies=proposed.organisations[:SHOWN] if proposed else (),
    )


@require_POST
@needs(rules.can_run_events)
def send(request: HttpRequest, code: str) -> HttpResponse:
    """Put what is due into the outbox; the office's mail leaves from there."""
    subject = event_or_404(request, code)
    invitation_messages: list[InvitationMessage] = []
    done = attempt(
        request,
        lambda: invitation_messages.extend(
            act.send_invitations(actor=me(request), event=subject, now=timezone.now())
        ),
        "",
    )
    if done:
        thanks = ngettext(
            "%(n)s message is in the outbox.",
            "%(n)s messages are in the outbox.",
            len(invitation_messages),
        )
        batch = next((message.batch for message in invitation_messages if message.address), None)
        thanks = thanks % {"n": number(len(invitation_messages))}
        is_begun = batch is not None and state_of_mailing(batch) is not None
        messages.success(request, _("The messages are being written.") if is_begun else thanks)
        if batch is not None:
            return redirect("channels:batch", batch)
    return redirect("events:invitations", code)


@needs(rules.can_run_events)
def invitation(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Show one invitation; write down an answer; give a place; withdraw it."""
    subject = event_or_404(request, code)
    invitee = one_or_404(invitees(request.user, subject), key)
    actor, now = me(request), timezone.now()
    if "withdraw" in request.POST:
        attempt(
            request,
            lambda: act.withdraw_invitation(actor=actor, invitation=invitee, now=now),
            _("The invitation is withdrawn. Its link no longer opens."),
        )
        return redirect("events:invitations", code)
    if "place" in request.POST:
        attempt(
            request,
            lambda: act.give_place(actor=actor, invitation=invitee, compose=compose, now=now),
            _("There is a place now, and a message in the outbox."),
        )
        return redirect("events:invitation", code, key)
    form = AnswerForm(request.POST or None)
    if attempt_and_say(
        request,
        form,
        lambda: act.reply(invitation=invitee, actor=actor, now=now, **form.cleaned_data),
        _("The answer is written down."),
    ):
        return redirect("events:invitations", code)
    return page_of_event(
        request,
        "invitation",
        subject,
        invitation=invitee,
        state_tone=TONES.get(invitee.state, ""),
        form=form,
        address=private_address(invitee),
        written=[
            (each, body_with_link(each)) for each in invitee.messages.order_by("-made_at", "pk")
        ],
    )


@needs(rules.can_run_events)
def letter(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Show one invitation as a letter to print, in the language of the invitee."""
    subject = event_or_404(request, code)
    invitee = one_or_404(invitees(request.user, subject), key)
    whole = private_address(invitee)
    with override(invitee.language or settings.LANGUAGE_CODE):
        context = {
            "event": subject,
            "invitation": invitee,
            "when": when(subject),
            "rule": rule_text(subject.attribution),
            "address": whole,
            "picture": qr_code(whole) if whole else "",
        }
        return render(request, "events/desk/print_letter.html", context)


@needs(rules.can_run_events)
def calendar_file(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Give the calendar file that goes with the mail to one invitee."""
    subject = event_or_404(request, code)
    invitee = one_or_404(invitees(request.user, subject), key)
    content = request_for(invitee, organizer=me(request).email)
    return HttpResponse(content, content_type="text/calendar; charset=utf-8; method=REQUEST")


@require_POST
@needs(rules.can_run_events)
def replies(request: HttpRequest, code: str) -> HttpResponse:
    """Read an answer that a calendar program sent by mail."""
    subject = event_or_404(request, code)
    file = request.FILES.get("file")
    if file is None or file.size is None or file.size > LARGEST_REPLY:
        messages.error(request, _("Choose a calendar file of at most 200 kB."))
        return redirect("events:invitations", code)
    try:
        replies = read_replies(file.read())
    except ValueError:
        messages.error(request, _("This is not a calendar file."))
        return redirect("events:invitations", code)
    taken = sum(
        _take(request, subject, reply.uid, reply.attendee, reply.answer) for reply in replies
    )
    if taken:
        thanks = ngettext("%(n)s answer was read.", "%(n)s answers were read.", taken)
        messages.success(request, thanks % {"n": number(taken)})
    else:
        messages.error(request, _("The file holds no answer to this event."))
    return redirect("events:invitations", code)


def _take(request: HttpRequest, event: Event, uid: str, attendee: str, answer: str) -> bool:
    invited = invitees(request.user, event).filter(email__iexact=attendee).first()
    if uid != uid_of(event) or invited is None or answer not in ANSWERED:
        return False
    return attempt(
        request,
        lambda: act.reply(
            invitation=invited,
            answer=ANSWERED[answer],
            channel=Invitation.Channel.MAIL,
            now=timezone.now(),
            actor=me(request),
        ),
        "",
    )


@needs(rules.can_see_events)
def feed(request: HttpRequest) -> HttpResponse:
    """Make or withdraw one's private calendar address, which is shown this once."""
    mine = feeds_of(request.user).first()
    if request.method == "POST":
        actor, now = me(request), timezone.now()
        if "revoke" in request.POST and mine is not None:
            feeds.revoke_feed(actor=actor, feed=mine, now=now)
            messages.success(request, _("The address is withdrawn. Calendars get nothing more."))
        else:
            mine, token = feeds.make_feed(actor=actor, now=now)
            context = {"feed": mine, "address": link_address(CALENDAR, token)}
            return render(request, "events/desk/feed.html", context)
        return redirect("events:feed")
    return render(request, "events/desk/feed.html", {"feed": mine})
