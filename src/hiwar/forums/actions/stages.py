"""Stages of a forum: added, given days, pointed at a round or an event, done, taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from hiwar.common.actions import audit, update_record
from hiwar.common.dates import local_day
from hiwar.common.refusals import Refused
from hiwar.dialogues.rules import can_see_dialogue
from hiwar.events.rules import can_see_event
from hiwar.forums.actions.forums import WrongForumState, lock_forum
from hiwar.forums.models import Stage
from hiwar.forums.queries.warnings import PAUSE, calendar_of, warnings_of_days

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.forums.models import Forum

FIELDS = ("kind", "title", "starts_on", "ends_on", "starts", "ends", "despite", "round", "event")
# By the kind of a stage: what it may point at.
POINTS_AT = {"collect": "round", "vote": "round", "recommend": "round", "session": "event"}


class PauseNotConfirmed(Refused):
    """Nothing is put into a weekly pause without somebody saying why."""

    code = "pause_not_confirmed"
    message = _("The calendar has a pause then. Choose another time, or write why it is then all "
                "the same.")  # fmt: skip


class StagePointsElsewhere(Refused):
    """A round of a dialogue is pointed at by a round, an event by a session."""

    code = "stage_points_elsewhere"
    message = _("Rounds of dialogues belong to rounds of the forum, and events to its sessions.")


class TimesUnclear(Refused):
    """Hours come in pairs, on one day or over several."""

    code = "stage_times_unclear"
    message = _("Give the first and the last hour, the later one last.")


@transaction.atomic
def add_stage(*, actor: User, forum: Forum, values: Mapping[str, Any], now: datetime) -> Stage:
    """Add a stage at the end of a forum; ``values`` has ``kind`` and may have any of ``FIELDS``.

    Raises ``NotAllowed``, ``ForumClosed``, ``PauseNotConfirmed``, ``StagePointsElsewhere``,
    ``TimesUnclear`` and ``ValidationError``.
    """
    locked = lock_forum(actor=actor, forum=forum)
    last = locked.stages.aggregate(last=Max("position"))["last"] or 0
    stage = Stage(forum=locked, position=last + 1, **{n: values[n] for n in FIELDS if n in values})
    _check(actor, locked, stage, {})
    stage.full_clean()
    stage.save()
    audit(actor, "forums.stage.add", locked, at=now, changed={"kind": stage.kind})
    return stage


@transaction.atomic
def update_stage(*, actor: User, stage: Stage, values: Mapping[str, Any], now: datetime) -> None:
    """Give a stage other days or words, or let it point at a round or an event.

    Raises as `add_stage` does.
    """
    forum = lock_forum(actor=actor, forum=stage.forum)
    locked = Stage.objects.select_for_update(of=("self",)).get(pk=stage.pk)
    before = {name: getattr(locked, name) for name in (*FIELDS, "confirmed_by")}
    changes = {name: values[name] for name in FIELDS if name in values}
    for name, value in changes.items():
        setattr(locked, name, value)
    _check(actor, forum, locked, before)
    changes |= {"despite": locked.despite, "confirmed_by": locked.confirmed_by}
    for name, value in before.items():
        setattr(locked, name, value)
    update_record(actor=actor, record=locked, changes=changes, at=now)


@transaction.atomic
def move_stage(*, actor: User, stage: Stage, is_earlier: bool, now: datetime) -> None:
    """Let a stage change places with the one before or after it; at the end nothing happens.

    Raises ``NotAllowed`` and ``ForumClosed``.
    """
    forum = lock_forum(actor=actor, forum=stage.forum)
    stages = list(forum.stages.select_for_update().order_by("position", "pk"))
    at = next(n for n, each in enumerate(stages) if each.pk == stage.pk)
    to = at - 1 if is_earlier else at + 1
    if not 0 <= to < len(stages):
        return
    stages[at], stages[to] = stages[to], stages[at]
    for position, each in enumerate(stages, start=1):
        each.position = position
    Stage.objects.bulk_update(stages, ["position"])
    audit(actor, "forums.stage.move", forum, at=now, changed={"position": [at + 1, to + 1]})


@transaction.atomic
def finish_stage(*, actor: User, stage: Stage, is_done: bool, now: datetime) -> None:
    """Say that drafting or review is done, or that it is not after all.

    What points at a round or an event is done when that is. Raises ``NotAllowed``,
    ``ForumClosed`` and ``WrongForumState``.
    """
    lock_forum(actor=actor, forum=stage.forum)
    locked = Stage.objects.select_for_update(of=("self",)).get(pk=stage.pk)
    if locked.round_id or locked.event_id:
        raise WrongForumState
    day = local_day(now) if is_done else None
    update_record(actor=actor, record=locked, changes={"done_on": day}, at=now)


@transaction.atomic
def remove_stage(*, actor: User, stage: Stage, now: datetime) -> None:
    """Take a stage out of a forum; the round or event it points at stays.

    Raises ``NotAllowed`` and ``ForumClosed``.
    """
    forum = lock_forum(actor=actor, forum=stage.forum)
    kind = stage.kind
    stage.delete()
    audit(actor, "forums.stage.remove", forum, at=now, changed={"kind": [kind, None]})


def _check(actor: User, forum: Forum, stage: Stage, before: Mapping[str, Any]) -> None:
    if (stage.starts is None) != (stage.ends is None):
        raise TimesUnclear
    is_one_day = stage.starts_on == (stage.ends_on or stage.starts_on)
    if stage.starts and stage.ends and is_one_day and stage.ends <= stage.starts:
        raise TimesUnclear
    points_at = POINTS_AT.get(stage.kind)
    if (stage.event and points_at != "event") or (stage.round and points_at != "round"):
        raise StagePointsElsewhere
    is_new_event = stage.event is not None and stage.event != before.get("event")
    if is_new_event and not (stage.event and can_see_event(actor, stage.event)):
        raise StagePointsElsewhere
    if stage.round != before.get("round") and not can_see_dialogue(actor):
        raise StagePointsElsewhere
    if stage.event is None and _meets_pause(forum, stage):
        if not stage.despite.strip():
            raise PauseNotConfirmed
        stage.confirmed_by = actor
    else:
        stage.despite, stage.confirmed_by = "", None


def _meets_pause(forum: Forum, stage: Stage) -> bool:
    warnings = warnings_of_days(
        calendar_of(forum), stage.starts_on, stage.ends_on, stage.starts, stage.ends
    )
    return any(warning.code == PAUSE for warning in warnings)
