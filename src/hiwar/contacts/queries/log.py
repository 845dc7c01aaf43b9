"""What was said with whom, as far as a reader may know: contacts, promises, notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max, Prefetch, Q, QuerySet

from hiwar.accounts.queries import readable_by
from hiwar.contacts import rules
from hiwar.contacts.models import Interaction, Note, Person, Promise
from hiwar.contacts.queries.people import organisations_for, people_for, posts_for
from hiwar.contacts.queries.vocabularies import codes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from hiwar.accounts.rules import Somebody
    from hiwar.contacts.models import Organisation, Post


def interactions_for(user: Somebody) -> QuerySet[Interaction]:
    """Return the contacts a user may read, the latest first, with the people they may know of.

    A contact with a body, post or person that the user may not read is hidden with them; those
    with missions need their permission.
    """
    interactions = Interaction.objects.filter(readable_by(user, Interaction), removed_at=None)
    if not rules.can_see_contact(user):
        return interactions.none()
    interactions = interactions.filter(
        Q(organisation=None) | Q(organisation__in=organisations_for(user)),
        Q(post=None) | Q(post__in=posts_for(user)),
    )
    hidden = Person.objects.filter(removed_at=None).exclude(readable_by(user, Person))
    interactions = interactions.exclude(_with(hidden))
    if not rules.can_see_mission(user):
        interactions = interactions.exclude(organisation__kind__in=codes("mission_kinds"))
        interactions = interactions.exclude(_with(_mission_people()))
    seen = Prefetch("people", queryset=people_for(user), to_attr="seen_people")
    return (
        interactions.select_related("organisation", "post", "owner")
        .prefetch_related(seen, "promises")
        .order_by("-happened_on", "-made_at", "pk")
    )


def last_contacts(user: Somebody, people: Iterable[Person]) -> dict[object, date]:
    """Return the day of the last contact with each of some people that a user may read of."""
    seen = interactions_for(user).order_by().values("pk")
    through = Interaction.people.through._default_manager
    rows = through.filter(person__in=list(people), interaction__in=seen).order_by()
    return dict(rows.values_list("person").annotate(Max("interaction__happened_on")))


def notes_for(user: Somebody) -> QuerySet[Note]:
    """Return the notes a user may read, the latest first; those on missions need permission."""
    notes = Note.objects.filter(readable_by(user, Note))
    if not rules.can_see_contact(user):
        return notes.none()
    if not rules.can_see_mission(user):
        kinds = codes("mission_kinds")
        notes = notes.exclude(organisation__kind__in=kinds)
        notes = notes.exclude(post__organisation__kind__in=kinds)
        notes = notes.exclude(person__in=_mission_people().values("pk"))
    return notes.select_related("owner").order_by("-written_at", "pk")


def promises_for(user: Somebody) -> QuerySet[Promise]:
    """Return the promises made in contacts a user may read, those due first."""
    keys = interactions_for(user).order_by().values("pk")
    promises = Promise.objects.filter(interaction__in=keys)
    return promises.select_related("interaction__organisation", "interaction__post").order_by(
        "due_on", "pk"
    )


def with_person(user: Somebody, person: Person) -> QuerySet[Interaction]:
    """Return the contacts with a person."""
    return interactions_for(user).filter(people=person)


def with_organisation(user: Somebody, organisation: Organisation) -> QuerySet[Interaction]:
    """Return the contacts with an organisation or any of its posts, whoever held them."""
    return interactions_for(user).filter(organisation=organisation)


def with_post(user: Somebody, post: Post) -> QuerySet[Interaction]:
    """Return the contacts with a post, whoever held it."""
    return interactions_for(user).filter(post=post)


def _with(people: QuerySet[Person]) -> Q:
    """Return the condition that a contact was with somebody of these people."""
    through = Interaction.people.through._default_manager
    links = through.filter(person_id__in=people.order_by().values("pk"))
    return Q(pk__in=links.values("interaction_id"))


def _mission_people() -> QuerySet[Person]:
    """Return whoever holds or held a post in a mission."""
    kinds = codes("mission_kinds")
    return Person.objects.filter(holdings__post__organisation__kind__in=kinds).order_by()
