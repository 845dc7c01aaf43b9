"""The directory of diplomatic missions: officers, freshness of contact, order of precedence."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Max

from hiwar.contacts.models import Organisation, Person, Post, PostHolding, Precedence
from hiwar.contacts.queries.holders import holdings, is_leaving, on
from hiwar.contacts.queries.log import interactions_for
from hiwar.contacts.queries.people import organisations_for, people_for, posts_for
from hiwar.contacts.queries.vocabularies import codes, days

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from uuid import UUID

    from hiwar.accounts.rules import Somebody

LATE = datetime.max.replace(tzinfo=UTC)
MET = ("meeting", "visit")


class Freshness(StrEnum):
    """How long ago a mission was met: within the days of the setting, before, or never."""

    MET = "met"
    LAPSED = "lapsed"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who holds a post in a mission on a day."""

    post: Post
    person: Person
    holding: PostHolding
    is_leaving: bool


@dataclass(frozen=True, slots=True)
class Mission:
    """A mission with its officers and how long ago it was met."""

    organisation: Organisation
    officers: tuple[Officer, ...]
    vacant: tuple[Post, ...]
    last_met_on: date | None
    freshness: Freshness


def missions(user: Somebody, day: date) -> list[Mission]:
    """Return the missions a user may read, in the order of precedence of their heads.

    Whether a mission was met counts meetings and visits that the user may read, up to the day.
    """
    bodies = list(organisations_for(user).filter(kind__in=codes("mission_kinds")))
    last = _last_met(user, bodies, day)
    posts: dict[object, list[Post]] = defaultdict(list)
    for post in posts_for(user).filter(organisation__in=bodies, abolished_on=None):
        posts[post.organisation_id].append(post)
    officers = _officers(user, [post for some in posts.values() for post in some], day)
    place = {
        precedence.post_id: precedence.position for precedence in Precedence.objects.order_by("pk")
    }
    missions = [
        Mission(
            organisation=body,
            officers=tuple(
                sorted(
                    (officers[post.pk] for post in posts[body.pk] if post.pk in officers),
                    key=lambda officer: _key(officer, place),
                )
            ),
            vacant=tuple(post for post in posts[body.pk] if post.pk not in officers),
            last_met_on=last.get(body.pk),
            freshness=freshness(last.get(body.pk), day),
        )
        for body in bodies
    ]
    return sorted(missions, key=lambda mission: _order(mission, place))


def freshness(last_met_on: date | None, day: date) -> Freshness:
    """Return how fresh a contact is on a day."""
    if last_met_on is None:
        return Freshness.NEVER
    is_fresh = day - last_met_on <= timedelta(days=days("fresh_days"))
    return Freshness.MET if is_fresh else Freshness.LAPSED


def precedence(officers: Iterable[Officer]) -> list[Officer]:
    """Return officers in the order of precedence: by hand, then class, then taking up functions.

    Those whose taking up functions is not known stand after those of their class; somebody
    acting stands in the class of acting heads.
    """
    listed = list(officers)
    place = {
        precedence.post_id: precedence.position
        for precedence in Precedence.objects.filter(post__in=[officer.post for officer in listed])
    }
    return sorted(listed, key=lambda officer: _key(officer, place))


def _order(mission: Mission, place: Mapping[UUID, int]) -> tuple[object, ...]:
    heads = sorted((_key(officer, place) for officer in mission.officers), key=lambda key: key)
    best = heads[0] if heads else (1, 0, 9, LATE, "")
    return (*best, mission.organisation.code)


def _key(officer: Officer, place: Mapping[UUID, int]) -> tuple[int, int, int, datetime, str]:
    position = place.get(officer.post.pk)
    rank = Post.Rank.THIRD if officer.holding.is_interim else officer.post.rank or 9
    since = officer.holding.took_up_functions_at
    if since is None and officer.holding.starts_on is not None:
        since = datetime.combine(officer.holding.starts_on, datetime.max.time(), UTC)
    by_hand = (0, position) if position is not None else (1, 0)
    return (*by_hand, int(rank), since or LATE, str(officer.person.pk))


def _officers(user: Somebody, posts: list[Post], day: date) -> dict[object, Officer]:
    seen = {person.pk: person for person in people_for(user).filter(holdings__post__in=posts)}
    officers: dict[object, Officer] = {}
    by_key = {post.pk: post for post in posts}
    for holding in holdings().filter(on(day), post__in=posts):
        if holding.post_id in officers or holding.person_id not in seen:
            continue
        officers[holding.post_id] = Officer(
            by_key[holding.post_id], seen[holding.person_id], holding, is_leaving(holding, day)
        )
    return officers


def _last_met(user: Somebody, bodies: list[Organisation], day: date) -> dict[object, date]:
    met = interactions_for(user).filter(organisation__in=bodies, kind__in=MET, happened_on__lte=day)
    rows = (
        met.order_by("organisation").values_list("organisation").annotate(last=Max("happened_on"))
    )
    return dict(rows.values_list("organisation", "last"))
