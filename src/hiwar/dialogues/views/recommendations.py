"""Recommendations, each supported, objected to with a reason, or left: with script and without."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hiwar.common.dates import local_day
from hiwar.common.multilingual import MultilingualText
from hiwar.common.refusals import Refused
from hiwar.dialogues.actions.people import join_dialogue
from hiwar.dialogues.actions.recommendations import LONGEST_REASON, answer_recommendation
from hiwar.dialogues.actions.votes import StatementNotOpen
from hiwar.dialogues.models.sequences import at_the_door, next_sequence
from hiwar.dialogues.queries.recommendations import answers_of, open_recommendations
from hiwar.dialogues.queries.tokens import Bearer, bearer_of_ticket
from hiwar.dialogues.views.detail import published_of, stage_of
from hiwar.dialogues.views.pages import (
    address,
    bearer_of,
    keep,
    newcomer,
    page_of,
    person_of,
    public_dialogue,
)

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hiwar.dialogues.models import Dialogue, Recommendation, Support


@dataclass(frozen=True)
class Item:
    """A recommendation as the reader sees it: its words and what she said to it."""

    code: str
    text: MultilingualText
    choice: str
    reason: str


@require_http_methods(["GET", "HEAD", "POST"])
def recommendations(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show every recommendation that can be answered, and take one answer."""
    dialogue = public_dialogue(code)
    bearer = _named(request, dialogue) or bearer_of(request, dialogue)
    if bearer is None and not dialogue.accepts_open_link:
        return redirect(address("join", dialogue))
    if request.method == "POST":
        return _take(request, dialogue, bearer)
    known = bearer or newcomer()
    response = _show(request, dialogue, known)
    return response if bearer else keep(response, dialogue, known)


def _take(request: HttpRequest, dialogue: Dialogue, bearer: Bearer | None) -> HttpResponse:
    wants_json = "application/json" in request.headers.get("Accept", "")
    if bearer is None:
        # The page that held the form set a cookie; a browser without it would count anew each time.
        known = newcomer()
        text = _("This browser kept nothing from the last page. Please choose once more.")
        if wants_json:
            return JsonResponse({"status": "refused", "say": text}, status=422)
        return keep(_show(request, dialogue, known, refusal=text), dialogue, known)
    try:
        recommendation = _store(request, dialogue, bearer)
    except Refused as refused:
        if wants_json or not bearer.may_see:
            return JsonResponse({"status": "refused", "say": str(refused)}, status=422)
        return _show(request, dialogue, bearer, refusal=str(refused))
    if not bearer.may_see:
        return JsonResponse({"status": "ok"})
    response: HttpResponse = (
        JsonResponse({"status": "ok"})
        if wants_json
        else redirect(f"{address('recommendations', dialogue)}#{recommendation.code}")
    )
    return keep(response, dialogue, Bearer(bearer.participant, is_stored=True))


def _named(request: HttpRequest, dialogue: Dialogue) -> Bearer | None:
    """Return whose answer waited in a tab, when somebody else has the phone now."""
    named = bearer_of_ticket(dialogue.code, request.POST.get("ticket", ""))
    holder = bearer_of(request, dialogue)
    return None if named and holder and holder.participant == named.participant else named


def _store(request: HttpRequest, dialogue: Dialogue, bearer: Bearer) -> Recommendation:
    subject = open_recommendations(dialogue).filter(code=request.POST.get("code", "")).first()
    if subject is None:
        raise StatementNotOpen
    person = join_dialogue(
        dialogue=dialogue,
        now=timezone.now(),
        key=bearer.participant,
        language=get_language() or "",
    )
    choice, reason = request.POST.get("choice", ""), request.POST.get("reason", "")
    [sequence] = at_the_door([_whole(request.POST.get("sequence", ""))], local_day(timezone.now()))
    stands = answers_of(person.pk, dialogue).get(subject.pk)
    is_other = stands is not None and (stands.choice, stands.reason) != (choice, reason.strip())
    if stands is not None and is_other and "made" not in request.POST:
        # The same page was shown again by "back" and answered otherwise: a later act.
        sequence = max(sequence, stands.sequence + 1)
    answer_recommendation(
        recommendation=subject, participant=person, choice=choice, reason=reason, sequence=sequence
    )
    return subject


def _show(
    request: HttpRequest, dialogue: Dialogue, bearer: Bearer, *, refusal: str = ""
) -> HttpResponse:
    person = person_of(bearer, dialogue)
    said = answers_of(person.pk, dialogue) if person else {}
    subjects = list(open_recommendations(dialogue))
    latest = max((support.sequence for support in said.values()), default=None)
    items = [_item(recommendation, said.get(recommendation.pk)) for recommendation in subjects]
    return page_of(
        request,
        "recommendations",
        dialogue,
        bearer=bearer,
        status=422 if refusal else 200,
        items=items,
        done=sum(bool(item.choice) for item in items),
        sequence=next_sequence(bearer.participant, latest, local_day(timezone.now())),
        longest=LONGEST_REASON,
        refusal=refusal,
        stage=stage_of(dialogue),
        published=published_of(dialogue),
    )


def _item(subject: Recommendation, said: Support | None) -> Item:
    texts = {key: text for key, text in subject.text.items() if isinstance(text, str)}
    return Item(
        subject.code,
        MultilingualText(texts),
        said.choice if said else "",
        said.reason if said else "",
    )


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 17 else 0
