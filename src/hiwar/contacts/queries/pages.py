"""What pages of the register show beside a record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from hiwar.contacts.models import Membership, Person, Relationship
from hiwar.contacts.queries.people import organisations_for, people_for
from hiwar.contacts.queries.vocabularies import inverse, label

if TYPE_CHECKING:
    from hiwar.accounts.rules import Somebody
    from hiwar.contacts.models import Organisation


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship as one of the two would say it."""

    label: str
    other: Person
    relationship: Relationship
    is_own: bool


def relations_of(user: Somebody, person: Person) -> list[Relation]:
    """Return how a person stands to others whom the user may read."""
    rows = Relationship.objects.filter(Q(person=person) | Q(other=person))
    seen = {acquaintance.pk: acquaintance for acquaintance in people_for(user).filter(
        Q(relationships__in=rows) | Q(related_by__in=rows))}  # fmt: skip
    relations = []
    for row in rows.order_by("kind", "pk"):
        is_own = row.person_id == person.pk
        other = seen.get(row.other_id if is_own else row.person_id)
        if other is not None:
            kind = row.kind if is_own else inverse(row.kind)
            relations.append(Relation(label("relationships", kind), other, row, is_own))
    return relations


def members_of(user: Somebody, organisation: Organisation) -> list[Membership]:
    """Return the members of a coalition or working group that the user may read."""
    memberships = organisation.memberships.filter(
        Q(person__in=people_for(user)) | Q(member__in=organisations_for(user))
    )
    return list(
        memberships.select_related("person", "member").order_by("ends_on", "starts_on", "pk")
    )


def groups_of(user: Somebody, organisation: Organisation) -> list[Membership]:
    """Return the coalitions and working groups of an organisation that the user may read."""
    memberships = organisation.belongs_to.filter(organisation__in=organisations_for(user))
    return list(memberships.select_related("organisation").order_by("ends_on", "starts_on", "pk"))
