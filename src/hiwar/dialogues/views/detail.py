"""The page of a dialogue, and the ways in: a code, a short address, a poster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hiwar.common.multilingual import MultilingualText, direction
from hiwar.common.printing import qr_code
from hiwar.common.refusals import Refused
from hiwar.dialogues.actions.people import CodeUnknown, join_dialogue
from hiwar.dialogues.forms.public import CodeForm
from hiwar.dialogues.models import Dialogue, JoinCode, Publication, Round
from hiwar.dialogues.queries.dialogues import current_round, find_dialogue, public_counts, rounds_of
from hiwar.dialogues.queries.people import code_hash
from hiwar.dialogues.queries.results import public_version
from hiwar.dialogues.queries.rooms import find_room
from hiwar.dialogues.queries.tokens import Bearer
from hiwar.dialogues.views import code_throttle
from hiwar.dialogues.views.pages import (
    CAME_IN,
    address,
    bearer_of,
    keep,
    page_of,
    person_of,
    public_dialogue,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


EASTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


@require_safe
def detail(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show what is asked, by whom, and what will come of it."""
    dialogue = public_dialogue(code)
    person = person_of(bearer_of(request, dialogue), dialogue)
    return page_of(
        request,
        "detail",
        dialogue,
        stage=stage_of(dialogue),
        person=person,
        needs_code=person is None and not dialogue.accepts_open_link,
        counts=public_counts(dialogue),
        rules=[MultilingualText(rule) for rule in dialogue.ground_rules],
        published=published_of(dialogue),
    )


def stage_of(dialogue: Dialogue) -> Round | None:
    """Return the round that is open, or else the next, or else the last: what follows."""
    rounds = rounds_of(dialogue)
    waiting = rounds.filter(state=Round.State.PLANNED, starts_on__isnull=False)
    return current_round(dialogue) or waiting.first() or rounds.last()


def published_of(dialogue: Dialogue) -> Publication | None:
    """Return the version of the results that the public may read, or None."""
    try:
        return public_version(dialogue, timezone.now())
    except Publication.DoesNotExist:
        return None


def join(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Let somebody in with a code that was printed or sent."""
    dialogue = public_dialogue(code)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        response = _let_in(request, dialogue, form)
        if response is not None:
            return response
    status = 200 if not form.is_bound else 422
    patience = _patience(request, form)
    return page_of(
        request, "join", dialogue, form=form, patience=patience, status=429 if patience else status
    )


def enter(request: HttpRequest, language: str) -> HttpResponse:
    """Ask for a code of whatever kind, and find the dialogue it belongs to."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if code_throttle.asks_for_patience(request):
            form.add_error("code", code_throttle.patience_sentence())
            return _enter_page(request, form)
        typed = form.cleaned_data["code"]
        target = _target_of(typed)
        if target:
            return redirect(target)
        ticket = JoinCode.objects.filter(code_hash=code_hash(typed)).select_related(
            "batch__dialogue"
        ).first()  # fmt: skip
        response = _admit(request, ticket.batch.dialogue, form) if ticket else None
        if response is not None:
            return response
        if ticket is None:
            code_throttle.note_wrong_code(request, "")
            form.add_error("code", str(CodeUnknown()))
    return _enter_page(request, form)


def _target_of(typed: str) -> str:
    """Return where the code of a dialogue or of a room leads; empty when it is neither."""
    dialogue = find_public(typed)
    if dialogue is not None:
        return address("detail", dialogue)
    room = find_room(_plain(typed))
    return address("room", room.dialogue, room.code) if room else ""


def _enter_page(request: HttpRequest, form: CodeForm) -> HttpResponse:
    patience = _patience(request, form)
    context = {"form": form, "patience": patience}
    status = 429 if patience else 422 if form.is_bound else 200
    return render(request, "dialogues/public/enter.html", context, status=status)


def _patience(request: HttpRequest, form: CodeForm) -> str:
    """Return the ticket for the next try, empty where none is needed."""
    is_asked = form.is_bound and code_throttle.patience_sentence() in form.errors.get("code", [])
    return code_throttle.ticket_for(request) if is_asked else ""


def find_public(typed: str) -> Dialogue | None:
    """Return the dialogue of a public code as it was typed, unless it is a draft."""
    dialogue = find_dialogue(_plain(typed))
    return None if dialogue is None or dialogue.state == Dialogue.State.DRAFT else dialogue


def _plain(typed: str) -> str:
    return "".join(typed.translate(EASTERN).split()).replace("-", "")


def _let_in(request: HttpRequest, dialogue: Dialogue, form: CodeForm) -> HttpResponse | None:
    if code_throttle.asks_for_patience(request):
        form.add_error("code", code_throttle.patience_sentence())
        return None
    return _admit(request, dialogue, form)


def _admit(request: HttpRequest, dialogue: Dialogue, form: CodeForm) -> HttpResponse | None:
    bearer = bearer_of(request, dialogue)
    try:
        person = join_dialogue(
            dialogue=dialogue,
            now=timezone.now(),
            code=form.cleaned_data["code"],
            language=get_language() or "",
            key=bearer.participant if bearer else None,
        )
    except (Refused, ValidationError) as refused:
        if isinstance(refused, CodeUnknown):
            code_throttle.note_wrong_code(request, dialogue.code)
        form.add_error("code", str(refused) if isinstance(refused, Refused) else refused)
        return None
    response = redirect(address("vote", dialogue))
    return keep(response, dialogue, Bearer(person.pk, is_stored=True))


@require_safe
def short(request: HttpRequest, code: str) -> HttpResponse:
    """Lead from the address on a poster to the dialogue or room, or to a page that asks again."""
    target = _target_of(code)
    if not target:
        return redirect(f"{CAME_IN}:enter", language=get_language())
    return redirect(target)


@require_safe
def poster(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show a sheet to print: the question, the code and its drawing in every language."""
    dialogue = public_dialogue(code)
    target = settings.PUBLIC_ORIGIN + reverse(f"{CAME_IN}:short", args=[dialogue.code])
    sheets: list[dict[str, Any]] = []
    for offered, _name in settings.LANGUAGES:
        with override(offered):
            sheets.append(
                {
                    "language": offered,
                    "direction": direction(offered),
                    "question": dialogue.question.in_language(offered),
                    "scan": _("Point a phone's camera here, or open this address:"),
                    "promise": _("No account, no name, no e-mail. You can stop at any time."),
                    "enter": _("Code"),
                }
            )
    return page_of(
        request,
        "poster",
        dialogue,
        drawing=qr_code(target, scale=8, on_white=True),
        target=target.partition("://")[2],
        sheets=sheets,
    )


@require_safe
def left(request: HttpRequest, language: str) -> HttpResponse:
    """Show a page that says nothing, to where a quick exit leads, and empty the cache."""
    response = render(request, "dialogues/public/left.html")
    response["Clear-Site-Data"] = '"cache"'
    return response
