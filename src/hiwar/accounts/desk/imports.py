"""The desk of files brought in, for every room: sent, looked at, confirmed, undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common import jobs, navigation
from hiwar.common.desk.lists import Listing, list_page
from hiwar.common.desk.pages import attempt, attempt_with_form, paged
from hiwar.common.imports import Problem, actions, importer_of, importers
from hiwar.common.imports.content import report_of
from hiwar.common.imports.forms import ColumnsForm, SheetForm, UploadForm
from hiwar.common.imports.importers import Told
from hiwar.common.imports.queries import runs_of
from hiwar.common.models import ImportRun
from hiwar.common.queries import names_of
from hiwar.common.tables import read_upload, sentences
from hiwar.common.templatetags.components import number

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from hiwar.accounts.rules import Somebody
    from hiwar.common.imports import Importer, Report
    from hiwar.common.refusals import Refused

State = ImportRun.State
SHOWN_PROBLEMS = 100
BUSY = (State.LOOKING, State.APPLYING, State.UNDOING)
OUTCOMES = {
    "new": (pgettext_lazy("row of a file", "new"), "primary"),
    "changed": (pgettext_lazy("row of a file", "changes what is there"), "notice"),
    "known": (pgettext_lazy("row of a file", "there already"), ""),
    "left_out": (pgettext_lazy("row of a file", "left out"), "danger"),
}
COLUMN = lazy("This column is not taken")


def may_import(user: Somebody) -> bool:
    """Return whether the user may bring in files of any kind."""
    return any(importer.may(user, None) for importer in importers())


@needs(may_import)
def import_files(request: HttpRequest, kind: str, subject: UUID | None = None) -> HttpResponse:
    """List the files of a kind brought in so far, and take a new one."""
    importer = importer_of(kind)
    if importer is None or importer.is_for_records != (subject is not None):
        raise Http404
    home = importer.home(me(request), subject)
    navigation.stand_under(request, home.url)
    if not importer.may(me(request), subject):
        raise PermissionDenied
    is_sent = request.method == "POST"
    form = UploadForm(
        importer, request.POST if is_sent else None, request.FILES if is_sent else None
    )
    prepared: list[ImportRun] = []
    if form.is_valid() and attempt_with_form(
        form, lambda: prepared.append(_prepare(request, importer, form, subject))
    ):
        return redirect("accounts:import_run", prepared[0].pk)
    runs = paged(request, runs_of([kind], subject))
    names = names_of(run.made_by for run in runs["page"])
    nothing = _("No file was brought in yet.")
    listing = Listing(
        title=str(importer.title),
        lead=_(
            "A file is looked at first. Nothing is saved before you say so, and each file can be "
            "undone as one step."
        ),
        url=request.path,
        everything="",
        no_match=nothing,
        none_yet=nothing,
        is_quiet=True,
    )
    return list_page(
        request,
        "accounts/imports.html",
        listing,
        page=runs,
        rows=[(run, names.get(run.made_by, "")) for run in runs["page"]],
        importer=importer,
        home=home,
        form=form,
    )


def _prepare(
    request: HttpRequest, importer: Importer, form: UploadForm, subject: UUID | None
) -> ImportRun:
    limits = importer.limits
    sent = {part.code: form.cleaned_data.get(part.code) for part in importer.parts}
    return actions.prepare_run(
        actor=me(request),
        kind=importer.kind,
        subject=subject,
        options=form.chosen(),
        # Read before any transaction, and apart from this process.
        files={
            code: read_upload(file.read(limits.size + 1), file.name or "", limits)
            for code, file in sent.items()
            if file
        },
        now=timezone.now(),
    )


@needs(may_import)
def import_run(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show what a file would do, or did: problems first, then the rows as they will be."""
    run, importer = _run_or_404(request, key)
    report = report_of(run)
    forms = _forms(request, run, importer, report)
    home = importer.home(me(request), run.subject)
    navigation.stand_under(request, home.url)
    if request.method == "POST" and run.state == State.PREVIEW and _changed(request, run, forms):
        return redirect("accounts:import_run", run.pk)
    job = jobs.state_of(actions.job_key(run)) if run.state in BUSY else None
    problems = report.problems[:SHOWN_PROBLEMS]
    context = {
        "run": run,
        "importer": importer,
        "home": home,
        "by": names_of([run.made_by]).get(run.made_by, ""),
        "is_busy": run.state in BUSY,
        "share": round(100 * job.progress) if job else 0,
        "trouble": _trouble(run, importer),
        "forms": forms,
        "lacks": importer.lacks is not None and importer.lacks(run),
        "is_stopped": any(problem.stops for problem in report.problems),
        "problems": [(problem, _told(importer, problem)) for problem in problems],
        "more": run.counts.get("listed", 0) - len(problems),
        "kinds": _kinds(importer, run),
        "figures": [
            {"label": str(label), "value": number(run.counts[name])}
            for name, label in importer.figures.items()
            if name in run.counts
        ],
        "lost": [
            (importer.not_taken.get(entry.why, COLUMN), entry.title, entry.count)
            for entry in report.not_taken
        ],
        "read": [
            *(text for about in report.about.values() for text in sentences(about)),
            *(importer.say(run, report) if importer.say else ()),
        ],
        "tables": _tables(run, importer, report),
        "changed": [
            (row.line, row.cells[0], importer.changes.get(entry.field, entry.field), entry)
            for row in report.changed
            for entry in row.changes
        ],
        "follow": importer.follow(request, run) if importer.follow else [],
    }  # fmt: skip
    return render(request, "accounts/import_run.html", context)


def _run_or_404(request: HttpRequest, key: UUID) -> tuple[ImportRun, Importer]:
    run = get_object_or_404(ImportRun, pk=key)
    importer = importer_of(run.kind)
    if importer is None:
        raise Http404
    importer.home(me(request), run.subject)
    if not importer.may(me(request), run.subject):
        raise PermissionDenied
    return run, importer


def _forms(
    request: HttpRequest, run: ImportRun, importer: Importer, report: Report
) -> list[dict[str, Any]]:
    """Return the forms of each file: its sheet and its columns."""
    if run.state != State.PREVIEW:
        return []
    listed = []
    for part in importer.parts:
        if not report.headers.get(part.code):
            continue
        sent = request.POST if request.POST.get("part") == part.code else None
        about, header = report.about.get(part.code, {}), report.headers[part.code]
        sheets = [str(about["sheet"]), *_texts(about["left"])] if about else []
        is_sheet = bool(sent and "choose" in sent)
        chosen = run.choices.get(part.code, {})
        listed.append(
            {
                "part": part,
                "columns": ColumnsForm(
                    part, header, chosen.get("mapping", {}), run.options,
                    None if is_sheet else sent, prefix=part.code,
                    answers=report.answers, meanings=importer.meanings,
                ),
                "sheet": SheetForm(
                    sheets, sheets[0], sent if is_sheet else None,
                    prefix=f"{part.code}-sheet", initial={"line": about.get("line")},
                ) if sheets else None,
            }
        )  # fmt: skip
    return listed


def _texts(value: object) -> list[str]:
    return [str(text) for text in value] if isinstance(value, list) else []


def _changed(request: HttpRequest, run: ImportRun, forms: list[dict[str, Any]]) -> bool:
    """Take what one of the forms says; return whether the file was looked at again."""
    actor, now = me(request), timezone.now()
    for entry in forms:
        part, columns, sheet = entry["part"].code, entry["columns"], entry["sheet"]
        if columns.is_bound and columns.is_valid():
            return _attempt_look(
                request,
                lambda columns=columns, part=part: actions.change_mapping(  # type: ignore[misc]
                    actor=actor, run=run, part=part, mapping=columns.mapping(), now=now,
                    said=columns.said(),
                ),
            )  # fmt: skip
        if sheet is not None and sheet.is_bound and sheet.is_valid():
            said = sheet.cleaned_data
            return _attempt_look(
                request,
                lambda said=said, part=part: actions.choose_sheet(  # type: ignore[misc]
                    actor=actor, run=run, part=part, sheet=said.get("sheet", ""),
                    line=said["line"], now=now,
                ),
            )  # fmt: skip
    return False


def _attempt_look(request: HttpRequest, act: Callable[[], object]) -> bool:
    return attempt(request, act, _("The file was looked at again."))


def _trouble(run: ImportRun, importer: Importer) -> str:
    if not run.trouble:
        return ""
    refusals: tuple[type[Refused], ...] = (*actions.REFUSALS, *importer.refusals)
    known = {refusal.code: refusal for refusal in refusals}
    if run.trouble in known:
        return str(known[run.trouble].message)
    return _("Something went wrong in the software. Nothing of the file was written; it was noted.")


def _told(importer: Importer, problem: Problem) -> Told:
    if importer.tell is not None:
        return importer.tell(problem)
    what, happens = importer.problems.get(problem.code, (problem.code, ""))
    return Told(what, happens, problem.value)


def _kinds(importer: Importer, run: ImportRun) -> list[tuple[Told, int]]:
    """Return how often each kind of problem occurs, in words."""
    counted = []
    for kind, count in run.counts.get("problems", {}).items():
        counted.append((_told(importer, _problem_of(kind, importer)), count))
    return counted


def _problem_of(kind: str, importer: Importer) -> Problem:
    names = kind.split(":")
    part = names.pop(0) if len(names) > 1 and importer.part(names[0]) else ""
    return Problem(names[0], part=part, detail=names[1] if len(names) > 1 else "")


def _tables(run: ImportRun, importer: Importer, report: Report) -> list[dict[str, Any]]:
    """Return the first rows of each file as they would be."""
    tables = []
    for part in importer.parts:
        code = part.code if len(importer.parts) > 1 else ""
        rows = [row for row in report.rows if row.part == code]
        if rows:
            shown = [str(label) for label in part.headings(run.options)]
            tables.append(
                {
                    "title": str(part.label),
                    "shown": shown,
                    "rows": [
                        (row, *OUTCOMES[row.outcome], list(zip(shown, row.cells, strict=False)))
                        for row in rows
                    ],
                }
            )
    return tables


@require_POST
@needs(may_import)
def confirm_import(request: HttpRequest, key: UUID) -> HttpResponse:
    run, _importer = _run_or_404(request, key)
    attempt(
        request,
        lambda: actions.confirm_run(actor=me(request), run=run, now=timezone.now()),
        "" if _is_long(run) else _("The file was brought in. It can be undone as one step."),
    )
    return redirect("accounts:import_run", run.pk)


@require_POST
@needs(may_import)
def discard_import(request: HttpRequest, key: UUID) -> HttpResponse:
    run, _importer = _run_or_404(request, key)
    if not attempt(
        request,
        lambda: actions.discard_run(actor=me(request), run=run, now=timezone.now()),
        _("The file was thrown away. Nothing was saved."),
    ):
        return redirect("accounts:import_run", run.pk)
    if run.subject:
        return redirect("accounts:import_files_of", run.kind, run.subject)
    return redirect("accounts:import_files", run.kind)


@require_POST
@needs(may_import)
def undo_import(request: HttpRequest, key: UUID) -> HttpResponse:
    run, _importer = _run_or_404(request, key)
    attempt(
        request,
        lambda: actions.undo_run(actor=me(request), run=run, now=timezone.now()),
        "" if _is_long(run) else _("The file was undone. Everything is as it was before."),
    )
    return redirect("accounts:import_run", run.pk)


def _is_long(run: ImportRun) -> bool:
    return bool(run.counts.get("lines", 0) > actions.MANY_ROWS)
