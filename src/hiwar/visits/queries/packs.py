"""What a pack holds for one kind of reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from hiwar.accounts.queries import WIDE
from hiwar.contacts.models import Interaction, PostHolding
from hiwar.visits.models import Traveller
from hiwar.visits.queries.desk import diets_of
from hiwar.visits.queries.maps import map_of
from hiwar.visits.queries.plans import items_of
from hiwar.visits.queries.programme import counts_of, programme_of

if TYPE_CHECKING:
    from hiwar.contacts.models import Organisation
    from hiwar.visits.models import TalkingPoint, Visit, VisitItem

STALE = timedelta(days=365)
HOLDERS, CONTACTS = 3, 5


@dataclass(frozen=True, slots=True)
class Host:
    """Somebody whom the delegation meets, and where."""

    organisation: Organisation
    items: tuple[VisitItem, ...]
    holders: tuple[PostHolding, ...] = ()
    contacts: tuple[Interaction, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """A talking point, and whether what it rests on was looked up long ago."""

    point: TalkingPoint
    is_stale: bool


def pack_of(visit: Visit, *, variant: str, language: str) -> dict[str, object]:
    """Return what a pack shows to members, to staff or to the press.

    The press reads no telephone, no lodging, no note, and no name of the delegation while these
    stay inside.
    """
    items = items_of(visit)
    is_press = variant == Traveller.Variant.PRESS
    days = programme_of(visit, items=items)
    texts = visit.texts.order_by("position", "pk")
    points = visit.points.order_by("position", "pk")
    if is_press:
        texts, points = texts.filter(is_for_press=True), points.filter(is_for_press=True)
    by_kind: dict[str, list[object]] = {}
    for text in texts:
        by_kind.setdefault(text.kind, []).append(text)
    shows_names = not (is_press and visit.members_hidden)
    travellers = visit.travellers.order_by("number", "pk")
    return {
        "visit": visit,
        "variant": variant,
        "is_press": is_press,
        "is_staff": variant == Traveller.Variant.STAFF,
        "language": language,
        "days": days,
        "counts": counts_of(days),
        "version": visit.versions.order_by("-number").first(),
        "letters": by_kind.get("letter", []),
        "briefs": by_kind.get("brief", []),
        "advice": by_kind.get("advice", []),
        "glossaries": [(one, _terms(str(one.body))) for one in by_kind.get("glossary", [])],  # type: ignore[attr-defined]
        "points": [Point(one, _is_stale(one, visit.starts_on)) for one in points],
        "travellers": list(travellers) if shows_names else [],
        "hosts": _hosts(items, visit.starts_on),
        "map": map_of(items, language),
        "nights": [] if is_press else list(
            visit.bookings.filter(kind="nights").select_related("venue").order_by("starts_on", "pk")
        ),
        "emergency": [] if is_press else visit.emergency,
        "diets": diets_of(visit),
        "step_free": visit.travellers.filter(is_step_free=True).count(),
    }  # fmt: skip


def _terms(text: str) -> list[tuple[str, str]]:
    """Return the lines of a glossary as a term and its meaning."""
    rows = []
    for line in text.splitlines():
        term, _dash, meaning = line.partition("—")
        if line.strip():
            rows.append((term.strip(), meaning.strip()))
    return rows


def _is_stale(point: TalkingPoint, on: date) -> bool:
    return point.checked_on is None or point.checked_on < on - STALE


def _hosts(items: list[VisitItem], on: date) -> list[Host]:
    found: dict[object, tuple[Organisation, list[VisitItem]]] = {}
    for item in items:
        for organisation in item.organisations.all():
            found.setdefault(organisation.pk, (organisation, []))[1].append(item)
    return [
        Host(organisation, tuple(rows), _holders(organisation, on), _contacts(organisation, on))
        for organisation, rows in found.values()
    ]


def _holders(organisation: Organisation, on: date) -> tuple[PostHolding, ...]:
    """Return who holds the posts of an organisation on a day, as far as all staff may read it."""
    held = PostHolding.objects.filter(
        Q(starts_on=None) | Q(starts_on__lte=on),
        Q(ends_on=None) | Q(ends_on__gte=on),
        post__organisation=organisation,
        post__visibility__in=WIDE,
        person__visibility__in=WIDE,
    )
    found = held.select_related("person", "post").order_by("post__rank", "post__position", "pk")
    return tuple(found[:HOLDERS])


def _contacts(organisation: Organisation, before: date) -> tuple[Interaction, ...]:
    """Return the last contacts with an organisation that all staff may read, the newest first."""
    found = Interaction.objects.filter(
        Q(organisation=organisation) | Q(post__organisation=organisation),
        visibility__in=WIDE,
        removed_at=None,
        happened_on__lt=before,
    )
    return tuple(found.order_by("-happened_on", "pk")[:CONTACTS])
