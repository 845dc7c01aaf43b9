"""The institution for everybody: profile, contact, privacy, and one search over what is public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hiwar.accounts.queries import the_institution
from hiwar.channels.actions.subscribers import KEPT_AFTER_LEAVING
from hiwar.common import dates
from hiwar.common.navigation import page_sources
from hiwar.common.search.query import find
from hiwar.dossiers.queries.public import public_dossiers
from hiwar.publishing.exports.feeds import MIMES, absolute
from hiwar.publishing.queries.profile import (
    former_officers,
    funders_of,
    officers_on,
    the_profile,
)
from hiwar.publishing.views.files import EVERYTHING
from hiwar.publishing.views.keeping import kept_for_a_minute

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

LONGEST, EACH = 200, 10
FORMATS = {"atom": "Atom", "rss": "RSS 2.0", "json": "JSON Feed"}
# Sources from this place on lend pages to the map of the site alone.
NO_NEWS = 90


@require_safe
@kept_for_a_minute
def about(request: HttpRequest, language: str) -> HttpResponse:
    """Show the institution as a directory has it: aims, programmes, office holders, funders."""
    house, profile, today = the_institution(), the_profile(), dates.local_day(timezone.now())
    return render(request, "publishing/public/about.html", {
        "house": house, "profile": profile, "heading": _("Who we are"),
        "officers": officers_on(profile, today) if profile else [],
        "former": former_officers(profile, today) if profile else [],
        "funders": funders_of(profile) if profile else [],
        "modified": dates.instant(_last_change(house, profile)) if house or profile else "",
        "entry": reverse("public_publishing:entry", args=[language]),
        "address": absolute(reverse("public_publishing:about", args=[language])),
    })  # fmt: skip


@require_safe
@kept_for_a_minute
def contact(request: HttpRequest, language: str) -> HttpResponse:
    """Show how a person is reached, the press first in line for those who write about it."""
    return render(request, "publishing/public/contact.html", {
        "profile": the_profile(), "house": the_institution(), "heading": _("Contact"),
    })  # fmt: skip


@require_safe
@kept_for_a_minute
def privacy(request: HttpRequest, language: str) -> HttpResponse:
    """Say what the site keeps of whoever reads it or takes part."""
    return render(request, "publishing/public/privacy.html", {
        "heading": _("Privacy"), "profile": the_profile(),
        "days": settings.RECEIPT_DAYS, "proof_years": KEPT_AFTER_LEAVING.days // 365,
    })  # fmt: skip


@require_safe
@kept_for_a_minute
def feeds(request: HttpRequest, language: str) -> HttpResponse:
    """List the feeds and the calendar that other programs read."""
    sources = [(source.kind, source.label) for source in page_sources() if source.order < NO_NEWS]
    return render(request, "publishing/public/feeds.html", {
        "heading": _("Feeds"),
        "everything": _formats(language, EVERYTHING),
        "calendar": absolute(reverse("public_publishing:calendar", args=[language])),
        "rows": [(label, _formats(language, kind)) for kind, label in sources],
        "dossiers": [
            (dossier, reverse("public_publishing:dossier_feed",
                              args=[language, dossier.code, "atom"]))
            for dossier in public_dossiers()
        ],
    })  # fmt: skip


def _formats(language: str, of: str) -> list[tuple[str, str]]:
    """Return the name and the address of each form of a feed."""
    return [
        (FORMATS[kind], absolute(reverse("public_publishing:feed", args=[language, of, kind])))
        for kind in MIMES
    ]


@require_safe
def search(request: HttpRequest, language: str) -> HttpResponse:
    """Search what is public, whoever asks."""
    text = request.GET.get("q", "")[:LONGEST]
    kind = request.GET.get("kind", "")[:60]
    answer = find(AnonymousUser(), text, kind=kind, size=4 * EACH if kind else EACH)
    response = render(request, "publishing/public/search.html", {
        "heading": _("Search"), "query": text, "answer": answer, "kind": kind,
    })  # fmt: skip
    response["X-Robots-Tag"] = "noindex"
    return response


def _last_change(house: object, profile: object) -> datetime:
    last: datetime = max(each.modified_at for each in (house, profile) if each is not None)  # type: ignore[attr-defined]  # both have it
    return last
