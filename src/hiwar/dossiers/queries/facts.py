"""Questions about facts: which stand, which wait to be checked, where they are used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from hiwar.accounts.queries import readable_by
from hiwar.dossiers.models import Barrier, Dossier, Fact, FactVersion
from hiwar.dossiers.models.facts import CHECKED_EVERY
from hiwar.dossiers.queries.extension_points import Ground, Use, fact_grounds, fact_uses
from hiwar.dossiers.rules import can_see_dossiers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from django.db.models import QuerySet

    from hiwar.accounts.models import User
    from hiwar.dossiers.queries.dossiers import Reader


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as its page shows it.

    Attributes
    ----------
    fact : Fact
    is_stale : bool
        Waits to be checked.
    versions : tuple of FactVersion
        What it said before, the newest first.
    uses : tuple of Use
        Where it stands; what must be looked at when it is corrected.
    ground : Ground or None
        The source it rests on in the library, if the reader may read that.
    """

    fact: Fact
    is_stale: bool
    versions: tuple[FactVersion, ...]
    uses: tuple[Use, ...]
    ground: Ground | None = None


def facts_of(dossier: Dossier) -> QuerySet[Fact]:
    """Return the facts of a dossier that stand, oldest first."""
    facts = Fact.objects.filter(dossier=dossier, withdrawn_at=None)
    return facts.order_by("published_on", "added_at", "pk")


def told_facts(user: User, dossier: Dossier, today: date) -> list[Told]:
    """Return the facts of a dossier with their history and their uses."""
    earlier = FactVersion.objects.select_related("replaced_by").order_by("-number", "pk")
    facts = facts_of(dossier).select_related("checked_by")
    listed = list(facts.prefetch_related(Prefetch("versions", earlier)))
    keys = [fact.pk for fact in listed]
    uses, grounds = fact_uses(user, keys), fact_grounds(user, keys)
    return [
        Told(
            fact, fact.is_stale(today), tuple(fact.versions.all()), tuple(uses.get(fact.pk, ())),
            grounds.get(fact.pk),
        )
        for fact in listed
    ]  # fmt: skip


def readable_facts(user: Reader) -> QuerySet[Fact]:
    """Return the facts that stand in dossiers a person may read, those put away included."""
    if not can_see_dossiers(user):
        return Fact.objects.none()
    return Fact.objects.filter(readable_by(user, Dossier, path="dossier__"), withdrawn_at=None)


def stale_facts(user: Reader, today: date) -> QuerySet[Fact]:
    """Return the facts of readable dossiers that wait to be checked, the longest unchecked first.

    A dossier that sleeps, or was put away, asks for nothing.
    """
    facts = Fact.objects.filter(
        readable_by(user, Dossier, path="dossier__"),
        Q(checked_on=None) | Q(checked_on__lt=today - CHECKED_EVERY) | Q(next_check_on__lt=today),
        withdrawn_at=None,
        dossier__archived_at=None,
    ).exclude(dossier__state__in=[Dossier.State.DORMANT, Dossier.State.MET])
    return facts.select_related("dossier").order_by("checked_on", "added_at", "pk")


def fact_choices(user: Reader) -> QuerySet[Fact]:
    """Return the facts that a person may rest something on, by dossier."""
    facts = Fact.objects.filter(
        readable_by(user, Dossier, path="dossier__"),
        withdrawn_at=None,
        dossier__archived_at=None,
    )
    return facts.select_related("dossier").order_by("dossier__code", "added_at", "pk")


def uses_by_barriers(user: User, keys: Sequence[UUID]) -> dict[UUID, list[Use]]:
    """Return the barriers that rest on facts, as far as the reader may read them."""
    barriers = Barrier.objects.filter(readable_by(user, Barrier), fact__in=list(keys))
    uses: dict[UUID, list[Use]] = {}
    for barrier in barriers.order_by("identified_on", "pk"):
        if barrier.fact_id is not None:
            url = reverse("dossiers:barrier", args=[barrier.pk])
            uses.setdefault(barrier.fact_id, []).append(Use(str(barrier.title), url, _("barrier")))
    return uses
