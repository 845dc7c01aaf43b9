"""The demonstration's strategy, its three dossiers with their years, and its barriers."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from hiwar.accounts.actions.demo import demo_email
from hiwar.accounts.models import User
from hiwar.accounts.queries import the_institution
from hiwar.common import dates
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import remove_record
from hiwar.dossiers.actions.barriers import Evidence, Where, add_barrier, change_barrier_state
from hiwar.dossiers.actions.dossiers import (
    Why,
    change_state,
    create_dossier,
    place_dossier,
    update_dossier,
)
from hiwar.dossiers.actions.facts import Check, Source, add_fact, correct_fact
from hiwar.dossiers.actions.parts import add_document, add_person, add_step, finish_step
from hiwar.dossiers.actions.strategy import Details, add_pillar, add_programme, add_project
from hiwar.dossiers.models import Barrier, Dossier, Fact, Pillar, Programme, Project
from hiwar.places.models import Place

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from django.db.models import QuerySet

NOON = time(12)


def load_demo_dossiers(folder: Path, at: datetime) -> tuple[int, int, list[str]]:
    """Load strategy and dossiers that are missing: made, there already, and what was wrong."""
    staff = {
        user.email.partition("@")[0].upper(): user for user in User.objects.filter(is_demo=True)
    }
    director = staff.get("ED")
    if director is None or User.objects.filter(email=demo_email("ED")).first() is None:
        return 0, 0, ["dossiers: the staff of the demonstration is not there"]
    loaded, there, wrong = 0, 0, []
    try:
        loaded += _load_strategy(folder=folder, staff=staff, at=at)
    except (KeyError, ValidationError, Refused) as error:
        wrong.append(f"strategy: {error}")
    for path in sorted((folder / "dossiers").glob("*.json")):
        document = json.loads(path.read_text("utf-8"))
        if not isinstance(document, dict) or "states" not in document:
            continue
        if Dossier.objects.filter(slug=document["slug"]).exists():
            there += 1
            continue
        try:
            load_dossier(document=document, staff=staff, at=at)
        except (KeyError, ValidationError, Refused) as error:
            wrong.append(f"{path.name}: {error}")
            continue
        loaded += 1
    return loaded, there, wrong


@transaction.atomic
def load_dossier(*, document: Mapping[str, Any], staff: Mapping[str, User], at: datetime) -> None:
    """Make one dossier from its file through the actions that people use."""
    owner = staff[document["owner"]]
    today = dates.local_day(at)
    first = _noon(min(change["on"] for change in document["states"]))
    dossier = create_dossier(
        actor=owner, title=document["title"], aim=document["aim"], code=document["code"],
        slug=document["slug"], programme=None, now=first,
    )  # fmt: skip
    programme = Programme.objects.filter(code=document["programme"]).first()
    project = Project.objects.filter(code=document["project"]).first()
    if programme is not None:
        place_dossier(actor=owner, dossier=dossier, programme=programme, project=project, now=first)
    for role, code in document["people"]:
        add_person(actor=owner, dossier=dossier, role=role, user=staff[code], now=first)
    for entry in document["states"]:
        change_state(
            actor=staff["ED"], dossier=dossier, state=entry["state"],
            on=date.fromisoformat(entry["on"]), today=today, now=_noon(entry["on"]),
            why=Why(entry.get("source", ""), reason=entry["reason"]),
        )  # fmt: skip
    facts = {
        told_fact["key"]: _load_fact(dossier, told_fact, staff, at)
        for told_fact in document["facts"]
    }
    for entry in document["documents"]:
        add_document(
            actor=owner, dossier=dossier, title=entry["title"], kept_at=entry["kept_at"],
            publisher=entry["publisher"], published_on=date.fromisoformat(entry["published_on"]),
            now=_noon(entry["published_on"]),
        )  # fmt: skip
    for entry in document["steps"]:
        due_on = today + timedelta(days=entry["due_in"])
        step = add_step(
            actor=owner, dossier=dossier, what=entry["what"], owner=staff[entry["owner"]],
            due_on=due_on, now=at,
        )  # fmt: skip
        if entry.get("done"):
            finish_step(actor=staff[entry["owner"]], step=step, now=_noon(due_on.isoformat()))
    for entry in document["barriers"]:
        _load_barrier(dossier, entry, facts, owner, today)
    changes = {"where_it_stands": document["where_it_stands"]}
    update_dossier(actor=owner, dossier=dossier, changes=changes, now=at)


@transaction.atomic
def _load_strategy(*, folder: Path, staff: Mapping[str, User], at: datetime) -> int:
    """Grow the tree that the institution's profile names; what is there already stays."""
    institution = the_institution()
    if institution is None or Pillar.objects.exists():
        return 0
    document = json.loads((folder / "dossiers" / "strategy.json").read_text("utf-8"))
    director = staff["ED"]
    loaded = 0
    for position, pillar in enumerate(institution.pillars, 1):
        grown = add_pillar(
            actor=director, code=pillar["code"], name=pillar["name"], position=position, now=at
        )
        loaded += 1
        for order, programme in enumerate(pillar.get("programmes", ()), 1):
            owner = staff.get(document["owners"].get(programme["code"], ""))
            add_programme(
                actor=director, pillar=grown, code=programme["code"], name=programme["name"],
                now=at, details=Details(owner=owner, position=order),
            )  # fmt: skip
            loaded += 1
    for order, entry in enumerate(document["projects"], 1):
        days = (date.fromisoformat(entry["starts_on"]), date.fromisoformat(entry["ends_on"]))
        add_project(
            actor=director, programme=Programme.objects.get(code=entry["programme"]),
            code=entry["code"], name=entry["name"], now=at,
            details=Details(staff[entry["owner"]], *days, position=order),
        )  # fmt: skip
        loaded += 1
    return loaded


def remove_demo_dossiers(folder: Path) -> int:
    """Remove what people of the demonstration made in this room; return how many dossiers went."""
    with transaction.atomic():
        barriers = Barrier.objects.filter(Q(is_demo=True) | Q(dossier__is_demo=True))
        for key in barriers.values_list("pk", flat=True):
            remove_record("dossiers.barrier", key)
        barriers.delete()
        gone = Dossier.objects.filter(is_demo=True)
        _forget(gone)
        count = gone.count()
        gone.delete()
        for model in (Project, Programme, Pillar):
            model._default_manager.filter(is_demo=True).delete()
    return count


def _forget(dossiers: QuerySet[Dossier]) -> None:
    """Let full text find nothing any more of dossiers that go."""
    for key in dossiers.values_list("pk", flat=True):
        remove_record("dossiers.dossier", key)
    for key in Fact.objects.filter(dossier__in=dossiers).values_list("pk", flat=True):
        remove_record("dossiers.fact", key)


def _load_fact(
    dossier: Dossier, entry: Mapping[str, Any], staff: Mapping[str, User], at: datetime
) -> Fact:
    actor = staff[entry["by"]]
    today = dates.local_day(at)
    published = entry.get("published_on")
    correction = entry.get("correct")
    said = correction["before"] if correction else entry["text"]
    ago = entry.get("checked_days_ago")
    fact = add_fact(
        actor=actor,
        dossier=dossier,
        text=said,
        value=entry.get("value", ""),
        source=Source(entry["source"], "", date.fromisoformat(published) if published else None),
        check=Check(today - timedelta(days=ago) if ago is not None else None),
        today=today,
        now=_noon(published) if published else at,
    )
    if correction:
        then = at - timedelta(days=correction["days_ago"])
        correct_fact(
            actor=staff[correction["by"]], fact=fact, changes={"text": entry["text"]},
            reason=correction["reason"], today=dates.local_day(then), now=then,
        )  # fmt: skip
    return fact


def _load_barrier(
    dossier: Dossier,
    entry: Mapping[str, Any],
    facts: Mapping[str, Fact],
    actor: User,
    today: date,
) -> None:
    place = Place.objects.filter(code=entry.get("place", "")).first()
    evidence = Evidence(
        date.fromisoformat(entry["on"]),
        entry.get("evidence", {}),
        entry.get("source", ""),
        facts.get(entry.get("fact", "")),
    )
    barrier = add_barrier(
        actor=actor, title=entry["title"], kind=entry["kind"], groups=entry["groups"],
        where=Where(place, entry.get("locality_kind", "")), evidence=evidence, dossier=dossier,
        now=_noon(entry["on"]),
    )  # fmt: skip
    if entry["state"] != Barrier.State.IDENTIFIED:
        change_barrier_state(
            actor=actor, barrier=barrier, state=entry["state"],
            on=date.fromisoformat(entry["state_on"]), today=today, reason=entry["reason"],
            now=_noon(entry["state_on"]),
        )  # fmt: skip


def _noon(day: str) -> datetime:
    return timezone.make_aware(datetime.combine(date.fromisoformat(day), NOON))
