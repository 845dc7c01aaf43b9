"""The steps of a run: prepared and looked at, confirmed or thrown away, undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, transaction

from hiwar.common import jobs
from hiwar.common.actions import audit
from hiwar.common.dates import local_day
from hiwar.common.imports.content import keep_files, keep_report, report_of, takings
from hiwar.common.imports.importers import Source, importer_of
from hiwar.common.imports.plans import Report
from hiwar.common.imports.steps import (
    A_MOMENT,
    FAULT,
    KEPT_UNDECIDED,
    MANY_ROWS,
    REFUSALS,
    CannotTake,
    ColumnsMissing,
    NothingSent,
    NotPermitted,
    RunSettled,
    SameFile,
    State,
    TooLateToUndo,
    apply,
    check,
    found_run,
    importer_for,
    is_long_source,
    job_key,
    keep_look,
    known_mapping,
    locked_run,
    look,
    look_again,
    refuse_same_file,
    remember,
    step_back,
    undo,
    user_of,
    work_beside,
)
from hiwar.common.models import ImportRun
from hiwar.common.refusals import Refused
from hiwar.common.tables import FileEmpty, FileUnreadable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from hiwar.common.imports.importers import Importer
    from hiwar.common.tables import Upload

__all__ = [
    "MANY_ROWS",
    "REFUSALS",
    "CannotTake",
    "ColumnsMissing",
    "NotPermitted",
    "NothingSent",
    "RunSettled",
    "SameFile",
    "TooLateToUndo",
    "bring_in",
    "change_mapping",
    "choose_sheet",
    "confirm_run",
    "destroy_undecided",
    "discard_run",
    "free_stuck",
    "job_key",
    "prepare_run",
    "purge_details",
    "undo_run",
    "work_on_run",
]


def prepare_run(
    *,
    actor: Any,
    kind: str,
    files: Mapping[str, Upload],
    now: datetime,
    subject: UUID | None = None,
    options: Mapping[str, str] | None = None,
) -> ImportRun:
    """Keep files sealed and look at them; nothing is written before ``confirm_run``.

    Headings that were seen before mean what they meant then. Files with many rows are looked at
    beside the request. Raises ``NotPermitted``, ``NothingSent``, ``SameFile``, ``FileEmpty``,
    ``FileUnreadable`` and what the importer refuses.
    """
    importer = importer_for(kind, actor, subject)
    run = _new_run(actor, kind, subject, options, now)
    _seal_files(run, importer, files)
    source = Source(run, actor, takings(run, importer, files), now)
    plan = None if is_long_source(source) else importer.plan(source)
    with transaction.atomic():
        marks = [file["sha256"] for file in run.files]
        audit(actor, "common.importrun.prepare", run, at=now, changed={"sha256": [[], marks]})
        keep_look(run, source, plan)
    return run


def bring_in(
    *,
    actor: Any,
    kind: str,
    files: Mapping[str, Upload],
    now: datetime,
    subject: UUID | None = None,
    options: Mapping[str, str] | None = None,
) -> ImportRun:
    """Write files of the installation itself here and now, however many rows they have.

    Raises what ``prepare_run`` and ``confirm_run`` raise.
    """
    importer = importer_for(kind, actor, subject)
    run = _new_run(actor, kind, subject, options, now)
    _seal_files(run, importer, files)
    keep_report(run, Report())
    run.save()
    return apply(run, importer, actor, now)


def _new_run(
    actor: Any, kind: str, subject: UUID | None, options: Mapping[str, str] | None, now: datetime
) -> ImportRun:
    return ImportRun(
        kind=kind,
        subject=subject,
        made_by=actor.reference,
        made_at=now,
        purge_on=local_day(now + KEPT_UNDECIDED),
        options=dict(options or {}),
    )


def _seal_files(run: ImportRun, importer: Importer, files: Mapping[str, Upload]) -> None:
    sent = {part.code: files[part.code] for part in importer.parts if part.code in files}
    if not sent or any(part.is_required and part.code not in sent for part in importer.parts):
        raise NothingSent
    for part in importer.parts:
        if part.code in sent and not part.takes(sent[part.code]):
            raise FileUnreadable
    run.files = [
        {"part": code, "name": upload.name[-200:] or "?", "sha256": upload.sha256}
        for code, upload in sent.items()
    ]
    keep_files(run, sent)
    taken = takings(run, importer, sent)
    if importer.settle is not None:
        run.options = dict(importer.settle(run.options, taken))
        taken = takings(run, importer, sent)
    refuse_same_file(run)
    for code, taking in taken.items():
        if not taking.rows:
            raise FileEmpty
        run.choices[code] = {"mapping": known_mapping(run, importer, code, taking)}


def choose_sheet(
    *, actor: Any, run: ImportRun, part: str, sheet: str, line: int | None, now: datetime
) -> ImportRun:
    """Take another sheet of a file, or another line of headings (0 for none), and look again.

    Raises ``NotPermitted``, ``RunSettled``, ``FileEmpty`` and ``ContentUnreadable``.
    """
    importer, current = found_run(actor, run, State.PREVIEW)
    chosen: dict[str, object] = {"sheet": sheet}
    if line is not None:
        chosen["line"] = line
    current.choices[part] = chosen
    taken = takings(current, importer)
    taking = taken.get(part)
    if taking is None or not taking.rows:
        raise FileEmpty
    if importer.settle is not None:
        current.options = dict(importer.settle(current.options, taken))
    chosen["mapping"] = known_mapping(current, importer, part, taking)
    return look_again(current, importer, actor, now)


def change_mapping(
    *,
    actor: Any,
    run: ImportRun,
    part: str,
    mapping: Mapping[str, str],
    now: datetime,
    said: Mapping[str, str] | None = None,
) -> ImportRun:
    """Say what columns and answers stand for, look again, and remember the columns.

    Raises ``NotPermitted``, ``RunSettled`` and ``ContentUnreadable``.
    """
    importer, current = found_run(actor, run, State.PREVIEW)
    declared = importer.part(part)
    taking = takings(current, importer).get(part)
    if declared is None or taking is None:
        raise RunSettled
    known = declared.fields(current.options)
    current.choices[part]["mapping"] = {
        at: name
        for at, name in mapping.items()
        if name in known and at.isdigit() and int(at) < len(taking.header)
    }
    report = report_of(current)
    report.said = {
        cell: means
        for cell, means in (said or {}).items()
        if cell in report.answers and means in importer.meanings
    }
    keep_report(current, report)
    remember(current, {part: taking}, now)
    return look_again(current, importer, actor, now)


@transaction.atomic
def discard_run(*, actor: Any, run: ImportRun, now: datetime) -> None:
    """Throw away what was only looked at; raises ``NotPermitted`` and ``RunSettled``."""
    _importer_of_run, locked = locked_run(actor, run, State.LOOKING, State.PREVIEW, State.FAILED)
    jobs.cancel(key=job_key(locked))
    audit(actor, "common.importrun.discard", locked, at=now)
    locked.delete()


def confirm_run(*, actor: Any, run: ImportRun, now: datetime) -> ImportRun:
    """Bring in what was looked at, as one step; long files beside the request.

    Everything is worked out anew. Raises ``NotPermitted``, ``RunSettled``, ``SameFile``,
    ``ColumnsMissing``, ``CannotTake``, ``ContentUnreadable`` and what the importer refuses.
    """
    with transaction.atomic():
        importer, locked = locked_run(actor, run, State.PREVIEW, State.FAILED)
        check(locked, importer)
        refuse_same_file(locked)
        is_long = locked.counts.get("lines", 0) > MANY_ROWS
        if is_long:
            locked.options["confirmed_by"] = actor.reference
            work_beside(locked, State.APPLYING, now)
    return locked if is_long else apply(locked, importer, actor, now)


def undo_run(*, actor: Any, run: ImportRun, now: datetime) -> ImportRun:
    """Take back everything that a run brought in, as one step; long files beside the request.

    Raises ``NotPermitted``, ``RunSettled``, ``TooLateToUndo`` and what the importer refuses.
    """
    with transaction.atomic():
        importer, locked = locked_run(actor, run, State.DONE)
        if not locked.journal:
            raise TooLateToUndo
        is_long = locked.counts.get("lines", 0) > MANY_ROWS
        if is_long:
            locked.options["undone_by"] = actor.reference
            work_beside(locked, State.UNDOING, now)
    return locked if is_long else undo(locked, importer, actor, now)


def work_on_run(*, key: str, now: datetime) -> None:
    """Do what a run waits for; safe to do twice. A refusal is kept for its page.

    Faults of the software leave the run failed, with nothing of it written; those of the database
    are left to the queue, which tries again.
    """
    run = ImportRun.objects.filter(pk=key).first()
    importer = importer_of(run.kind) if run is not None else None
    if run is None or importer is None:
        return
    try:
        if run.state == State.LOOKING:
            look(run, importer, user_of(run.made_by), now)
        elif run.state == State.APPLYING:
            apply(run, importer, user_of(run.options.get("confirmed_by", "")), now)
        elif run.state == State.UNDOING:
            undo(run, importer, user_of(run.options.get("undone_by", "")), now)
    except Refused as refused:
        step_back(run, refused.code)
    except (DatabaseError, jobs.ClaimLost):
        raise
    except Exception:
        step_back(run, FAULT)
        raise


@transaction.atomic
def give_up_run(*, key: str, error: str) -> None:
    """Leave a run as it was before its work, since the process that did it died each time."""
    del error  # the page says in its own words what to do
    run = ImportRun.objects.filter(pk=key).first()
    if run is not None:
        step_back(run, FAULT)


@transaction.atomic
def destroy_undecided(*, now: datetime) -> int:
    """Destroy what nobody decided on within a day; return how many runs went."""
    stale = ImportRun.objects.filter(
        state__in=(State.LOOKING, State.PREVIEW, State.FAILED), made_at__lt=now - KEPT_UNDECIDED
    )
    return stale.delete()[0]


def free_stuck(*, now: datetime) -> int:
    """Step back from work that the queue has given up; return how many runs that were.

    ``now`` only lets runs alone that were asked for a moment ago.
    """
    busy = ImportRun.objects.filter(
        state__in=(State.LOOKING, State.APPLYING, State.UNDOING), made_at__lt=now - A_MOMENT
    )
    stuck = [run for run in busy if not _is_worked_on(run)]
    for run in stuck:
        step_back(run, FAULT)
    return len(stuck)


def _is_worked_on(run: ImportRun) -> bool:
    job = jobs.state_of(job_key(run))
    return job is not None and job.is_open


@transaction.atomic
def purge_details(*, now: datetime) -> int:
    """Destroy, on the purge day of runs, what a page shows of them and what undoing needs."""
    over = ImportRun.objects.filter(
        state__in=(State.DONE, State.UNDONE), purge_on__lte=local_day(now)
    ).exclude(report=b"", journal=b"")
    return over.update(content=b"", report=b"", journal=b"")
