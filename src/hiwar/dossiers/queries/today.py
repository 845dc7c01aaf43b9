"""What the room tells the morning page: steps that are due, and what may go wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Max

from hiwar.accounts.queries import readable_by
from hiwar.dossiers.models import Dossier, NextStep, StateChange
from hiwar.dossiers.queries.dossiers import readable_dossiers

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from hiwar.accounts.models import User

SOON = timedelta(days=7)
LONG_ASLEEP = timedelta(days=365)


def due_steps(user: User, today: date) -> QuerySet[NextStep]:
    """Return the steps of readable dossiers that are due within a week, overdue ones first."""
    next_steps = NextStep.objects.filter(
        readable_by(user, Dossier, path="dossier__"),
        dossier__archived_at=None,
        done_at=None,
        due_on__lte=today + SOON,
    )
    return next_steps.select_related("dossier", "owner").order_by("due_on", "pk")


def long_asleep(user: User, today: date) -> list[tuple[Dossier, date]]:
    """Return the readable dossiers dormant for a year, and since when, the longest first."""
    dossiers = readable_dossiers(user).filter(state=Dossier.State.DORMANT)
    since = dict(
        StateChange.objects.filter(dossier__in=dossiers.order_by(), taken_back_at=None)
        .order_by("dossier")
        .values("dossier")
        .annotate(last=Max("on"))
        .values_list("dossier", "last")
    )
    asleep = [(dossier, since[dossier.pk]) for dossier in dossiers if dossier.pk in since]
    asleep = [pair for pair in asleep if pair[1] < today - LONG_ASLEEP]
    return sorted(asleep, key=lambda pair: (pair[1], pair[0].code))
