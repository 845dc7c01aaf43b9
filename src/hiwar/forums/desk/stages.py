"""Stages and floors of a forum at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.pages import attempt, attempt_and_say, part_or_404
from hiwar.forums import forms, rules
from hiwar.forums.actions import forums as act_forums
from hiwar.forums.actions import stages as act
from hiwar.forums.desk.pages import forum_or_404
from hiwar.forums.models import ForumTarget, Stage
from hiwar.forums.queries.forums import forums_for
from hiwar.forums.queries.warnings import calendar_of, warnings_of_days

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hiwar.forums.models import Forum


def _stage_or_404(request: HttpRequest, key: str) -> Stage:
    stages = Stage.objects.select_related("forum__calendar", "forum__dossier", "round", "event")
    readable = forums_for(me(request)).order_by().values("pk")
    return part_or_404(stages.filter(forum__in=readable), key)


@needs(rules.can_plan_forums)
def add_stage(request: HttpRequest, code: str) -> HttpResponse:
    """Add a stage to a forum."""
    subject = forum_or_404(request, code)
    form = forms.StageForm(request.POST or None, reader=me(request))
    if attempt_and_say(
        request,
        form,
        lambda: act.add_stage(
            actor=me(request), forum=subject, values=form.cleaned_data, now=timezone.now()
        ),
        _("The stage is added."),
    ):
        return redirect("forums:forum", code)
    return _page(request, form, subject, _("Add a stage"))


@needs(rules.can_plan_forums)
def edit_stage(request: HttpRequest, key: str) -> HttpResponse:
    """Give a stage other days, or let it point at a round or an event."""
    stage = _stage_or_404(request, key)
    initial = {name: getattr(stage, name) for name in act.FIELDS}
    form = forms.StageForm(request.POST or None, reader=me(request), initial=initial)
    if attempt_and_say(
        request,
        form,
        lambda: act.update_stage(
            actor=me(request), stage=stage, values=form.cleaned_data, now=timezone.now()
        ),
        _("The stage is saved."),
    ):
        return redirect("forums:forum", stage.forum.code)
    return _page(request, form, stage.forum, _("Change the stage"), stage)


def _page(
    request: HttpRequest, form: forms.StageForm, forum: Forum, title: str,
    stage: Stage | None = None,
) -> HttpResponse:  # fmt: skip
    """Show the form of a stage with what the calendar says to the days in it."""
    said = form.cleaned_data if form.is_bound and hasattr(form, "cleaned_data") else form.initial
    warnings = warnings_of_days(
        calendar_of(forum), *(said.get(name) for name in ("starts_on", "ends_on", "starts", "ends"))
    )
    return form_page(
        request,
        form,
        title=title,
        verb=_("Save"),
        subject=forum,
        warnings=warnings,
        back=reverse("forums:forum", args=[forum.code]),
        stage=stage,
        template="forums/form.html",
    )


@needs(rules.can_plan_forums)
@require_POST
def move_stage(request: HttpRequest, key: str) -> HttpResponse:
    """Let a stage change places with its neighbour."""
    stage = _stage_or_404(request, key)
    attempt(
        request,
        lambda: act.move_stage(
            actor=me(request), stage=stage, is_earlier="earlier" in request.POST,
            now=timezone.now(),
        ),
        "",
    )  # fmt: skip
    return redirect(f"{reverse('forums:forum', args=[stage.forum.code])}#stage-{stage.pk}")


@needs(rules.can_plan_forums)
@require_POST
def finish_stage(request: HttpRequest, key: str) -> HttpResponse:
    """Say that a stage is done, or that it is not after all."""
    stage = _stage_or_404(request, key)
    attempt(
        request,
        lambda: act.finish_stage(
            actor=me(request), stage=stage, is_done="undone" not in request.POST,
            now=timezone.now(),
        ),
        _("The stage is saved."),
    )  # fmt: skip
    return redirect("forums:forum", stage.forum.code)


@needs(rules.can_plan_forums)
@require_POST
def remove_stage(request: HttpRequest, key: str) -> HttpResponse:
    """Take a stage out; the round or event it points at stays."""
    stage = _stage_or_404(request, key)
    attempt(
        request,
        lambda: act.remove_stage(actor=me(request), stage=stage, now=timezone.now()),
        _("The stage is taken out. What it pointed at is still there."),
    )
    return redirect("forums:forum", stage.forum.code)


@needs(rules.can_plan_forums)
@require_POST
def set_floor(request: HttpRequest, code: str) -> HttpResponse:
    """Set the floor of a group."""
    subject = forum_or_404(request, code)
    form = forms.FloorForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a group and write a whole number."))
    else:
        attempt(
            request,
            lambda: act_forums.set_floor(
                actor=me(request), forum=subject, now=timezone.now(), **form.cleaned_data
            ),
            _("The floor is set."),
        )
    return redirect(f"{reverse('forums:forum', args=[code])}#who")


@needs(rules.can_plan_forums)
@require_POST
def remove_floor(request: HttpRequest, key: str) -> HttpResponse:
    """Take a floor out of a forum."""
    readable = forums_for(me(request)).order_by().values("pk")
    targets = ForumTarget.objects.select_related("forum__dossier").filter(forum__in=readable)
    target = part_or_404(targets, key)
    attempt(
        request,
        lambda: act_forums.remove_floor(actor=me(request), target=target, now=timezone.now()),
        _("The floor is taken out."),
    )
    return redirect(f"{reverse('forums:forum', args=[target.forum.code])}#who")
