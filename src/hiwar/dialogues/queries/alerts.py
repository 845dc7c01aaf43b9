"""Alerts that nobody has looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, QuerySet

from hiwar.dialogues.models import Alert, Dialogue

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID


def unseen_alerts(dialogue: Dialogue) -> QuerySet[Alert]:
    """Return what is still to be looked at in a dialogue, the newest first."""
    alerts = Alert.objects.filter(dialogue=dialogue, seen_at=None).select_related("statement")
    return alerts.order_by("-made_at", "pk")


def alert_counts(dialogues: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many alerts wait in each dialogue."""
    alerts = Alert.objects.filter(dialogue__in=dialogues, seen_at=None).order_by("dialogue")
    return dict(alerts.values_list("dialogue").annotate(n=Count("pk")))
