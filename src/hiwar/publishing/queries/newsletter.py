"""Issues of the newsletter: what can stand in one, what it still lacks, what is public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from hiwar.common import dates
from hiwar.common.multilingual import MultilingualText
from hiwar.common.navigation import page_sources
from hiwar.dossiers.queries.dossiers import plain
from hiwar.publishing import rules
from hiwar.publishing.models import Issue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from django.db.models import QuerySet

    from hiwar.accounts.rules import Somebody

    Key = tuple[str, str]

MOST_ENTRIES = 30
# A letter is read on a telephone with a bad line.
LARGEST = 60_000
# From this place on rooms lend pages to the map of the site alone.
NO_NEWS = 90


@dataclass(frozen=True, slots=True)
class Candidate:
    """A public page that can stand in an issue: what it is, its words and paths by language."""

    kind: str
    key: str
    label: str
    title: MultilingualText
    summary: MultilingualText
    paths: Mapping[str, str]
    day: date

    @property
    def missing(self) -> tuple[str, ...]:
        """The languages of the installation in which the page does not exist whole."""
        return tuple(
            code for code, _name in settings.LANGUAGES
            if code not in self.paths or not self.title.get(code)
        )  # fmt: skip


def public_pages(now: datetime, kinds: Iterable[str] = ()) -> dict[Key, Candidate]:
    """Return every public page that is news, by kind and key; of some kinds only, where named."""
    wanted = set(kinds)
    return {
        (source.kind, page.key): Candidate(
            source.kind, page.key, str(source.label), MultilingualText(page.title),
            MultilingualText(page.summary), page.paths, dates.local_day(page.published_at),
        )
        for source in page_sources()
        if source.order < NO_NEWS and (not wanted or source.kind in wanted)
        for page in source.pages(now)
        if page.published_at is not None and page.paths
    }  # fmt: skip


def candidates(issue: Issue, now: datetime) -> list[Candidate]:
    """Return what became public in the days of an issue, the newest first."""
    pages = public_pages(now).values()
    fitting = [page for page in pages if issue.from_day <= page.day <= issue.until_day]
    return sorted(fitting, key=lambda page: (page.day, page.kind, page.key), reverse=True)


def chosen(issue: Issue, now: datetime) -> list[tuple[Key, Candidate | None]]:
    """Return the entries of an issue in their order; None for what is not public any more."""
    keys = [(entry.kind, entry.key) for entry in issue.entries.order_by("position", "pk")]
    pages = public_pages(now, {kind for kind, _key in keys}) if keys else {}
    return [(key, pages.get(key)) for key in keys]


def content_of(issue: Issue, now: datetime) -> dict[str, Any]:
    """Return what an issue says now: title, introduction, entries, each by language."""
    return {
        "title": dict(issue.title),
        "intro": dict(issue.intro),
        "entries": [
            {
                "kind": page.kind, "key": page.key, "label": _labels(page.kind),
                "title": dict(page.title), "summary": dict(page.summary),
                "paths": dict(page.paths), "day": page.day.isoformat(),
            }
            for _key, page in chosen(issue, now)
            if page is not None
        ],
    }  # fmt: skip


def _labels(kind: str) -> dict[str, str]:
    """Return what a kind of page is called, by language."""
    labels = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            labels[code] = next(str(each.label) for each in page_sources() if each.kind == kind)
    return labels


def lacks(issue: Issue, now: datetime) -> list[str]:
    """Return in sentences why an issue cannot go out yet; nothing where it can."""
    names = dict(settings.LANGUAGES)
    reasons = []
    for text, sentence in (
        (issue.title, _("The title is missing in %(language)s.")),
        (issue.intro, _("The introduction is missing in %(language)s.")),
    ):
        reasons += [sentence % {"language": names[code]} for code in text.missing]
    entries = chosen(issue, now)
    if not entries:
        reasons.append(_("Nothing is chosen yet."))
    if any(page is None for _key, page in entries):
        reasons.append(_("Something that was chosen is not public any more. Save the choice anew."))
    for _key, page in entries:
        for code in page.missing if page is not None else ():
            words = {"title": str(page.title), "language": names[code]}  # type: ignore[union-attr]  # asked above
            reasons.append(_("“%(title)s” is not whole in %(language)s.") % words)
    return reasons


def issues_for(user: Somebody, words: str = "", state: str = "") -> QuerySet[Issue]:
    """Return the issues that a user may see at the desk, the last changed first."""
    if not rules.can_see_items(user):
        return Issue.objects.none()
    issues = Issue.objects.order_by("-changed_at", "pk")
    if state:
        issues = issues.filter(state=state)
    if wanted := plain(words).split():
        keys = [
            issue.pk for issue in issues
            if all(word in plain(" ".join(dict(issue.title).values())) for word in wanted)
        ]  # fmt: skip
        issues = issues.filter(pk__in=keys)
    return issues


def issues_waiting_for(user: Somebody) -> QuerySet[Issue]:
    """Return the issues that wait for a second person, where whoever asks may be that person."""
    if not rules.can_publish_items(user):
        return Issue.objects.none()
    return Issue.objects.filter(state=Issue.State.REVIEW).exclude(writers=user.pk)


def public_issues() -> QuerySet[Issue]:
    """Return the issues that everybody reads, the newest first."""
    return Issue.objects.filter(state=Issue.State.APPROVED).order_by("-approved_at", "pk")


def names_of_issues(keys: Iterable[str]) -> dict[str, str]:
    """Return how issues are called in the log, by key: by their code until they are public."""
    return {
        str(issue.pk): str(issue.title) if issue.approved_at else issue.code
        for issue in Issue.objects.filter(pk__in=list(keys))
    }
