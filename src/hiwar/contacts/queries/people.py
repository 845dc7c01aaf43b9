"""People and organisations that a user may read, and how they are found."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet, prefetch_related_objects

from hiwar.accounts.queries import readable_by
from hiwar.common.search.names import owners
from hiwar.common.telephones import telephone_key
from hiwar.contacts import rules
from hiwar.contacts.models import NameKey, Organisation, Person, PersonName, Post
from hiwar.contacts.queries.vocabularies import honorific_words
from hiwar.engine.names import fold_arabic, rank, search_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from hiwar.accounts.rules import Somebody

FOUND = 60
# Of those found, some may not be read or were removed.
SPARE = 100


def people_for(user: Somebody) -> QuerySet[Person]:
    """Return the people a user may read, by name: neither removed nor merged into another."""
    if not rules.can_see_contact(user):
        return Person.objects.none()
    live = Person.objects.filter(removed_at=None, merged_into=None)
    return live.filter(readable_by(user, Person)).order_by("sort_name", "pk")


def organisations_for(user: Somebody) -> QuerySet[Organisation]:
    """Return the organisations a user may read, by code."""
    if not rules.can_see_contact(user):
        return Organisation.objects.none()
    live = Organisation.objects.filter(removed_at=None, merged_into=None)
    return live.filter(readable_by(user, Organisation)).order_by("code", "created_at", "pk")


def posts_for(user: Somebody) -> QuerySet[Post]:
    """Return the posts a user may read, with those of their organisations that are readable."""
    posts = Post.objects.filter(readable_by(user, Post), organisation__in=organisations_for(user))
    return posts.select_related("organisation").order_by("organisation__code", "position", "pk")


def removed_people(user: Somebody, since: datetime) -> QuerySet[Person]:
    """Return people who were removed after an instant and can be put back, the latest first."""
    people = Person.objects.filter(readable_by(user, Person), removed_at__gt=since)
    return people.order_by("-removed_at", "pk")


def removed_organisations(user: Somebody, since: datetime) -> QuerySet[Organisation]:
    """Return organisations that were removed after an instant, the latest first."""
    organisations = Organisation.objects.filter(
        readable_by(user, Organisation), removed_at__gt=since
    )
    return organisations.order_by("-removed_at", "pk")


def search_people(user: Somebody, query: str, *, limit: int = FOUND) -> list[Person]:
    """Return the people whose names answer a query in any script, the best first.

    A telephone number or an e-mail address finds its owner where the user may see it.
    """
    if not rules.can_see_contact(user):
        return []
    people = people_for(user)
    order = people_named(people, query, limit, also=_by_point(user, query))
    known = people.in_bulk(order)
    prefetch_related_objects(list(known.values()), "names")
    return [known[pk] for pk in order if pk in known]


def people_named(
    known: QuerySet[Person], query: str, limit: int, also: Sequence[UUID] = ()
) -> list[UUID]:
    """Return keys of those people whose names answer a query in any script, the best first.

    ``also`` are keys that answer it in another way; they come last.
    """
    honorifics = [word for word, _code in honorific_words()]
    asked = search_keys(query, honorifics=honorifics)
    keys: list[UUID] = []
    if asked:
        # The index of names is asked alone, which is quick; who may be read is filtered below,
        # in the database as everywhere.
        rows = NameKey.objects.all()
        answers = owners(rows, asked, owner="person_id", limit=limit + SPARE)
        keys = [pk for pk in answers if isinstance(pk, UUID)]
    keys += [pk for pk in also if pk not in keys]
    seen = known.filter(pk__in=keys).order_by()
    names = {pk: list(shown.values()) for pk, shown in seen.values_list("pk", "shown_name")}
    texts = PersonName.objects.filter(person__in=list(names)).order_by("pk")
    for pk, text in texts.values_list("person_id", "text"):
        names[pk].append(text)
    candidates = [(str(pk), spelt) for pk, spelt in names.items()]
    order = [
        UUID(ranked.key) for ranked in rank(query, candidates, honorifics=honorifics, limit=limit)
    ]
    return order + [pk for pk in keys if pk in names and pk not in set(order)][: limit - len(order)]


def organisations_named(known: QuerySet[Organisation], query: str, limit: int) -> list[UUID]:
    """Return keys of those organisations whose name or code answers a query, the best first.

    Where no name holds all the words, names in other letters and with mistakes are looked for.
    """
    holding = known.order_by("pk")
    for word in fold_arabic(query).casefold().split():
        holding = holding.filter(Q(search_text__contains=word))
    held = list(holding.values_list("pk", "name")[:SPARE])
    rows = held or list(known.order_by("pk").values_list("pk", "name"))
    candidates = [(str(pk), list(name.values())) for pk, name in rows]
    ranked = [UUID(answer.key) for answer in rank(query, candidates, limit=limit)]
    return ranked or [pk for pk, _name in held[:limit]]


def people_asked_for(
    user: Somebody, query: str, sector: str = "", language: str = ""
) -> QuerySet[Person]:
    """Return the people of a list that was narrowed by words, a sector and a language of letters.

    They are in the order of names; `search_people` gives that of the answers to the words.
    """
    people = people_for(user)
    if query:
        people = people.filter(pk__in=[person.pk for person in search_people(user, query)])
    if sector:
        people = people.filter(sector=sector)
    return people.filter(language=language) if language else people


def search_organisations(user: Somebody, query: str) -> QuerySet[Organisation]:
    """Return the organisations whose name or code holds every word of a query."""
    organisations = organisations_for(user)
    for word in fold_arabic(query).casefold().split():
        organisations = organisations.filter(Q(search_text__contains=word))
    return organisations


def person_by_key(user: Somebody, key: str) -> Person | None:
    """Return a person a user may read; what was merged leads to the person it became."""
    try:
        person = Person.objects.filter(pk=UUID(key), removed_at=None).first()
    except ValueError:
        return None
    while person is not None and person.merged_into_id:
        person = Person.objects.filter(pk=person.merged_into_id, removed_at=None).first()
    return people_for(user).filter(pk=person.pk).first() if person else None


def current_people(keys: Iterable[object]) -> dict[object, object]:
    """Return for each key the key of the person it leads to after merging: one query."""
    rows = Person.objects.filter(pk__in=list(keys)).values_list("pk", "merged_into_id")
    return {key: merged or key for key, merged in rows}


def names_of_people(keys: Iterable[str]) -> dict[str, str]:
    """Return the names of people who may be named in the log: those that all staff may read."""
    wide = Person.objects.exclude(visibility__in=("personal", "team")).filter(pk__in=list(keys))
    return {str(person.pk): str(person) for person in wide}


def names_of_organisations(keys: Iterable[str]) -> dict[str, str]:
    """Return the names of organisations that all staff may read, by key."""
    wide = Organisation.objects.exclude(visibility__in=("personal", "team"))
    return {
        str(organisation.pk): str(organisation) for organisation in wide.filter(pk__in=list(keys))
    }


def names_of_posts(keys: Iterable[str]) -> dict[str, str]:
    """Return the titles of posts that all staff may read, by key."""
    wide = Post.objects.exclude(visibility__in=("personal", "team"))
    return {str(post.pk): str(post) for post in wide.filter(pk__in=list(keys))}


def _by_point(user: Somebody, query: str) -> list[UUID]:
    from hiwar.contacts.queries.contact_points import points_for

    key = telephone_key(query) or (query.strip().casefold() if "@" in query else "")
    if not key:
        return []
    points = points_for(user).filter(key=key).exclude(person=None)
    contact_points = points.order_by("pk").values_list("person_id", flat=True)[:FOUND]
    return [pk for pk in contact_points if pk is not None]
