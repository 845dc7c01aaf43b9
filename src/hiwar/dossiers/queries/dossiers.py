"""Questions about dossiers: which a person may read, how they are listed, what one page holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Q

from hiwar.accounts.queries import readable_by
from hiwar.contacts.models import Person
from hiwar.dossiers.models import Document, Dossier, DossierPerson, NextStep, StateChange
from hiwar.engine.names import digits_as_ascii, fold_arabic

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from hiwar.accounts.models import User

    Reader = User | AnonymousUser

ARCHIVED = "archived"


def readable_dossiers(user: Reader) -> QuerySet[Dossier]:
    """Return the dossiers a person may read and that were not put away, by code.

    This is what forms of rooms above offer.
    """
    return all_readable(user).filter(archived_at=None)


def all_readable(user: Reader) -> QuerySet[Dossier]:
    """Return the dossiers a person may read, those put away included, by code."""
    return Dossier.objects.filter(readable_by(user, Dossier)).order_by("code", "pk")


@dataclass(frozen=True, slots=True)
class Row:
    """A dossier in the list.

    Attributes
    ----------
    dossier : Dossier
    since : date or None
        Day of the last change of state.
    next_step : NextStep or None
        The one that is due first.
    facts : int
    """

    dossier: Dossier
    since: date | None
    next_step: NextStep | None
    facts: int


def search_dossiers(
    user: Reader, words: str = "", state: str = "", pillar: str = ""
) -> QuerySet[Dossier]:
    """Return the readable dossiers whose title, aim or code has all the words, by code.

    ``state`` may be the word for dossiers that were put away; ``pillar`` is a pillar's code.
    """
    dossiers = in_pillar(all_readable(user), pillar)
    dossiers = dossiers.filter(archived_at__isnull=state != ARCHIVED)
    if state and state != ARCHIVED:
        dossiers = dossiers.filter(state=state)
    wanted = plain(words).split()
    if not wanted:
        return dossiers
    rows = dossiers.values_list("pk", "title", "aim", "code")
    keys = [
        key
        for key, title, aim, code in rows
        if _has_words(wanted, [*dict(title).values(), *dict(aim).values(), code])
    ]
    return dossiers.filter(pk__in=keys)


def in_pillar(dossiers: QuerySet[Dossier], pillar: str) -> QuerySet[Dossier]:
    """Return only the dossiers under one pillar, by its code; all without one."""
    return dossiers.filter(programme__pillar__code=pillar) if pillar else dossiers


def counts_by_state(user: Reader, pillar: str = "") -> dict[str, int]:
    """Return how many dossiers a person may read in each state; those put away apart."""
    dossiers = in_pillar(all_readable(user), pillar)
    counted = dossiers.filter(archived_at=None).order_by("state").values("state")
    counts = dict(counted.annotate(n=Count("pk")).values_list("state", "n"))
    counts[ARCHIVED] = dossiers.filter(archived_at__isnull=False).count()
    return counts


def dossier_rows(dossiers: Iterable[Dossier]) -> list[Row]:
    """Return the rows of some dossiers in their order, with three queries."""
    listed = list(dossiers)
    keys = [dossier.pk for dossier in listed]
    since = _grouped(StateChange.objects.filter(taken_back_at=None, dossier__in=keys))
    steps: dict[UUID, NextStep] = {}
    waiting = NextStep.objects.filter(dossier__in=keys, done_at=None).select_related("owner")
    for step in waiting.order_by("due_on", "pk"):
        steps.setdefault(step.dossier_id, step)
    facts = Dossier.objects.filter(pk__in=keys).order_by("pk")
    counted = facts.annotate(n=Count("facts", filter=Q(facts__withdrawn_at=None)))
    counts = dict(counted.values_list("pk", "n"))
    return [
        Row(dossier, since.get(dossier.pk), steps.get(dossier.pk), counts.get(dossier.pk, 0))
        for dossier in listed
    ]


def last_change(dossier: Dossier) -> StateChange | None:
    """Return the last change of state that stands."""
    return changes_of(dossier).last()


def changes_of(dossier: Dossier) -> QuerySet[StateChange]:
    """Return the changes of state that stand, oldest first."""
    state_changes = StateChange.objects.filter(dossier=dossier, taken_back_at=None)
    return state_changes.select_related("by").order_by("number", "pk")


def people_of(user: Reader, dossier: Dossier) -> list[DossierPerson]:
    """Return who has a part in a dossier: people of the register only as far as they are open."""
    dossier_people = DossierPerson.objects.filter(
        Q(person=None) | readable_by(user, Person, path="person__"), dossier=dossier
    )
    return list(dossier_people.select_related("user", "person").order_by("added_at", "pk"))


def documents_of(dossier: Dossier) -> QuerySet[Document]:
    """Return the documents of a dossier, newest first."""
    documents = Document.objects.filter(dossier=dossier, removed_at=None)
    return documents.order_by("-published_on", "-added_at", "pk")


def open_steps(dossier: Dossier) -> QuerySet[NextStep]:
    """Return what is still to be done for a dossier, what is due first before."""
    next_steps = NextStep.objects.filter(dossier=dossier, done_at=None)
    return next_steps.select_related("owner").order_by("due_on", "pk")


def done_steps(dossier: Dossier) -> QuerySet[NextStep]:
    """Return what was done for a dossier, newest first."""
    next_steps = NextStep.objects.filter(dossier=dossier, done_at__isnull=False)
    return next_steps.select_related("owner", "done_by").order_by("-done_at", "pk")


def _grouped(changes: QuerySet[StateChange]) -> dict[UUID, date]:
    state_changes = changes.order_by("dossier").values("dossier").annotate(last=Max("on"))
    return dict(state_changes.values_list("dossier", "last"))


def _has_words(wanted: list[str], texts: list[str]) -> bool:
    folded = plain(" ".join(texts))
    return all(word in folded for word in wanted)


def plain(text: str) -> str:
    """Return a text as it is searched: letters and digits written in several ways made one."""
    return digits_as_ascii(fold_arabic(text)).casefold()
