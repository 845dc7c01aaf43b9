"""The demonstration: an invented institution whose staff can sign in with known secrets."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction

from hiwar.accounts.actions.factors import keep_app
from hiwar.accounts.actions.people import load_roles
from hiwar.accounts.models import Institution, Invitation, Role, User
from hiwar.accounts.queries import the_institution
from hiwar.common import crypto
from hiwar.common.models import PrivateLink

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

PASSWORD = "olive terrace lantern"  # noqa: S105 - meant to be known: demonstrations stay local
# The youngest colleague has no second factor yet, so that setting one up can be tried.
WITHOUT_SECOND_FACTOR = frozenset({"YV"})


@dataclass(slots=True)
class Loaded:
    """What loading did: entries made, entries there already, entries that make no sense."""

    added: int = 0
    there: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Part:
    """What a room above adds to the demonstration, and how it takes it away again."""

    load: Callable[[Path, datetime], tuple[int, int, list[str]]]
    remove: Callable[[Path], int]


_parts: list[Part] = []


def register_part(part: Part) -> None:
    """Let a room add to the demonstration; rooms are loaded in the order of registering."""
    _parts.append(part)


@transaction.atomic
def load_parts(*, folder: Path, at: datetime) -> Loaded:
    """Load what the rooms above add."""
    loaded = Loaded()
    for part in _parts:
        created, there, wrong = part.load(folder, at)
        loaded.added += created
        loaded.there += there
        loaded.wrong += wrong
    return loaded


@transaction.atomic
def remove_parts(*, folder: Path) -> int:
    """Remove what the rooms above added, the uppermost first; return how many records went."""
    return sum(part.remove(folder) for part in reversed(_parts))


def demo_email(code: str) -> str:
    """Return the address of a member of the demonstration's staff."""
    return f"{code.lower()}@shurfa.example"


def demo_secret(code: str) -> bytes:
    """Return the authenticator secret of a member of the demonstration's staff."""
    return hashlib.sha1(f"hiwar demo {code}".encode(), usedforsecurity=False).digest()


@transaction.atomic
def load_demo(*, document: Mapping[str, Any], at: datetime) -> Loaded:
    """Load the invented institution and its staff; what is there already is left alone."""
    loaded = Loaded()
    loaded.added, loaded.there = load_roles(at=at)
    _load_institution(document, at, loaded)
    roles = {role.code: role for role in Role.objects.all()}
    password = make_password(PASSWORD)
    for entry in document["staff"]:
        try:
            _load_person(entry, roles, password, at, loaded)
        except (KeyError, ValidationError) as wrong:
            loaded.wrong.append(f"staff {entry.get('code', '?')}: {wrong}")
    return loaded


def _load_institution(document: Mapping[str, Any], at: datetime, loaded: Loaded) -> None:
    if the_institution() is not None:
        loaded.there += 1
        return
    names = ("name", "short_name", "founded", "legal_form", "seat", "vision", "mission", "values")
    institution = Institution(
        **{name: document[name] for name in names},
        pillars=document["strategic_pillars"],
        work=document.get("work", {}),
        modified_at=at,
        is_demo=True,
    )
    institution.full_clean()
    institution.save()
    loaded.added += 1


def _load_person(
    entry: Mapping[str, Any],
    roles: Mapping[str, Role],
    password: str,
    at: datetime,
    loaded: Loaded,
) -> None:
    email = demo_email(entry["code"])
    if User.objects.filter(email__iexact=email).exists():
        loaded.there += 1
        return
    role = roles[entry["system_role"]]
    user = User(
        email=email,
        name=entry["person"],
        duty=entry["role"],
        language="ar",
        password=password,
        joined_at=at,
        is_demo=True,
    )
    user.full_clean()
    user.save()
    user.roles.set([role])
    if entry["code"] not in WITHOUT_SECOND_FACTOR:
        keep_app(user=user, secret=demo_secret(entry["code"]), step=0, at=at)
    loaded.added += 1


@transaction.atomic
def remove_demo() -> int:
    """Remove the demonstration's people and institution; return how many records went.

    Roles stay, because an institution needs them anyway; audit entries always stay.
    """
    people = User.objects.filter(is_demo=True)
    invitations = Invitation.objects.filter(invited_by__in=people)
    links = list(invitations.values_list("private_link", flat=True))
    invitations.delete()
    PrivateLink.objects.filter(pk__in=links).delete()
    removed = people.count() + Institution.objects.filter(is_demo=True).count()
    people.delete()
    Institution.objects.filter(is_demo=True).delete()
    return removed


def code_now(code: str, at: datetime) -> tuple[str, int]:
    """Return the six digits somebody's app would show now, and for how many seconds more."""
    seconds = at.timestamp()
    step = int(seconds // crypto.STEP_SECONDS)
    left = crypto.STEP_SECONDS - int(seconds % crypto.STEP_SECONDS)
    return crypto.app_code(demo_secret(code), step), left
