"""Forums: begun from a template, changed, approved, closed, begun again."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.queries import is_readable_by
from hiwar.common.actions import audit, update_record
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import index_record
from hiwar.dialogues import rules as dialogue_rules
from hiwar.dialogues.actions.dialogues import create_dialogue, plan_round, set_decision
from hiwar.dialogues.queries.templates import PLACE, target_groups
from hiwar.forums import rules
from hiwar.forums.models import Forum, ForumTarget, Stage
from hiwar.forums.queries.search_documents import FORUM, PUBLIC, document_of_forum
from hiwar.forums.queries.templates import days_of_stages, find_template
from hiwar.places.queries import the_calendar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from hiwar.accounts.models import User
    from hiwar.dialogues.models import Round
    from hiwar.forums.queries.templates import Template

FIELDS = (
    "title", "question", "options", "background", "on_the_table", "who_decides", "deciding_post",
    "decision_on", "budget_head", "dossier", "visibility",
)  # fmt: skip
WHOLE = 100


class ForumClosed(Refused):
    """A closed forum stands as it was."""

    code = "forum_closed"
    message = _("This forum is closed and stays as it is. Its question can be taken up again.")


class WrongForumState(Refused):
    """The forum is not in a state that allows this."""

    code = "wrong_forum_state"
    message = _("This is not possible in the present state of the forum.")


class PlanIncomplete(Refused):
    """People are told who decides, by when and on what before anybody is asked."""

    code = "forum_plan_incomplete"
    message = _("Before a forum is approved, write who decides, by when, and what is on the table.")


class FloorUnclear(Refused):
    """A floor is a share of people between 1 and 100 percent, or a number of places."""

    code = "floor_unclear"
    message = _("A floor is a share of people between 1 and 100 percent, or a number of places.")


@transaction.atomic
def start_forum(
    *, actor: User, values: Mapping[str, Any], now: datetime, first_day: date | None = None,
    with_dialogue: bool = False, is_demo: bool = False,
) -> Forum:  # fmt: skip
    """Begin a forum with the stages and floors of its template, laid from a first day on.

    ``values`` has ``code``, ``template``, ``title`` and ``question`` and may have any of
    ``FIELDS``. With ``with_dialogue`` the dialogue of the template is made too, as a draft, and its
    rounds become the stages; that needs the right to run dialogues. Raises ``NotAllowed`` and
    ``ValidationError``.
    """
    if not rules.can_plan_forums(actor) or not _may_use(actor, values):
        raise NotAllowed
    template = find_template(str(values.get("template", "")))
    if template is None:
        raise ValidationError({"template": _("There is no such template.")})
    forum = Forum(
        **{name: values[name] for name in (*FIELDS, "code") if name in values},
        template=template.code, calendar=the_calendar(), owner=actor, started_by=actor,
        started_at=now, is_demo=is_demo,
    )  # fmt: skip
    forum.full_clean()
    forum.save()
    _lay_stages(forum, template, first_day)
    for floor in template.floors:
        known = target_groups().get(floor.group)
        if known is not None and floor.is_share != (known.attribute == PLACE):
            ForumTarget.objects.create(
                forum=forum, attribute=known.attribute, values=list(known.values), label=known.name,
                share=Decimal(min(floor.wanted, WHOLE)) / WHOLE if floor.is_share else None,
                count=None if floor.is_share else floor.wanted,
            )  # fmt: skip
    audit(actor, "forums.forum.start", forum, at=now, changed={"template": template.code})
    if with_dialogue and template.dialogue:
        _make_dialogue(actor, forum, template, now)
    index_forum(forum)
    return forum


@transaction.atomic
def update_forum(*, actor: User, forum: Forum, values: Mapping[str, Any], now: datetime) -> None:
    """Change what a forum asks, who decides and who may read it.

    Raises ``NotAllowed``, ``ForumClosed`` and ``ValidationError``.
    """
    locked = lock_forum(actor=actor, forum=forum)
    if not _may_use(actor, values):
        raise NotAllowed
    changes = {name: values[name] for name in FIELDS if name in values}
    if update_record(actor=actor, record=locked, changes=changes, at=now):
        index_forum(locked)


@transaction.atomic
def approve_forum(*, actor: User, forum: Forum, now: datetime) -> Forum:
    """Let a forum begin: from now on it is public where it is for everybody.

    Raises ``NotAllowed``, ``WrongForumState`` and ``PlanIncomplete``.
    """
    locked = _held(forum)
    if not rules.can_approve_forum(actor, locked):
        raise NotAllowed
    if locked.state != Forum.State.PLANNED:
        raise WrongForumState
    if not (names_decider(locked) and locked.decision_on and locked.on_the_table):
        raise PlanIncomplete
    locked.approved_by, locked.approved_at = actor, now
    return _take_state(actor, locked, Forum.State.APPROVED, now)


@transaction.atomic
def close_forum(*, actor: User, forum: Forum, now: datetime) -> Forum:
    """Close a forum that is under way. Raises ``NotAllowed`` and ``WrongForumState``."""
    locked = _held(forum)
    if not rules.can_approve_forum(actor, locked):
        raise NotAllowed
    if locked.state != Forum.State.APPROVED:
        raise WrongForumState
    locked.closed_at = now
    return _take_state(actor, locked, Forum.State.CLOSED, now)


@transaction.atomic
def set_floor(
    *, actor: User, forum: Forum, group: str, wanted: int, now: datetime
) -> ForumTarget:  # fmt: skip
    """Set the floor of a group: percent of people, or a number of places; one a group.

    Raises ``NotAllowed``, ``ForumClosed`` and ``FloorUnclear``.
    """
    locked = lock_forum(actor=actor, forum=forum)
    known = target_groups().get(group)
    is_places = known is not None and known.attribute == PLACE
    if known is None or wanted < 1 or (wanted > WHOLE and not is_places):
        raise FloorUnclear
    locked.targets.filter(attribute=known.attribute, values=list(known.values)).delete()
    target = ForumTarget(
        forum=locked, attribute=known.attribute, values=list(known.values), label=known.name,
        share=None if is_places else Decimal(wanted) / WHOLE, count=wanted if is_places else None,
    )  # fmt: skip
    target.full_clean()
    target.save()
    audit(actor, "forums.target.set", locked, at=now, changed={group: [None, wanted]})
    return target


@transaction.atomic
def remove_floor(*, actor: User, target: ForumTarget, now: datetime) -> None:
    """Take a floor out of a forum. Raises ``NotAllowed`` and ``ForumClosed``."""
    locked = lock_forum(actor=actor, forum=target.forum)
    target.delete()
    audit(actor, "forums.target.remove", locked, at=now, changed={"label": [target.label, None]})


def lock_forum(*, actor: User, forum: Forum) -> Forum:
    """Hold a forum for changing its plan. Raises ``NotAllowed`` and ``ForumClosed``."""
    locked = _held(forum)
    if not rules.can_plan_forum(actor, locked):
        raise NotAllowed
    if not locked.is_open:
        raise ForumClosed
    return locked


def index_forum(forum: Forum) -> None:
    """Let a forum be found by what it says now, at the desk and, where it may be, in public."""
    for kind in (FORUM, PUBLIC):
        index_record(kind, document_of_forum(forum))


def names_decider(forum: Forum) -> bool:
    """Return whether it is written who decides, by a post or in words."""
    return forum.deciding_post_id is not None or bool(forum.who_decides)


def _held(forum: Forum) -> Forum:
    return Forum.objects.select_for_update(of=("self",)).select_related("dossier").get(pk=forum.pk)


def _may_use(actor: User, values: Mapping[str, Any]) -> bool:
    used = [values.get("dossier"), values.get("deciding_post")]
    return all(record is None or is_readable_by(actor, record) for record in used)


def _take_state(actor: User, forum: Forum, state: str, now: datetime) -> Forum:
    before, forum.state = forum.state, state
    forum.save(update_fields=["state", "approved_by", "approved_at", "closed_at"])
    audit(actor, "forums.forum.state", forum, at=now, changed={"state": [before, state]})
    return forum


def _lay_stages(forum: Forum, template: Template, first_day: date | None) -> None:
    days: Sequence[tuple[date | None, date | None]] = (
        days_of_stages(template, first_day, forum.calendar)
        if first_day
        else [(None, None)] * len(template.stages)
    )
    Stage.objects.bulk_create(
        Stage(forum=forum, position=position, kind=stage.kind, starts_on=first, ends_on=last)
        for position, (stage, (first, last)) in enumerate(
            zip(template.stages, days, strict=True), start=1
        )
    )


def _make_dialogue(actor: User, forum: Forum, template: Template, now: datetime) -> None:
    """Make the dialogue of a forum and let each stage of a round point at its round."""
    if not dialogue_rules.can_run_dialogue(actor):
        raise NotAllowed
    dialogue = create_dialogue(
        actor=actor, template=template.dialogue, title=forum.title, question=forum.question,
        slug=forum.code, now=now,
    )  # fmt: skip
    dialogue.dossier = forum.dossier
    dialogue.save(update_fields=["dossier"])
    rounds = list(dialogue.rounds.order_by("number"))
    for stage, part in _paired(forum, rounds):
        stage.round = part
        stage.save(update_fields=["round"])
        plan_round(
            actor=actor, round=part, starts_on=stage.starts_on, ends_on=stage.ends_on, now=now
        )
    decider = forum.who_decides or (forum.deciding_post.title if forum.deciding_post else {})
    if decider and forum.decision_on and forum.on_the_table and rounds:
        set_decision(
            actor=actor, round=rounds[0], who_decides=decider, decision_on=forum.decision_on,
            on_the_table=forum.on_the_table, now=now,
        )  # fmt: skip


def _paired(forum: Forum, rounds: Sequence[Round]) -> Iterator[tuple[Stage, Round]]:
    left = list(rounds)
    for stage in forum.stages.order_by("position", "pk"):
        part = next((each for each in left if each.kind == stage.kind), None)
        if part is not None:
            left.remove(part)
            yield stage, part
