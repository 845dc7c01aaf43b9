"""What other programs ask of the site: feeds, calendar, map, rules for robots, security contact."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hiwar.accounts.queries import institution_name, the_institution
from hiwar.common.dates import local_day
from hiwar.common.navigation import page_sources
from hiwar.dossiers.queries.public import public_dossier
from hiwar.events.exports.calendar import calendar_of
from hiwar.events.queries.events import next_public_events
from hiwar.publishing.exports.feeds import MIMES, absolute, feed_of, sitemap_of
from hiwar.publishing.exports.profile import directory_entry
from hiwar.publishing.exports.public_pages import mapped, news
from hiwar.publishing.queries.profile import the_profile
from hiwar.publishing.views.keeping import for_other_sites, kept_for_a_minute

if TYPE_CHECKING:
    from django.http import HttpRequest

MOST_EVENTS = 200
# The feed of everything that is new, among those of one kind.
EVERYTHING = "news"
# RFC 9116: the file says until when it holds, less than a year ahead.
SECURITY_DAYS = timedelta(days=180)


@for_other_sites
@require_safe
@kept_for_a_minute
def feed(request: HttpRequest, language: str, of: str, kind: str) -> HttpResponse:
    """Give what is new on the site in a language as a feed: everything, or of one kind."""
    names = {source.kind: str(source.label) for source in page_sources()}
    if kind not in MIMES or (of != EVERYTHING and of not in names):
        raise Http404
    pages = news(language, timezone.now(), "" if of == EVERYTHING else of)
    title = " · ".join(filter(None, (institution_name(language, otherwise="Hiwar"), names.get(of))))
    return HttpResponse(feed_of(pages, language, kind, title, request.path), MIMES[kind])


@for_other_sites
@require_safe
@kept_for_a_minute
def dossier_feed(request: HttpRequest, language: str, code: str, kind: str) -> HttpResponse:
    """Give what is new of a dossier that everybody may read."""
    dossier = public_dossier(code)
    if dossier is None or kind not in MIMES:
        raise Http404
    pages = news(language, timezone.now(), dossier=dossier.code)
    house = institution_name(language, otherwise="Hiwar")
    title = f"{house} · {dossier.title.in_language(language)}"
    return HttpResponse(feed_of(pages, language, kind, title, request.path), MIMES[kind])


@require_safe
@kept_for_a_minute
def calendar(request: HttpRequest, language: str) -> HttpResponse:
    """Give the events that everybody may attend as a calendar."""
    events = next_public_events(timezone.now(), MOST_EVENTS)
    content = calendar_of(events, name=institution_name(language, otherwise="Hiwar")).to_ical()
    return HttpResponse(content, "text/calendar; charset=utf-8")


@require_safe
@kept_for_a_minute
def entry(request: HttpRequest, language: str) -> JsonResponse:
    """Give the profile of the institution for directories, in the words of schema.org."""
    house = the_institution()
    if house is None:
        raise Http404
    document = directory_entry(house, the_profile(), language, local_day(timezone.now()))
    return JsonResponse(
        document, content_type="application/ld+json", json_dumps_params={"ensure_ascii": False}
    )


@require_safe
@kept_for_a_minute
def sitemap(request: HttpRequest) -> HttpResponse:
    """Give the map of the site with every language of a page beside it."""
    return HttpResponse(sitemap_of(mapped(timezone.now())), "application/xml; charset=utf-8")


@require_safe
@kept_for_a_minute
def robots(request: HttpRequest) -> HttpResponse:
    """Tell robots where not to go: private links, the desk, pages of participants."""
    lines = ["User-agent: *"]
    lines += [f"Disallow: {path}" for path in ("/desk/", "/e/", "/j/", "/comment/", "/calendar/")]
    lines += [f"Disallow: /{code}/search/" for code, _name in settings.LANGUAGES]
    lines += ["", f"Sitemap: {absolute(reverse('public_publishing:sitemap'))}", ""]
    return HttpResponse("\n".join(lines), "text/plain; charset=utf-8")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Say whom to tell of a weakness, as RFC 9116 has it; nothing where nobody is named."""
    profile = the_profile()
    if profile is None or not profile.security_email:
        raise Http404
    until = (timezone.now() + SECURITY_DAYS).replace(microsecond=0)
    languages = ", ".join(code for code, _name in settings.LANGUAGES)
    lines = [
        f"Contact: mailto:{profile.security_email}", f"Expires: {until.isoformat()}",
        f"Preferred-Languages: {languages}",
        f"Canonical: {absolute(reverse('public_publishing:security'))}", "",
    ]  # fmt: skip
    return HttpResponse("\n".join(lines), "text/plain; charset=utf-8")
