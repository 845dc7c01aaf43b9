"""The published results: the page, its older versions, the data, and a participant's receipt."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.http import http_date
from django.utils.translation import get_language

from hiwar.dialogues.exports import files
from hiwar.dialogues.exports.pages import TYPES, every_statement, one_sheet, page_context
from hiwar.dialogues.models import Publication
from hiwar.dialogues.queries.dialogues import current_round
from hiwar.dialogues.queries.method import LICENCE_URL
from hiwar.dialogues.queries.results import (
    bundle_of,
    embargo_of,
    is_public,
    public_version,
    publications_of,
    receipts_end_at,
)
from hiwar.dialogues.views.pages import (
    address,
    bearer_of,
    page_of,
    person_of,
    public_dialogue,
)

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hiwar.dialogues.models import Dialogue


def results(
    request: HttpRequest, language: str, code: str, version: int | None = None
) -> HttpResponse:
    """Show a version of the results, or say when there will be one."""
    now = timezone.now()
    dialogue = public_dialogue(code)
    try:
        publication = public_version(dialogue, now, version)
    except Publication.DoesNotExist:
        if version is not None:
            raise Http404 from None
        return _not_yet(request, dialogue)
    if publication.state == Publication.State.WITHDRAWN:
        context = {"dialogue": dialogue, "publication": publication}
        page = render(request, "dialogues/public/results_withdrawn.html", context)
        page.status_code = HTTPStatus.GONE
        return page
    versions = [
        publication for publication in publications_of(dialogue) if is_public(publication, now)
    ]
    page = render(
        request, "dialogues/public/results.html", page_context(dialogue, publication, versions)
    )
    page.headers["Last-Modified"] = _modified(publication)
    return page


def statements(request: HttpRequest, language: str, code: str, version: int) -> HttpResponse:
    """Show every statement of a version with its counts, and who said what."""
    dialogue = public_dialogue(code)
    try:
        publication = public_version(dialogue, timezone.now(), version)
    except Publication.DoesNotExist:
        raise Http404 from None
    if publication.state == Publication.State.WITHDRAWN:
        return HttpResponse(status=HTTPStatus.GONE)
    body = every_statement(publication, get_language() or settings.LANGUAGE_CODE)
    context = {"dialogue": dialogue, "publication": publication, "body": body}
    page = render(request, "dialogues/public/results_statements.html", context)
    page.headers["Last-Modified"] = _modified(publication)
    return page


def sheet(request: HttpRequest, language: str, code: str, version: int) -> HttpResponse:
    """Show what a version found on one sheet of paper, to be printed and handed over."""
    dialogue = public_dialogue(code)
    try:
        publication = public_version(dialogue, timezone.now(), version)
    except Publication.DoesNotExist:
        raise Http404 from None
    if publication.state == Publication.State.WITHDRAWN:
        return HttpResponse(status=HTTPStatus.GONE)
    context = page_context(dialogue, publication, [], one_sheet)
    page = render(request, "dialogues/public/results_sheet.html", context)
    page.headers["Last-Modified"] = _modified(publication)
    return page


def data(request: HttpRequest, language: str, code: str, version: int, name: str) -> HttpResponse:
    """Hand out a file of a version that everybody may read."""
    dialogue = public_dialogue(code)
    if name not in TYPES:
        raise Http404
    try:
        publication = public_version(dialogue, timezone.now(), version)
    except Publication.DoesNotExist:
        raise Http404 from None
    if publication.state == Publication.State.WITHDRAWN:
        return HttpResponse(status=HTTPStatus.GONE)
    if name == "votes.zip":
        content = bundle_of(publication)
    elif name == "counts.csv":
        content = files.counts_csv(publication)
    else:
        content = files.results_json(publication).encode()
    response = HttpResponse(content, content_type=TYPES[name])
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{dialogue.code}-{version}-{name}"'
    )
    response.headers["Last-Modified"] = _modified(publication)
    response.headers["Link"] = f'<{LICENCE_URL}>; rel="license"'
    return response


def receipt(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Say what a receipt proves and to whom it tells what, before it is handed out."""
    dialogue = public_dialogue(code)
    person = person_of(bearer_of(request, dialogue), dialogue)
    publication = _published(dialogue)
    return page_of(
        request,
        "receipt",
        dialogue,
        person=person,
        publication=publication,
        until=receipts_end_at(dialogue) if publication and dialogue.log_secret else None,
        warning=files.shown_by(publication.document["tier"]) if publication else "",
    )


def receipt_file(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Hand a participant the proofs of the votes of this browser, and of no other."""
    dialogue = public_dialogue(code)
    person = person_of(bearer_of(request, dialogue), dialogue)
    publication = _published(dialogue)
    if person is None or publication is None:
        raise Http404
    if not dialogue.log_secret:
        return HttpResponse(status=HTTPStatus.GONE)
    content = files.receipts(publication, person.pk, bundle_of(publication))
    response = HttpResponse(content, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{dialogue.code}-receipt.zip"'
    add_never_cache_headers(response)
    return response


def _published(dialogue: Dialogue) -> Publication | None:
    """Return the version that can be read now, None where there is none or it was withdrawn."""
    try:
        publication = public_version(dialogue, timezone.now())
    except Publication.DoesNotExist:
        return None
    return None if publication.state == Publication.State.WITHDRAWN else publication


def _not_yet(request: HttpRequest, dialogue: Dialogue) -> HttpResponse:
    waiting = embargo_of(dialogue, timezone.now())
    stage = current_round(dialogue)
    context = {
        "dialogue": dialogue,
        "until": waiting.embargo_until if waiting else None,
        "last_day": stage.until if stage else "",
        "take_part": address("detail", dialogue) if stage else "",
    }
    return render(request, "dialogues/public/results_not_yet.html", context)


def _modified(publication: Publication) -> str:
    instant = publication.published_at or publication.made_at
    return http_date(instant.timestamp())
