"""What the steps of a run have in common: planned, written in one transaction, shown."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.common import jobs
from hiwar.common.actions import audit
from hiwar.common.dates import instant, local_day
from hiwar.common.imports.content import (
    ContentUnreadable,
    headings_key,
    journal_of,
    keep_journal,
    keep_report,
    report_of,
    takings,
)
from hiwar.common.imports.importers import Source, importer_of
from hiwar.common.imports.plans import (
    LONGEST_VALUE,
    SHOWN_CHANGES,
    SHOWN_PROBLEMS,
    SHOWN_ROWS,
    Problem,
    Report,
)
from hiwar.common.imports.queries import same_file
from hiwar.common.models import ImportMapping, ImportRun
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from hiwar.common.imports.importers import Importer, Taking
    from hiwar.common.imports.plans import Plan

State = ImportRun.State
KEPT_UNDECIDED = timedelta(days=1)
KEPT_DETAILS = timedelta(days=365)
# More rows than these are worked on beside the requests.
MANY_ROWS = 300
A_MOMENT = timedelta(minutes=5)
FAULT = "fault"


class NotPermitted(Refused):
    """Somebody brings in a file who may not."""

    code = "not_permitted"
    message = _("You may not bring in files here.")


class NothingSent(Refused):
    """No file was chosen."""

    code = "nothing_sent"
    message = _("Choose a file.")


class SameFile(Refused):
    """The very same file was brought in and not undone."""

    code = "same_file"
    message = _(
        "This very file was brought in already and would change nothing. Undo that first if it has "
        "to come again."
    )

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        """Return when the file was brought in, where that is known."""
        return self.text or str(self.message)


class RunSettled(Refused):
    """The run is not in a state that allows this."""

    code = "run_settled"
    message = _(
        "This file was brought in, undone or thrown away in the meantime. Load the page again."
    )


class CannotTake(Refused):
    """A problem keeps the whole file out."""

    code = "cannot_take"
    message = _("This file cannot be brought in as it is. Look at the first problem.")


class ColumnsMissing(Refused):
    """No column stands for what the file cannot do without."""

    code = "columns_missing"
    message = _("Say which columns hold what this kind of file cannot do without.")


class TooLateToUndo(Refused):
    """What undoing needs was destroyed on the purge day."""

    code = "too_late_to_undo"
    message = _("This file was brought in so long ago that it can no longer be undone.")


REFUSALS = (
    SameFile,
    CannotTake,
    ColumnsMissing,
    TooLateToUndo,
    RunSettled,
    NotPermitted,
    ContentUnreadable,
)


def job_key(run: ImportRun) -> str:
    """Return the key under which the work on a run waits."""
    return f"common.import {run.pk}"


def importer_for(kind: str, actor: Any, subject: UUID | None) -> Importer:
    """Return the importer of a kind; raises ``NotPermitted`` for whoever may not use it."""
    importer = importer_of(kind)
    if importer is None or not importer.may(actor, subject):
        raise NotPermitted
    return importer


def found_run(actor: Any, run: ImportRun, *states: str) -> tuple[Importer, ImportRun]:
    """Return the importer and a run in one of these states; raises ``RunSettled``."""
    importer = importer_for(run.kind, actor, run.subject)
    current = ImportRun.objects.filter(pk=run.pk, state__in=states).first()
    if current is None:
        raise RunSettled
    return importer, current


def locked_run(actor: Any, run: ImportRun, *states: str) -> tuple[Importer, ImportRun]:
    """Return the importer and a run, locked; raises ``RunSettled``."""
    importer = importer_for(run.kind, actor, run.subject)
    return importer, lock(run, *states)


def lock(run: ImportRun, *states: str) -> ImportRun:
    """Return a run for changing it; raises ``RunSettled`` when its state is another."""
    locked = ImportRun.objects.select_for_update().filter(pk=run.pk).first()
    if locked is None or locked.state not in states:
        raise RunSettled
    return locked


def work_beside(run: ImportRun, state: str, now: datetime) -> None:
    """Let a worker go on with a run."""
    run.state, run.trouble = state, ""
    run.save()
    jobs.enqueue("common.work_on_import", run.pk, key=job_key(run), now=now)


def look_again(run: ImportRun, importer: Importer, actor: Any, now: datetime) -> ImportRun:
    """Plan outside the transaction: no lock is held while rows are compared."""
    source = Source(run, actor, takings(run, importer), now)
    plan = None if is_long_source(source) else importer.plan(source)
    with transaction.atomic():
        lock(run, State.PREVIEW)
        keep_look(run, source, plan)
    return run


def keep_look(run: ImportRun, source: Source, plan: Plan | None) -> None:
    """Keep what a plan shows; without a plan, let a worker make it."""
    if plan is None:
        run.counts = {"lines": _lines(source)}
        work_beside(run, State.LOOKING, source.now)
        return
    run.state, run.trouble = State.PREVIEW, ""
    _show(run, source, plan)
    run.save()


def look(run: ImportRun, importer: Importer, actor: Any, now: datetime) -> None:
    """Look at a run beside the requests."""
    source = Source(run, actor, takings(run, importer), now)
    jobs.progress(0.1)
    plan = importer.plan(source)
    jobs.progress(0.9)
    with transaction.atomic():
        locked = lock(run, State.LOOKING)
        keep_look(locked, source, plan)


def apply(run: ImportRun, importer: Importer, actor: Any, now: datetime) -> ImportRun:
    """Write a run as one step. The plan is made before the transaction where rules allow it."""
    importer_for(run.kind, actor, run.subject)
    source = Source(run, actor, takings(run, importer), now)
    jobs.progress(0.1)
    plan = None if importer.lock else importer.plan(source)
    jobs.progress(0.5)
    with transaction.atomic():
        _one_at_a_time(run)
        if importer.lock:
            importer.lock(run)
        locked = lock(run, run.state)
        check(locked, importer)
        refuse_same_file(locked)
        source = Source(locked, actor, source.files, now)
        if plan is None:
            plan = importer.plan(source)
        if plan.is_stopped:
            raise CannotTake
        _show(locked, source, plan)
        keep_journal(locked, importer.apply(source=source, plan=plan))
        remember(locked, source.files, now)
        locked.state, locked.trouble, locked.done_at = State.DONE, "", now
        locked.content = b""
        locked.purge_on = local_day(now + KEPT_DETAILS)
        locked.save()
        figures = {name: [0, count] for name, count in locked.counts.items() if _is_figure(count)}
        changed = {"kind": ["", locked.kind], **figures}
        audit(actor, "common.importrun.confirm", locked, at=now, changed=changed)
    return locked


def _one_at_a_time(run: ImportRun) -> None:
    """Wait for others who bring in files of this kind: two of them may be the same file."""
    others = ImportRun.objects.filter(kind=run.kind, subject=run.subject)
    open_runs = others.filter(state__in=(State.PREVIEW, State.APPLYING, State.FAILED))
    list(open_runs.select_for_update().order_by("pk").values_list("pk"))


def undo(run: ImportRun, importer: Importer, actor: Any, now: datetime) -> ImportRun:
    """Take a run back as one step."""
    importer_for(run.kind, actor, run.subject)
    with transaction.atomic():
        locked = lock(run, run.state)
        importer.undo(run=locked, actor=actor, journal=journal_of(locked), now=now)
        locked.state, locked.trouble, locked.journal = State.UNDONE, "", b""
        locked.save()
        audit(actor, "common.importrun.undo", locked, at=now, changed={"kind": ["", locked.kind]})
    return locked


@transaction.atomic
def step_back(run: ImportRun, code: str) -> None:
    """Leave a run as it was before its work began, with what stood in the way."""
    locked = ImportRun.objects.select_for_update().filter(pk=run.pk).first()
    if locked is None:
        return
    back = {State.UNDOING: State.DONE, State.APPLYING: State.PREVIEW, State.LOOKING: State.FAILED}
    was = State(locked.state)
    if was in back:
        # Nothing of it was written: what was done was one transaction, which is gone.
        is_lost = code == FAULT and was != State.UNDOING
        locked.state = State.FAILED if is_lost else back[was]
        locked.trouble = code[:60]
        locked.save(update_fields=["state", "trouble"])


def _show(run: ImportRun, source: Source, plan: Plan) -> None:
    """Keep what the page of a run shows."""
    plan.problems.sort(
        key=lambda problem: (
            not problem.stops,
            not problem.leaves_out,
            problem.is_notice,
            problem.part,
            problem.line,
        )
    )
    listed = [problem for problem in plan.problems if not problem.is_silent]
    run.counts = {
        **plan.counts,
        "lines": _lines(source),
        "problems": plan.kinds(),
        "listed": len(listed),
    }
    report = Report(
        rows=plan.rows[: SHOWN_ROWS * len(source.files)],
        changed=plan.changed[:SHOWN_CHANGES],
        problems=[_short(problem) for problem in listed[:SHOWN_PROBLEMS]],
        not_taken=plan.not_taken,
        headers={code: list(taking.header) for code, taking in source.files.items()},
        about={code: dict(taking.about) for code, taking in source.files.items()},
        answers=dict(plan.answers),
        said={cell: means for cell, means in _said(source).items() if cell in plan.answers},
    )
    keep_report(run, report)


def _said(source: Source) -> dict[str, str]:
    return {cell: means for taking in source.files.values() for cell, means in taking.said.items()}


def _short(problem: Problem) -> Problem:
    if len(problem.value) <= LONGEST_VALUE:
        return problem
    fields = {name: getattr(problem, name) for name in Problem.__struct_fields__}
    return Problem(**{**fields, "value": problem.value[:LONGEST_VALUE]})


def check(run: ImportRun, importer: Importer) -> None:
    """Refuse a run that was never shown, lacks a column or has a problem that stops it."""
    if not run.report:
        raise RunSettled
    if importer.lacks is not None and importer.lacks(run):
        raise ColumnsMissing
    if any(problem.stops for problem in report_of(run).problems):
        raise CannotTake


def refuse_same_file(run: ImportRun) -> None:
    """Refuse files that were brought in and not undone."""
    same = same_file(run)
    if same is None:
        return
    if same.done_at is None:
        raise SameFile
    text = _(
        "This very file was brought in on %(instant)s and would change nothing. Undo that "
        "first if it has to come again."
    )
    raise SameFile(str(text) % {"instant": instant(same.done_at)})


def _lines(source: Source) -> int:
    return sum(len(taking.rows) for taking in source.files.values())


def is_long_source(source: Source) -> bool:
    """Return whether a run has too many rows for a request."""
    return _lines(source) > MANY_ROWS


def _is_figure(count: object) -> bool:
    return isinstance(count, int) and not isinstance(count, bool)


def known_mapping(run: ImportRun, importer: Importer, code: str, taking: Taking) -> dict[str, str]:
    """Return what the headings meant before, or else seem to mean."""
    part = importer.part(code)
    assert part is not None  # noqa: S101 -- its file was taken
    remembered = ImportMapping.objects.filter(
        kind=_mapping_kind(run, code), headings=headings_key(taking)
    ).first()
    if remembered is not None:
        return dict(remembered.mapping)
    return dict(part.proposed(run.options, taking))


def _mapping_kind(run: ImportRun, code: str) -> str:
    return ":".join(filter(None, [run.kind, code, run.options.get("kind", "")]))


def remember(run: ImportRun, taken: Mapping[str, Taking], now: datetime) -> None:
    """Remember what the columns of these headings mean."""
    for code, taking in taken.items():
        ImportMapping.objects.update_or_create(
            kind=_mapping_kind(run, code),
            headings=headings_key(taking),
            defaults={"mapping": run.choices[code]["mapping"], "used_at": now},
        )


def user_of(reference: str) -> Any:
    """Return the account behind a reference."""
    key = reference.rpartition(":")[2]
    return get_user_model()._default_manager.get(pk=key)
