"""One statement at a time, complete without script."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hiwar.common.dates import local_day
from hiwar.common.patience import stopwatch
from hiwar.common.serving.writer import UnavailableError
from hiwar.dialogues.actions.alerts import raise_alert
from hiwar.dialogues.actions.votes import (
    REFUSALS,
    Newcomer,
    Offer,
    VoteRefused,
    VoteWriter,
    cast_votes,
)
from hiwar.dialogues.models import Statement, Vote
from hiwar.dialogues.models.sequences import COUNTERS, at_the_door, next_sequence
from hiwar.dialogues.queries.rate_monitor import ARRIVALS
from hiwar.dialogues.queries.snapshots import Snapshot, take_snapshot
from hiwar.dialogues.queries.tokens import Bearer, make_ticket
from hiwar.dialogues.views.detail import published_of, stage_of
from hiwar.dialogues.views.pages import (
    address,
    bearer_of,
    keep,
    newcomer,
    page_of,
    public_dialogue,
)
from hiwar.engine.opinion.routing import draw_next

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest

    from hiwar.dialogues.models import Dialogue

WORKER = Path(__file__).parents[1] / "static/dialogues/worker.js"
_draw = random.SystemRandom()


@require_http_methods(["GET", "HEAD", "POST"])
def vote(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show one statement and take the vote on it."""
    dialogue = public_dialogue(code)
    bearer = bearer_of(request, dialogue)
    if bearer is None and not dialogue.accepts_open_link:
        return redirect(address("join", dialogue))
    if request.method == "POST":
        return _take(request, dialogue, bearer)
    known = bearer or newcomer()
    response = _show(request, dialogue, known, wished=_whole(request.GET.get("statement")))
    return response if bearer else keep(response, dialogue, known)


def _take(request: HttpRequest, dialogue: Dialogue, bearer: Bearer | None) -> HttpResponse:
    if bearer is None:
        # The page that held the form set a cookie; a browser without it would count anew each time.
        known = newcomer()
        text = _("This browser kept nothing from the last page. Please choose once more.")
        return keep(_show(request, dialogue, known, refusal=text), dialogue, known)
    number = _whole(request.POST.get("statement"))
    choice = {"1": 1, "0": 0, "-1": -1}.get(request.POST.get("choice", ""), 2)
    today = local_day(timezone.now())
    [sequence] = at_the_door([_whole(request.POST.get("sequence"))], today)
    is_important = request.POST.get("important") == "on"
    stands = _votes_of(bearer).filter(statement__number=number).first()
    if stands and stands.sequence >= sequence and stands.choice != choice:
        # The same page was shown again by "back" and answered otherwise: a later act.
        sequence = _next_sequence(bearer, today)
    arrival = None if bearer.is_stored else Newcomer(dialogue.pk, get_language() or "")
    try:
        [why] = cast_votes(
            dialogue=dialogue,
            participant=bearer.participant,
            choices=[(number, choice, is_important, sequence)],
            newcomer=arrival,
        )
    except (UnavailableError, VoteRefused) as error:
        is_refused = isinstance(error, VoteRefused)
        text = str(error) if is_refused else _("Your vote could not be stored. Please try again.")
        return _show(request, dialogue, bearer, wished=number, refusal=text)
    if why:
        return _show(request, dialogue, bearer, refusal=str(REFUSALS[why]()))
    if not bearer.is_stored:
        unusual = ARRIVALS.newcomer(dialogue.code, stopwatch())
        if unusual is not None:
            raise_alert(code=dialogue.code, unusual=unusual, now=timezone.now())
    response = redirect(address("vote", dialogue))
    stored = Bearer(bearer.participant, is_stored=True)
    return response if bearer.is_stored else keep(response, dialogue, stored)


def _show(
    request: HttpRequest, dialogue: Dialogue, bearer: Bearer, *, wished: int = 0, refusal: str = ""
) -> HttpResponse:
    snapshot = take_snapshot(dialogue.code)
    upcoming = _next_sequence(bearer, local_day(timezone.now()))
    votes = list(_votes_of(bearer).order_by("sequence", "pk")) if bearer.is_stored else []
    mine = {vote.statement.number: vote for vote in votes if vote.statement.number}
    if snapshot is None or snapshot.refusal:
        return _finish(request, dialogue, mine, status=422 if refusal else 200)
    done = [number for number in snapshot.numbers if number in mine]
    number = wished if wished in snapshot.statement_of else _draw_next(snapshot, done, bearer)
    if not number:
        return _finish(
            request, dialogue, mine, last=max(mine, key=lambda n: mine[n].sequence, default=0)
        )
    statement = Statement.objects.get(pk=snapshot.statement_of[number])
    back = [vote.statement.number for vote in votes if vote.statement.number != number]
    return page_of(
        request,
        "vote",
        dialogue,
        bearer=bearer,
        status=422 if refusal else 200,
        statement=statement,
        shown=statement.text.shown_language(get_language()),
        mine=mine.get(number),
        back=_before(mine, number, back),
        done=len(done),
        total=len(snapshot.numbers),
        sequence=upcoming,
        refusal=refusal,
        data={
            **_data(statement, mine.get(number)),
            "done": done,
            "of": len(snapshot.numbers),
            "sequence": upcoming,
            "ticket": make_ticket(dialogue.code, bearer),
            "fresh": 0 if bearer_of(request, dialogue) else upcoming,
        },
    )


@require_safe
def kept(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Give the page that a phone keeps and shows without a network: nobody's, it asks who is there.

    It holds no statement, no answer and nobody's ticket; those lie with the votes that wait.
    """
    dialogue = public_dialogue(code)
    snapshot = take_snapshot(dialogue.code)
    total = len(snapshot.numbers) if snapshot else 0
    data = {
        "statement": 0,
        "done": [],
        "of": total,
        "sequence": local_day(timezone.now()).toordinal() * COUNTERS,
        "kept": True,
        "say": _sentences(),
    }
    return page_of(request, "kept", dialogue, is_nobodys=True, total=total, data=data)


def _before(mine: dict[int, Vote], number: int, others: list[int]) -> int:
    """Return the statement voted on before this one, 0 for none."""
    if number not in mine:
        return others[-1] if others else 0
    earlier = [other for other in others if mine[other].sequence < mine[number].sequence]
    return earlier[-1] if earlier else 0


def _finish(
    request: HttpRequest,
    dialogue: Dialogue,
    mine: dict[int, Vote],
    *,
    last: int = 0,
    status: int = 200,
) -> HttpResponse:
    return page_of(
        request,
        "thanks",
        dialogue,
        status=status,
        stage=stage_of(dialogue),
        voted=len(mine),
        last=last,
        published=published_of(dialogue),
    )


def _draw_next(snapshot: Snapshot, done: list[int], bearer: Bearer) -> int:
    offer = draw_next(snapshot.plan, np.isin(snapshot.numbers, done), _draw.random())
    if offer is None:
        return 0
    number = snapshot.numbers[offer[0]]
    if bearer.is_stored and VoteWriter.writer is not None:
        # An offer that is not written is as if it had not been made; nobody waits for it.
        with contextlib.suppress(UnavailableError):
            VoteWriter.writer.leave(
                Offer(bearer.participant, snapshot.statement_of[number], offer[1])
            )
    return number


def _votes_of(bearer: Bearer) -> Any:
    return Vote.objects.filter(participant=bearer.participant).select_related("statement")


def _next_sequence(bearer: Bearer, today: date) -> int:
    latest = _votes_of(bearer).order_by("-sequence").values_list("sequence", flat=True).first()
    return next_sequence(bearer.participant, latest, today)


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 17 else 0


def _data(statement: Statement, mine: Vote | None) -> dict[str, Any]:
    """Return what the script needs: the statement, and every sentence it may have to say."""
    return {
        "statement": statement.number,
        "text": dict(statement.text),
        "choice": mine.choice if mine else None,
        "important": bool(mine and mine.is_important),
        "say": _sentences(),
    }


def _sentences() -> dict[str, str]:
    return {
        **{code: str(kind()) for code, kind in REFUSALS.items()},
        "gone": _("This statement is no longer there."),
        "code_needed": _("This dialogue needs a code. Ask whoever invited you."),
        "other": _("This vote was not taken."),
        "progress": _("{n} of {of}"),
        "paused": _("The house is paused. Your votes stay on this phone and are sent later."),
        "offline": _("No network. There is no further statement on this phone yet."),
        "kept": _("Your vote could not be kept. Please try again."),
    }


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Give the service worker from the root, because it may only serve what lies below itself."""
    response = HttpResponse(WORKER.read_bytes(), content_type="text/javascript")
    add_never_cache_headers(response)
    return response
