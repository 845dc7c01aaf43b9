"""The steps of bringing in a file: prepared and looked at, confirmed, or thrown away."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from cryptography.exceptions import InvalidTag
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.crypto import seal, unseal
from hiwar.common.imports.content import ContentUnreadable
from hiwar.common.refusals import Refused
from hiwar.dialogues import rules
from hiwar.dialogues.actions.imports import people, votes
from hiwar.dialogues.actions.imports.plans import Known, Plan
from hiwar.dialogues.actions.imports.writing import write_plan
from hiwar.dialogues.models import Dialogue, ImportBatch
from hiwar.dialogues.queries.files import packed, table_of_upload, unpacked
from hiwar.dialogues.queries.imports import (
    HARMLESS,
    SHOWN,
    Problem,
    Records,
    guess_kind,
    heading_words,
    propose_mapping,
    read_records,
)
from hiwar.dialogues.queries.snapshots import refusal_of
from hiwar.dialogues.queries.surveys import (
    are_sentences,
    is_survey,
    propose_survey,
    read_survey,
    sign_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hiwar.accounts.models import User
    from hiwar.common.tables import Table, Upload
    from hiwar.dialogues.queries.files import Kept

KEPT_FOR = timedelta(days=1)

PLANS: dict[str, Callable[[Known, Records, Plan, datetime], None]] = {
    "statements": people.plan_statements,
    "participants": people.plan_people,
    "votes": votes.plan_votes,
    "messages": votes.plan_messages,
    "forms": votes.plan_forms,
    "recommendations": votes.plan_recommendations,
}


class KindUnknown(Refused):
    """The headings fit no kind of file."""

    code = "kind_unknown"
    message = _("What is in this file cannot be told from its headings. Say what it holds.")


class SameFile(Refused):
    """The very same file was brought in before."""

    code = "same_file"
    message = _(
        "This file was brought in already and would change nothing."
        " Undo that step first if you want to load it again."
    )


class ImportSettled(Refused):
    """The import is not in a state that allows this."""

    code = "import_settled"
    message = _("This file was brought in, undone or thrown away in the meantime.")


class CannotLoad(Refused):
    """Something stops the whole file."""

    code = "cannot_load"
    message = _("This file cannot be brought in as it is. Look at the first problem.")


@transaction.atomic
def prepare_import(
    *,
    actor: User,
    dialogue: Dialogue,
    upload: Upload,
    now: datetime,
    kind: str = "",
) -> ImportBatch:
    """Keep a file sealed, with what bringing it in would do; nothing else is written.

    Raises ``NotAllowed``, ``FileEmpty``, ``FileUnreadable``, ``KindUnknown`` and ``SameFile``.
    """
    need_importer(actor)
    kept = table_of_upload(upload, heading_words(kind))
    kind, mapping = _proposed(kept.table, kind)
    if kind not in PLANS:
        raise KindUnknown
    batch = ImportBatch(
        dialogue=dialogue,
        kind=kind,
        file_name=upload.name[-200:],
        sha256=upload.sha256,
        made_by=actor,
        made_at=now,
    )
    _refuse_same_file(batch)
    stale = dialogue.imports.filter(state=ImportBatch.State.PREVIEW)
    stale.filter(made_at__lt=now - KEPT_FOR).delete()
    # A file may hold telephone numbers; until it is decided on, only the process can read it.
    batch.content = seal(zlib.compress(packed(kept)), batch.reference)
    _look(batch, mapping, {}, now)
    batch.save()
    return batch


@transaction.atomic
def change_mapping(
    *,
    actor: User,
    batch: ImportBatch,
    mapping: Mapping[str, str],
    now: datetime,
    answers: Mapping[str, str] | None = None,
) -> ImportBatch:
    """Say what columns and answers stand for, and look again.

    Raises ``NotAllowed`` and ``ImportSettled``.
    """
    need_importer(actor)
    locked = locked_import(batch, ImportBatch.State.PREVIEW)
    _look(locked, mapping, answers or {}, now)
    locked.save()
    return locked


def _proposed(table: Table, kind: str) -> tuple[str, dict[str, str]]:
    """Return the kind of a file, as said or told from its headings, and its columns' meanings.

    Where no heading says that it holds votes, its cells may: statements stand as headings then.
    """
    known = kind or guess_kind(table.header)
    mapping = propose_mapping(known, table.header) if known in PLANS else {}
    has_votes = known == "votes" and not read_records(known, table, mapping).problems
    survey = propose_survey(table) if kind in ("", "votes") and not has_votes else {}
    # A list of registrations has columns of few answers too, but its headings are no sentences.
    is_sure = known in ("", "votes") or are_sentences(survey)
    return ("votes", survey) if survey and is_sure else (known, mapping)


def _look(
    batch: ImportBatch, mapping: Mapping[str, str], said: Mapping[str, str], now: datetime
) -> Plan:
    kept = _kept(batch)
    sheet = kept.table
    chosen = {title: role for title, role in mapping.items() if title in sheet.header and role}
    read = (
        partial(read_survey, said=said) if is_survey(chosen) else partial(read_records, batch.kind)
    )
    records = read(sheet, chosen)
    plan = plan_import(batch.kind, batch.dialogue, records, now)
    batch.problems = [
        {
            "code": problem.code,
            "line": problem.line,
            "column": problem.column,
            "value": problem.value,
        }
        for problem in sorted(plan.problems, key=_order)[:SHOWN]
    ]
    batch.counts = {
        **plan.counts,
        "problems": len(plan.problems),
        "titles": [title for title in sheet.header if title not in records.numbered.values()],
        "mapping": chosen,
        "read": kept.about,
        "said": dict(said),
        **_survey(sheet, records, chosen, said),
    }
    return plan


def _survey(
    sheet: Table, records: Records, mapping: Mapping[str, str], said: Mapping[str, str]
) -> dict[str, object]:
    """Return what is told of a survey sheet: how answers are read, and what is not taken."""
    if not records.asked:
        return {}
    return {
        "meanings": records.answers,
        "sign": sign_of(list(records.answers), said),
        "dropped": [title for title in sheet.header if title and title not in mapping],
    }


def _kept(batch: ImportBatch) -> Kept:
    """Return a table as it was sealed; one that an older version sealed says so in words."""
    try:
        return unpacked(zlib.decompress(unseal(bytes(batch.content), batch.reference)))
    except (InvalidTag, zlib.error, msgspec.MsgspecError) as error:
        raise ContentUnreadable from error


def _order(problem: Problem) -> tuple[bool, bool, int]:
    return not problem.is_blocking, problem.code in HARMLESS, problem.line or 0


def plan_import(kind: str, dialogue: Dialogue, records: Records, now: datetime) -> Plan:
    """Work out what a file would do; nothing is written."""
    plan = Plan(problems=list(records.problems))
    stop = _refusal(kind, dialogue)
    if stop:
        plan.wrong(stop, None)
    if not any(problem.is_blocking for problem in plan.problems):
        known = Known(dialogue)
        PLANS[kind](known, records, plan, now)
        plan.settle(known)
    _count(records, plan)
    if not plan.counts["loaded"] and not any(problem.is_blocking for problem in plan.problems):
        plan.wrong("nothing_to_load", None)
    return plan


def _count(records: Records, plan: Plan) -> None:
    wrong = {
        problem.line for problem in plan.problems if problem.line and problem.code not in HARMLESS
    }
    skipped = {
        problem.line for problem in plan.problems if problem.line and problem.code in HARMLESS
    } - wrong
    kept = sum(line not in wrong | skipped for line, _cells in records.rows)
    stopped = any(problem.is_blocking for problem in plan.problems)
    plan.counts["rows"] = len(records.rows)
    plan.counts["wrong"] = len(wrong)
    plan.counts["skipped"] = len(skipped)
    plan.counts["loaded"] = 0 if stopped else kept


def _refusal(kind: str, dialogue: Dialogue) -> str:
    """Return what stops every row: votes of a file follow the rule of every channel."""
    if dialogue.state == Dialogue.State.CLOSED:
        return "dialogue_closed"
    if kind in ("votes", "messages", "forms") and refusal_of(dialogue):
        return "voting_not_open"
    return ""


@transaction.atomic
def confirm_import(*, actor: User, batch: ImportBatch, now: datetime) -> ImportBatch:
    """Bring in a file that was looked at, as one step; its content is not kept.

    Everything is worked out anew, because votes may have come in since. Raises ``NotAllowed``,
    ``ImportSettled``, ``SameFile`` and ``CannotLoad``.
    """
    need_importer(actor)
    dialogue = Dialogue.objects.select_for_update(no_key=True).get(pk=batch.dialogue_id)
    locked = locked_import(batch, ImportBatch.State.PREVIEW)
    locked.dialogue = dialogue
    _refuse_same_file(locked)
    plan = _look(locked, locked.counts["mapping"], locked.counts.get("said", {}), now)
    if any(problem.is_blocking for problem in plan.problems):
        raise CannotLoad
    write_plan(locked, plan)
    locked.content = b""
    locked.state, locked.done_at = ImportBatch.State.DONE, now
    locked.save()
    counts = {name: value for name, value in locked.counts.items() if isinstance(value, int)}
    changed = {"kind": locked.kind, "sha256": locked.sha256, **counts}
    audit(actor, "dialogues.importbatch.confirm", locked, at=now, changed=changed)
    return locked


@transaction.atomic
def discard_import(*, actor: User, batch: ImportBatch) -> None:
    """Throw away a file that was only looked at; raises ``NotAllowed`` and ``ImportSettled``."""
    need_importer(actor)
    locked_import(batch, ImportBatch.State.PREVIEW).delete()


def _refuse_same_file(batch: ImportBatch) -> None:
    done = batch.dialogue.imports.filter(state=ImportBatch.State.DONE, kind=batch.kind)
    if done.filter(sha256=batch.sha256).exists():
        raise SameFile


def locked_import(batch: ImportBatch, state: str) -> ImportBatch:
    """Return an import for changing it. Raises ``ImportSettled`` when its state is another."""
    import_batch = ImportBatch.objects.select_for_update().filter(pk=batch.pk).first()
    if import_batch is None or import_batch.state != state:
        raise ImportSettled
    return import_batch


def need_importer(actor: User) -> None:
    """Raise ``NotAllowed`` for whoever may not bring in files."""
    if not rules.can_import_file(actor):
        raise NotAllowed
