"""Sources at the desk: entered, looked at, judged, with copies and everything that uses them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.analysis.references import lines_of_names
from hiwar.common.desk.pages import attempt, part_or_404
from hiwar.common.files.pages import attachment
from hiwar.common.tables import file_response
from hiwar.evidence import rules
from hiwar.evidence.actions import sources as act
from hiwar.evidence.desk.lists import OF_SOURCES
from hiwar.evidence.desk.pages import (
    FormPage,
    bound,
    form_page,
    library_list,
    quality,
    record_or_404,
)
from hiwar.evidence.forms.library import CheckForm, JudgeForm, LibraryFilterForm, written_in
from hiwar.evidence.forms.sources import CopyForm, SourceForm
from hiwar.evidence.models import Source, SourceCopy
from hiwar.evidence.queries.citing import citation_of, csl_json, in_order_of_bibliography
from hiwar.evidence.queries.library import find, sources_for
from hiwar.evidence.queries.uses import uses_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def _at(source: Source) -> str:
    return reverse("evidence:source", args=[source.pk])


@needs(rules.can_see_evidence)
def list_sources(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()

    def shown(source: Source) -> dict[str, object]:
        words, tone = quality(source)
        is_stale = source.is_stale(today)
        names = lines_of_names(source.authors).replace("\n", _("; "))
        meta = [str(source.get_kind_display()), names, source.publisher, source.issued]
        return {
            "title": source.title, "url": _at(source), "meta": [text for text in meta if text],
            "state": _("not looked at for 12 months") if is_stale else words,
            "tone": "notice" if is_stale else tone,
        }  # fmt: skip

    return library_list(request, Source, "sources", shown, {
        "title": _("Evidence"),
        "lead": _("Sources, evidence, instruments and media items that facts and papers cite."),
        "new_url": reverse("evidence:new_source"), "new_label": _("Enter a source"),
        "list_url": reverse("accounts:import_files", args=[OF_SOURCES]),
        "list_label": _("Bring in a list"),
        "export_url": reverse("evidence:export_sources", args=["json"]),
        "text_url": reverse("evidence:export_sources", args=["txt"]),
        "asked": request.GET.urlencode(),
        "empty_title": _("No source is entered yet"),
        "empty_text": _("A source says where something is known from. It keeps copies with their "
                        "checksums, and shows everything that rests on it."),
    })  # fmt: skip


@needs(rules.can_see_evidence)
def export_sources(request: HttpRequest, kind: str) -> HttpResponse:
    """Give the sources of a list as CSL-JSON for reference managers, or as cited, one a line."""
    wish = LibraryFilterForm(Source, request.GET).wish()
    listed = find(sources_for(me(request)), wish, timezone.localdate())
    if kind == "json":
        entries = [csl_json(source) for source in listed]
        content = json.dumps(entries, ensure_ascii=False, indent=1)
        return file_response(content, "sources.json")
    if kind != "txt":
        raise Http404
    ordered = in_order_of_bibliography(listed, get_language() or settings.LANGUAGE_CODE)
    return file_response("".join(f"{citation_of(each)}\r\n" for each in ordered), "sources.txt")


@needs(rules.can_edit_evidence)
def new(request: HttpRequest) -> HttpResponse:
    form = bound(request, SourceForm)
    return form_page(
        request, form,
        lambda: act.add_source(actor=me(request), values=form.cleaned_data, now=timezone.now()),
        FormPage(
            title=_("Enter a source"), verb=_("Save the source"), done=_("The source is entered."),
            back=reverse("evidence:sources"), after=_at,
        ),
    )  # fmt: skip


@needs(rules.can_see_evidence)
def source(request: HttpRequest, key: str) -> HttpResponse:
    """Show a source: how it is cited, its copies, who looked at it, where it is used."""
    subject = record_or_404(request, Source, key)
    words, tone = quality(subject)
    return render(request, "evidence/source.html", {
        "source": subject,
        "citation": citation_of(subject),
        "quality": words, "tone": tone,
        "is_stale": subject.is_stale(timezone.localdate()),
        "authors": lines_of_names(subject.authors).split("\n") if subject.authors else [],
        "language": dict(written_in()).get(subject.language, subject.language),
        "copies": subject.copies.select_related("file", "added_by").order_by("-taken_on", "pk"),
        "checks": subject.checks.select_related("checked_by").order_by("-on", "-recorded_at", "pk"),
        "uses": uses_of(me(request), subject),
        "may_edit": rules.can_edit_record(request.user, subject),
    })  # fmt: skip


@needs(rules.can_edit_evidence)
def edit(request: HttpRequest, key: str) -> HttpResponse:
    subject = record_or_404(request, Source, key)
    form = bound(request, SourceForm, initial=SourceForm.initial_of(subject))
    return form_page(
        request, form,
        lambda: act.update_source(
            actor=me(request), source=subject, values=form.cleaned_data, now=timezone.now()
        ),
        FormPage(
            title=_("Change the source"), verb=_("Save the source"), done=_("The source is saved."),
            back=_at(subject), record=subject,
        ),
    )  # fmt: skip


@needs(rules.can_edit_evidence)
def judge(request: HttpRequest, key: str) -> HttpResponse:
    subject = record_or_404(request, Source, key)
    initial = {"quality": subject.quality, "reason": subject.quality_reason}
    form = bound(request, JudgeForm, initial=initial)
    return form_page(
        request, form,
        lambda: act.judge(
            actor=me(request), record=subject, now=timezone.now(), **form.cleaned_data
        ),
        FormPage(
            title=_("How good is this source?"), verb=_("Save"), done=_("The quality is stated."),
            back=_at(subject), record=subject,
        ),
    )  # fmt: skip


@needs(rules.can_edit_evidence)
def check(request: HttpRequest, key: str) -> HttpResponse:
    """Note that somebody looked at a source; what rests on it is shown beside."""
    subject = record_or_404(request, Source, key)
    form = bound(request, CheckForm, initial={"on": timezone.localdate()})
    return form_page(
        request, form,
        lambda: act.check(
            actor=me(request), record=subject, now=timezone.now(), **form.cleaned_data
        ),
        FormPage(
            title=_("Look at the source again"), verb=_("Save"), done=_("It is noted."),
            back=_at(subject),
            record=subject, address=subject.url, uses=uses_of(me(request), subject),
        ),
    )  # fmt: skip


@needs(rules.can_edit_evidence)
def keep_copy(request: HttpRequest, key: str) -> HttpResponse:
    subject = record_or_404(request, Source, key)
    form = bound(request, CopyForm, initial={"taken_on": timezone.localdate()})
    return form_page(
        request, form,
        lambda: act.keep_copy(
            actor=me(request), source=subject, sent=form.cleaned_data["copy"],
            taken_on=form.cleaned_data["taken_on"], note=form.cleaned_data["note"],
            now=timezone.now(),
        ),
        FormPage(
            title=_("Keep a copy"), verb=_("Keep the copy"),
            done=_("The copy is kept, with its checksum."), back=_at(subject),
            record=subject,
        ),
    )  # fmt: skip


def _copy_or_404(request: HttpRequest, key: str) -> SourceCopy:
    copies = SourceCopy.objects.select_related("file", "source")
    readable = sources_for(me(request)).order_by()
    return part_or_404(copies.filter(source__in=readable), key)


@needs(rules.can_see_evidence)
def copy(request: HttpRequest, key: str) -> HttpResponse:
    """Give a copy as a file to be saved."""
    return attachment(reader=me(request), file=_copy_or_404(request, key).file)


@require_POST
@needs(rules.can_edit_evidence)
def erase_copy(request: HttpRequest, key: str) -> HttpResponse:
    subject = _copy_or_404(request, key)
    attempt(
        request,
        lambda: act.erase_copy(actor=me(request), copy=subject, now=timezone.now()),
        _("The copy is destroyed."),
    )
    return redirect(_at(subject.source))
