"""After the event: both versions of the minutes, the three lists, the actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.pages import attempt, attempt_with_form
from hiwar.common.templatetags.components import number
from hiwar.events import rules
from hiwar.events.actions import minutes as act
from hiwar.events.desk.pages import event_or_404, frame_of_event, one_or_404, page_of_event
from hiwar.events.exports.letters import when
from hiwar.events.forms.desk import FollowUpForm, ParagraphForm, StatedForm
from hiwar.events.models import Conclusion, Event, Minutes, Paragraph
from hiwar.events.queries import minutes as ask
from hiwar.events.queries.series import questions_left

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

A = Minutes.Audience


@needs(rules.can_see_events)
def minutes(request: HttpRequest, code: str) -> HttpResponse:
    """Show where the minutes stand, the version for everybody, the lists and the actions."""
    subject = event_or_404(request, code)
    if not rules.can_run_event(request.user, subject):
        return _read_only(request, code)
    public = ask.draft_of(subject, A.PUBLIC)
    return page_of_event(
        request,
        "minutes",
        subject,
        tab="minutes",
        public=public,
        sections=ask.sections(public) if public else [],
        lists=_lists(subject),
        questions=questions_left(subject),
        follow_ups=subject.follow_ups.select_related("owner").order_by("due_on", "pk"),
        follow_up_form=FollowUpForm(),
        notes=subject.notes.count(),
        has_begun=subject.starts_at <= timezone.now(),
        may_open=rules.can_open_internal_minutes(request.user, subject),
        may_approve=public is not None and rules.can_approve_minutes(request.user, public),
        may_publish=rules.can_publish_event(request.user, subject),
    )


def _read_only(request: HttpRequest, code: str) -> HttpResponse:
    """Show what was published to staff who do not run events."""
    subject = event_or_404(request, code)
    public = ask.public_minutes(subject)
    return page_of_event(
        request,
        "minutes_read",
        subject,
        tab="minutes",
        sections=ask.sections(public) if public else [],
        lists=_lists(subject) if public else [],
        follow_ups=subject.follow_ups.filter(owner=request.user.pk).order_by("due_on", "pk"),
    )


def _lists(event: Event) -> list[tuple[str, list[Conclusion]]]:
    conclusions = ask.conclusions(event)
    return [(str(Conclusion.Kind(kind).label), points) for kind, points in conclusions.items()]


@require_POST
@needs(rules.can_run_events)
def draft(request: HttpRequest, code: str) -> HttpResponse:
    subject = event_or_404(request, code)
    attempt(
        request,
        lambda: act.draft_minutes(actor=me(request), event=subject, now=timezone.now()),
        _("Both versions are drafted from the notes, and names are removed from the one for all."),
    )
    return redirect("events:minutes", code)


@needs(rules.can_run_events)
def paragraph(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Reword or translate one paragraph; its languages stand side by side."""
    subject = event_or_404(request, code)
    paragraphs = Paragraph.objects.filter(minutes__event=subject).select_related("minutes", "item")
    chosen = one_or_404(paragraphs, key)
    is_internal = chosen.minutes.audience == A.INTERNAL
    if is_internal and not rules.can_open_internal_minutes(request.user, subject):
        raise PermissionDenied
    form = ParagraphForm(request.POST or None, initial={"text": chosen.text})
    if form.is_valid() and attempt_with_form(
        form,
        lambda: act.write_paragraph(
            actor=me(request),
            paragraph=chosen,
            texts=form.cleaned_data["text"],
            now=timezone.now(),
        ),
    ):
        return redirect("events:internal" if is_internal else "events:minutes", code)
    return form_page(
        request, form, title=_("Paragraph %(n)s") % {"n": number(chosen.position)},
        verb=_("Save"), back=reverse("events:minutes", args=[code]), paragraph=chosen,
        template="events/desk/paragraph.html", **frame_of_event(request, subject),
    )  # fmt: skip


@needs(rules.can_run_events)
def conclusion(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Say by which evidence a conclusion is stated."""
    subject = event_or_404(request, code)
    chosen = one_or_404(Conclusion.objects.filter(event=subject).select_related("event"), key)
    form = StatedForm(request.POST or None, reader=me(request), initial={"item": chosen.item_id})
    if form.is_valid() and attempt_with_form(
        form,
        lambda: act.state_by_evidence(
            actor=me(request), conclusion=chosen, item=form.cleaned_data["item"],
            now=timezone.now(),
        ),
    ):  # fmt: skip
        return redirect("events:minutes", code)
    return form_page(
        request, form, title=_("Evidence of a conclusion"), verb=_("Save"), conclusion=chosen,
        back=reverse("events:minutes", args=[code]), template="events/desk/conclusion.html",
        **frame_of_event(request, subject),
    )  # fmt: skip


@needs(rules.can_see_events)
def internal(request: HttpRequest, code: str) -> HttpResponse:
    """Open the version for staff; that it was opened is in the log."""
    subject = event_or_404(request, code)
    if not rules.can_open_internal_minutes(request.user, subject):
        raise PermissionDenied
    opened = act.open_internal_minutes(actor=me(request), event=subject, now=timezone.now())
    return page_of_event(
        request,
        "internal",
        subject,
        tab="minutes",
        minutes=opened,
        sections=ask.sections(opened) if opened else [],
        may_approve=opened is not None and rules.can_approve_minutes(request.user, opened),
    )


@require_POST
@needs(rules.can_run_events)
def approve(request: HttpRequest, code: str, name: str) -> HttpResponse:
    subject = event_or_404(request, code)
    minutes = ask.draft_of(subject, name)
    if minutes is not None:
        attempt(
            request,
            lambda: act.approve_minutes(actor=me(request), minutes=minutes, now=timezone.now()),
            _("The minutes are approved."),
        )
    return redirect("events:minutes", code)


@require_POST
@needs(rules.can_run_events)
def publish(request: HttpRequest, code: str) -> HttpResponse:
    subject = event_or_404(request, code)
    minutes = ask.draft_of(subject, A.PUBLIC)
    if minutes is not None:
        attempt(
            request,
            lambda: act.publish_minutes(actor=me(request), minutes=minutes, now=timezone.now()),
            _("The minutes are published."),
        )
    return redirect("events:minutes", code)


@needs(rules.can_see_events)
def print_minutes(request: HttpRequest, code: str) -> HttpResponse:
    """Show the minutes for everybody as a sheet of paper."""
    subject = event_or_404(request, code)
    minutes = ask.draft_of(subject, A.PUBLIC)
    if minutes is None or not (minutes.published_at or rules.can_run_event(request.user, subject)):
        raise PermissionDenied
    context = {
        "event": subject,
        "when": when(subject),
        "sections": ask.sections(minutes),
        "lists": _lists(subject),
        "is_draft": minutes.published_at is None,
    }
    return render(request, "events/desk/print_minutes.html", context)
