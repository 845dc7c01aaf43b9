"""The path of a forum: each stage with its days, its place, how far it is, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from hiwar.common import dates
from hiwar.dialogues.models import Round
from hiwar.events.models import Event
from hiwar.forums.models import Forum, Stage
from hiwar.forums.queries.warnings import calendar_of, warnings_of_stage

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date
    from uuid import UUID

    from hiwar.places.queries import TimeWarning

ICONS = {"collect": "edit", "vote": "dialogue", "session": "calendar", "recommend": "flag",
         "drafting": "paper", "review": "eye"}  # fmt: skip
TONES = {Round.State.PLANNED: "", Round.State.OPEN: "primary", Round.State.CLOSED: "success"}
CALLED_OFF = (Event.State.CANCELLED, Event.State.POSTPONED)


@dataclass(frozen=True, slots=True)
class Step:
    """A stage as one reader sees it.

    Attributes
    ----------
    stage : Stage
    title : object
        A text in several languages, or words: of the stage, else of the event or the round. What
        the reader may not read has no name.
    icon, when, place, state, tone : str
    url : str
        Where it is worked on at the desk; empty where the reader may not.
    is_now : bool
        The first that is not done.
    is_withheld : bool
        It points at an event that the reader may not read.
    warnings : tuple of TimeWarning
    """

    stage: Stage
    title: object
    icon: str
    when: str
    place: str
    state: str
    tone: str
    url: str
    is_now: bool
    is_withheld: bool
    warnings: tuple[TimeWarning, ...]


@dataclass(frozen=True, slots=True)
class Now:
    """Where a forum stands: one sentence, and one button."""

    sentence: str
    label: str = ""
    url: str = ""


def path_of(
    forum: Forum, stages: Sequence[Stage], readable: Collection[UUID], today: date, *,
    is_public: bool = False,
) -> list[Step]:  # fmt: skip
    """Return the steps of a forum; ``readable`` are the events whose names the reader may know."""
    calendar = None if is_public else calendar_of(forum)
    current = next((stage.pk for stage in stages if not _is_over(stage, today)), None)
    steps = []
    for stage in stages:
        event = stage.event
        is_withheld = event is not None and event.pk not in readable
        state, tone = _state(stage, today)
        steps.append(
            Step(
                stage=stage, title=_title(stage, is_withheld=is_withheld),
                icon=ICONS[stage.kind], when=_when(stage),
                place="" if event is None or is_withheld else _place(event),
                state=state, tone=tone, url="" if is_public or is_withheld else _url(stage),
                is_now=stage.pk == current and forum.is_open, is_withheld=is_withheld,
                warnings=() if is_public else tuple(warnings_of_stage(calendar, stage)),
            )
        )  # fmt: skip
    return steps


def now_of(forum: Forum, steps: Sequence[Step], *, may_plan: bool, may_approve: bool) -> Now:
    """Return where a forum stands, and the one thing to do next for this reader."""
    if forum.state == Forum.State.CLOSED:
        again = reverse("forums:restart", args=[forum.code])
        return Now(_("The forum is closed."), *((_("Take it up again"), again) * may_plan))
    edit = reverse("forums:edit", args=[forum.code])
    if forum.state == Forum.State.PLANNED:
        if not (forum.decision_on and forum.on_the_table):
            words = _("It is not written yet who decides, by when, and what is on the table.")
            return Now(words, *((_("Write it"), edit) * may_plan))
        words = _("The plan waits for approval.")
        return Now(words, *((_("Approve the forum"), "#approve") * may_approve))
    current = next((step for step in steps if step.is_now), None)
    if current is None:
        words = _("Every stage is done.")
        return Now(words, *((_("Close the forum"), "#close") * may_approve))
    words = _("Now: %(stage)s") % {"stage": str(current.title)}
    if current.when:
        words = _("Now: %(stage)s, %(days)s") % {"stage": current.title, "days": current.when}
    if current.url:
        return Now(words, _("Open"), current.url)
    url = reverse("forums:edit_stage", args=[current.stage.pk])
    return Now(words, *((_("Set days and place"), url) * may_plan))


def _is_over(stage: Stage, today: date) -> bool:
    if stage.event is not None:
        is_past = stage.event.ends_on < today
        return stage.is_done or is_past or stage.event.state in CALLED_OFF
    return stage.is_done


def _title(stage: Stage, *, is_withheld: bool) -> object:
    if stage.title:
        return stage.title
    if stage.event is not None and not is_withheld:
        return stage.event.title
    return capfirst(stage.get_kind_display())


def _when(stage: Stage) -> str:
    first, last = stage.first_day, stage.last_day
    if first is None:
        return ""
    hours = (stage.event.starts, stage.event.ends) if stage.event else (stage.starts, stage.ends)
    if last is None or last == first:
        day = dates.day(first)
        if hours[0] is None or hours[1] is None:
            return day
        facts = {"day": day, "from": f"{hours[0]:%H:%M}", "until": f"{hours[1]:%H:%M}"}
        return _("%(day)s, %(from)s to %(until)s") % facts
    return _("%(first)s to %(last)s") % {"first": dates.day(first), "last": dates.day(last)}


def _place(event: Event) -> str:
    return str(event.where or event.venue or event.place or event.get_form_display())


def _state(stage: Stage, today: date) -> tuple[str, str]:
    if stage.round is not None:
        return str(stage.round.get_state_display()), TONES[Round.State(stage.round.state)]
    if stage.event is not None:
        tone = "success" if stage.event.held_at else ""
        return str(stage.event.get_state_display()), tone
    if stage.done_on is not None:
        return _("done on %(day)s") % {"day": dates.day(stage.done_on)}, "success"
    if stage.ends_on is not None and stage.ends_on < today:
        return _("its last day is over"), "danger"
    return _("not done yet"), ""


def _url(stage: Stage) -> str:
    if stage.round is not None:
        return reverse("dialogues:dialogue", args=[stage.round.dialogue.code])
    if stage.event is not None:
        return reverse("events:event", args=[stage.event.code])
    return ""
