"""Adding a statement, and what its author may do with it afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.common.desk.pages import first_or_404
from hiwar.common.multilingual import direction, installation_languages
from hiwar.common.patience import stopwatch
from hiwar.common.personal.details import private_details
from hiwar.common.refusals import Refused
from hiwar.dialogues.actions.alerts import raise_alert
from hiwar.dialogues.actions.moderation import appeal
from hiwar.dialogues.actions.people import join_dialogue
from hiwar.dialogues.actions.statements import (
    SaidAlready,
    add_statement,
    reword_statement,
    why_none_is_taken,
    withdraw_statement,
)
from hiwar.dialogues.forms.public import AppealForm, StatementForm
from hiwar.dialogues.models import Dialogue, Statement
from hiwar.dialogues.queries.differences import difference
from hiwar.dialogues.queries.rate_monitor import ARRIVALS
from hiwar.dialogues.queries.statements import fold, similar_statements, statements_of
from hiwar.dialogues.queries.tokens import Bearer
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

    from hiwar.dialogues.models import Participant

ARABIC = range(0x0600, 0x0700)
_AGREED = gettext_lazy(
    "Somebody has written the same words, which wait for review. Your agreement counts with theirs."
)
SHOWN = 3


def add(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Take a statement; private details and near copies are shown first, then confirmed."""
    dialogue = public_dialogue(code)
    bearer = bearer_of(request, dialogue)
    if bearer is None and not dialogue.accepts_open_link:
        return redirect(address("join", dialogue))
    refusal = why_none_is_taken(dialogue, timezone.now()) if request.method != "POST" else None
    if refusal is not None:
        return page_of(request, "add_closed", dialogue, refusal=refusal)
    known = bearer or newcomer()
    # The switch of language hands on what was typed and sends nothing.
    posted = request.POST if request.method == "POST" and "draft" not in request.POST else None
    form = StatementForm(posted, initial={"text": request.POST.get("text", "")})
    warnings: list[str] = []
    similar: list[dict[str, Any]] = []
    if posted is not None and form.is_valid():
        text = form.cleaned_data["text"]
        if "confirm" not in posted:
            warnings = warnings_of(text)
            similar = _similar(dialogue, text)
        if not warnings and all(entry["opposite"] for entry in similar):
            response = _send(request, dialogue, known, form)
            if response is not None:
                return response
            similar = _similar(dialogue, text)
    alike = [entry for entry in similar if not entry["opposite"]]
    asks = bool(warnings or alike)
    response = page_of(
        request,
        "add",
        dialogue,
        bearer=known,
        form=form,
        warnings=warnings,
        alike=alike,
        opposite=[entry for entry in similar if entry["opposite"]],
        asks=asks,
        is_held=dialogue.moderation == Dialogue.Moderation.HOLD_FIRST,
        status=422 if asks or form.errors else 200,
    )
    return response if bearer else keep(response, dialogue, known)


def _similar(dialogue: Dialogue, text: str) -> list[dict[str, Any]]:
    """Return statements close to a text: words with whether they differ, address, "opposite?"."""
    listed = []
    for near in similar_statements(dialogue, text, SHOWN):
        compared = difference(text, near.wording)
        url = f"{address('vote', dialogue)}?statement={near.statement.number}"
        listed.append({"words": compared.second, "url": url, "opposite": compared.is_opposite})
    return listed


def _send(
    request: HttpRequest, dialogue: Dialogue, bearer: Bearer, form: StatementForm
) -> HttpResponse | None:
    now = timezone.now()
    text = form.cleaned_data["text"]
    try:
        person = join_dialogue(
            dialogue=dialogue, now=now, key=bearer.participant, language=get_language() or ""
        )
        statement = _sent_before(dialogue, person, text) or add_statement(
            dialogue=dialogue, text=text, language=language_of(text), author=person, now=now
        )
        if statement.author_id != person.pk:
            messages.success(request, _AGREED)
    except Refused as refused:
        if isinstance(refused, SaidAlready):
            _count(dialogue, text)
        form.add_error("text", str(refused))
        return None
    except ValidationError as wrong:
        form.add_error("text", wrong.messages)
        return None
    _count(dialogue, text, statement.number)
    url = f"{address('mine', dialogue)}#s{statement.number}"
    wants_json = "application/json" in request.headers.get("Accept", "")
    response = JsonResponse({"url": url}) if wants_json else redirect(url)
    return keep(response, dialogue, Bearer(person.pk, is_stored=True))


def _count(dialogue: Dialogue, text: str, number: int = 0) -> None:
    """Count what came in, so that the facilitator is told of a rush."""
    unusual = ARRIVALS.statement(dialogue.code, number, fold(text), stopwatch())
    if unusual is not None:
        raise_alert(code=dialogue.code, unusual=unusual, now=timezone.now())


def _sent_before(dialogue: Dialogue, person: Participant, text: str) -> Statement | None:
    """Return the author's own statement of the same words: sent again, because no answer came."""
    live = (Statement.State.HELD, Statement.State.OPEN)
    for statement in statements_of(person.pk).filter(dialogue=dialogue, state__in=live):
        if statement.text.get(statement.language) == text.strip():
            return statement
    return None


def language_of(text: str) -> str:
    """Return the language of the installation whose letters a text is written in."""
    letters = [sign for sign in text if sign.isalpha()]
    arabic = sum(ord(sign) in ARABIC for sign in letters)
    wished = "rtl" if 2 * arabic >= max(len(letters), 1) else "ltr"
    here = get_language() or ""
    if direction(here) == wished:
        return here
    return next(
        (
            installation_language
            for installation_language in installation_languages()
            if direction(installation_language) == wished
        ),
        here,
    )


def warnings_of(text: str) -> list[str]:
    """Return a sentence for each kind of private detail in a text."""
    says = {
        "phone": _("This looks like a telephone number."),
        "email": _("This looks like an e-mail address."),
        "id": _("This looks like the number of an identity document."),
        "bank": _("This looks like the number of a bank account or card."),
        "handle": _("This looks like the name of an account or a link to one."),
        "name": _("This looks like somebody's name."),
    }
    kinds = dict.fromkeys(detail.kind for detail in private_details(text))
    return [says[kind] for kind in kinds if kind in says]


@require_POST
def similar(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Answer the composer while somebody writes: near copies and warnings, nothing kept."""
    dialogue = public_dialogue(code)
    text = request.POST.get("text", "")[:600]
    similars = _similar(dialogue, text) if len(text) > 8 else []
    response = JsonResponse({"similar": similars, "warnings": warnings_of(text)})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def own(request: HttpRequest, language: str, code: str, number: int) -> HttpResponse:
    """Reword, take back or defend one's own statement."""
    dialogue = public_dialogue(code)
    person = person_of(bearer_of(request, dialogue), dialogue)
    if person is None:
        raise Http404
    statement = first_or_404(statements_of(person.pk).filter(dialogue=dialogue, number=number))
    try:
        messages.success(request, _act(request, person, statement))
    except Refused as refused:
        messages.error(request, str(refused))
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    return redirect(f"{address('mine', dialogue)}#s{number}")


def _act(request: HttpRequest, person: Participant, statement: Statement) -> str:
    now = timezone.now()
    act = request.POST.get("act")
    if act == "withdraw":
        withdraw_statement(statement=statement, participant=person)
        return _("You took the statement back.")
    form = AppealForm(request.POST) if act == "appeal" else StatementForm(request.POST)
    if not form.is_valid():
        raise ValidationError([text for errors in form.errors.values() for text in errors])
    text = form.cleaned_data["text"]
    if act == "appeal":
        appeal(statement=statement, participant=person, text=text, now=now)
        return _("Your objection will be read by somebody who did not decide before.")
    reword_statement(statement=statement, text=text, participant=person, now=now)
    return _("The new wording waits for review.")
