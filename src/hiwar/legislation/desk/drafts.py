"""Texts of laws from files: brought in, put right beside what the file says, made a version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.analysis.laws.scans import draws_pages
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.pages import attempt, attempt_with_form, key_or_404, part_or_404
from hiwar.common.files.pages import attachment
from hiwar.common.files.types import PDF
from hiwar.common.files.uploads import sent
from hiwar.common.multilingual import direction
from hiwar.common.refusals import Refused
from hiwar.legislation import rules
from hiwar.legislation.actions import drafts as act
from hiwar.legislation.actions.laws import VersionFacts
from hiwar.legislation.desk.pages import law_or_404
from hiwar.legislation.exports.comparison import REASONS
from hiwar.legislation.forms.drafts import DraftFileForm, DraftVersionForm
from hiwar.legislation.models import LawDraft
from hiwar.legislation.queries.drafts import (
    LIKELY,
    SOURCE_KINDS,
    DraftDoubt,
    LawTooLong,
    LawUnread,
    doubts_of,
    may_read_draft_file,
    read_law_file,
    reading_of,
)
from hiwar.legislation.queries.laws import versions_for
from hiwar.legislation.queries.remarks import remarks_html
from hiwar.legislation.queries.scans import SCAN, page_at, picture_of_page, read_scan

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hiwar.analysis.laws.scan_child import ScanAnswer
    from hiwar.common.files.uploads import SentFile


def _draft_or_404(request: HttpRequest, key: str, draft: str) -> LawDraft:
    return part_or_404(
        LawDraft.objects.filter(
            law=law_or_404(request, key), kept_by=me(request), version=None
        ).select_related("law__dossier", "file"),
        draft,
    )


@needs(rules.can_edit_laws)
def bring(request: HttpRequest, key: str) -> HttpResponse:
    """Take a file of a law, read it, and go to what is doubtful in it."""
    user, law = me(request), law_or_404(request, key)
    form = DraftFileForm(*sent(request))
    if form.is_valid():
        file, language = form.cleaned_data["file"], form.cleaned_data["language"]
        try:
            reading = read_law_file(file.content, direction(language))
            drafts = act.bring_law_file(
                actor=user, law=law, sent=file, file=reading, language=language, now=timezone.now()
            )
        except LawUnread as unread:
            scan = _scan_of(form, file, direction(language), unread)
            if scan is not None:
                subject = act.bring_scan(
                    actor=user, law=law, sent=file, scan=scan, language=language,
                    now=timezone.now(),
                )  # fmt: skip
                return redirect("legislation:draft", law.pk, subject.pk)
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            if len(drafts) > 1:
                messages.info(request, _(
                    "This file tracks changes. Both texts are here, with the changes and before "
                    "them: discard the one that is not needed."
                ))  # fmt: skip
            return redirect("legislation:draft", law.pk, drafts[0].pk)
    return form_page(
        request, form, title=_("A text from a file"), verb=_("Read the file"), icon="upload",
        back=reverse("legislation:law", args=[law.pk]), law=law, template="legislation/form.html",
        lead=_("PDF with letters, Word, web page, Akoma Ntoso or plain text. The file is kept "
               "sealed; you put the text right before it becomes a version."),
    )  # fmt: skip


def _scan_of(
    form: DraftFileForm, file: SentFile, side: str, unread: LawUnread
) -> ScanAnswer | None:
    """Return the pages of a file without letters; None with the reason in the form."""
    reason: Refused = unread
    if file.content_type == PDF:
        try:
            scan = read_scan(file.content, side)
        except Refused as refused:
            scan, reason = None, refused
        if scan is not None and not scan.code:
            return scan
        if scan is not None and scan.code == "too_large":
            reason = LawTooLong()
    form.add_error("file", str(reason))
    return None


@needs(rules.can_edit_laws)
def draft_picture(request: HttpRequest, key: str, draft: str, page: int) -> HttpResponse:
    """Give a page of the file as a picture that was drawn here, to its keeper alone."""
    subject = _draft_or_404(request, key, draft)
    try:
        picture = picture_of_page(subject, page)
    except Refused:
        picture = b""
    if not picture:
        raise Http404
    answer = HttpResponse(picture, content_type="image/png")
    answer["Cache-Control"] = "private, no-store"
    return answer


@needs(rules.can_edit_laws)
def draft(request: HttpRequest, key: str, draft: str) -> HttpResponse:
    """Show what is doubtful in a text, one after another, and take what is done about it."""
    subject = _draft_or_404(request, key, draft)
    if request.method == "POST":
        return _repaired(request, subject)
    reading = reading_of(subject)
    doubts = doubts_of(subject, reading)
    open_doubts = [doubt for doubt in doubts if not doubt.is_settled]
    after = int(request.GET["after"]) if request.GET.get("after", "").isdigit() else -1
    shown = next((doubt for doubt in open_doubts if doubt.line > after), None)
    shown = shown or next(iter(open_doubts), None)
    page = _page_shown(request, subject, shown)
    remarks = list(subject.remarks.order_by("position", "pk"))
    return render(request, "legislation/draft.html", {
        "law": subject.law, "draft": subject, "shown": shown,
        "settled": len(doubts) - len(open_doubts), "whole": len(doubts),
        "sureness": sureness(shown) if shown else None,
        "reasons": [REASONS.get(code, code) for code in shown.reasons] if shown else [],
        "source": _around(subject, shown) if shown else [],
        "articles": sum(1 for _article in reading.law.articles()),
        "page": page, "pages": range(1, len(subject.pages) + 1),
        "is_scan": subject.source_kind == SCAN,
        "remarks": remarks_html(remarks) if remarks else "", "remark_count": len(remarks),
        "source_kind": SOURCE_KINDS.get(subject.source_kind, subject.source_kind),
    })  # fmt: skip


def _page_shown(request: HttpRequest, draft: LawDraft, doubt: DraftDoubt | None) -> int:
    """Return which page's picture stands beside the text; 0 where there is none to show."""
    asked = request.GET.get("page", "")
    if draft.source_kind not in {SCAN, "pdf"} or not draws_pages():
        return 0
    if asked.isdecimal() and len(asked) < 5 and int(asked):
        return int(asked)
    if draft.source_kind == SCAN:
        return page_at(draft, _line_in_file(draft, doubt)) if doubt else 1
    return draft.faults[0][0] if draft.faults else 0


def sureness(doubt: DraftDoubt) -> tuple[str, str]:
    """Return how sure the reader is, as a word and a tone."""
    if doubt.kind == "scan":
        if "scanned_number" in doubt.reasons:
            return _("number to be confirmed"), "danger"
        return _("letters to be looked at"), "notice"
    if doubt.kind == "left":
        return _("left as text"), "info"
    if doubt.percent >= LIKELY * 100:
        return _("likely a heading"), "notice"
    return _("doubtful heading"), "danger"


def _around(draft: LawDraft, doubt: DraftDoubt) -> list[tuple[str, bool]]:
    """Return the lines of the file around the doubtful one, as they were read; found by words."""
    lines, at = draft.read.split("\n"), _line_in_file(draft, doubt)
    first = max(0, at - 3)
    return [(line, place == at) for place, line in enumerate(lines[first : at + 4], first)]


def _line_in_file(draft: LawDraft, doubt: DraftDoubt) -> int:
    """Return which line of the text as it was read a doubtful line was."""
    lines = draft.read.split("\n")
    near = [place for place, line in enumerate(lines) if doubt.text and doubt.text in line]
    if near:
        return min(near, key=lambda place: abs(place - doubt.line))
    return min(doubt.line, len(lines) - 1)


def _repaired(request: HttpRequest, draft: LawDraft) -> HttpResponse:
    asked, user, now = request.POST, me(request), timezone.now()
    what = asked.get("what", "")
    line = int(asked["line"]) if asked.get("line", "").isdigit() else -1
    address = reverse("legislation:draft", args=[draft.law_id, draft.pk])
    if what in {"undo", "undo_all"}:
        attempt(
            request,
            lambda: act.undo_repairs(actor=user, draft=draft, is_all=what == "undo_all", now=now),
            _("Undone."),
        )  # fmt: skip
        return redirect(address)
    turn, start = (
        int(asked[name]) if asked.get(name, "").isdigit() else 0 for name in ("turn", "start")
    )
    repair = act.Repair(
        what, line, asked.get("before", ""), turn, asked.get("after", ""), start
    )  # fmt: skip
    attempt(
        request,
        lambda: act.repair_draft(actor=user, draft=draft, repair=repair, now=now),
        _("Done."),
    )
    if what == "type":
        page = request.GET.get("page", "1")
        return redirect(f"{address}?page={int(page) + 1 if page.isdecimal() else 1}")
    return redirect(f"{address}?after={max(line - 1, 0)}" if what != "accept"
                    else f"{address}?after={line}")  # fmt: skip


@needs(rules.can_edit_laws)
def save(request: HttpRequest, key: str, draft: str) -> HttpResponse:
    """Make a version of a text that was put right."""
    subject = _draft_or_404(request, key, draft)
    user = me(request)
    form = DraftVersionForm(versions_for(user, subject.law), request.POST or None)
    if form.is_valid():
        cleaned = form.cleaned_data
        facts = VersionFacts(
            subject.language, cleaned["dated_on"], cleaned["authority"], cleaned["source"],
            cleaned["is_unofficial"], cleaned["visibility"],
            form.versions.get(cleaned["other_language_of"]),
        )  # fmt: skip
        if attempt_with_form(
            form,
            lambda: act.save_draft(actor=user, draft=subject, facts=facts, now=timezone.now()),
        ):
            messages.success(request, _("The version is added."))
            return redirect("legislation:law", subject.law_id)
    return form_page(
        request, form, title=_("Save as a version"), verb=_("Save this version"),
        back=reverse("legislation:draft", args=[subject.law_id, subject.pk]),
        template="legislation/draft_save.html", lead=subject.file.name, law=subject.law,
        draft=subject,
    )  # fmt: skip


@needs(rules.can_edit_laws)
@require_POST
def discard(request: HttpRequest, key: str, draft: str) -> HttpResponse:
    """Throw a text away with its file."""
    subject = _draft_or_404(request, key, draft)
    attempt(
        request,
        lambda: act.discard_draft(actor=me(request), draft=subject, now=timezone.now()),
        _("The text is discarded."),
    )
    return redirect("legislation:law", subject.law_id)


@needs(rules.can_see_laws)
def draft_file(request: HttpRequest, key: str, draft: str) -> HttpResponse:
    """Give the file that a text was read from."""
    law, user = law_or_404(request, key), me(request)
    subject = LawDraft.objects.filter(pk=key_or_404(draft), law=law).select_related("file").first()
    if subject is None or not may_read_draft_file(user, subject.file):
        raise Http404
    return attachment(reader=user, file=subject.file)
