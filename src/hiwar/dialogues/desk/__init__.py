"""The facilitator's screens, their line in the desk's menu, and what they owe the morning page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from hiwar.common import dates
from hiwar.common.navigation import Due, Entry, FirstStep, Moving
from hiwar.common.templatetags.components import number
from hiwar.dialogues import rules
from hiwar.dialogues.models import Dialogue
from hiwar.dialogues.queries.alerts import alert_counts
from hiwar.dialogues.queries.desk import dialogue_rows, objection_counts, waiting_counts
from hiwar.dialogues.queries.dialogues import (
    decisions_due,
    open_dialogues,
    rounds_that_close_soon,
)
from hiwar.dialogues.queries.results import outdated_publications

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.http import HttpRequest


def _may_see(request: HttpRequest) -> bool:
    return rules.can_see_dialogue(request.user) and bool(request.session.get("factor"))


MENU = (Entry(20, _("Dialogues"), "dialogue", "dialogues:list", _may_see),)
FIRST_STEPS = (
    FirstStep(
        60,
        _("Open the first dialogue"),
        _("A question, the first statements, and a code to enter with. It begins as a draft."),
        "dialogues:new",
        Dialogue.objects.exists,
    ),
)


def due(request: HttpRequest) -> Iterator[Due]:
    """Yield what waits: results to publish again, then what moderators owe, objections first."""
    if rules.can_publish_results(request.user):
        for publication in outdated_publications():
            yield Due(
                str(publication.dialogue.title),
                gettext("Publish results again: somebody who is counted in them was erased"),
                reverse("dialogues:publications", args=[publication.dialogue.code]),
            )
    if rules.can_run_dialogue(request.user):
        yield from _due_days(timezone.now())
    if not rules.can_moderate_statement(request.user):
        return
    listed = list(open_dialogues())
    keys = [row.pk for row in listed]
    objections, waiting = objection_counts(keys), waiting_counts(keys)
    alerts = alert_counts(keys)
    for dialogue in listed:
        if count := alerts.get(dialogue.pk, 0):
            text = ngettext("%(n)s rush to look at", "%(n)s rushes to look at", count)
            url = reverse("dialogues:dialogue", args=[dialogue.code])
            yield Due(str(dialogue.title), text % {"n": number(count)}, url)
        if count := objections.get(dialogue.pk, 0):
            text = ngettext("%(n)s objection to answer", "%(n)s objections to answer", count)
            url = reverse("dialogues:objections", args=[dialogue.code])
            yield Due(str(dialogue.title), text % {"n": number(count)}, url)
        if count := waiting.get(dialogue.pk, 0):
            text = ngettext("%(n)s statement to review", "%(n)s statements to review", count)
            url = reverse("dialogues:review", args=[dialogue.code])
            yield Due(str(dialogue.title), text % {"n": number(count)}, url)


def _due_days(now: datetime) -> Iterator[Due]:
    """Yield the closings of the next two days, and the decisions that are promised for these."""
    for stage in rounds_that_close_soon(now):
        text = gettext("Closes by itself: %(day)s") % {"day": stage.until}
        url = reverse("dialogues:close_round", args=[stage.dialogue.code, stage.number])
        yield Due(str(stage.dialogue.title), text, url)
    for stage in decisions_due(now):
        day = dates.day(stage.decision_on) if stage.decision_on else ""
        facts = {"who": str(stage.who_decides), "day": day}
        text = gettext("Decision promised by %(day)s: %(who)s") % facts
        url = reverse("dialogues:dialogue", args=[stage.dialogue.code])
        yield Due(str(stage.dialogue.title), text, url)


def moving(request: HttpRequest) -> Iterator[Moving]:
    """Yield the open dialogues: the round, how many have voted, and what waits for a moderator."""
    if not rules.can_see_dialogue(request.user):
        return
    may_moderate = rules.can_moderate_statement(request.user)
    keys = list(open_dialogues().values_list("pk", flat=True))
    for row in dialogue_rows(keys):
        people = ngettext("%(n)s person has voted", "%(n)s people have voted", row.participants)
        lines = [people % {"n": number(row.participants)}]
        if row.round is not None:
            lines.insert(0, str(row.round.get_kind_display()))
            if row.round.ends_on:
                lines.append(gettext("until %(day)s") % {"day": row.round.until})
        waits = ngettext("%(n)s to review", "%(n)s to review", row.to_review)
        yield Moving(
            kind="dialogue",
            label=gettext("Open dialogues"),
            title=str(row.dialogue.title),
            text=" · ".join(lines),
            url=reverse("dialogues:dialogue", args=[row.dialogue.code]),
            needs=waits % {"n": number(row.to_review)} if may_moderate and row.to_review else "",
        )
