"""Rounds at the desk: planned, opened when it is written who decides, and closed."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hiwar.accounts.access import me, needs
from hiwar.common import dates
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.pages import attempt, attempt_and_say, attempt_with_form
from hiwar.dialogues import rules
from hiwar.dialogues.actions import dialogues as act
from hiwar.dialogues.desk.coverage import who_is_missing
from hiwar.dialogues.desk.pages import (
    dialogue_or_404,
    frame_of_dialogue,
    page_of_dialogue,
    round_or_404,
)
from hiwar.dialogues.forms.desk import PlanForm, RoundForm
from hiwar.dialogues.models import Dialogue, Round
from hiwar.dialogues.queries.dialogues import rounds_of
from hiwar.places.queries import TimeWarning, season_warnings, time_warnings

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


USUAL_LENGTH = timedelta(days=14)
USUAL_DECISION = timedelta(days=60)
DECISION = ("who_decides", "decision_on", "on_the_table")
WEEKEND = frozenset(["weekend"])
DAYS_OFF = WEEKEND | {"pause"}
ICONS = {
    Round.State.PLANNED: "calendar",
    Round.State.OPEN: "dialogue",
    Round.State.CLOSED: "check",
}


@needs(rules.can_run_dialogue)
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for the last four decisions of a new dialogue: days, who decides, on what, what stays."""
    dialogue = dialogue_or_404(code)
    first = rounds_of(dialogue).first()
    if first is None or dialogue.state != Dialogue.State.DRAFT:
        return redirect("dialogues:dialogue", code)
    initial = {**_initial(first), "publication_tier": dialogue.publication_tier}
    form = PlanForm(request.POST or None, initial=initial)
    if form.is_valid() and attempt_with_form(form, lambda: _save_plan(request, first, form)):
        return redirect("dialogues:open", code)
    return form_page(
        request, form, title=_("Plan of the dialogue"), verb=_("Save and look it over"),
        cancel=_("Later"), template="dialogues/desk/plan.html",
        lead=_("Step 2 of 2: when, who decides, and what is published."),
        **frame_of_dialogue(request, dialogue),
    )  # fmt: skip


@transaction.atomic
def _save_plan(request: HttpRequest, first: Round, form: PlanForm) -> None:
    changes = {"publication_tier": form.cleaned_data["publication_tier"]}
    act.update_dialogue(
        actor=me(request), dialogue=first.dialogue, changes=changes, now=timezone.now()
    )
    _save_round(request, first, form.cleaned_data)


@transaction.atomic
def _save_round(request: HttpRequest, subject: Round, said: dict[str, Any]) -> None:
    actor, now = me(request), timezone.now()
    days = {name: said[name] for name in ("starts_on", "ends_on", "closing_time")}
    act.plan_round(actor=actor, round=subject, now=now, **days)
    decision = {name: said[name] for name in DECISION}
    act.set_decision(actor=actor, round=subject, now=now, **decision)


def _initial(subject: Round) -> dict[str, Any]:
    known = {name: getattr(subject, name) for name in RoundForm.base_fields}
    if subject.starts_on is None and subject.state == Round.State.PLANNED:
        today = timezone.localdate()
        known["starts_on"] = today
        known["ends_on"] = today + USUAL_LENGTH
    if subject.decision_on is None:
        known["decision_on"] = timezone.localdate() + USUAL_DECISION
    return known


@needs(rules.can_run_dialogue)
def edit_round(request: HttpRequest, code: str, number: str) -> HttpResponse:
    dialogue = dialogue_or_404(code)
    subject = round_or_404(dialogue, number)
    form = RoundForm(request.POST or None, initial=_initial(subject))
    if attempt_and_say(
        request,
        form,
        lambda: _save_round(request, subject, form.cleaned_data),
        _("The round is saved."),
    ):
        for warning in warnings_for(dialogue, subject):
            messages.warning(request, f"{warning.message} {warning.proposal}".strip())
        return redirect("dialogues:dialogue", code)
    return form_page(
        request, form, title=subject, verb=_("Save the round"), round=subject,
        template="dialogues/desk/round.html", **frame_of_dialogue(request, dialogue),
    )  # fmt: skip


@needs(rules.can_run_dialogue)
def open_round(request: HttpRequest, code: str, number: str) -> HttpResponse:
    dialogue = dialogue_or_404(code)
    subject = round_or_404(dialogue, number)
    if request.method == "POST":
        done = attempt(
            request,
            lambda: act.open_round(actor=me(request), round=subject, now=timezone.now()),
            _("The round is open."),
        )
        if done:
            return redirect("dialogues:dialogue", code)
        return redirect("dialogues:open_round", code, number)
    return page_of_dialogue(
        request,
        "open_round",
        dialogue,
        round=subject,
        is_ready=act.has_decision(subject),
        warnings=warnings_for(dialogue, subject),
    )


@needs(rules.can_run_dialogue)
def close_round(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """Say first who is missing; then close the round."""
    dialogue = dialogue_or_404(code)
    subject = round_or_404(dialogue, number)
    if request.method == "POST":
        attempt(
            request,
            lambda: act.close_round(actor=me(request), round=subject, now=timezone.now()),
            _("The round is closed."),
        )
        return redirect("dialogues:dialogue", code)
    context = who_is_missing(dialogue)
    return page_of_dialogue(request, "close_round", dialogue, round=subject, **context)


def warnings_for(dialogue: Dialogue, subject: Round) -> list[TimeWarning]:
    """Return what the calendar of the place says to the days of a round; never a ban.

    The first and the last day matter most: people come then, so these are not to be days off.
    """
    if dialogue.calendar is None or subject.starts_on is None:
        return []
    calendar, first = dialogue.calendar, subject.starts_on
    last = subject.ends_on or first
    warnings = season_warnings(calendar, first, last)
    ends = [(_("First day"), first)] + ([(_("Last day"), last)] if last != first else [])
    zone = ZoneInfo(calendar.time_zone)
    for label, day in ends:
        opens, closes = (datetime.combine(day, at, zone) for at in (time(), time.max))
        warnings += [
            TimeWarning(
                warning.code, f"{label}, {dates.day(day)}: {warning.message}", warning.proposal
            )
            for warning in time_warnings(calendar, opens, closes)
            if warning.code in (DAYS_OFF if first == last else WEEKEND)
        ]
    return warnings


def round_items(rounds: list[Round]) -> list[dict[str, object]]:
    """Return the rounds as marks on a timeline."""
    return [
        {
            "when": _days(listed_round),
            "datetime": listed_round.starts_on.isoformat() if listed_round.starts_on else "",
            "kind": listed_round.get_state_display(),
            "icon": ICONS[Round.State(listed_round.state)],
            "title": str(listed_round),
            "text": _decision(listed_round),
            "url": reverse(
                "dialogues:edit_round", args=[listed_round.dialogue.code, listed_round.number]
            ),
            "current": listed_round.state == Round.State.OPEN,
            "expected": listed_round.state == Round.State.PLANNED,
        }
        for listed_round in rounds
    ]


def _days(subject: Round) -> str:
    if subject.starts_on and subject.ends_on:
        days = {"from": dates.day(subject.starts_on), "until": subject.until}
        return _("%(from)s to %(until)s") % days
    if subject.starts_on:
        return _("from %(day)s") % {"day": dates.day(subject.starts_on)}
    return _("no days yet")


def _decision(subject: Round) -> str:
    if not subject.who_decides or subject.decision_on is None:
        return _("Not written yet: who decides, by when, and what is on the table.")
    facts = {"who": str(subject.who_decides), "day": dates.day(subject.decision_on)}
    return _("Decided by: %(who)s, by %(day)s.") % facts
