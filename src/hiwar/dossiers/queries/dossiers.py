"""Questions about dossiers: which a person may read, and how they are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.accounts.queries import readable_by
from hiwar.dossiers.models import Dossier

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from hiwar.accounts.models import User


def readable_dossiers(user: User | AnonymousUser) -> QuerySet[Dossier]:
    """Return the dossiers a person may read, by code: what forms of rooms above offer."""
    return Dossier.objects.filter(readable_by(user, Dossier)).order_by("code", "pk")


def names_of_dossiers(keys: Iterable[str]) -> dict[str, str]:
    """Return the titles of dossiers by key."""
    return {str(one.pk): str(one) for one in Dossier.objects.filter(pk__in=list(keys))}
