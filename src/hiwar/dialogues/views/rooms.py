"""The way into a room: what is kept, and one button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language

from hiwar.common.refusals import Refused
from hiwar.dialogues.actions.people import CodeUnknown, join_room
from hiwar.dialogues.forms.public import CodeForm
from hiwar.dialogues.queries.rooms import find_room
from hiwar.dialogues.queries.tokens import Bearer
from hiwar.dialogues.views import code_throttle
from hiwar.dialogues.views.pages import (
    address,
    bearer_of,
    keep,
    page_of,
    person_of,
    public_dialogue,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hiwar.dialogues.models import Dialogue, VotingRoom


def room(request: HttpRequest, language: str, code: str, room: str) -> HttpResponse:
    """Say in which room somebody is about to vote, and let her in."""
    dialogue = public_dialogue(code)
    subject = find_room(room)
    if subject is None or subject.dialogue_id != dialogue.pk:
        raise Http404
    person = person_of(bearer_of(request, dialogue), dialogue)
    needs_code = person is None and not dialogue.accepts_open_link
    form = CodeForm(request.POST if request.method == "POST" and needs_code else None)
    refusal = ""
    if request.method == "POST" and (not needs_code or form.is_valid()):
        if needs_code and code_throttle.asks_for_patience(request):
            form.add_error("code", code_throttle.patience_sentence())
        else:
            response, refusal = _let_in(request, dialogue, subject, form if needs_code else None)
            if response is not None:
                return response
    is_asked = form.is_bound and code_throttle.patience_sentence() in form.errors.get("code", [])
    failed = 422 if request.method == "POST" else 200
    return page_of(
        request,
        "room",
        dialogue,
        room=subject,
        seat=person.room if person else None,
        person=person,
        form=form if needs_code else None,
        patience=code_throttle.ticket_for(request) if is_asked else "",
        refusal=refusal,
        status=429 if is_asked else failed,
    )


def _let_in(
    request: HttpRequest, dialogue: Dialogue, room: VotingRoom, form: CodeForm | None
) -> tuple[HttpResponse | None, str]:
    bearer = bearer_of(request, dialogue)
    try:
        person = join_room(
            room=room,
            now=timezone.now(),
            code=form.cleaned_data["code"] if form else "",
            language=get_language() or "",
            key=bearer.participant if bearer else None,
        )
    except (Refused, ValidationError) as refused:
        if isinstance(refused, CodeUnknown):
            code_throttle.note_wrong_code(request, dialogue.code)
        text = str(refused) if isinstance(refused, Refused) else " ".join(refused.messages)
        if form is None:
            return None, text
        form.add_error("code", text)
        return None, ""
    response = redirect(address("vote", dialogue))
    return keep(response, dialogue, Bearer(person.pk, is_stored=True)), ""
