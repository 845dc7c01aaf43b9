"""What the desk's pages of a dialogue share: finding it, its tabs, acting and saying so."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hiwar.dialogues import rules
from hiwar.dialogues.models import Dialogue, Round, Statement
from hiwar.dialogues.queries.desk import objection_counts, waiting_counts

TONES = {
    Dialogue.State.DRAFT: "notice",
    Dialogue.State.OPEN: "primary",
    Dialogue.State.CLOSED: "",
}


def dialogue_or_404(code: str) -> Dialogue:
    """Return the dialogue of a code, whatever its state."""
    return get_object_or_404(Dialogue, code=code)


def round_or_404(dialogue: Dialogue, number: str) -> Round:
    """Return a round of a dialogue by its number."""
    return get_object_or_404(dialogue.rounds, number=_whole(number))


def statement_or_404(dialogue: Dialogue, number: str) -> Statement:
    """Return a statement of a dialogue by its number."""
    statements = dialogue.statements.select_related("author", "derived_from")
    return get_object_or_404(statements, number=_whole(number))


def page_of_dialogue(
    request: HttpRequest, name: str, dialogue: Dialogue, **context: Any
) -> HttpResponse:
    """Render a page of a dialogue; where `tab` says which of its tabs is open, with the tabs."""
    frame = frame_of_dialogue(request, dialogue, context.pop("tab", ""))
    template = f"dialogues/desk/{name}.html"
    return render(request, template, {**context, **frame, "title": dialogue.title})


def frame_of_dialogue(request: HttpRequest, dialogue: Dialogue, tab: str = "") -> dict[str, Any]:
    """Return what the frame of a page says of the dialogue it belongs to."""
    home = reverse("dialogues:dialogue", args=[dialogue.code])
    return {
        "dialogue": dialogue,
        "record": {"title": dialogue.title, "url": home},
        "trail": [(_("Dialogues"), reverse("dialogues:list"))],
        "styles": ["dialogues/desk.css"],
        "tabs": tabs(request, dialogue, tab) if tab else [],
        "may_run": rules.can_run_dialogue(request.user),
        "may_moderate": rules.can_moderate_statement(request.user),
        "tone": TONES[Dialogue.State(dialogue.state)],
    }


def tabs(request: HttpRequest, dialogue: Dialogue, current: str) -> list[dict[str, object]]:
    """Return the pages of a dialogue that this person may open."""
    user = request.user
    offered: list[tuple[str, str, str, bool]] = [
        ("overview", "dialogues:dialogue", pgettext("tab of a dialogue", "Overview"), True),
        ("statements", "dialogues:statements", _("Statements"), True),
        ("review", "dialogues:review", _("Review"), rules.can_moderate_statement(user)),
        ("coverage", "dialogues:coverage", _("Who takes part"), True),
        ("rooms", "dialogues:rooms", pgettext("tab of a dialogue", "Rooms"), True),
        ("invite", "dialogues:invite", _("Inviting"), True),
        ("imports", "dialogues:imports", _("Files"), rules.can_import_file(user)),
        ("publications", "dialogues:publications", _("Results"), True),
    ]
    waits = waiting_counts([dialogue.pk]).get(dialogue.pk, 0)
    waits += objection_counts([dialogue.pk]).get(dialogue.pk, 0)
    return [
        {
            "label": label,
            "url": url,
            "current": key == current,
            "count": waits if key == "review" and waits else None,
        }
        for key, name, label, is_open in offered
        if is_open and (url := _address(name, dialogue))
    ]


def _whole(number: str) -> int:
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        raise Http404
    return int(number)


def _address(name: str, dialogue: Dialogue) -> str:
    try:
        return reverse(name, args=[dialogue.code])
    except NoReverseMatch:
        return ""
