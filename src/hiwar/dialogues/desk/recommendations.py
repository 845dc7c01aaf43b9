"""Draft recommendations at the desk: written, and what people say to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone

from hiwar.accounts.access import me, needs
from hiwar.common.desk.pages import attempt_with_form
from hiwar.dialogues import rules
from hiwar.dialogues.actions.recommendations import set_recommendations
from hiwar.dialogues.desk.pages import dialogue_or_404, page_of_dialogue, round_or_404
from hiwar.dialogues.forms.recommendations import RecommendationForm
from hiwar.dialogues.models import Round
from hiwar.dialogues.queries.recommendations import answered_recommendations, people_answering

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs(rules.can_see_dialogue)
def recommendations(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """Show each recommendation with support and objections side by side, and take another."""
    dialogue = dialogue_or_404(code)
    subject = round_or_404(dialogue, number)
    if subject.kind != Round.Kind.RECOMMEND:
        raise Http404
    listed = answered_recommendations(dialogue)
    may_write = rules.can_run_dialogue(request.user) and subject.state != Round.State.CLOSED
    posted = request.POST if request.method == "POST" and may_write else None
    form = RecommendationForm(posted, initial={"code": f"R{len(listed) + 1}"})
    if form.is_valid() and attempt_with_form(
        form,
        lambda: set_recommendations(
            actor=me(request),
            round=subject,
            texts={form.cleaned_data["code"].upper(): form.cleaned_data["text"]},
            now=timezone.now(),
        ),
    ):
        return redirect("dialogues:recommendations", code, number)
    return page_of_dialogue(
        request,
        "recommendations",
        dialogue,
        tab="overview",
        round=subject,
        items=listed,
        people=people_answering(dialogue),
        form=form if may_write else None,
    )
