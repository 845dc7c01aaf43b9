"""The outbox at the desk: what waits, left and failed; sendings; the inbox; the switches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from hiwar.accounts.access import me, needs
from hiwar.channels import rules
from hiwar.channels.actions import inbound as reading
from hiwar.channels.actions import outbox as act
from hiwar.channels.actions import ways as switches
from hiwar.channels.forms import AnswerForm, ChannelForm
from hiwar.channels.models import Batch, Channel, InboundMessage, Message, Practice
from hiwar.channels.queries import outbox as questions
from hiwar.channels.queries.contents import raw_of
from hiwar.channels.queries.inbox import inbox as inbox_of
from hiwar.channels.queries.issues import is_halted
from hiwar.channels.queries.letters import read_letter
from hiwar.channels.queries.mail_domain import lines_of, own_domain
from hiwar.channels.queries.ways import (
    HOUSE,
    MAIL,
    TEXT,
    channel_of,
    has_carrier,
    is_practising,
    mail_channel,
    masked,
    trouble_of,
    value_of,
)
from hiwar.common.desk.lists import Listing, filter_links, list_page
from hiwar.common.desk.pages import attempt, attempt_and_say, key_or_404, paged, part_or_404
from hiwar.common.mailings import state_of_mailing
from hiwar.common.post import purpose_of, waiting_without_carrier

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

State = Message.State
TONES: dict[str, str] = {
    State.DELIVERED: "primary", State.HANDED_OVER: "primary", State.FAILED: "danger",
    State.EXPIRED: "danger", State.UNKNOWN: "notice", State.HELD: "notice",
}  # fmt: skip
BATCH_TONES: dict[str, str] = {
    Batch.State.PREPARED: "notice", Batch.State.APPROVED: "primary", Batch.State.PAUSED: "notice",
    Batch.State.STOPPED: "danger",
}  # fmt: skip
NAME_TONES = {"good": "primary", "weak": "notice", "missing": "danger", "unknown": ""}


def show(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    """Return a page of the room with what its frame says of the channel."""
    return render(request, f"channels/{name}.html", {**context, **_frame(request)})


def show_list(request: HttpRequest, name: str, listing: Listing, **context: Any) -> HttpResponse:
    """Return a list of the room in the frame of lists, with what its frame says of the channel."""
    return list_page(request, f"channels/{name}.html", listing, **context, **_frame(request))


def _frame(request: HttpRequest) -> dict[str, Any]:
    channel, texts = mail_channel(), channel_of(TEXT)
    return {
        "channel": channel,
        "trouble": trouble_of(channel, timezone.now()),
        "texts": texts,
        "text_trouble": trouble_of(texts, timezone.now()) if texts else "",
        "is_practising": is_practising(request.user.pk),
        "may_answer": rules.can_answer(request.user),
        "may_run": rules.can_run_channels(request.user),
        "uncarried": waiting_without_carrier(),
    }


@needs(rules.can_see_outbox)
def outbox(request: HttpRequest) -> HttpResponse:
    """Show what is waiting, sent and failed, and why; addresses tell their server alone."""
    group = request.GET.get("state", "")
    group = group if group in questions.GROUPS else "waiting"
    page = paged(request, questions.outbox(request.user, group), 50)
    rows = [
        (message, purpose_of(message.purpose), _shown(message), TONES.get(message.state, ""))
        for message in page["page"].object_list
    ]
    counts = questions.counts()
    labels = {
        "waiting": pgettext("tab of the outbox", "Waiting"),
        "sent": pgettext("tab of the outbox", "Sent"),
        "failed": _("Failed"),
        "stopped": _("Not sent"),
    }
    groups = [(name, label, counts[name]) for name, label in labels.items()]
    nothing = _("Nothing here")
    listing = Listing(
        title=_("Messages"), url=reverse("channels:outbox"), everything=_("Outbox"),
        no_match=nothing, none_yet=nothing, is_quiet=True,
    )  # fmt: skip
    return show_list(
        request, "outbox", listing, page=page, rows=rows, group=group,
        filters=[(_("State"), filter_links("state", group, groups))],
        reasons=questions.reasons(group),
    )  # fmt: skip


def _shown(message: Message) -> str:
    """Return what a reader of states sees of an address; of a participant's, nothing."""
    if purpose_of(message.purpose).is_sealed:
        return ""
    return masked(value_of(message.address))


@needs(rules.can_see_outbox)
def message(request: HttpRequest, key: str) -> HttpResponse:
    """Show what happened to one message; stop it, or have it sent again."""
    subject = part_or_404(questions.outbox(request.user), key)
    actor, now = me(request), timezone.now()
    if "stop" in request.POST:
        attempt(
            request,
            lambda: act.stop_message(actor=actor, message=subject, at=now),
            _("Stopped. It will not be sent."),
        )
        return redirect("channels:message", key)
    if "again" in request.POST:
        attempt(
            request,
            lambda: act.send_again(actor=actor, message=subject, at=now),
            _("It waits to be sent again."),
        )
        return redirect("channels:message", key)
    return show(
        request,
        "message",
        message=subject,
        purpose=purpose_of(subject.purpose),
        address=_shown(subject),
        tone=TONES.get(subject.state, ""),
        events=subject.events.order_by("at", "pk"),
        is_open=subject.state in act.OPEN,
    )


@needs(rules.can_see_outbox)
def batches(request: HttpRequest) -> HttpResponse:
    """List the sendings: one's own, or all for who runs channels."""
    page = paged(request, questions.batches(request.user))
    rows = [(batch, BATCH_TONES.get(batch.state, "")) for batch in page["page"].object_list]
    nothing = _("Nothing was sent to many yet")
    listing = Listing(
        title=_("Sendings"), url=reverse("channels:batches"), everything=_("Sendings"),
        no_match=nothing, none_yet=nothing, is_quiet=True,
    )  # fmt: skip
    return show_list(request, "batches", listing, page=page, rows=rows)


@needs(rules.can_see_outbox)
def batch(request: HttpRequest, key: str) -> HttpResponse:
    """Show what a sending will do before it leaves; let it leave, pause it, stop it."""
    subject = part_or_404(questions.batches(request.user), key)
    actor, now = me(request), timezone.now()
    if request.method == "POST":
        _decide(request, subject)
        return redirect("channels:batch", key)
    may_read = rules.can_read_batch(actor, subject)
    return show(
        request,
        "batch",
        batch=subject,
        tone=BATCH_TONES.get(subject.state, ""),
        purpose=purpose_of(subject.purpose),
        estimate=questions.estimate(subject, now, with_words=may_read),
        writing=state_of_mailing(subject.pk),
        is_prepared=subject.state == Batch.State.PREPARED,
        is_on_its_way=subject.state == Batch.State.APPROVED,
        is_paused=subject.state == Batch.State.PAUSED,
        is_halted=is_halted(subject),
        states=questions.states_of(subject),
        language_names=dict(settings.LANGUAGES),
        may_read=may_read,
        has_approved=subject.first_approved_by_id == actor.pk,
    )


def _decide(request: HttpRequest, subject: Batch) -> None:
    actor, now = me(request), timezone.now()
    if "approve" in request.POST:
        if attempt(request, lambda: act.approve_batch(actor=actor, batch=subject, at=now), ""):
            subject.refresh_from_db()
            is_first = subject.state == Batch.State.PREPARED
            second = _("Approved. It leaves when a second person has approved it too.")
            messages.success(request, second if is_first else _("It is on its way."))
    elif "pause" in request.POST or "go_on" in request.POST:
        is_paused = "pause" in request.POST
        done = _("Paused. What is in hand still leaves.") if is_paused else _("It goes on.")
        attempt(
            request,
            lambda: act.pause_batch(actor=actor, batch=subject, is_paused=is_paused, at=now),
            done,
        )
    elif "stop" in request.POST:
        attempt(
            request,
            lambda: act.stop_batch(actor=actor, batch=subject, at=now),
            _("Stopped. What had not left never will."),
        )


@needs(rules.can_answer)
def inbox(request: HttpRequest) -> HttpResponse:
    """Show what people wrote that no rule settles."""
    is_wanted = request.GET.get("done") == "yes"
    state = InboundMessage.State.DONE if is_wanted else InboundMessage.State.OPEN
    page = paged(request, inbox_of(request.user, state=state))
    rows = [(received, *_words(received)) for received in page["page"].object_list]
    states = [("", _("What waits for a person"), None), ("yes", _("What is done"), None)]
    is_done = "yes" if state == InboundMessage.State.DONE else ""
    nothing = _("Nothing waits for a person")
    listing = Listing(
        title=_("Inbox"), url=reverse("channels:inbox"), everything=_("Inbox"),
        no_match=nothing, none_yet=nothing, is_quiet=True,
    )  # fmt: skip
    return show_list(
        request, "inbox", listing, page=page, rows=rows,
        filters=[(_("State"), filter_links("done", is_done, states))],
    )  # fmt: skip


def _words(received: InboundMessage) -> tuple[str, str, str]:
    """Return sender, subject and text of what came in; empty once it was deleted."""
    raw = raw_of(received)
    try:
        letter = read_letter(raw) if raw else None
    except ValueError:
        letter = None
    return (letter.sender, letter.subject, letter.text) if letter else ("", "", "")


@needs(rules.can_answer)
def inbound(request: HttpRequest, key: str) -> HttpResponse:
    """Show one message of the inbox; take it on, answer it, put it away."""
    subject = InboundMessage.objects.filter(pk=key_or_404(key)).first()
    if subject is None or subject.state == InboundMessage.State.ARRIVED:
        raise Http404
    actor, now = me(request), timezone.now()
    sender, title, text = _words(subject)
    if "take" in request.POST or "done" in request.POST:
        verb = reading.take_on if "take" in request.POST else reading.finish
        attempt(request, lambda: verb(actor=actor, inbound=subject, now=now), _("Saved."))
        return redirect("channels:inbox" if "done" in request.POST else request.path)
    form = AnswerForm(request.POST or None)
    if attempt_and_say(request, form, lambda: reading.answer(
            actor=actor, inbound=subject, text=form.cleaned_data["text"],
            language=get_language() or settings.LANGUAGE_CODE, now=now,
        ), _("Your answer is in the outbox.")):  # fmt: skip
        return redirect("channels:inbox")
    return show(
        request, "inbound", inbound=subject, sender=sender, title=title, text=text, form=form,
        is_open=subject.state == InboundMessage.State.OPEN,
    )  # fmt: skip


@needs(rules.can_see_outbox)
def ways(request: HttpRequest) -> HttpResponse:
    """Show the switches: the channel, practice of the house and of oneself, pace, quiet hours."""
    actor, now = me(request), timezone.now()
    code = request.POST.get("channel", MAIL)
    channel = channel_of(code)
    if "practise" in request.POST or "serious" in request.POST:
        of = actor if request.POST.get("of") == "me" else None
        attempt(
            request,
            lambda: switches.practise(actor=actor, of=of, is_on="practise" in request.POST, at=now),
            _("Saved."),
        )
        return redirect("channels:ways")
    if "names" in request.POST:
        attempt(request, lambda: switches.ask_names(actor=actor, at=now), _("It is being checked."))
        return redirect("channels:ways")
    if "switch" in request.POST and channel is not None:
        state = request.POST["switch"]
        if state in Channel.State:
            attempt(
                request,
                lambda: switches.switch_channel(actor=actor, channel=channel, state=state, at=now),
                _("Saved."),
            )
        return redirect("channels:ways")
    page_forms = {each: _form_of(request, each, is_posted=each == code) for each in (MAIL, TEXT)}
    form = page_forms.get(code, page_forms[MAIL])
    if channel is not None and form.is_valid():
        attempt(
            request,
            lambda: switches.change_channel(
                actor=actor, channel=channel, changes=form.cleaned_data, at=now
            ),
            _("Saved."),
        )
        return redirect("channels:ways")
    mail = channel_of(MAIL)
    holders = set(Practice.objects.values_list("holder", flat=True))
    return show(
        request,
        "ways",
        form=page_forms[MAIL],
        text_form=page_forms[TEXT],
        text_folder=settings.TEXT_FOLDER,
        has_carrier=has_carrier(),
        carrier=settings.MAIL_OUT.get("host", ""),
        mailbox=settings.MAIL_IN.get("host", ""),
        house_practises=HOUSE in holders,
        i_practise=str(actor.pk) in holders,
        is_fixed=settings.DEMO or settings.PRACTICE,
        names=[(line, NAME_TONES[line.state]) for line in lines_of(mail.dns if mail else [])],
        own_domain=own_domain(),
    )


def _form_of(request: HttpRequest, code: str, *, is_posted: bool) -> ChannelForm:
    channel = channel_of(code)
    initial = {name: getattr(channel, name, None) for name in ChannelForm.base_fields}
    data = request.POST if request.method == "POST" and is_posted else None
    return ChannelForm(data, initial=initial, auto_id=f"{code}_%s")
