"""A plan is written in bulk, with what it replaces kept for taking it back."""

from __future__ import annotations

import math
import secrets
from typing import TYPE_CHECKING, Any

from django.db import connection

from hiwar.common import opt_outs
from hiwar.common.models import ImportRun
from hiwar.common.opt_outs import OptOut
from hiwar.dialogues.actions.telling import keep_addresses
from hiwar.dialogues.actions.votes import Act, write_acts
from hiwar.dialogues.models import (
    FormCheck,
    MergeProposal,
    MessageInQueue,
    Participant,
    Statement,
    Support,
    Vote,
)
from hiwar.dialogues.queries.imports import KIND
from hiwar.dialogues.queries.messages import sealed_sender

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hiwar.dialogues.actions.imports.plans import Plan
    from hiwar.dialogues.models import Dialogue

BULK = 500
CHECKED_SHARE = 0.1
OLD_VOTE = ("pk", "choice", "is_important", "channel", "sequence")


def write_plan(run: ImportRun, dialogue: Dialogue, plan: Plan, now: datetime) -> dict[str, Any]:
    """Write what was planned, inside the caller's transaction; return what undoing needs.

    That somebody wants no messages is not undone: it was said, whatever the file was.
    """
    _tell_senders(plan, now)
    Participant.objects.bulk_create(plan.people, batch_size=BULK)
    Statement.objects.bulk_create(plan.statements, batch_size=BULK)
    _name_statements(plan)
    _draw_forms(run, dialogue, plan)
    done = ImportRun.objects.filter(kind=KIND, subject=dialogue.pk, done_at__isnull=False)
    return {
        "order": done.count(),
        "people": [participant.pk for participant in plan.people],
        "statements": [statement.pk for statement in plan.statements],
        "votes": _write_votes(plan),
        "support": _write_support(plan),
        "touched": _touch_people(plan),
        "seats": _seat_people(plan),
        "messages": _queue(run, dialogue, plan),
        "merges": _merges(dialogue),
        "told": keep_addresses(dialogue=dialogue, left=plan.left),
    }


def _name_statements(plan: Plan) -> None:
    """Let votes name the statements that were written just now."""
    keys = {key: plan.statements[at].pk for key, at in plan.placeholders.items()}
    acts = [act._replace(statement=keys.get(act.statement, act.statement))
            for act in plan.acts.values()]  # fmt: skip
    plan.acts = {(act.participant, act.statement): act for act in acts}


def _write_votes(plan: Plan) -> list[list[Any]]:
    """Write votes, each of which is later than the one there; return each with what it replaced."""
    there = votes_there(participant for participant, _statement in plan.acts)
    acts = list(plan.acts.values())
    if acts:
        with connection.cursor() as cursor:
            write_acts(getattr(cursor, "cursor", cursor), connection.vendor, acts)
    return [
        [act.participant, act.statement, act.sequence, there.get((act.participant, act.statement))]
        for act in acts
    ]


def votes_there(participants: Iterable[int]) -> dict[tuple[int, int], tuple[Any, ...]]:
    """Return the votes of some people by their slot, locked where the database can."""
    votes: dict[tuple[int, int], tuple[Any, ...]] = {}
    keys = sorted(set(participants))
    for at in range(0, len(keys), BULK):
        rows = Vote.objects.select_for_update().filter(participant__in=keys[at : at + BULK])
        for row in rows.order_by("pk").values_list("participant_id", "statement_id", *OLD_VOTE):
            votes[row[0], row[1]] = row[2:]
    return votes


def _write_support(plan: Plan) -> list[list[Any]]:
    """Write answers to recommendations; a later file replaces an earlier one.

    An answer of a file has no time, so what somebody answered herself stands.
    """
    if not plan.support:
        return []
    people = sorted({participant for _code, participant in plan.support})
    there: dict[tuple[int, int], Support] = {}
    for at in range(0, len(people), BULK):
        for support in Support.objects.filter(participant__in=people[at : at + BULK]).order_by(
            "pk"
        ):
            there[support.recommendation_id.int, support.participant_id] = support
    noted: list[list[Any]] = []
    fresh: list[Support] = []
    changed: list[Support] = []
    for slot, answer in plan.support.items():
        old = there.get(slot)
        if old is not None and old.sequence:
            continue
        row = [str(answer.recommendation_id), answer.participant_id, answer.choice, answer.reason]
        noted.append([*row, [old.choice, old.reason] if old else None])
        if old is None:
            fresh.append(answer)
        else:
            old.choice, old.reason = answer.choice, answer.reason
            changed.append(old)
    Support.objects.bulk_create(fresh, batch_size=BULK)
    Support.objects.bulk_update(changed, ["choice", "reason"], batch_size=BULK)
    return noted


def _touch_people(plan: Plan) -> list[list[Any]]:
    """Note by which channel people voted last."""
    last: dict[int, Act] = {}
    for act in plan.acts.values():
        if act.participant not in last or act.sequence > last[act.participant].sequence:
            last[act.participant] = act
    keys = sorted(last)
    noted: list[list[Any]] = []
    changed: list[Participant] = []
    for at in range(0, len(keys), BULK):
        for person in Participant.objects.filter(pk__in=keys[at : at + BULK]).order_by("pk"):
            was = [person.last_channel]
            if _is_latest(last[person.pk]):
                person.last_channel = last[person.pk].channel
            is_now = [person.last_channel]
            if was != is_now:
                changed.append(person)
                noted.append([person.pk, was, is_now])
    Participant.objects.bulk_update(changed, ["last_channel"], batch_size=BULK)
    return noted


def _tell_senders(plan: Plan, now: datetime) -> None:
    """Say who wants no messages any more, or wants them again: of two wishes the later counts."""
    for _received, wish, address in sorted(plan.wishes):
        if wish == "opt_out":
            opt_outs.opt_out(OptOut(opt_outs.PHONE, address, opt_outs.WORD), at=now)
        else:
            opt_outs.opt_in(OptOut(opt_outs.PHONE, address, opt_outs.WORD), at=now)


def _seat_people(plan: Plan) -> list[list[Any]]:
    """Let people vote in their rooms; return who had none before."""
    noted: list[list[Any]] = []
    for key, room in plan.seats.items():
        if Participant.objects.filter(pk=key, room=None).update(room=room):
            noted.append([key, str(room)])
    return noted


def _is_latest(act: Act) -> bool:
    later = Vote.objects.filter(participant=act.participant, sequence__gt=act.sequence)
    return not later.exists()


def _queue(run: ImportRun, dialogue: Dialogue, plan: Plan) -> list[list[Any]]:
    """Queue the messages that a person must read; return each with the time it came."""
    messages = [
        MessageInQueue(
            run=run,
            dialogue=dialogue,
            participant_id=unread.participant,
            text=unread.text,
            problem=unread.problem,
        )
        for unread in plan.unread
    ]
    for message, unread in zip(messages, plan.unread, strict=True):
        message.sealed_sender = sealed_sender(message, unread.sender)
    MessageInQueue.objects.bulk_create(messages, batch_size=BULK)
    return [
        [str(message.pk), unread.received]
        for message, unread in zip(messages, plan.unread, strict=True)
    ]


def _merges(dialogue: Dialogue) -> list[str]:
    accepted = MergeProposal.objects.filter(dialogue=dialogue, state=MergeProposal.State.ACCEPTED)
    return sorted(str(key) for key in accepted.values_list("pk", flat=True))


def _draw_forms(run: ImportRun, dialogue: Dialogue, plan: Plan) -> None:
    """Draw the forms that a second person compares with the paper: a tenth, at least one."""
    size = math.ceil(CHECKED_SHARE * len(plan.forms))
    drawn = secrets.SystemRandom().sample(plan.forms, size)
    checks = [
        FormCheck(run=run, dialogue=dialogue, form=form[:60], participant_id=participant)
        for form, participant in sorted(drawn)
    ]
    FormCheck.objects.bulk_create(checks, batch_size=BULK)
