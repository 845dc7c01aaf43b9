"""A visit as tests need it: the invented delegation, loaded as an officer loads it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factories.accounts import UserFactory
from hiwar.contacts.models import Organisation
from hiwar.visits.actions.delegation_import import load_delegation
from hiwar.visits.actions.demo import add_texts, load_surroundings
from hiwar.visits.actions.visits import NewVisit, create_visit, take_step
from hiwar.visits.models import Visit

if TYPE_CHECKING:
    from hiwar.accounts.models import User

DEMO = Path(__file__).parents[2] / "demo/visits"
PLANNED = datetime(2027, 2, 1, 8, tzinfo=UTC)
HOSTS = (
    "MIS-01", "GOV-01", "GOV-06", "CSO-01", "CSO-02", "CSO-07", "CSO-08", "CSO-10", "LGU-01",
    "LGU-03", "PAR-01", "PAR-02", "PAR-03",
)  # fmt: skip
STAFF = {"ED": "director", "IR": "international_relations", "PR2": "researcher",
         "DF2": "facilitator", "DF3": "field_coordinator", "MO": "media"}  # fmt: skip


def delegation_file() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((DEMO / "delegation-velmark.json").read_text("utf-8"))
    return document


def surroundings() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DEMO / "surroundings.json").read_text("utf-8"))
    return found


def make_staff() -> dict[str, User]:
    """Return the colleagues whom the file names, by code; the roles must be loaded."""
    return {
        code: UserFactory.create(email=f"{code.lower()}@shurfa.example", roles=[role])
        for code, role in STAFF.items()
    }


def make_hosts() -> None:
    for code in HOSTS:
        Organisation.objects.create(
            code=code, name={"en": f"Host {code}", "ar": f"جهة {code}"}, created_at=PLANNED
        )


def make_visit(runner: User, *, zone: str = "Asia/Hebron", **facts: Any) -> Visit:
    """Return an empty visit of the five days."""
    new = NewVisit(
        title={"en": "Velmark", "ar": "فِلمارك"},
        sender={"en": "National Assembly of Velmark"},
        starts_on=facts.pop("starts_on", date(2027, 3, 24)),
        ends_on=facts.pop("ends_on", date(2027, 3, 28)),
        zone=zone,
        home_zone=facts.pop("home_zone", "Europe/Stockholm"),
        **facts,
    )
    return create_visit(actor=runner, template="delegation", new=new, now=PLANNED)


def make_velmark(runner: User, *, is_fixed: bool = True) -> Visit:
    """Return the visit of the file, with ways and venues; hosts and staff must be there."""
    load_surroundings(around=surroundings())
    visit = make_visit(runner, code="velmark")
    load_delegation(actor=runner, visit=visit, document=delegation_file(), now=PLANNED)
    visit.refresh_from_db()
    add_texts(visit=visit, document=delegation_file())
    if is_fixed:
        take_step(actor=runner, visit=visit, state=Visit.State.FIXED, now=PLANNED)
    return Visit.objects.get(pk=visit.pk)
