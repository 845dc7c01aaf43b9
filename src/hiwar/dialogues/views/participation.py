"""A participant's own page, the voluntary questions, and leaving no trace on the phone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.common.multilingual import MultilingualText
from hiwar.common.refusals import Refused
from hiwar.dialogues.actions.erasure import erase_oneself
from hiwar.dialogues.actions.people import describe_participant, join_dialogue, name_participant
from hiwar.dialogues.actions.telling import ask_to_be_told, keeps_addresses, stop_being_told
from hiwar.dialogues.forms.public import AboutMeForm, AppealForm, StatementForm
from hiwar.dialogues.forms.telling import ToldForm
from hiwar.dialogues.models import Dialogue, Participant, Statement
from hiwar.dialogues.queries.dialogues import progress_of, public_counts
from hiwar.dialogues.queries.people import name_of
from hiwar.dialogues.queries.results import live_document, verdict_of
from hiwar.dialogues.queries.statements import statements_of
from hiwar.dialogues.queries.telling import wants_telling
from hiwar.dialogues.queries.tokens import Bearer, cookie_name
from hiwar.dialogues.views.detail import published_of, stage_of
from hiwar.dialogues.views.pages import (
    CAME_IN,
    address,
    bearer_of,
    keep,
    newcomer,
    page_of,
    person_of,
    public_dialogue,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from hiwar.dialogues.models import Appeal, ModerationDecision, Publication

SHOWN = 5


@dataclass(frozen=True)
class Own:
    """A statement of the reader, with what became of it and what can still be done."""

    statement: Statement
    decision: ModerationDecision | None
    appeal: Appeal | None
    reword: StatementForm | None
    object: AppealForm | None
    may_withdraw: bool
    verdict: str


def mine(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show what came of taking part, and never anybody's group."""
    dialogue = public_dialogue(code)
    bearer = bearer_of(request, dialogue)
    person = person_of(bearer, dialogue)
    if person and request.method == "POST":
        return _settings(request, dialogue, Bearer(person.pk, is_stored=True))
    document = live_document(dialogue) or {}
    published = published_of(dialogue)
    verdicts = _verdicts(published)
    return page_of(
        request,
        "mine",
        dialogue,
        bearer=bearer,
        person=person,
        may_erase=person is not None,
        name=name_of(person, get_language()) if person else "",
        progress=progress_of(person.pk, dialogue) if person else None,
        counts=public_counts(dialogue),
        shared=_texts(document, "shared"),
        dividing=_texts(document, "dividing"),
        has_map=bool(document),
        verdict=verdict_of(document) if document else "",
        statements=[
            _own(statement, verdicts.get(statement.number, ""))
            for statement in statements_of(person.pk)
        ]
        if person
        else [],
        stage=stage_of(dialogue),
        published=published,
    )


def _verdicts(published: Publication | None) -> dict[int, str]:
    """Return what the published results say of each statement, by its number."""
    if published is None or published.state == published.State.WITHDRAWN:
        return {}
    rows = published.document["statements"]
    return {
        row["number"]: "shared" if row["shared"] else "dividing" if row["dividing"] else "counted"
        for row in rows
    }


def _settings(request: HttpRequest, dialogue: Dialogue, bearer: Bearer) -> HttpResponse:
    response = redirect(address("mine", dialogue))
    if request.POST.get("act") == "remember":
        messages.success(request, _("This phone will know you for half a year."))
        return keep(response, dialogue, bearer, remember=True)
    person = person_of(bearer, dialogue)
    if person and request.POST.get("act") == "name":
        name_participant(participant=person, name=request.POST.get("name", ""))
    return response


def _texts(document: Mapping[str, Any], kind: str) -> list[MultilingualText]:
    """Return the words of shared or dividing statements, by no group."""
    shown = [entry for entry in document.get("statements", []) if entry.get(kind)]
    key = "divisiveness" if kind == "dividing" else "group_informed_consensus"
    shown.sort(key=lambda entry: -(entry.get(key) or 0))
    return [MultilingualText(entry["texts"]) for entry in shown[:SHOWN]]


def _own(statement: Statement, verdict: str) -> Own:
    decisions = sorted(statement.decisions.all(), key=lambda appeal: appeal.decided_at)
    appeals = sorted(statement.appeals.all(), key=lambda appeal: appeal.made_at)
    decision = decisions[-1] if decisions else None
    state = Statement.State(statement.state)
    number = f"s{statement.number}_%s"
    may_object = state == Statement.State.REJECTED and decision is not None and not appeals
    may_reword = state in (Statement.State.HELD, Statement.State.REJECTED)
    words = {"text": statement.text.in_language(statement.language)}
    return Own(
        statement,
        decision,
        appeals[-1] if appeals else None,
        StatementForm(initial=words, auto_id=number) if may_reword else None,
        AppealForm(auto_id=f"o{number}") if may_object else None,
        state in (Statement.State.HELD, Statement.State.OPEN, Statement.State.REJECTED),
        verdict if state == Statement.State.OPEN else "",
    )


def about_me(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Ask the voluntary questions; who answers is written down with the answers."""
    dialogue = public_dialogue(code)
    bearer = bearer_of(request, dialogue)
    if bearer is None and not dialogue.accepts_open_link:
        return redirect(address("join", dialogue))
    known = bearer or newcomer()
    person = person_of(known, dialogue)
    stand_in = person or Participant(pk=known.participant, dialogue=dialogue)
    form = AboutMeForm(request.POST or None, dialogue=dialogue, person=stand_in)
    # The switch of language hands on what was chosen and keeps nothing.
    if request.method == "POST" and "draft" not in request.POST and form.is_valid():
        response = _describe(request, dialogue, known, form)
        if response is not None:
            return response
    status = 422 if form.errors else 200
    is_frozen = stand_in.is_frozen or dialogue.state == Dialogue.State.CLOSED
    response = page_of(request, "about_me", dialogue, form=form, is_frozen=is_frozen, status=status)
    return response if bearer else keep(response, dialogue, known)


def _describe(
    request: HttpRequest, dialogue: Dialogue, bearer: Bearer, form: AboutMeForm
) -> HttpResponse | None:
    try:
        person = join_dialogue(
            dialogue=dialogue,
            now=timezone.now(),
            key=bearer.participant,
            language=get_language() or "",
        )
        describe_participant(participant=person, answers=form.answers())
    except Refused as refused:
        form.add_error(None, str(refused))
        return None
    messages.success(request, _("Kept. You can change or remove this until the dialogue closes."))
    response = redirect(address("mine", dialogue))
    return keep(response, dialogue, Bearer(person.pk, is_stored=True))


def tell_me(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Ask whether somebody wants to be told what came of it, and where; take it back again."""
    dialogue = public_dialogue(code)
    person = person_of(bearer_of(request, dialogue), dialogue)
    form = ToldForm(request.POST if "keep" in request.POST else None)
    if (
        person
        and request.method == "POST"
        and ("stop" in request.POST or (form.is_valid() and "draft" not in request.POST))
    ):
        try:
            if "stop" in request.POST:
                stop_being_told(participant=person)
                messages.success(request, _("Your address is destroyed."))
            else:
                said, spoken = form.cleaned_data["address"], get_language() or ""
                ask_to_be_told(participant=person, address=said, language=spoken)
                messages.success(request, _("Kept. We write once, when it is over."))
            return redirect(address("mine", dialogue))
        except Refused as refused:
            form.add_error(None, str(refused))
    return page_of(
        request, "tell_me", dialogue, form=form, person=person, status=422 if form.errors else 200,
        may_leave=keeps_addresses(dialogue), is_kept=bool(person and wants_telling(person)),
    )  # fmt: skip


@require_POST
def forget(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Remove everything of this dialogue from the phone; votes that were sent still count.

    With the button that says so, everything of the person is erased here as well. For another
    person the phone forgets who had it and keeps what waits to be sent.
    """
    dialogue = public_dialogue(code)
    if request.POST.get("act") == "another":
        handed = redirect(address("vote", dialogue))
        handed.delete_cookie(cookie_name(dialogue.code), path="/", samesite="Lax")
        return handed
    if request.POST.get("act") == "erase":
        person = person_of(bearer_of(request, dialogue), dialogue)
        if person is None or "confirm" not in request.POST:
            return redirect(address("mine", dialogue))
        erase_oneself(participant=person, now=timezone.now())
    response = redirect(reverse(f"{CAME_IN}:left", args=[get_language()]))
    response.delete_cookie(cookie_name(dialogue.code), path="/", samesite="Lax")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
