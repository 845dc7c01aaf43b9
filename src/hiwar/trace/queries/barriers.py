"""What was done about barriers: recommended, asked, promised, and whether that was kept."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import pgettext

from hiwar.asks.models import Ask, Commitment
from hiwar.asks.queries.positions import asks_for
from hiwar.dossiers.queries.extension_points import BarrierLink
from hiwar.papers.models import Recommendation
from hiwar.papers.queries.papers import papers_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hiwar.accounts.models import User


def links_of_barriers(user: User, keys: Sequence[UUID]) -> dict[UUID, list[BarrierLink]]:
    """Return by barrier what a person may read of what was done about it; three queries.

    A commitment belongs to the barrier of the recommendation that its point asks for, and to that
    of its ask.
    """
    links: dict[UUID, list[BarrierLink]] = {}
    for key, link in (*_recommended(user, keys), *_asked(user, keys), *_promised(user, keys)):
        links.setdefault(key, []).append(link)
    return links


def _recommended(user: User, keys: Sequence[UUID]) -> Iterator[tuple[UUID, BarrierLink]]:
    rows = Recommendation.objects.filter(
        barrier__in=keys, block__deleted_at=None,
        block__paper__in=papers_for(user).order_by().values("pk"),
    ).select_related("block__paper")  # fmt: skip
    label = pgettext("traced", "recommendation")
    for row in rows.order_by("block__paper__code", "block__position"):
        paper = row.block.paper
        if row.barrier_id is not None:
            yield row.barrier_id, BarrierLink(
                "recommendation", label, paper.state, str(paper.get_state_display()),
                str(row.block), reverse("trace:walk", args=["recommendation", row.pk.hex]),
            )  # fmt: skip


def _asked(user: User, keys: Sequence[UUID]) -> Iterator[tuple[UUID, BarrierLink]]:
    label = pgettext("traced", "ask")
    for ask in asks_for(user).filter(barrier__in=keys):
        if ask.barrier_id is not None:
            yield ask.barrier_id, BarrierLink(
                "ask", label, ask.state, str(ask.get_state_display()), str(ask),
                reverse("asks:ask", args=[ask.pk]),
            )  # fmt: skip


def _promised(user: User, keys: Sequence[UUID]) -> Iterator[tuple[UUID, BarrierLink]]:
    asks = asks_for(user).exclude(state=Ask.State.DROPPED).order_by().values("pk")
    rows = Commitment.objects.filter(
        Q(point__recommendation__barrier__in=keys) | Q(point__ask__barrier__in=keys),
        point__ask__in=asks,
    ).select_related("point__recommendation", "point__ask")
    label, wanted = pgettext("traced", "commitment"), set(keys)
    for row in rows.order_by("made_on", "pk"):
        recommendation = row.point.recommendation
        barriers = {row.point.ask.barrier_id, recommendation and recommendation.barrier_id}
        for key in barriers & wanted:
            yield UUID(str(key)), BarrierLink(
                "commitment", label, row.state, str(row.get_state_display()), str(row),
                reverse("trace:walk", args=["commitment", row.pk.hex]),
            )  # fmt: skip
