"""What became of points, as a user may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.asks.models import Outcome
from hiwar.asks.queries.disputes import DISPUTES
from hiwar.asks.queries.positions import asks_for

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hiwar.accounts.models import User


def outcomes_for(user: User) -> QuerySet[Outcome]:
    """Return the outcomes of points of asks that a user may read, the latest day first."""
    outcomes = Outcome.objects.filter(point__ask__in=asks_for(user).order_by())
    return outcomes.select_related(
        "point__ask__dossier", "addressee__post__organisation", "commitment", "provision",
        "version__law__dossier", "item", "recorded_by", "confirmed_by",
    ).prefetch_related(DISPUTES).order_by("-on", "-recorded_at", "pk")  # fmt: skip
