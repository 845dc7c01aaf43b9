"""Records that may be one person, and what was decided about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from hiwar.contacts.models import DuplicatePair, Person, PostHolding
from hiwar.contacts.queries.people import people_for
from hiwar.engine.names import Candidate

if TYPE_CHECKING:
    from typing import Self

    from hiwar.accounts.rules import Somebody


class Pairs(QuerySet[DuplicatePair]):
    """Pairs that can be asked by person."""

    def filter_person(self, person: Person) -> Self:
        """Leave the pairs of which one is this person."""
        return self.filter(Q(first=person) | Q(second=person))


def open_pairs(user: Somebody) -> Pairs:
    """Return the pairs to decide of which the user may read both; the likeliest first."""
    seen = people_for(user).order_by().values("pk")
    pairs = Pairs(DuplicatePair).filter(state=DuplicatePair.State.OPEN)
    pairs = pairs.filter(first__in=seen, second__in=seen).select_related("first", "second")
    return pairs.order_by("-score", "first", "pk")


def candidates(people: QuerySet[Person]) -> list[Candidate]:
    """Return people as the engine compares them: a few queries, however many there are."""
    listed = list(people.order_by("pk").prefetch_related("names", "points"))
    bodies: dict[object, set[str]] = {}
    rows = PostHolding.objects.filter(person__in=people.order_by().values("pk"))
    for person, body in rows.values_list("person_id", "post__organisation_id"):
        bodies.setdefault(person, set()).add(str(body))
    return [
        Candidate(
            key=str(candidate.pk),
            names=tuple(
                {*(name.text for name in candidate.names.all()), *candidate.shown_name.values()}
            ),
            phones=frozenset(p.key for p in candidate.points.all() if p.kind == "phone"),
            emails=frozenset(p.key for p in candidate.points.all() if p.kind == "email"),
            birth_year=candidate.birth_year,
            place=str(candidate.place_id or ""),
            organisations=frozenset(bodies.get(candidate.pk, ())),
            sex=candidate.sex,
        )
        for candidate in listed
    ]
