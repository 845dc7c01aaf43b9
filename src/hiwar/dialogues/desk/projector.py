"""The wall: a page for the projector of a room, public and the same for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from hiwar.common.multilingual import MultilingualText, direction, installation_languages
from hiwar.common.printing import qr_code
from hiwar.common.templatetags.components import number as number_of
from hiwar.dialogues.desk.people import short_address
from hiwar.dialogues.models import Dialogue
from hiwar.dialogues.queries.desk import tallied
from hiwar.dialogues.queries.dialogues import INTERVAL, LEAST_PEOPLE, find_dialogue, public_counts
from hiwar.dialogues.queries.results import live_verdict
from hiwar.dialogues.queries.rooms import find_room
from hiwar.dialogues.queries.statements import open_statements

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypedDict

    from hiwar.dialogues.models import VotingRoom

    class Told(TypedDict):
        """What the wall says of a moment."""

        title: dict[str, str]
        question: dict[str, str]
        participants: int | None
        votes: int | None
        verdict: str
        statements: dict[str, dict[str, Any]]


# A share of answers is told to the nearest so many percent.
PERCENT = 5


def wall(request: HttpRequest, language: str, code: str) -> HttpResponse:
    facts = _told(code)
    number = request.GET.get("statement", "")
    now = _moment(facts, number)
    room = _room(code, request.GET.get("room", ""))
    door = room.code if room else code
    context = {
        "room": _ordered(dict(room.label), language) if room else [],
        "door": door,
        "code": code,
        "language": language,
        "title": facts["title"],
        "texts": _ordered(facts["question"], language),
        "now": now,
        "bars": _bars(now),
        "verdicts": _verdicts(),
        "number": number if number in facts["statements"] else "",
        "texts_of_statement": _ordered(_texts(facts, number), language),
        "address": short_address_of(door),
        "invitations": _invitations(language),
        "numerals": "arab" if number_of(0) != "0" else "latn",
        "picture": qr_code(short_address_of(door), scale=8),
        "smallest": LEAST_PEOPLE,
    }
    return render(request, "dialogues/projector.html", context)


def _room(code: str, wanted: str) -> VotingRoom | None:
    """Return the room on whose wall this hangs; its numbers are those of the whole dialogue.

    What one room says is told when nobody can be recognised in it, and a wall cannot wait for that.
    """
    room = find_room(wanted) if wanted else None
    return room if room is not None and room.dialogue.code == code else None


def wall_now(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Answer with the numbers of this moment, for the script that keeps the wall fresh."""
    return JsonResponse(_moment(_told(code), request.GET.get("statement", "")))


def _ordered(texts: Mapping[str, str], language: str) -> list[tuple[str, str, str]]:
    """Return texts with their directions, the language of the wall first."""
    texts_in_order = MultilingualText(texts).in_order(language)
    return [(each, direction(each), text) for each, text in texts_in_order]


def _verdicts() -> list[tuple[str, str]]:
    """Return what the wall says of each verdict on groups."""
    return [
        ("gap", _("So far people form separate groups, and few stand between them.")),
        (
            "no_gap",
            _(
                "So far people differ by degree: there are no separate groups, and many stand "
                "between."
            ),
        ),
        ("nothing", _("So far people do not form groups.")),
    ]


def _invitations(language: str) -> list[tuple[str, str, str]]:
    """Return how to come in, in every language of the installation: a room has several."""
    invitations = {}
    for each in installation_languages():
        with translation.override(each):
            invitations[each] = _("Scan with your phone, or open the address and take part.")
    return _ordered(invitations, language)


def short_address_of(code: str) -> str:
    """Return the address in the QR code, without asking the database."""
    return short_address(Dialogue(code=code))


def _texts(facts: Told, number: str) -> dict[str, str]:
    texts: dict[str, str] = facts["statements"].get(number, {}).get("text", {})
    return texts


def _moment(facts: Told, number: str) -> dict[str, int | str | None]:
    """Return what may be shown: of a statement its shares in percent, once many voted on it.

    Otherwise the next vote in the room would be seen on the wall.
    """
    chosen = facts["statements"].get(number)
    kinds = ("agree", "disagree", "pass")
    votes = sum(chosen[kind] for kind in kinds) if chosen else 0
    is_shown = chosen is not None and votes >= LEAST_PEOPLE
    return {
        "participants": facts["participants"],
        "votes": facts["votes"],
        "verdict": facts["verdict"],
        **{
            kind: PERCENT * round(100 * chosen[kind] / votes / PERCENT)
            if chosen is not None and is_shown
            else None
            for kind in kinds
        },
    }


def _bars(now: Mapping[str, int | str | None]) -> list[tuple[str, float, float]]:
    """Return the parts of the bar in percent: kind, begin, width."""
    counts = [(kind, int(now[kind] or 0)) for kind in ("agree", "disagree", "pass")]
    whole = sum(count for _kind, count in counts) or 1
    bars, begin = [], 0.0
    for kind, count in counts:
        width = round(100 * count / whole, 2)
        bars.append((kind, round(begin, 2), width))
        begin += width
    return bars


def _told(code: str) -> Told:
    """Return what the wall knows, counted at most once in some seconds for a dialogue."""
    key = f"wall:{code}"
    kept: Told | None = cache.get(key)
    if kept is not None:
        return kept
    dialogue = find_dialogue(code)
    if dialogue is None or dialogue.state == Dialogue.State.DRAFT:
        raise Http404
    counts = public_counts(dialogue)
    facts: Told = {
        "title": dict(dialogue.title),
        "question": dict(dialogue.question),
        "participants": counts["participants"],
        "votes": counts["votes"],
        "verdict": live_verdict(dialogue),
        "statements": {
            str(statement.statement.number): {
                "text": dict(statement.statement.text),
                "agree": statement.agree,
                "disagree": statement.disagree,
                "pass": statement.passed,
            }
            for statement in tallied(open_statements(dialogue))
        },
    }
    cache.set(key, facts, INTERVAL)
    return facts
