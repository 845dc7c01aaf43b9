"""What the pages of those who take part have in common: finding the dialogue, knowing who asks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language

from hiwar.dialogues.models import Dialogue, Participant
from hiwar.dialogues.models.keys import make_number
from hiwar.dialogues.queries.dialogues import find_dialogue
from hiwar.dialogues.queries.people import name_of
from hiwar.dialogues.queries.tokens import (
    Bearer,
    cookie_name,
    make_ticket,
    make_token,
    read_token,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

REMEMBERED = timedelta(days=180)
NAMES = (
    "detail", "join", "vote", "kept", "recommendations", "add", "similar", "mine", "about_me",
    "forget", "tell_me",
)  # fmt: skip
CAME_IN = "public_dialogues"


def public_dialogue(code: str) -> Dialogue:
    """Return a dialogue that the public may see."""
    dialogue = find_dialogue(code)
    if dialogue is None or dialogue.state == Dialogue.State.DRAFT:
        raise Http404
    return dialogue


def bearer_of(request: HttpRequest, dialogue: Dialogue) -> Bearer | None:
    """Return who the request speaks for, by its cookie alone."""
    return read_token(dialogue.code, request.COOKIES.get(cookie_name(dialogue.code), ""))


def newcomer() -> Bearer:
    """Return somebody who is written down with the first act."""
    return Bearer(make_number(), is_stored=False)


def person_of(bearer: Bearer | None, dialogue: Dialogue) -> Participant | None:
    """Return the participant that a bearer speaks for, once there is one."""
    if bearer is None:
        return None
    participant = Participant.objects.filter(dialogue=dialogue, pk=bearer.participant).first()
    return participant.merged_into or participant if participant else None


def keep(
    response: HttpResponse, dialogue: Dialogue, bearer: Bearer, *, remember: bool = False
) -> HttpResponse:
    """Let the browser speak for a participant, until it closes unless it is told to remember."""
    response.set_cookie(
        cookie_name(dialogue.code),
        make_token(dialogue.code, bearer),
        max_age=REMEMBERED if remember else None,
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def address(name: str, dialogue: Dialogue, *rest: object) -> str:
    """Return the address of a page of a dialogue in the reader's language."""
    return reverse(f"{CAME_IN}:{name}", args=[get_language(), dialogue.code, *rest])


def page_of(
    request: HttpRequest,
    template: str,
    dialogue: Dialogue,
    *,
    status: int = 200,
    bearer: Bearer | None = None,
    is_nobodys: bool = False,
    **context: Any,
) -> HttpResponse:
    """Render a page of a dialogue; no cache keeps it, for it may be somebody's own.

    It says whose it is: of `bearer`, who may be new, or of whoever has the cookie.
    """
    holder = None if is_nobodys else bearer or bearer_of(request, dialogue)
    person = person_of(holder, dialogue) if holder and holder.is_stored else None
    if holder:
        known = person or Participant(pk=holder.participant)
        context |= {"who": make_ticket(dialogue.code, holder), "who_name": name_of(known)}
    context |= {
        "has_acted": person is not None,
        "dialogue": dialogue,
        "is_open": dialogue.state == Dialogue.State.OPEN,
        "links": {name: address(name, dialogue) for name in NAMES},
        "left": reverse(f"{CAME_IN}:left", args=[get_language()]),
    }
    response = render(request, f"dialogues/public/{template}.html", context, status=status)
    add_never_cache_headers(response)
    return response
