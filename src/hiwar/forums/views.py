"""Forums for everybody: the list, and the path of one that is approved and for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hiwar.common.dates import local_day
from hiwar.common.desk.pages import first_or_404, paged
from hiwar.forums.queries.coverage import coverage_of
from hiwar.forums.queries.forums import public_events, public_forums, stages_of
from hiwar.forums.queries.path import path_of
from hiwar.forums.queries.results import ancestors_of, side_by_side

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def forums(request: HttpRequest, language: str) -> HttpResponse:
    """List the forums that everybody may read, the last approved first."""
    page = paged(request, public_forums())
    return render(request, "forums/public/forums.html", {**page, "rows": page["page"].object_list})


@require_safe
def forum(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show what is asked, who decides, the path, who took part, and results side by side."""
    subject = first_or_404(public_forums().filter(code=code))
    now = timezone.now()
    stages = [
        stage for stage in stages_of(subject)
        if stage.round is None or stage.round.dialogue.opened_at
    ]  # fmt: skip
    named = public_events(stages)
    stages = [stage for stage in stages if stage.event is None or stage.event_id in named]
    before = [each for each in ancestors_of(subject) if public_forums().filter(pk=each.pk).exists()]
    past = [stage for each in before for stage in stages_of(each)]
    shown = side_by_side(stages, past, now)
    published = {column.code for column in shown.columns}
    counted = [
        stage
        for stage in stages
        if (stage.round and stage.round.dialogue.code in published)
        or (stage.event and stage.event.held_at is not None)
    ]  # fmt: skip
    return render(request, "forums/public/forum.html", {
        "forum": subject, "options": str(subject.options).splitlines(),
        "steps": path_of(subject, stages, named, local_day(now), is_public=True),
        "coverage": coverage_of(subject, counted, named), "shown": shown, "before": before,
        "alternates": [
            (other, reverse("public_forums:forum", args=[other, code]))
            for other, _name in settings.LANGUAGES
        ],
    })  # fmt: skip
