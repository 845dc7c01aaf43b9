"""On which sources of the library talking points rest, and what is used where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from hiwar.accounts.queries import readable_by
from hiwar.dossiers.queries.extension_points import Ground, Use
from hiwar.evidence.queries.grounds import doubts_of, source_keys_of_facts
from hiwar.evidence.queries.library import sources_for
from hiwar.visits import rules
from hiwar.visits.models import TalkingPoint, Visit

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from uuid import UUID

    from hiwar.accounts.models import User


def points_by_source(user: User, keys: Sequence[UUID]) -> dict[UUID, list[Use]]:
    """Return the talking points that rest on sources, of visits that a person may read."""
    uses: dict[UUID, list[Use]] = {}
    if not rules.can_see_visits(user):
        return uses
    points = TalkingPoint.objects.filter(
        readable_by(user, Visit, path="visit__"), source__in=list(keys)
    )
    for point in points.select_related("visit").order_by("visit__code", "position", "pk"):
        if point.source_id is not None:
            url = f"{reverse('visits:pack', args=[point.visit.code])}#points-title"
            text = _("talking point of the visit %(code)s") % {"code": point.visit.code}
            uses.setdefault(point.source_id, []).append(Use(str(point), url, text))
    return uses


def points_by_fact(user: User, keys: Sequence[UUID]) -> dict[UUID, list[Use]]:
    """Return the talking points that rest on the same source as facts."""
    sources = source_keys_of_facts(keys)
    uses = points_by_source(user, list(set(sources.values())))
    return {fact: uses[source] for fact, source in sources.items() if source in uses}


def grounds_of_points(user: User, points: Collection[TalkingPoint]) -> dict[UUID, Ground]:
    """Return the sources that points rest on, as far as a person may read them."""
    wanted = [point.source_id for point in points if point.source_id is not None]
    readable = {source.pk: source for source in sources_for(user).filter(pk__in=wanted)}
    rows = {
        point.pk: (point.source_id, point.checked_on)
        for point in points if point.source_id is not None and point.source_id in readable
    }  # fmt: skip
    doubts = doubts_of(user, rows)
    return {
        key: Ground(
            readable[source].title, reverse("evidence:source", args=[source]), doubts[key]
        )
        for key, (source, _checked) in rows.items()
    }  # fmt: skip
