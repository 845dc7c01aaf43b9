"""What a point of an ask may rest on: recommendations, amendments and articles of its dossier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hiwar.legislation.models import Amendment, Law, LawVersion, Provision
from hiwar.legislation.queries.amendments import amendments_for
from hiwar.legislation.queries.laws import laws_for, versions_for
from hiwar.legislation.queries.public import articles_of
from hiwar.papers.models import Recommendation
from hiwar.papers.queries.papers import papers_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hiwar.accounts.models import User
    from hiwar.asks.models import AskPoint
    from hiwar.dossiers.models import Dossier

    Target = Recommendation | Amendment | Provision
    Choices = list[tuple[str, Any]]


def targets_for(user: User, dossier: Dossier) -> Choices:
    """Return what a user may point at in a dossier, as grouped choices; the first is nothing."""
    groups: Choices = [("", _("Nothing yet"))]
    proposal = pgettext("law", "Proposal")
    recommendations = [
        (f"recommendation:{row.pk}", f"{row.block.paper}: {str(row.block)[:90]}")
        for row in _recommendations(user, dossier)
    ]
    if recommendations:
        groups.append((_("Recommendations"), recommendations))
    for law in laws_for(user).filter(dossier=dossier):
        amendments = [
            (f"amendment:{row.pk}", f"{proposal} {row.number}: {row.eid}")
            for row in _amendments(user, law)
        ]
        version = _latest(user, law)
        articles = [
            (f"provision:{row.pk}", " · ".join(filter(None, (row.label, row.heading))) or row.eid)
            for row in (articles_of(version) if version is not None else [])
        ]
        if amendments or articles:
            groups.append((str(law.title), [*amendments, *articles]))
    return groups


def target_of(user: User, dossier: Dossier, key: str) -> Target | None:
    """Return what a key of ``targets_for`` names, or None where the user may not point at it."""
    kind, _colon, pk = key.partition(":")
    if kind == "recommendation":
        return next((row for row in _recommendations(user, dossier) if str(row.pk) == pk), None)
    for law in laws_for(user).filter(dossier=dossier):
        if kind == "amendment":
            row = next((row for row in _amendments(user, law) if str(row.pk) == pk), None)
            if row is not None:
                return row
        version = _latest(user, law)
        if kind == "provision" and version is not None:
            article = next((row for row in articles_of(version) if str(row.pk) == pk), None)
            if article is not None:
                return article
    return None


def words_of_target(user: User, point: AskPoint) -> str:
    """Return what a point rests on, in words; empty where it rests on nothing yet.

    Of a paper or law that the reader may not read it is said that it is there, and not which.
    """
    if point.recommendation is not None:
        paper = point.recommendation.block.paper
        return _named(_("Recommendation"), paper, is_open=paper in papers_for(user))
    if point.amendment is not None:
        proposal = pgettext("law", "Proposal")
        law = point.amendment.law
        what = f"{proposal} {point.amendment.number}"
        return _named(what, law, is_open=law in laws_for(user))
    if point.provision is not None:
        version = point.provision.version
        is_open = version in versions_for(user, version.law) and version.law in laws_for(user)
        article = str(point.provision) if is_open else _("Article")
        return _named(article, version.law, is_open=is_open)
    return ""


def _named(what: str, of: object, *, is_open: bool) -> str:
    closed = _("not open to you")
    return f"{what}: {of if is_open else closed}"


def _recommendations(user: User, dossier: Dossier) -> Iterator[Recommendation]:
    papers = papers_for(user).filter(dossier=dossier).order_by().values("pk")
    rows = Recommendation.objects.filter(block__paper__in=papers, block__deleted_at=None)
    yield from rows.select_related("block__paper").order_by("block__paper__code", "block__position")


def _amendments(user: User, law: Law) -> Iterator[Amendment]:
    yield from amendments_for(user, law).filter(state=Amendment.State.ADOPTED)


def _latest(user: User, law: Law) -> LawVersion | None:
    return versions_for(user, law).first()
