"""Papers for everybody: the list, a paper with its versions, and the frozen text to check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from hiwar.common.dates import local_day
from hiwar.common.desk.pages import paged
from hiwar.common.files.pages import attachment
from hiwar.papers.exports.reading import Reader, language_shown, recommendations_shown
from hiwar.papers.queries.content import content_in
from hiwar.papers.queries.files import file_of, made_files
from hiwar.papers.queries.papers import public_papers, public_versions
from hiwar.papers.queries.signing import signed_in_public
from hiwar.papers.queries.vocabularies import kind_name

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hiwar.papers.models import PaperVersion

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
        "version": version, "versions": versions, "title": reader.title,
        "kind": kind_name(content["kind"]), "byline": content["byline"],
        "publisher": reader.text(content["institution"])[0], "language_shown": shown,
        "blocks": blocks, "notes": [] if version.withdrawn_at else reader.notes(),
        "recommendations": recommendations_shown(reader, blocks),
        "correction": reader.text(content["correction"])[0],
        "signed": signed_in_public(version),
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
