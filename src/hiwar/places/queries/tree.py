"""The place tree: as a list in its order, by words, and by names in any language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiwar.common.search.folding import fold
from hiwar.places.models import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Branch:
    """A place in the tree: how deep it stands, and how many places stand below it."""

    place: Place
    depth: int
    below: int


def tree() -> list[Branch]:
    """Return every place, each after the one it belongs to; one question for any number."""
    places = list(Place.objects.order_by("code", "pk"))
    children: dict[object, list[Place]] = {}
    for place in places:
        children.setdefault(place.parent_id, []).append(place)

    def below(place: Place) -> int:
        return sum(1 + below(child) for child in children.get(place.pk, ()))

    def walk(parent: object, depth: int) -> Iterator[Branch]:
        for place in children.get(parent, ()):
            yield Branch(place, depth, below(place))
            yield from walk(place.pk, depth + 1)

    return list(walk(None, 0))


def matching(branches: list[Branch], words: str) -> list[Branch]:
    """Return the places whose code or name in any language holds all the words."""
    wanted = fold(words).split()
    return [branch for branch in branches if all(word in _folded(branch.place) for word in wanted)]


def _folded(place: Place) -> str:
    return fold(" ".join([place.code, *place.name.values()]))


def places_by_name() -> dict[str, list[Place]]:
    """Return the places by each folded name and code, for lists that name what they stand under."""
    by_name: dict[str, list[Place]] = {}
    for place in Place.objects.order_by("code", "pk"):
        for name in {fold(text) for text in [place.code, *place.name.values()]}:
            by_name.setdefault(name, []).append(place)
    return by_name


def is_below(place: Place, other: Place) -> bool:
    """Return whether a place is another one or stands below it."""
    at: Place | None = place
    while at is not None:
        if at.pk == other.pk:
            return True
        at = at.parent
    return False


def names_of_places(keys: Iterable[str]) -> dict[str, str]:
    """Return the names of places by key."""
    return {str(place.pk): str(place) for place in Place.objects.filter(pk__in=list(keys))}
