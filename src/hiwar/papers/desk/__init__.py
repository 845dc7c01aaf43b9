"""Papers at the desk: their line in the menu, what waits on the morning page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from hiwar.accounts.models import User
from hiwar.common.navigation import Due, Entry, Risk
from hiwar.common.templatetags.components import number
from hiwar.papers import rules
from hiwar.papers.queries.citations import Readings, citations_of
from hiwar.papers.queries.embargo import due_versions, embargoed_version
from hiwar.papers.queries.papers import papers_for, reviews_waiting_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

MOST = 12


def _may_see(request: HttpRequest) -> bool:
    return rules.can_see_papers(request.user) and bool(request.session.get("factor"))


def due(request: HttpRequest) -> Iterator[Due]:
    """Yield the reviews that whoever asks was asked for."""
    user = request.user
    if not isinstance(user, User) or not rules.can_see_papers(user):
        return
    for review in reviews_waiting_for(user)[:MOST]:
        url = reverse("papers:review", args=[review.pk])
        yield Due(str(review.paper), _("Review of a paper"), url, on=review.due_on)
    embargoed = papers_for(user).filter(state="embargoed", owner=user)
    for paper in embargoed.order_by("pk")[:MOST]:
        version = embargoed_version(paper)
        if version is not None:
            url = reverse("papers:embargo", args=[paper.code])
            yield Due(str(paper), _("A paper opens by the clock"), url, on=version.opens_on)


def risks(request: HttpRequest) -> Iterator[Risk]:
    """Yield each paper whose evidence moved or ended, and what should be open and is not."""
    late = [version.paper_id for version in due_versions(timezone.now())]
    for paper in papers_for(request.user).filter(pk__in=late).order_by("pk")[:MOST]:
        url = reverse("papers:ready", args=[paper.code])
        yield Risk(str(paper), _("should have opened by now"), url)
    user = request.user
    if not isinstance(user, User) or not rules.can_edit_papers(user):
        return
    readings = Readings(timezone.now())
    for paper in papers_for(user).filter(owner=user).exclude(state="withdrawn")[:MOST]:
        count = 0
        for citation in citations_of(paper):
            reading = readings.of(citation)
            count += bool(reading.ended) or readings.is_moved(citation, reading)
        if count:
            text = ngettext(
                "%(n)s reference says something else now",
                "%(n)s references say something else now", count,
            )  # fmt: skip
            url = reverse("papers:citations", args=[paper.code])
            yield Risk(str(paper), text % {"n": number(count)}, url)


MENU = (
    Entry(
        44, pgettext_lazy("written by the institution", "Papers"), "paper", "papers:list", _may_see
    ),
)
