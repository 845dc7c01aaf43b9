"""For everybody: areas of work, public dossiers, joint statements with their versions and files."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_safe

from hiwar.common import dates
from hiwar.common.files.pages import attachment
from hiwar.common.home_page import HomeItem, HomeSection
from hiwar.dossiers.exports.joint_pages import page_context
from hiwar.dossiers.queries.extension_points import public_facets, public_river
from hiwar.dossiers.queries.joint import (
    print_of,
    public_statements,
    published_texts,
    signatories,
)
from hiwar.dossiers.queries.public import areas_of_work, public_changes, public_dossier
from hiwar.dossiers.queries.vocabularies import word
from hiwar.signatures.exports.signatories import signatories_csv, signatories_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.http import HttpRequest

    from hiwar.dossiers.models import JointText

PDF = "application/pdf"
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ON_FIRST_PAGE = 3


@require_safe
def work(request: HttpRequest, language: str) -> HttpResponse:
    """List the areas of work with the dossiers that everybody may read."""
    return render(request, "dossiers/public/work.html", {"areas": areas_of_work()})


@require_safe
def dossier(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show what everybody may read of a dossier, and what rooms lend of what hangs on it."""
    subject = public_dossier(code)
    if subject is None:
        raise Http404
    now = timezone.now()
    shown = get_language() or settings.LANGUAGE_CODE
    path = reverse("public_dossiers:dossier", args=[shown, subject.code])
    context = {
        "dossier": subject,
        "changes": public_changes(subject),
        "statements": public_statements(subject),
        "facets": public_facets(subject, shown, now),
        "river": public_river(subject, shown, now),
        "address": f"{settings.PUBLIC_ORIGIN}{path}",
    }
    return render(request, "dossiers/public/dossier.html", context)


@require_safe
def statements(request: HttpRequest, language: str) -> HttpResponse:
    """List the joint statements that everybody may read, the newest first."""
    rows = [
        (text, word("joint_kind", text.statement.kind), signatories(text))
        for text in public_statements()
    ]
    return render(request, "dossiers/public/statements.html", {"rows": rows})


@require_safe
def statement(
    request: HttpRequest, language: str, code: str, number: str | None = None
) -> HttpResponse:
    """Show a joint statement with who signed it, or say that it was withdrawn."""
    versions, text = _published(code, number)
    if text.statement.withdrawn_at is not None:
        return _gone(request, text)
    shown = get_language() or settings.LANGUAGE_CODE
    page = render(request, "dossiers/public/statement.html", page_context(text, versions, shown))
    page["Last-Modified"] = _modified(text)
    return page


@require_safe
def statement_file(
    request: HttpRequest, language: str, code: str, number: str, name: str
) -> HttpResponse:
    """Hand out a version as PDF, or its list of signatories as a table."""
    _versions, text = _published(code, number)
    if text.statement.withdrawn_at is not None:
        return _gone(request, text)
    if name == "statement.pdf":
        printed = print_of(text, get_language() or settings.LANGUAGE_CODE)
        if printed is None or printed.file is None:
            raise Http404
        response = attachment(reader=request.user, file=printed.file)
    else:
        content, kind = _list(text, name)
        response = HttpResponse(content, content_type=kind)
        response["Content-Disposition"] = f'attachment; filename="{code}-{text.number}-{name}"'
    response["Last-Modified"] = _modified(text)
    return response


def _list(text: JointText, name: str) -> tuple[bytes, str]:
    if name == "signatories.csv":
        return signatories_csv(signatories(text)), CSV
    if name == "signatories.xlsx":
        return signatories_xlsx(signatories(text)), XLSX
    raise Http404


def _published(code: str, number: str | None) -> tuple[list[JointText], JointText]:
    """Return the published versions and the one that is asked for; the newest without a number."""
    versions = published_texts(code)
    wanted = [text for text in versions if number is None or str(text.number) == number]
    if not wanted:
        raise Http404
    return versions, wanted[0]


def _gone(request: HttpRequest, text: JointText) -> HttpResponse:
    context = {"text": text, "statement": text.statement}
    return render(request, "dossiers/public/statement_gone.html", context, status=HTTPStatus.GONE)


def _modified(text: JointText) -> str:
    assert text.published_at is not None  # noqa: S101 - a constraint of the table
    return http_date(text.published_at.timestamp())


def latest_statements(language: str, now: datetime) -> Iterator[HomeItem]:
    """Yield the joint statements published last, each with who signed in figures."""
    for text in public_statements()[:MOST_ON_FIRST_PAGE]:
        yield HomeItem(
            title=text.title.marked,
            url=reverse("public_dossiers:statement", args=[language, text.statement.code]),
            text=signatories(text).sentence,
            facts=(dates.day(text.published_at),) if text.published_at else (),
        )


STATEMENTS = HomeSection(
    "statements",
    30,
    gettext_lazy("Joint statements"),
    latest_statements,
    "public_dossiers:statements",
    gettext_lazy("All joint statements"),
)
