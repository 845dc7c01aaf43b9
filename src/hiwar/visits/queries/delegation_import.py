"""What a delegation file says, and what is wrong with it: nothing is written here."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, time
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from hiwar.accounts.models import User
from hiwar.contacts.models import Organisation
from hiwar.contacts.queries.cells import folded
from hiwar.events.models import Event, Venue
from hiwar.visits.models import Traveller

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KINDS = {"site visit": "site_visit", "round table": "round_table", "town hall": "town_hall"}
VARIANTS = {"press": Traveller.Variant.PRESS, "staff": Traveller.Variant.STAFF}
STEP_FREE = re.compile(r"step-free|wheelchair|كرسي متحرك|دون أدراج", re.IGNORECASE)
ONLINE = {"online", "عن بُعد", "عن بعد"}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a file: where, what, and whether the rest can be loaded without it."""

    where: str
    what: str
    stops: bool = False


@dataclass(frozen=True, slots=True)
class PlannedTraveller:
    """A person of the file."""

    number: int
    facts: Mapping[str, object]
    bio: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """An entry of the file's programme, its hosts found in the register."""

    kind: str
    title: Mapping[str, str]
    day: date
    starts: time
    ends: time
    where: Mapping[str, str]
    form: str
    venue: Venue | None
    organisations: tuple[Organisation, ...]
    staff: tuple[User, ...]
    plain: Mapping[str, object]


@dataclass(slots=True)
class Delegation:
    """A file as read: its people, its programme, its problems, the gravest first."""

    zone: str = ""
    home_zone: str = ""
    partner: Organisation | None = None
    members_hidden: bool = False
    travellers: list[PlannedTraveller] = field(default_factory=list)
    items: list[PlannedItem] = field(default_factory=list)
    nights: list[Mapping[str, object]] = field(default_factory=list)
    emergency: list[object] = field(default_factory=list)
    vehicle: str = ""
    access_check: str = ""
    buffer_minutes: int | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_stopped(self) -> bool:
        """Whether a problem keeps the file from being loaded."""
        return any(problem.stops for problem in self.problems)

    @property
    def by_kind(self) -> dict[str, int]:
        """How many items there are of each kind."""
        return dict(Counter(item.kind for item in self.items).most_common())

    @property
    def by_day(self) -> dict[date, int]:
        """How many items there are on each day."""
        return dict(sorted(Counter(item.day for item in self.items).items()))


def read_delegation(document: object, *, starts_on: date, ends_on: date) -> Delegation:
    """Read a delegation file for a visit of these days; whatever makes no sense is a problem."""
    delegation = Delegation()
    if not isinstance(document, dict):
        delegation.problems.append(Problem("", _("This is not a delegation file."), stops=True))
        return delegation
    _read_head(document, delegation)
    for at, entry in enumerate(_list(document.get("members")), 1):
        try:
            delegation.travellers.append(_traveller(_mapping(entry), at))
        except (KeyError, TypeError, ValueError, AttributeError):
            delegation.problems.append(Problem(f"members {at}", _("This person has no name.")))
    venues = list(Venue.objects.order_by("code", "pk"))
    for at, entry in enumerate(_list(document.get("meetings")), 1):
        try:
            item = _item(_mapping(entry), f"meetings {at}", venues, delegation)
        except (KeyError, TypeError, ValueError, AttributeError):
            text = _("Day, time, kind or title is missing or makes no sense.")
            delegation.problems.append(Problem(f"meetings {at}", text))
            continue
        if not starts_on <= item.day <= ends_on:
            text = _("This day is not a day of the visit.")
            delegation.problems.append(Problem(f"meetings {at}", text))
            continue
        delegation.items.append(item)
    if not delegation.items and not delegation.travellers:
        text = _("The file holds neither travellers nor a programme.")
        delegation.problems.append(Problem("", text, stops=True))
    delegation.items.sort(key=lambda planned_item: (planned_item.day, planned_item.starts))
    delegation.problems.sort(key=lambda problem: not problem.stops)
    return delegation


def _read_head(document: Mapping[str, object], delegation: Delegation) -> None:
    for name, key in (("zone", "timezone"), ("home_zone", "home_timezone")):
        zone = str(document.get(key) or "")
        if zone and zone not in available_timezones():
            text = _("There is no time zone %(zone)s.") % {"zone": zone[:60]}
            delegation.problems.append(Problem(key, text))
        else:
            setattr(delegation, name, zone)
    code = str(document.get("partner") or "")
    if code:
        delegation.partner = Organisation.objects.filter(code=code).order_by("pk").first()
        if delegation.partner is None:
            delegation.problems.append(_unknown("partner", code))
    delegation.members_hidden = "internal" in str(document.get("confidentiality", ""))
    delegation.emergency = _list(document.get("emergency"))[:6]
    logistics = document.get("logistics")
    if isinstance(logistics, dict):
        delegation.nights = [
            night for night in _list(logistics.get("hotel")) if isinstance(night, dict)
        ]
        delegation.vehicle = str(logistics.get("vehicle", ""))[:120]
        delegation.access_check = str(logistics.get("access_check", ""))[:200]
        buffer = logistics.get("default_buffer_minutes")
        delegation.buffer_minutes = (
            buffer if isinstance(buffer, int) and 0 <= buffer < 1000 else None
        )


def _traveller(entry: Mapping[str, object], at: int) -> PlannedTraveller:
    name, party = str(entry["name"]).strip(), str(entry.get("party", ""))
    if not name:
        raise ValueError(name)
    number = int(str(entry.get("no", at)))
    role, needs = _texts(entry.get("role")), str(entry.get("needs", ""))
    diet = str(entry.get("diet", ""))
    facts = {
        "number": number,
        "name": name[:160],
        "other_name": str(entry.get("other_name") or entry.get("name_ar") or "")[:160],
        "role": role,
        "party": "" if party in VARIANTS else party[:120],
        "variant": VARIANTS.get(party, Traveller.Variant.MEMBER),
        "diet": "" if diet == "none" else diet[:60],
        "needs": needs[:200],
        "is_step_free": bool(STEP_FREE.search(needs)),
        "is_head": role.get("en", "").casefold().startswith("head of delegation"),
        "phone": str(entry.get("phone", ""))[:40],
    }
    return PlannedTraveller(number, facts, _texts(entry.get("bio")))


def _item(
    entry: Mapping[str, object], where: str, venues: list[Venue], delegation: Delegation
) -> PlannedItem:
    kind = str(entry["type"]).casefold()
    kind = KINDS.get(kind, kind)
    if kind not in Event.Kind.values:
        raise ValueError(kind)
    starts, ends = time.fromisoformat(str(entry["start"])), time.fromisoformat(str(entry["end"]))
    if ends <= starts:
        raise ValueError(ends)
    place = _texts(entry.get("place"))
    first = re.split(r"[,،]", place.get("en", ""))[0].strip().casefold()
    is_online = first in ONLINE
    organisations, staff = [], []
    for code in _list(entry.get("host")):
        organisation = _organisation(str(code))
        colleague = None if organisation else _colleague(str(code))
        if organisation:
            organisations.append(organisation)
        elif colleague:
            staff.append(colleague)
        else:
            delegation.problems.append(_unknown(where, str(code)))
    note = str(entry.get("note", ""))[:300]
    people = re.search(r"max\. (\d+)", _texts(entry["title"]).get("en", ""))
    most = entry.get("most_people") or (int(people[1]) if people else None)
    return PlannedItem(
        kind=kind,
        title=_texts(entry["title"]),
        day=date.fromisoformat(str(entry["date"])),
        starts=starts,
        ends=ends,
        where=place,
        form=Event.Form.ONLINE if is_online else Event.Form.IN_PERSON,
        venue=None if is_online else _venue(entry, place, venues),
        organisations=tuple(organisations),
        staff=tuple(staff),
        plain={
            "note": note,
            "most_people": most,
            "needs_interpreter": bool(entry.get("interpreter")),
            "interpreter": str(entry.get("interpreter_name", ""))[:120],
            "plan_b": _texts(entry.get("plan_b")),
            "fallback": _texts(entry.get("fallback")),
            "phone": str(entry.get("phone", ""))[:40],
            "status": "confirmed" if entry.get("confirmed") else "requested",
        },
    )


def _venue(
    entry: Mapping[str, object], place: Mapping[str, str], venues: list[Venue]
) -> Venue | None:
    code = entry.get("venue")
    named = next((venue for venue in venues if code and venue.code == code), None)
    return named or find_venue(place.get("en", ""), venues)


def find_venue(text: str, venues: Iterable[Venue]) -> Venue | None:
    """Return the venue that a text names: every word of its own is in the venue's name."""
    words = set(re.findall(r"\w+", text.casefold()))
    if "," not in text or not words:
        return None
    return next(
        (
            venue
            for venue in venues
            if words <= set(re.findall(r"\w+", venue.name.in_language("en").casefold()))
        ),
        None,
    )


def _organisation(text: str) -> Organisation | None:
    """Return the organisation of a code, or of a name that one alone has."""
    there = Organisation.objects.filter(removed_at=None).order_by("pk")
    if by_code := there.filter(code=text).first():
        return by_code
    wanted = folded(text)
    named = [
        body
        for body in there.filter(search_text__contains=wanted)[:20]
        if wanted in {folded(name) for name in (*body.name.values(), *body.short_name.values())}
    ]
    return named[0] if len(named) == 1 else None


def _colleague(code: str) -> User | None:
    return User.objects.filter(email__istartswith=f"{code}@").order_by("pk").first()


def _unknown(where: str, code: str) -> Problem:
    return Problem(where, _("%(code)s is not in the register; left out.") % {"code": code[:40]})


def _texts(value: object) -> dict[str, str]:
    if isinstance(value, dict):
        return {str(code): str(text) for code, text in value.items() if text}
    return {"en": str(value)} if value else {}


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise TypeError(type(value))
    return value


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
