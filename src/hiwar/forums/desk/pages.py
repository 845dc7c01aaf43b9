"""Forums at the desk: the list, a new one, its path, its results side by side, begun again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import Count
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.dates import local_day
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.lists import Listing, choice_of, filter_links, list_page, words_of
from hiwar.common.desk.pages import attempt, attempt_and_say, attempt_with_form, first_or_404, paged
from hiwar.dialogues.rules import can_run_dialogue
from hiwar.forums import forms, rules
from hiwar.forums.actions import forums as act
from hiwar.forums.actions.restarting import restart_forum
from hiwar.forums.models import Forum
from hiwar.forums.queries.coverage import coverage_of
from hiwar.forums.queries.forums import (
    forums_for,
    readable_events,
    search_forums,
    stages_by_forum,
    stages_of,
)
from hiwar.forums.queries.open_questions import questions_left_open, who_may_be_asked_again
from hiwar.forums.queries.path import now_of, path_of
from hiwar.forums.queries.results import ancestors_of, round_results, side_by_side
from hiwar.forums.queries.search_documents import TONES
from hiwar.forums.queries.templates import template_name

if TYPE_CHECKING:
    from django.forms import BaseForm
    from django.http import HttpRequest, HttpResponse

    from hiwar.accounts.models import User
    from hiwar.forums.models import Stage


def forum_or_404(request: HttpRequest, code: str) -> Forum:
    """Return a forum that whoever asks may read."""
    forums = forums_for(me(request)).select_related("deciding_post__organisation", "calendar")
    return first_or_404(forums.filter(code=code))


@needs(rules.can_see_forums)
def list_forums(request: HttpRequest) -> HttpResponse:
    """List the forums, the last begun first, each with where it stands."""
    user = me(request)
    words = words_of(request)
    state = choice_of(request, "state", Forum.State.values)
    page = paged(request, search_forums(user, words, state))
    forums = list(page["page"].object_list)
    stages = stages_by_forum(forums)
    counted = forums_for(user).order_by("state").values("state").annotate(n=Count("pk"))
    counts = dict(counted.values_list("state", "n"))
    options = [
        ("", _("All"), sum(counts.values())),
        *((code, label, counts.get(code, 0)) for code, label in Forum.State.choices),
    ]
    new = (_("New forum"), reverse("forums:new")) if rules.can_plan_forums(user) else None
    listing = Listing(
        title=_("Policy forums"), search=_("Search in titles and questions"),
        url=reverse("forums:list"), everything=_("All forums"), no_match=_("No forum matches"),
        none_yet=_("No forum yet"),
        why=_("A forum takes a question through rounds and sessions to a paper. From a template "
              "its plan stands in ten minutes, and the calendar is asked about every day of it."),
        new=new, first=new,
    )  # fmt: skip
    rows = [
        (forum, TONES[forum.state], sum(s.is_done for s in stages[forum.pk]), len(stages[forum.pk]))
        for forum in forums
    ]
    return list_page(
        request, "forums/list.html", listing, page=page, rows=rows, words=words,
        filters=[("", filter_links("state", state, options, {"q": words, "state": state}))],
        chosen={"state": state},
    )  # fmt: skip


@needs(rules.can_plan_forums)
def new(request: HttpRequest) -> HttpResponse:
    """Begin a forum from a template; `dossier` in the address proposes one."""
    user = me(request)
    form = forms.NewForumForm(
        request.POST or None, reader=user, may_run=can_run_dialogue(user),
        initial={"dossier": request.GET.get("dossier")},
    )  # fmt: skip
    started: list[Forum] = []
    if form.is_valid():
        values = dict(form.cleaned_data)
        first_day = values.pop("first_day", None)
        with_dialogue = values.pop("with_dialogue", False)
        if attempt_with_form(
            form,
            lambda: started.append(
                act.start_forum(
                    actor=user, values=values, first_day=first_day, with_dialogue=with_dialogue,
                    now=timezone.now(),
                )
            ),
        ):  # fmt: skip
            messages.success(request, _("The plan is laid. Look at its days and what the calendar "
                                        "says."))  # fmt: skip
            return redirect("forums:forum", started[0].code)
    return _form(request, form, (_("New forum"), _("Begin the forum")), reverse("forums:list"))


@needs(rules.can_plan_forums)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change the question of a forum, who decides and by when, and who may read it."""
    subject = forum_or_404(request, code)
    initial = {name: getattr(subject, name) for name in act.FIELDS}
    form = forms.ForumForm(request.POST or None, reader=me(request), initial=initial)
    if attempt_and_say(
        request,
        form,
        lambda: act.update_forum(
            actor=me(request), forum=subject, values=form.cleaned_data, now=timezone.now()
        ),
        _("The forum is saved."),
    ):
        return redirect("forums:forum", code)
    back = reverse("forums:forum", args=[code])
    return _form(request, form, (_("Change the forum"), _("Save")), back, subject)


@needs(rules.can_see_forums)
def forum(request: HttpRequest, code: str) -> HttpResponse:
    """Show the path of a forum from its question to its paper, on one page."""
    subject = forum_or_404(request, code)
    user = me(request)
    today = local_day(timezone.now())
    stages = stages_of(subject)
    readable = readable_events(user, stages)
    steps = path_of(subject, stages, readable, today)
    may_plan = subject.is_open and rules.can_plan_forum(user, subject)
    may_approve = rules.can_approve_forum(user, subject)
    past = _past_stages(subject, user)
    return render(request, "forums/forum.html", {
        "forum": subject, "tone": TONES[subject.state], "template": template_name(subject.template),
        "steps": steps, "may_plan": may_plan, "changes_plan": may_plan and (
            "plan" in request.GET or subject.state == Forum.State.PLANNED),
        "may_approve": may_approve, "today": today,
        "now": now_of(subject, steps, may_plan=rules.can_plan_forum(user, subject),
                      may_approve=may_approve),
        "coverage": coverage_of(subject, stages, readable),
        "floor_form": forms.FloorForm() if may_plan else None,
        "results": round_results(stages) if any(stage.round_id for stage in stages) else [],
        "questions": questions_left_open([*past, *stages], readable_events(user, [*past, *stages])),
        "again": who_may_be_asked_again(past, readable_events(user, past)),
        "may_restart": rules.can_plan_forum(user, subject),
        "later": forums_for(user).filter(restarts=subject),
        "options": str(subject.options).splitlines(),
    })  # fmt: skip


def _past_stages(forum: Forum, user: User) -> list[Stage]:
    """Return the stages of the forums whose question this one takes up, as far as readable."""
    before = ancestors_of(forum)
    if not before:
        return []
    keys = [each.pk for each in before]
    readable = forums_for(user).filter(pk__in=keys)
    return [stage for each in readable.order_by("started_at", "pk") for stage in stages_of(each)]


@needs(rules.can_see_forums)
def results(request: HttpRequest, code: str) -> HttpResponse:
    """Show published results side by side: then and now, with what changed."""
    subject = forum_or_404(request, code)
    stages = stages_of(subject)
    shown = side_by_side(stages, _past_stages(subject, me(request)), timezone.now())
    return render(request, "forums/results.html", {"forum": subject, "shown": shown})


@needs(rules.can_plan_forums)
def restart(request: HttpRequest, code: str) -> HttpResponse:
    """Take up the question of a forum again: with its statements and floors, and without people."""
    subject = forum_or_404(request, code)
    user = me(request)
    form = forms.RestartForm(request.POST or None, may_run=can_run_dialogue(user))
    started: list[Forum] = []
    if attempt_and_say(
        request,
        form,
        lambda: started.append(
            restart_forum(actor=user, forum=subject, now=timezone.now(), **form.cleaned_data)
        ),
        _(
            "The question is taken up again. What was found then stands "
            "beside it; nobody was copied."
        ),
    ):
        return redirect("forums:forum", started[0].code)
    back = reverse("forums:forum", args=[code])
    return _form(request, form, (_("Take the question up again"), _("Begin again")), back, subject)


@needs(rules.can_approve_forums)
@require_POST
def approve(request: HttpRequest, code: str) -> HttpResponse:
    """Let a forum begin."""
    subject = forum_or_404(request, code)
    attempt(
        request,
        lambda: act.approve_forum(actor=me(request), forum=subject, now=timezone.now()),
        _("The forum is approved."),
    )
    return redirect("forums:forum", code)


@needs(rules.can_approve_forums)
@require_POST
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Close a forum."""
    subject = forum_or_404(request, code)
    attempt(
        request,
        lambda: act.close_forum(actor=me(request), forum=subject, now=timezone.now()),
        _("The forum is closed."),
    )
    return redirect("forums:forum", code)


def _form(
    request: HttpRequest, form: BaseForm, words: tuple[str, str], back: str,
    subject: Forum | None = None,
) -> HttpResponse:  # fmt: skip
    title, verb = words
    return form_page(
        request,
        form,
        title=title,
        verb=verb,
        back=back,
        subject=subject,
        template="forums/form.html",
    )
