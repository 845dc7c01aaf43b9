"""Places entered, changed, brought in from a list, and removed where nothing refers to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.refusals import Refused
from hiwar.places import rules
from hiwar.places.models import Place
from hiwar.places.queries.place_lists import Row
from hiwar.places.queries.tree import is_below

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.common.imports import Plan, Source


class PlaceInUse(Refused):
    """A place is removed although something refers to it."""

    code = "place_in_use"
    message = _("Something refers to this place, or places stand below it; it stays.")


class PlaceInCircle(Refused):
    """A place is put under itself."""

    code = "place_in_circle"
    message = _("A place cannot belong to itself or to a place below it.")


class PlacesInUse(Refused):
    """A list is taken back although some of its places are used by now."""

    code = "places_in_use"
    message = _("Some of these places are used by now; the list stays.")


def save_place(
    *, actor: User, place: Place | None, values: Mapping[str, Any], now: datetime
) -> Place:
    """Enter or change a place; raises ``NotAllowed``, ``PlaceInCircle``, ``ValidationError``."""
    if not rules.can_change_places(actor):
        raise NotAllowed
    verb = "change" if place else "add"
    place = place or Place()
    parent = values.get("parent")
    if parent is not None and not place._state.adding and is_below(parent, place):
        raise PlaceInCircle
    for name, value in values.items():
        setattr(place, name, value)
    place.full_clean()
    with transaction.atomic():
        place.save()
        audit(actor, f"places.place.{verb}", place, at=now)
    return place


@transaction.atomic
def remove_place(*, actor: User, place: Place, now: datetime) -> None:
    """Remove a place that nothing refers to; raises ``NotAllowed`` and ``PlaceInUse``."""
    if not rules.can_change_places(actor):
        raise NotAllowed
    audit(actor, "places.place.remove", place, at=now)
    _remove(place, PlaceInUse)


def _remove(place: Place, refusal: type[Refused]) -> None:
    for relation in place._meta.related_objects:
        if relation.related_model._default_manager.filter(**{relation.field.name: place}).exists():
            raise refusal
    try:
        place.delete()
    except ProtectedError as used:
        raise refusal from used


@transaction.atomic
def apply_places(*, source: Source, plan: Plan) -> dict[str, object]:
    """Write the new places of a list, each after the one that it belongs to."""
    codes = set(Place.objects.values_list("code", flat=True))
    places: dict[int, Place] = {}
    rows = plan.data
    assert isinstance(rows, list)  # noqa: S101 -- what the plan of this list gives
    for row in rows:
        under = row.under
        parent = (
            places.get(id(under)) or Place.objects.filter(code=under.code).first()
            if isinstance(under, Row)
            else Place.objects.filter(code=under).first()
        )
        place = Place(
            code=row.code or _free_code(parent, codes), level=row.level or "locality",
            kind=row.kind, name=row.name, parent=parent, note=row.note,
        )  # fmt: skip
        place.full_clean()
        place.save()
        codes.add(place.code)
        places[id(row)] = place
    return {"places": [str(place.pk) for place in places.values()]}


def _free_code(parent: Place | None, codes: set[str]) -> str:
    """Return a code for a place whose list has none: that of its parent with the next number."""
    stem = f"{parent.code}-" if parent else ""
    number = 1
    while f"{stem}{number}" in codes:
        number += 1
    return f"{stem}{number}"


@transaction.atomic
def undo_places(*, journal: Mapping[str, Any], **_step: Any) -> None:
    """Take the places of a list out again, those below first; raises ``PlacesInUse``."""
    for key in reversed(journal["places"]):
        place = Place.objects.filter(pk=key).first()
        if place is not None:
            _remove(place, PlacesInUse)
