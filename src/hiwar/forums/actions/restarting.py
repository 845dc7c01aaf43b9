"""A forum whose question is taken up again, with what was left open; people are never copied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.dialogues.actions.continuing import continue_dialogue
from hiwar.dialogues.rules import can_run_dialogue
from hiwar.forums import rules
from hiwar.forums.actions.forums import index_forum
from hiwar.forums.models import Forum, ForumTarget, Stage
from hiwar.forums.queries.forums import stages_of
from hiwar.forums.queries.templates import PlannedStage as Planned
from hiwar.forums.queries.templates import Template, days_of_stages

if TYPE_CHECKING:
    from datetime import date, datetime

    from hiwar.accounts.models import User
    from hiwar.dialogues.models import Dialogue

KEPT = (
    "template", "title", "question", "options", "background", "on_the_table", "who_decides",
    "deciding_post", "budget_head", "dossier", "calendar", "visibility",
)  # fmt: skip


@transaction.atomic
def restart_forum(
    *, actor: User, forum: Forum, code: str, now: datetime, first_day: date | None = None,
    with_dialogues: bool = False,
) -> Forum:  # fmt: skip
    """Begin a forum with the question, floors and stages of another; its results stand beside.

    With ``with_dialogues`` each dialogue of the old one is taken up as a draft with the same
    statements. Sessions are planned one by one from the old ones, which asks those again who agreed
    and nobody else. Raises ``NotAllowed`` and ``ValidationError``.
    """
    if not (rules.can_plan_forums(actor) and rules.can_see_forum(actor, forum)):
        raise NotAllowed
    if with_dialogues and not can_run_dialogue(actor):
        raise NotAllowed
    following = Forum(
        code=code, restarts=forum, owner=actor, started_by=actor, started_at=now,
        is_demo=forum.is_demo, **{name: getattr(forum, name) for name in KEPT},
    )  # fmt: skip
    following.full_clean()
    following.save()
    following.readers.set(forum.readers.all())
    stages = stages_of(forum)
    taken_up: dict[Any, Dialogue] = {}
    if with_dialogues:
        for dialogue in {s.round.dialogue_id: s.round.dialogue for s in stages if s.round}.values():
            taken_up[dialogue.pk] = continue_dialogue(
                actor=actor, dialogue=dialogue, slug=code, now=now
            )
    _copy_stages(following, stages, taken_up, first_day)
    ForumTarget.objects.bulk_create(
        ForumTarget(
            forum=following, attribute=target.attribute, values=target.values,
            share=target.share, count=target.count, label=target.label,
        )
        for target in forum.targets.order_by("pk")
    )  # fmt: skip
    audit(actor, "forums.forum.restart", following, at=now, changed={"of": forum})
    index_forum(following)
    return following


def _copy_stages(
    following: Forum, stages: list[Stage], taken_up: dict[Any, Dialogue], first_day: date | None
) -> None:
    """Lay the stages anew from a first day on; each round points at its round taken up."""
    lengths = [
        Planned(stage.kind, ((stage.last_day - stage.first_day).days + 1)
                if stage.first_day and stage.last_day else 1)
        for stage in stages
    ]  # fmt: skip
    plan = Template(following.template, tuple(lengths), (), "")
    days = days_of_stages(plan, first_day, following.calendar) if first_day else None
    for at, stage in enumerate(stages):
        again = taken_up.get(stage.round.dialogue_id) if stage.round else None
        part = again.rounds.get(number=stage.round.number) if again and stage.round else None
        first, last = days[at] if days else (None, None)
        Stage.objects.create(
            forum=following, position=stage.position, kind=stage.kind, title=stage.title,
            starts_on=first, ends_on=last, round=part,
        )  # fmt: skip
        if part is not None and first is not None:
            part.starts_on, part.ends_on = first, last
            part.save(update_fields=["starts_on", "ends_on"])
