"""Papers for everybody: the list, a paper with its versions, and the frozen text to check."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from hiwar.common.dates import local_day
from hiwar.common.desk.pages import attempt_with_form, paged
from hiwar.common.files.pages import attachment
from hiwar.common.links.pages import behind_link
from hiwar.common.refusals import Refused
from hiwar.papers.actions import outside
from hiwar.papers.actions.reviews import Said
from hiwar.papers.exports.reading import Reader, declared_in, language_shown, recommendations_shown
from hiwar.papers.forms.papers import CommentForm
from hiwar.papers.queries.content import content_in
from hiwar.papers.queries.embargo import PRESS
from hiwar.papers.queries.files import file_of, made_files
from hiwar.papers.queries.outside import REVIEW
from hiwar.papers.queries.papers import blocks_of, public_papers, public_versions
from hiwar.papers.queries.reviews import placed_comments
from hiwar.papers.queries.signing import signed_in_public
from hiwar.papers.queries.vocabularies import kind_name

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hiwar.papers.exports.reading import Shown
    from hiwar.papers.models import PaperVersion, PressLink, Review

LONGEST_NUMBER = 4
SUMMARY = "summary"


@require_safe
def papers(request: HttpRequest, language: str) -> HttpResponse:
    """List the published papers, the newest first."""
    page = paged(request, public_papers())
    rows = []
    for version in page["page"].object_list:
        content = content_in(version)
        reader = Reader(content, language_shown(content["languages"], content["language"]))
        rows.append((version, reader.title, kind_name(content["kind"])))
    return render(request, "papers/public/papers.html", {**page, "rows": rows})


def _versions(code: str, number: str = "") -> tuple[PaperVersion, list[PaperVersion]]:
    """Return the version that is asked for, or the newest, and all that were published."""
    versions = public_versions(code)
    wanted = int(number) if number.isdecimal() and len(number) <= LONGEST_NUMBER else 0
    asked = [version for version in versions if not number or version.number == wanted]
    if not asked:
        raise Http404
    return asked[0], versions


def _frozen(version: PaperVersion, reader: Reader, blocks: list[Shown]) -> dict[str, Any]:
    """Return what a page shows of a frozen text."""
    return {"version": version, **_frozen_text(reader, blocks)}


def _frozen_text(reader: Reader, blocks: list[Shown]) -> dict[str, Any]:
    content = reader.content
    return {
        "title": reader.title, "kind": kind_name(content["kind"]),
        "byline": content["byline"], "publisher": reader.text(content["institution"])[0],
        "blocks": blocks, "notes": reader.notes(),
        "recommendations": recommendations_shown(reader, blocks), "declared": declared_in(reader),
        "correction": reader.text(content["correction"])[0],
    }  # fmt: skip


@behind_link(PRESS)
def press(request: HttpRequest, lent: PressLink, token: str) -> HttpResponse:
    """Show a frozen text under embargo to whom it was lent; once it is open, lead to its page."""
    version = lent.version
    content = content_in(version)
    shown = language_shown(content["languages"], content["language"])
    if version.published_at is not None:
        where = [get_language() or shown, version.paper.code, version.number]
        return redirect("public_papers:version", *where)
    reader = Reader(content, shown)
    return render(request, "papers/public/press.html", {
        **_frozen(version, reader, reader.blocks()), "reader": lent,
        "opens": version.opens_on_clock,
    })  # fmt: skip


@behind_link(REVIEW, takes_answers=True)
def outside_review(request: HttpRequest, subject: Review, token: str) -> HttpResponse:
    """Show somebody from outside the draft that was sent; take comments; tell what became of them.

    Opening it changes nothing.
    """
    content, now = subject.sent, timezone.now()
    shown = language_shown(content["languages"], content["language"])
    wanted = request.POST.get("block", "")
    here = f"{reverse('public_papers:review', args=[token])}?language={get_language()}"
    refused = CommentForm(request.POST) if request.method == "POST" and wanted else None
    error = ""
    if refused is not None and refused.is_valid():
        cleaned = refused.cleaned_data
        said = Said(shown, cleaned["text"], cleaned["quote"])
        if attempt_with_form(
            refused,
            lambda: outside.comment_by_link(review=subject, block=wanted, said=said, now=now),
        ):
            return redirect(f"{here}#b-{wanted}")
    elif request.method == "POST" and refused is None:
        try:
            outside.finish_by_link(review=subject, verdict=request.POST.get("verdict", ""), now=now)
        except (Refused, ValidationError) as fault:
            error = " ".join(fault.messages) if isinstance(fault, ValidationError) else str(fault)
        else:
            return redirect(here)
    subject.refresh_from_db()
    reader = Reader(content, shown)
    own = [
        each for each in placed_comments(subject.paper, blocks_of(subject.paper))
        if each.comment.review_id == subject.pk
    ]  # fmt: skip
    blocks = reader.blocks()
    rows = [
        (view, [each for each in own if str(each.comment.block_id) == view.key],
         refused if view.key == wanted and refused is not None
         else CommentForm(auto_id=f"id_{view.key[:8]}_%s"))
        for view in blocks
    ]  # fmt: skip
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, "papers/public/review.html", {
        **_frozen_text(reader, blocks), "review": subject, "rows": rows, "wanted": wanted,
        "error": error, "is_over": subject.finished_at is not None,
        "waiting": sum(not each.comment.disposition for each in own), "own": own,
        "verdict": request.POST.get("verdict", ""),
    }, status=status)  # fmt: skip


@require_safe
def paper(request: HttpRequest, language: str, code: str, number: str = "") -> HttpResponse:
    """Show a paper: for the decider first, then its text, notes, versions, how to cite and check.

    A withdrawn one says why and shows no text.
    """
    version, versions = _versions(code, number)
    content = content_in(version)
    shown = language_shown(content["languages"], content["language"])
    reader = Reader(content, shown)
    blocks = [] if version.withdrawn_at else reader.blocks()
    address = reverse("public_papers:version", args=[language, code, version.number])
    published = version.published_at or version.frozen_at
    first = versions[-1].published_at or published
    return render(request, "papers/public/paper.html", {
        **_frozen(version, reader, blocks), "versions": versions, "language_shown": shown,
        "notes": [] if version.withdrawn_at else reader.notes(),
        "signed": signed_in_public(version), "is_public": True,
        "is_newest": version.number == versions[0].number, "newest": versions[0],
        "address": f"{settings.PUBLIC_ORIGIN}{address}", "published": published,
        "year": local_day(published).year, "first": first,
        "files": [
            {"url": reverse("public_papers:file",
                            args=[row.language, code, version.number, row.form]),
             "name": row.get_form_display(), "size": row.file.size,
             "language": row.language, "is_other": row.language != shown}
            for row in made_files(version) if row.file
        ],
        "json": reverse("public_papers:text", args=[language, code, version.number]),
        "alternates": [
            (other, reverse("public_papers:version", args=[other, code, version.number]))
            for other, _name in settings.LANGUAGES
        ],
    })  # fmt: skip


@require_safe
def file(request: HttpRequest, language: str, code: str, number: str, form: str) -> HttpResponse:
    """Give a published text as PDF or DOCX, where it is made; of a withdrawn version nothing."""
    version, _all = _versions(code, number)
    row = None if version.withdrawn_at else file_of(version, language, form)
    if row is None or row.file is None:
        raise Http404
    return attachment(reader=request.user, file=row.file)


@require_safe
def text(request: HttpRequest, language: str, code: str, number: str) -> HttpResponse:
    """Give the frozen text as it was hashed, byte by byte; of a withdrawn version nothing."""
    version, _all = _versions(code, number)
    if version.withdrawn_at:
        raise Http404
    response = HttpResponse(version.content, content_type="application/json")
    name = f"{code}-{version.number}.json"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
