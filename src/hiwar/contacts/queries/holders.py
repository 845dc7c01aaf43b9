"""Who holds a post, held it, and which posts a person holds: on a day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import F, Q, QuerySet

from hiwar.contacts.models import Membership, Organisation, Person, Post, PostHolding
from hiwar.contacts.queries.vocabularies import days

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from typing import Self
    from uuid import UUID


class Holdings(QuerySet[PostHolding]):
    """Post holdings that can be asked by day."""

    def filter_on(self, day: date) -> Self:
        """Leave the holdings that stand on a day."""
        return self.filter(on(day))


def on(day: date, *, path: str = "") -> Q:
    """Return the condition that something dated stands on a day; open ends count as standing."""
    begun = Q(**{f"{path}starts_on": None}) | Q(**{f"{path}starts_on__lte": day})
    return begun & (Q(**{f"{path}ends_on": None}) | Q(**{f"{path}ends_on__gte": day}))


def holdings() -> Holdings:
    """Return the holdings of people who stand in the register, the latest first."""
    holdings = Holdings(PostHolding).filter(person__removed_at=None)
    return holdings.order_by("is_interim", F("starts_on").desc(nulls_last=True), "pk")


def holders_on(post: Post, day: date) -> list[Person]:
    """Return who holds a post on a day: the holder before somebody acting, the latest first."""
    held = holdings().filter(post=post).filter_on(day).select_related("person")
    return [holding.person for holding in held]


def holder_of(post: Post, day: date) -> Person | None:
    """Return the one person who holds a post on a day; None where it is vacant."""
    return next(iter(holders_on(post, day)), None)


def history_of(post: Post) -> Holdings:
    """Return everybody who held a post, the latest first."""
    held = holdings().filter(post=post).select_related("person", "post__organisation")
    return held.order_by(F("starts_on").desc(nulls_first=True), "pk")


def posts_of(person: Person) -> Holdings:
    """Return the posts of a person over time, the latest first."""
    held = holdings().filter(person=person).select_related("post__organisation")
    return held.order_by(F("starts_on").desc(nulls_last=True), "pk")


def leaving(day: date) -> Holdings:
    """Return holdings that end within the number of days the register warns of."""
    last = day + timedelta(days=days("leaving_days"))
    return holdings().filter(ends_on__gte=day, ends_on__lte=last)


def is_leaving(holding: PostHolding, day: date) -> bool:
    """Return whether a holding ends soon enough to be told."""
    last = day + timedelta(days=days("leaving_days"))
    return holding.ends_on is not None and day <= holding.ends_on <= last


def posts_in(organisation: Organisation) -> QuerySet[Post]:
    """Return the posts of an organisation that were not abolished, in its own order."""
    return organisation.posts.filter(abolished_on=None).order_by("position", "created_at", "pk")


def organisations_of(people: Iterable[UUID]) -> set[UUID]:
    """Return the organisations in which people hold or held a post, or to which they belong."""
    keys = list(people)
    held = PostHolding.objects.filter(person__in=keys).values_list("post__organisation", flat=True)
    joined = Membership.objects.filter(person__in=keys).values_list("organisation", flat=True)
    return {*held, *joined}
