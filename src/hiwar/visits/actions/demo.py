"""The visit of the demonstration: an invented delegation across the change of the clock."""

from __future__ import annotations

import json
from datetime import date, time
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from hiwar.accounts.actions.demo import demo_email
from hiwar.accounts.models import User
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import remove_record
from hiwar.dossiers.models import Dossier
from hiwar.events.models import Event, Venue
from hiwar.places.models import Place
from hiwar.visits.actions.delegation_import import empty_visit, load_delegation
from hiwar.visits.actions.packs import drop_packs
from hiwar.visits.actions.texts import ground_point
from hiwar.visits.actions.visits import NewVisit, create_visit, take_step
from hiwar.visits.models import PackText, Route, TalkingPoint, ThemeTag, Visit, VisitItem
from hiwar.visits.queries import search_documents

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

FILE, SURROUNDINGS = "delegation-velmark.json", "surroundings.json"
THEMED = ("02", "08", "11")


def load_demo_visits(folder: Path, at: datetime) -> tuple[int, int, list[str]]:
    """Load the visit that is missing: how many were made, were there, and what was wrong."""
    runner = User.objects.filter(email=demo_email("IR"), is_demo=True).first()
    if runner is None:
        return 0, 0, ["visits: the staff of the demonstration is not there"]
    document = json.loads((folder / "visits" / FILE).read_text("utf-8"))
    if Visit.objects.filter(code=document["slug"]).exists():
        return 0, 1, []
    around = json.loads((folder / "visits" / SURROUNDINGS).read_text("utf-8"))
    try:
        load_surroundings(around=around)
        hung = around.get("dossiers", {}).get(document["slug"], ())
        load_demo_visit(document=document, runner=runner, dossiers=hung, at=at)
    except (KeyError, ValidationError, Refused) as error:
        return 0, 0, [f"{FILE}: {error}"]
    return 1, 0, []


@transaction.atomic
def load_surroundings(*, around: Mapping[str, Any]) -> None:
    """Load the ways, venues and themes that a delegation meets; what is there stays."""
    for entry in around["routes"]:
        keys = {name: entry[name] for name in ("origin", "destination")}
        Route.objects.get_or_create(**keys, defaults=_plain_route(entry))
    for entry in around["venues"]:
        facts = {**entry, "place": Place.objects.filter(code=entry["place"]).first()}
        venue = Venue.objects.filter(code=entry["code"]).order_by("pk").first()
        if venue is None:
            Venue.objects.create(**facts, is_demo=True)
            continue
        for name, value in facts.items():
            if getattr(venue, name) in (None, {}, ""):
                setattr(venue, name, value)
        venue.save()
    for entry in around["themes"]:
        ThemeTag.objects.get_or_create(code=entry["code"], defaults={"name": entry["name"]})


def _plain_route(entry: Mapping[str, Any]) -> dict[str, Any]:
    facts = {key: value for key, value in entry.items() if key not in {"origin", "destination"}}
    for name in ("opens", "closes"):
        if name in facts:
            facts[name] = time.fromisoformat(facts[name])
    return facts


@transaction.atomic
def load_demo_visit(
    *,
    document: Mapping[str, Any],
    runner: User,
    dossiers: Sequence[str] = (),
    at: datetime,
) -> Visit:
    """Make the visit through the actions that the desk uses, and fix its programme."""
    first, last = (date.fromisoformat(day) for day in document["dates"])
    new = NewVisit(
        title=document["title"],
        sender=document["sender"],
        starts_on=first,
        ends_on=last,
        zone=document["timezone"],
        home_zone=document["home_timezone"],
        code=document["slug"],
    )
    visit = create_visit(actor=runner, template="delegation", new=new, now=at)
    load_delegation(actor=runner, visit=visit, document=document, now=at)
    visit.refresh_from_db()
    add_texts(visit=visit, document=document)
    for point in visit.points.order_by("position", "pk"):
        ground_point(actor=runner, point=point, now=at, is_looked_up=True)
        point.save(update_fields=["source"])
    visit.dossiers.set(Dossier.objects.filter(code__in=dossiers))
    theme = ThemeTag.objects.filter(code="self-determination").first()
    if theme is not None:
        codes = [f"{visit.code}-{number}" for number in THEMED]
        for item in VisitItem.objects.filter(event__code__in=codes):
            item.themes.add(theme)
    return take_step(actor=runner, visit=visit, state=Visit.State.FIXED, now=at)


@transaction.atomic
def add_texts(*, visit: Visit, document: Mapping[str, Any]) -> None:
    """Add the issue briefs, the glossary and the talking points of a file."""
    for position, entry in enumerate(document.get("texts", ()), 10):
        PackText.objects.create(visit=visit, position=position, **entry)
    for position, entry in enumerate(document.get("points", ())):
        day = date.fromisoformat(entry["checked_on"])
        facts = {**entry, "checked_on": day}
        TalkingPoint.objects.create(visit=visit, position=position, **facts)


def remove_demo_visits(folder: Path) -> int:
    """Remove the visits of the demonstration with their events; return how many went."""
    removed = 0
    with transaction.atomic():
        for visit in Visit.objects.filter(is_demo=True).order_by("-created_at", "pk"):
            keys = list(VisitItem.objects.filter(visit=visit).values_list("event_id", flat=True))
            empty_visit(visit=visit)
            Event.objects.filter(pk__in=keys).delete()
            Visit.objects.filter(copied_from=visit).update(copied_from=None)
            remove_record(search_documents.KIND, visit.pk)
            drop_packs(builds=visit.packs.all(), now=visit.created_at)
            visit.delete()
            removed += 1
        Venue.objects.filter(is_demo=True, events=None).delete()
        around = json.loads((folder / "visits" / SURROUNDINGS).read_text("utf-8"))
        themes = [entry["code"] for entry in around["themes"]]
        ThemeTag.objects.filter(items=None, code__in=themes).delete()
        for entry in around["routes"]:
            ends = {name: entry[name] for name in ("origin", "destination")}
            Route.objects.filter(**ends).delete()
    return removed
