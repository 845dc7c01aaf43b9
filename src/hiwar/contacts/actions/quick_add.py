"""A person in one step: name, ways to reach them, and a post."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

from django.db import transaction

from hiwar.contacts.actions.contact_points import add_point
from hiwar.contacts.actions.organisations import create_post, hold_post
from hiwar.contacts.actions.people import create_person

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.contacts.models import Organisation, Person


class Quick(TypedDict, total=False):
    """What may be known of somebody who was just met."""

    phone: str
    email: str
    organisation: Organisation | None
    title: Mapping[str, str]
    source: str


@transaction.atomic
def create_quick_person(
    *, actor: User | None, shown_name: Mapping[str, str], now: datetime, **details: Unpack[Quick]
) -> Person:
    """Make a person with a telephone, an e-mail address and a post, as far as they are known.

    Raises what ``create_person``, ``add_point`` and ``hold_post`` raise.
    """
    person = create_person(
        actor=actor, shown_name=shown_name, now=now, source=details.get("source", "")
    )
    for kind in ("phone", "email"):
        if value := str(details.get(kind) or ""):
            add_point(actor=actor, subject=person, kind=kind, value=value, now=now)
    body, title = details.get("organisation"), details.get("title")
    if body is not None and title:
        same = (
            candidate
            for candidate in body.posts.filter(abolished_on=None)
            if candidate.title == title
        )
        post = next(same, None) or create_post(actor=actor, organisation=body, title=title, now=now)
        hold_post(actor=actor, post=post, person=person, starts_on=None, now=now)
    return person
