"""Dialogues, their rounds and their targets: from a template to the last day."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.queries import is_readable_by
from hiwar.channels.actions.opt_outs import forget_digests
from hiwar.common import dates
from hiwar.common.actions import audit, update_record
from hiwar.common.models import ImportRun
from hiwar.common.multilingual import MultilingualText
from hiwar.common.refusals import Refused
from hiwar.dialogues import rules
from hiwar.dialogues.models import Dialogue, Participant, Round, Target
from hiwar.dialogues.models.keys import make_code, make_secret
from hiwar.dialogues.queries.dialogues import rounds_that_are_over, rounds_that_begin
from hiwar.dialogues.queries.imports import KIND
from hiwar.dialogues.queries.templates import PLACE, PlannedTarget, find_template
from hiwar.dossiers.models import Dossier
from hiwar.places.queries import the_calendar, units_of_report

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime, time
    from decimal import Decimal

    from hiwar.accounts.models import User

# What is promised to people when they come in cannot change under their feet.
PROMISED = frozenset(["publication_tier", "threshold", "risk", "room_threshold", "bridging_share"])
CHANGEABLE = PROMISED | {
    "title",
    "question",
    "introduction",
    "ground_rules",
    "moderation",
    "accepts_open_link",
    "asks_about",
    "calendar",
    "dossier",
    "min_votes_per_statement",
}


class UnknownTemplate(Refused):
    """There is no template of this name."""

    code = "unknown_template"
    message = _("There is no such template.")


class PromisedBeforeOpening(Refused):
    """What was promised to participants is decided before the dialogue opens."""

    code = "promised_before_opening"
    message = _("This was promised to participants and cannot change once the dialogue is open.")


class CountsOnly(Refused):
    """Where taking part is dangerous, no rows of votes are published."""

    code = "counts_only"
    message = _("In a high-risk dialogue only counts can be published.")


class WrongState(Refused):
    """The dialogue or round is not in a state that allows this."""

    code = "wrong_state"
    message = _("This is not possible in the present state of the dialogue.")


class RoundNotReady(Refused):
    """Nobody opens a round before it is written who decides, by when and on what."""

    code = "round_not_ready"
    message = _("Before a round opens, write who decides, by when, and what is on the table.")


class RoundIsOver(Refused):
    """A round whose last day is over would close again at once."""

    code = "round_is_over"
    message = _("The last day of this round is over. Set a later one first.")


class AnotherRoundOpen(Refused):
    """One round is open at a time."""

    code = "another_round_open"
    message = _("Another round is open. Close it first.")


class TargetUnclear(Refused):
    """A target is a share between 0 and 1, or a whole number of places or people."""

    code = "target_unclear"
    message = _("A target is a share of participants, or a number.")


@transaction.atomic
def create_dialogue(
    *,
    actor: User,
    template: str,
    title: Mapping[str, str],
    question: Mapping[str, str],
    now: datetime,
    introduction: Mapping[str, str] | None = None,
    ground_rules: Sequence[Mapping[str, str]] | None = None,
    slug: str = "",
) -> Dialogue:
    """Make a dialogue from a template, with its rounds, rules and targets; it is a draft.

    Raises ``NotAllowed``, ``UnknownTemplate`` and ``ValidationError``.
    """
    _need_runner(actor)
    plan = find_template(template)
    if plan is None:
        raise UnknownTemplate
    dialogue = Dialogue(
        code=make_code(),
        slug=free_slug(slug or MultilingualText(title).in_language(None)),
        title=title,
        question=question,
        introduction=introduction or {},
        ground_rules=[dict(rule) for rule in ground_rules or plan.ground_rules],
        moderation=plan.moderation,
        publication_tier=plan.publication_tier,
        asks_about=list(plan.asks_about),
        calendar=the_calendar(),
        created_by=actor,
        created_at=now,
        contact_secret=make_secret(),
        log_secret=make_secret(),
    )
    dialogue.full_clean()
    dialogue.save()
    for number, kind in enumerate(plan.rounds, 1):
        Round.objects.create(dialogue=dialogue, number=number, kind=kind)
    for target in plan.targets:
        _make_target(dialogue, target)
    audit(actor, "dialogues.dialogue.create", dialogue, at=now, changed={"template": template})
    return dialogue


@transaction.atomic
def update_dialogue(
    *, actor: User, dialogue: Dialogue, changes: Mapping[str, object], now: datetime
) -> bool:
    """Change attributes of a dialogue; return whether anything changed.

    Raises ``NotAllowed``, ``PromisedBeforeOpening``, ``CountsOnly``, ``WrongState`` for what is no
    plain attribute, and ``ValidationError``.
    """
    _need_runner(actor)
    if set(changes) - CHANGEABLE:
        raise WrongState
    dossier = changes.get("dossier")
    if isinstance(dossier, Dossier) and not is_readable_by(actor, dossier):
        raise NotAllowed
    moved = {name for name, value in changes.items() if getattr(dialogue, name) != value}
    if dialogue.state != Dialogue.State.DRAFT and moved & PROMISED:
        raise PromisedBeforeOpening
    risk = changes.get("risk", dialogue.risk)
    tier = changes.get("publication_tier", dialogue.publication_tier)
    if risk == Dialogue.Risk.HIGH and tier != Dialogue.Tier.COUNTS:
        raise CountsOnly
    return update_record(actor=actor, record=dialogue, changes=changes, at=now)


@transaction.atomic
def set_decision(
    *,
    actor: User,
    round: Round,
    who_decides: Mapping[str, str],
    decision_on: date,
    on_the_table: Mapping[str, str],
    now: datetime,
    and_later: bool = True,
) -> None:
    """Write who decides, by when and what is on the table; later rounds without it take it too.

    Raises ``NotAllowed`` and ``WrongState`` for a closed round.
    """
    _need_runner(actor)
    if round.state == Round.State.CLOSED:
        raise WrongState
    decision = {
        "who_decides": MultilingualText(who_decides),
        "decision_on": decision_on,
        "on_the_table": MultilingualText(on_the_table),
    }
    rounds = [round]
    if and_later:
        later = round.dialogue.rounds.filter(number__gt=round.number, state=Round.State.PLANNED)
        rounds += [
            later_round
            for later_round in later.order_by("number", "pk")
            if not has_decision(later_round)
        ]
    for dated_round in rounds:
        update_record(actor=actor, record=dated_round, changes=decision, at=now)


@transaction.atomic
def plan_round(
    *,
    actor: User,
    round: Round,
    starts_on: date | None,
    ends_on: date | None,
    closing_time: time | None = None,
    now: datetime,
) -> bool:
    """Set the days of a round and the hour at which it closes on the last.

    Raises ``NotAllowed`` and ``WrongState``.
    """
    _need_runner(actor)
    if round.state == Round.State.CLOSED:
        raise WrongState
    changes = {"starts_on": starts_on, "ends_on": ends_on, "closing_time": closing_time}
    return update_record(actor=actor, record=round, changes=changes, at=now)


def has_decision(round: Round) -> bool:
    """Return whether it is written who decides, by when and what is on the table."""
    return bool(round.who_decides and round.decision_on and round.on_the_table)


def is_due(round: Round, now: datetime) -> bool:
    """Return whether the first day of a round has come at the place, or is left open."""
    return round.starts_on is None or round.starts_on <= dates.local_day(now)


@transaction.atomic
def open_dialogue(*, actor: User, dialogue: Dialogue, now: datetime) -> Round:
    """Open a draft and its first round, which waits for its first day where that is later.

    Raises ``NotAllowed``, ``WrongState``, ``RoundNotReady`` and ``RoundIsOver``.
    """
    _need_runner(actor)
    dialogue = _locked(dialogue)
    first = dialogue.rounds.order_by("number", "pk").first()
    if dialogue.state != Dialogue.State.DRAFT or first is None:
        raise WrongState
    dialogue.state, dialogue.opened_at = Dialogue.State.OPEN, now
    dialogue.save(update_fields=["state", "opened_at"])
    audit(actor, "dialogues.dialogue.open", dialogue, at=now)
    if not is_due(first, now):
        if not has_decision(first):
            raise RoundNotReady
        return first
    return open_round(actor=actor, round=first, now=now)


@transaction.atomic
def open_round(*, actor: User, round: Round, now: datetime) -> Round:
    """Open a round, also before its first day.

    A closed round can be opened again while the dialogue is open; a last day that is over falls
    away, or it would close at once. Raises ``NotAllowed``,
    ``WrongState``, ``RoundNotReady``, ``RoundIsOver`` and ``AnotherRoundOpen``.
    """
    _need_runner(actor)
    return _open(actor, round, now)


def _open(actor: User | None, round: Round, now: datetime) -> Round:
    dialogue = _locked(round.dialogue)
    round.refresh_from_db()
    if dialogue.state != Dialogue.State.OPEN or round.state == Round.State.OPEN:
        raise WrongState
    if not has_decision(round):
        raise RoundNotReady
    is_over = round.closes_at is not None and round.closes_at <= now
    if is_over and round.state == Round.State.PLANNED:
        raise RoundIsOver
    if dialogue.rounds.filter(state=Round.State.OPEN).exists():
        raise AnotherRoundOpen
    round.state, round.opened_at, round.closed_at = Round.State.OPEN, now, None
    if is_over:
        round.ends_on = round.closing_time = None
    round.save(update_fields=["state", "opened_at", "closed_at", "ends_on", "closing_time"])
    audit(actor, "dialogues.round.open", round, at=now)
    return round


@transaction.atomic
def close_round(*, actor: User, round: Round, now: datetime) -> Round:
    """Close an open round; raises ``NotAllowed`` and ``WrongState``."""
    _need_runner(actor)
    return _close(actor, round, now)


@transaction.atomic
def keep_days(*, now: datetime) -> list[Round]:
    """Close the rounds whose last moment is over, and open those whose first day has come.

    A round opens by itself once, in an open dialogue, where it is written who decides, no other
    round is open and none before it waits. Safe to run twice.
    """
    kept = [_close(None, over, now) for over in rounds_that_are_over(now)]
    return kept + [_open(None, begun, now) for begun in rounds_that_begin(now)]


def _close(actor: User | None, round: Round, now: datetime) -> Round:
    _locked(round.dialogue)
    round.refresh_from_db()
    if round.state != Round.State.OPEN:
        raise WrongState
    round.state, round.closed_at = Round.State.CLOSED, now
    round.save(update_fields=["state", "closed_at"])
    audit(actor, "dialogues.round.close", round, at=now)
    return round


@transaction.atomic
def close_dialogue(*, actor: User, dialogue: Dialogue, now: datetime) -> Dialogue:
    """Close a dialogue for good: what people said of themselves is frozen.

    The secret and the keys by which registrations could be matched to a telephone are destroyed.
    Raises ``NotAllowed`` and ``WrongState``.
    """
    _need_runner(actor)
    dialogue = _locked(dialogue)
    if dialogue.state != Dialogue.State.OPEN:
        raise WrongState
    for closing in dialogue.rounds.filter(state=Round.State.OPEN):
        close_round(actor=actor, round=closing, now=now)
    dialogue.state, dialogue.closed_at = Dialogue.State.CLOSED, now
    dialogue.contact_secret = ""
    dialogue.save(update_fields=["state", "closed_at", "contact_secret"])
    people = Participant.objects.filter(dialogue=dialogue)
    forget_digests(
        digests=set(people.exclude(contact_key="").values_list("contact_key", flat=True))
    )
    people.update(is_frozen=True, contact_key="")
    dialogue.message_queue.update(sealed_sender=b"")
    dialogue.told_addresses.update(owner="")
    # The files that were brought in hold telephones beside registrations.
    ImportRun.objects.filter(kind=KIND, subject=dialogue.pk).update(content=b"")
    audit(actor, "dialogues.dialogue.close", dialogue, at=now)
    return dialogue


@transaction.atomic
def set_target(
    *,
    actor: User,
    dialogue: Dialogue,
    attribute: str,
    values: Sequence[str],
    label: Mapping[str, str],
    now: datetime,
    share: Decimal | None = None,
    count: int | None = None,
) -> Target:
    """Set or change a target; raises ``NotAllowed`` and ``TargetUnclear``."""
    _need_runner(actor)
    has_share = share is not None and 0 < share <= 1
    has_count = count is not None and count > 0
    if has_share == has_count:
        raise TargetUnclear
    there = next((t for t in dialogue.targets.filter(attribute=attribute)
                  if t.values == list(values)), None)  # fmt: skip
    target = there or Target(dialogue=dialogue, attribute=attribute, values=list(values))
    target.share, target.count, target.label = share, count, MultilingualText(label)
    target.full_clean()
    target.save()
    changed = {"attribute": attribute, "share": share, "count": count}
    audit(actor, "dialogues.target.set", target, at=now, changed=changed)
    return target


@transaction.atomic
def remove_target(*, actor: User, target: Target, now: datetime) -> None:
    """Take a target away; raises ``NotAllowed``."""
    _need_runner(actor)
    audit(actor, "dialogues.target.remove", target, at=now)
    target.delete()


def _need_runner(actor: User) -> None:
    if not rules.can_run_dialogue(actor):
        raise NotAllowed


def _locked(dialogue: Dialogue) -> Dialogue:
    """Let one change of a dialogue at a time through; votes are not held up by it."""
    return Dialogue.objects.select_for_update(no_key=True).get(pk=dialogue.pk)


def free_slug(text: str) -> str:
    """Return an address for a title that no dialogue has yet."""
    stem = slugify(text, allow_unicode=True)[:70].strip("-") or make_code()
    taken = set(Dialogue.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    number = 1
    slug = stem
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug


def _make_target(dialogue: Dialogue, target: PlannedTarget) -> None:
    group, count = target.group, None
    if group.attribute == PLACE:
        count = math.ceil(target.share * units_of_report().count())
        if not count:
            return
    Target.objects.create(
        dialogue=dialogue,
        attribute=group.attribute,
        values=list(group.values),
        share=target.share if count is None else None,
        count=count,
        label=group.name,
    )
