"""Voting in the rooms of an event: agreement by room, the ways in, and paper forms."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from hiwar.accounts.access import me, needs
from hiwar.accounts.queries import is_readable_by
from hiwar.common.desk.pages import attempt, attempt_and_say, attempt_with_form, key_of
from hiwar.common.printing import qr_code
from hiwar.common.tables import file_response
from hiwar.common.templatetags.components import number
from hiwar.dialogues import rules
from hiwar.dialogues.actions import rooms as act
from hiwar.dialogues.desk.pages import dialogue_or_404, page_of_dialogue
from hiwar.dialogues.desk.people import short_address
from hiwar.dialogues.exports.rooms import rooms_csv, rooms_xlsx, told_by_room
from hiwar.dialogues.forms.rooms import EventForm, PaperForm, RoomForm
from hiwar.dialogues.models import Dialogue
from hiwar.dialogues.queries.matrix import vote_matrix
from hiwar.dialogues.queries.results import latest_map, live_document
from hiwar.dialogues.queries.rooms import by_room, rooms_of_dialogue, seating_of
from hiwar.dialogues.queries.statements import open_statements
from hiwar.dialogues.queries.tokens import bearer_of_key

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hiwar.dialogues.models import VotingRoom

FILES = {"rooms.csv": rooms_csv, "rooms.xlsx": rooms_xlsx}


def _told(dialogue: Dialogue) -> dict[str, Any] | None:
    """Return the agreement by room; None below twenty people, before a map and without rooms."""
    document = live_document(dialogue)
    if document is None:
        return None
    matrix = vote_matrix(dialogue)
    return told_by_room(by_room(dialogue, document, matrix, seating_of(dialogue, matrix)))


@needs(rules.can_see_dialogue)
def rooms(request: HttpRequest, code: str) -> HttpResponse:
    dialogue = dialogue_or_404(code)
    opinion_map = latest_map(dialogue)
    return page_of_dialogue(
        request,
        "rooms",
        dialogue,
        tab="rooms",
        has_rooms=rooms_of_dialogue(dialogue).exists(),
        told=_told(dialogue),
        computed_at=opinion_map.computed_at if opinion_map else None,
        files=list(FILES),
    )


@needs(rules.can_see_dialogue)
@require_safe
def rooms_file(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Hand out what the page tells, and nothing more."""
    dialogue = dialogue_or_404(code)
    document = _told(dialogue) if name in FILES else None
    if document is None:
        raise Http404
    response = file_response(FILES[name](document), f"{dialogue.code}-{name}")
    add_never_cache_headers(response)
    return response


@needs(rules.can_see_dialogue)
def room_list(request: HttpRequest, code: str) -> HttpResponse:
    """Show the rooms in which people vote, and tie the rooms of a further event."""
    dialogue = dialogue_or_404(code)
    may_run = rules.can_run_dialogue(request.user)
    form = EventForm(request.POST if may_run and request.POST else None, reader=me(request))
    voting_rooms: list[VotingRoom] = []
    if form.is_valid() and attempt_with_form(
        form,
        lambda: voting_rooms.extend(
            act.open_rooms(
                actor=me(request),
                dialogue=dialogue,
                event=form.cleaned_data["event"],
                now=timezone.now(),
            )
        ),
    ):
        text = ngettext(
            "People can now vote in %(n)s more room.",
            "People can now vote in %(n)s more rooms.",
            len(voting_rooms),
        )
        messages.success(request, text % {"n": number(len(voting_rooms))})
        return redirect("dialogues:room_list", code)
    listed = rooms_of_dialogue(dialogue)
    return page_of_dialogue(
        request,
        "room_list",
        dialogue,
        tab="rooms",
        form=form,
        rooms=[
            {
                "room": voting_room,
                "address": short_address_of_room(voting_room),
                "event": voting_room.room.event
                if is_readable_by(request.user, voting_room.room.event)
                else None,
                "may_enter": rules.can_enter_forms(request.user, voting_room),
            }
            for voting_room in listed
        ],
    )


def short_address_of_room(room: VotingRoom) -> str:
    """Return the address in the QR code of a room."""
    return short_address(Dialogue(code=room.code))


def room_or_404(dialogue: Dialogue, key: str) -> VotingRoom:
    """Return a room of a dialogue by its key."""
    wanted = key_of(key)
    voting_room = rooms_of_dialogue(dialogue).filter(pk=wanted).first() if wanted else None
    if voting_room is None:
        raise Http404
    return voting_room


@needs(rules.can_see_dialogue)
def room(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Show the way in of one room; rename it, open or close it."""
    dialogue = dialogue_or_404(code)
    subject = room_or_404(dialogue, key)
    may_run = rules.can_run_dialogue(request.user)
    initial = {"label": subject.label, "is_open": subject.is_open}
    form = RoomForm(request.POST if may_run and request.POST else None, initial=initial)
    if attempt_and_say(
        request,
        form,
        lambda: act.change_room(
            actor=me(request), room=subject, changes=form.cleaned_data, now=timezone.now()
        ),
        _("The room is saved."),
    ):
        return redirect("dialogues:room", code, key)
    return page_of_dialogue(
        request,
        "room",
        dialogue,
        tab="rooms",
        room=subject,
        form=form,
        address=short_address_of_room(subject),
        picture=qr_code(short_address_of_room(subject), scale=5),
        statements=open_statements(dialogue),
        may_enter=rules.can_enter_forms(request.user, subject),
    )


@needs(rules.can_import_file)
def paper(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Enter the paper forms of a room, one after the other."""
    dialogue = dialogue_or_404(code)
    subject = room_or_404(dialogue, key)
    if not rules.can_enter_forms(request.user, subject):
        raise Http404
    statements = list(open_statements(dialogue))
    form = PaperForm(
        request.POST or None,
        statements=statements,
        initial={"key": secrets.token_hex(16)},
    )
    if form.is_valid():
        paper_key = form.cleaned_data["key"]
        bearer = bearer_of_key(code, paper_key)
        if bearer is None:
            raise Http404
        if attempt_with_form(
            form,
            lambda: act.enter_form(
                actor=me(request),
                room=subject,
                key=bearer.participant,
                answers=form.answers(),
                now=timezone.now(),
            ),
        ):
            request.session[f"paper:{subject.pk}"] = paper_key
            messages.success(request, _("The form is entered. Take the next one."))
            return redirect("dialogues:paper", code, key)
    return page_of_dialogue(
        request,
        "paper",
        dialogue,
        tab="rooms",
        room=subject,
        form=form,
        last=request.session.get(f"paper:{subject.pk}"),
    )


@require_POST
@needs(rules.can_import_file)
def take_back(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Take back the form that this person entered last."""
    dialogue = dialogue_or_404(code)
    subject = room_or_404(dialogue, key)
    paper_key = request.session.pop(f"paper:{subject.pk}", "")
    bearer = bearer_of_key(code, paper_key)
    attempt(
        request,
        lambda: act.take_back_form(
            actor=me(request),
            room=subject,
            key=bearer.participant if bearer else 0,
            now=timezone.now(),
        ),
        _("The form is taken back, with its answers."),
    )
    return redirect("dialogues:paper", code, key)
