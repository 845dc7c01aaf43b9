"""The register of the demonstration: invented bodies, missions and the people who hold posts."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import Q

from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import remove_record
from hiwar.common.tables import read_records
from hiwar.contacts.actions.contact_points import record_consent, relate_people
from hiwar.contacts.actions.log import write_note
from hiwar.contacts.actions.organisations import (
    create_organisation,
    create_post,
    hold_post,
    join_group,
    leave_group,
)
from hiwar.contacts.actions.people import create_person
from hiwar.contacts.actions.segments import add_term, create_segment, pick_member
from hiwar.contacts.models import (
    ContactPoint,
    DuplicatePair,
    FileRow,
    Interaction,
    Membership,
    Merge,
    Note,
    Organisation,
    Person,
    Post,
    PostHolding,
    Precedence,
    Relationship,
    Segment,
)
from hiwar.contacts.queries.search_documents import INTERACTION, ORGANISATION, PERSON
from hiwar.contacts.queries.vocabularies import sex_of_word, without_honorific
from hiwar.places.models import Place

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

SEGMENTS, CONSENTS = "segments.json", "consents.csv"
DIRECTORY, CONTACTS, TIES = "directory.csv", "contacts.csv", "ties.csv"


def load_demo_contacts(folder: Path, at: datetime) -> tuple[int, int, list[str]]:
    """Load the directory and the people: made, there already, wrong."""
    loaded, there, wrong = 0, 0, []
    for file, load in (
        (DIRECTORY, _load_organisation),
        (CONTACTS, _load_person),
        (TIES, _load_tie),
        (CONSENTS, _load_consent),
    ):
        for number, row in enumerate(_rows(folder / "contacts" / file), 2):
            try:
                is_new = load(row, at)
            except (KeyError, ValueError, ValidationError, Refused) as error:
                wrong.append(f"{file} {number}: {error}")
                continue
            loaded, there = loaded + is_new, there + (not is_new)
    for document in json.loads((folder / "contacts" / SEGMENTS).read_text("utf-8")):
        try:
            is_new = _load_segment(document, at)
        except (KeyError, ValueError, ValidationError, ObjectDoesNotExist, Refused) as error:
            wrong.append(f"{SEGMENTS} {document.get('name')}: {error}")
            continue
        loaded, there = loaded + is_new, there + (not is_new)
    return loaded, there, wrong


def remove_demo_contacts(folder: Path) -> int:
    """Remove the people and bodies of the demonstration; return how many went."""
    people = Person.objects.filter(is_demo=True)
    bodies = Organisation.objects.filter(is_demo=True)
    posts = Post.objects.filter(Q(is_demo=True) | Q(organisation__in=bodies))
    talks = Interaction.objects.filter(Q(organisation__in=bodies) | Q(people__in=people))
    for kind, gone in ((PERSON, people), (ORGANISATION, bodies), (INTERACTION, talks)):
        for key in set(gone.values_list("pk", flat=True)):
            remove_record(kind, key)
    Interaction.objects.filter(pk__in=[interaction.pk for interaction in talks]).delete()
    Note.objects.filter(Q(person__in=people) | Q(organisation__in=bodies)).delete()
    for model in (Merge, DuplicatePair):
        names = ("kept", "other") if model is Merge else ("first", "second")
        model._default_manager.filter(
            Q(**{f"{names[0]}__in": people}) | Q(**{f"{names[1]}__in": people})
        ).delete()
    FileRow.objects.filter(person__in=people).delete()
    Segment.objects.filter(is_demo=True).delete()
    Relationship.objects.filter(Q(person__in=people) | Q(other__in=people)).delete()
    Membership.objects.filter(
        Q(organisation__in=bodies) | Q(person__in=people) | Q(member__in=bodies)
    ).delete()
    Precedence.objects.filter(post__in=posts).delete()
    PostHolding.objects.filter(Q(post__in=posts) | Q(person__in=people)).delete()
    ContactPoint.objects.filter(Q(post__in=posts) | Q(organisation__in=bodies)).delete()
    removed = people.count() + bodies.count()
    posts.delete()
    people.update(merged_into=None)
    people.delete()
    bodies.update(parent=None)
    bodies.delete()
    return removed


def _load_organisation(row: dict[str, str], at: datetime) -> bool:
    if Organisation.objects.filter(code=row["code"]).exists():
        return False
    place = Place.objects.filter(code=row["governorate"]).first() if row["governorate"] else None
    body = create_organisation(
        actor=None,
        code=row["code"],
        name=_texts(row, "name"),
        kind=row["kind"].replace(" ", "_"),
        sector=row["sector"],
        languages=[code for code in row["languages"].split(";") if code],
        place=place,
        stance=row["stance_or_status"],
        is_demo=True,
        now=at,
    )
    if row["notes"]:
        write_note(actor=None, subject=body, text=row["notes"], now=at)
    return True


def _load_person(row: dict[str, str], at: datetime) -> bool:
    if Person.objects.filter(code=row["code"]).exists():
        return False
    body = Organisation.objects.get(code=row["organisation"])
    names = _texts(row, "name")
    title = _texts(row, "post")
    salutation = without_honorific(f"{row['salutation']} x")
    person = create_person(
        actor=None,
        code=row["code"],
        shown_name=names,
        sex=row.get("sex") or sex_of_word(row["salutation"]),
        honorific="" if salutation[1] == "ordinary" else salutation[1],
        language=row["language"],
        sector=body.sector,
        place=body.place,
        is_demo=True,
        source=CONTACTS,
        now=at,
    )
    post = next(
        (candidate for candidate in body.posts.all() if dict(candidate.title) == title), None
    )
    if post is None:
        post = create_post(actor=None, organisation=body, title=title, is_demo=True, now=at)
    hold_post(
        actor=None,
        post=post,
        person=person,
        starts_on=_day(row["posting_from"]),
        ends_on=_day(row["posting_until"]),
        source=CONTACTS,
        now=at,
    )
    return True


def _load_tie(row: dict[str, str], at: datetime) -> bool:
    """Load how two stand to each other: a relationship or a membership."""
    starts_on, ends_on = _day(row["since"]), _day(row["until"])
    if row["kind"] == "membership":
        return _load_membership(row, starts_on, ends_on, at)
    first, second = (Person.objects.get(code=row[name]) for name in ("from", "to"))
    if Relationship.objects.filter(person=first, other=second, kind=row["kind"]).exists():
        return False
    relate_people(
        actor=None,
        person=first,
        other=second,
        kind=row["kind"],
        source=row["source"],
        starts_on=starts_on,
        ends_on=ends_on,
        now=at,
    )
    return True


def _load_membership(
    row: dict[str, str], starts_on: date | None, ends_on: date | None, at: datetime
) -> bool:
    body = Organisation.objects.get(code=row["to"])
    member = Organisation.objects.filter(code=row["from"]).first()
    person = None if member else Person.objects.get(code=row["from"])
    if Membership.objects.filter(organisation=body, member=member, person=person).exists():
        return False
    membership = join_group(
        actor=None,
        organisation=body,
        member=member,
        person=person,
        role=row["text"],
        starts_on=starts_on,
        source=row["source"],
        now=at,
    )
    if ends_on:
        leave_group(actor=None, membership=membership, ends_on=ends_on, now=at)
    return True


def _load_consent(row: dict[str, str], at: datetime) -> bool:
    person = Person.objects.get(code=row["person"])
    given_on = date.fromisoformat(row["given_on"])
    said = person.consents.filter(purpose=row["purpose"], channel=row["channel"])
    if said.filter(given_on=given_on).exists():
        return False
    record_consent(
        actor=None,
        person=person,
        purpose=row["purpose"],
        channel=row["channel"],
        source=row["source"],
        given_on=given_on,
        is_given=row["said"] == "yes",
        now=at,
    )
    return True


def _load_segment(document: dict[str, Any], at: datetime) -> bool:
    """Load a segment with its conditions, in which codes stand for records."""
    there = Segment.objects.filter(is_demo=True)
    if any(dict(segment.name) == document["name"] for segment in there):
        return False
    segment = create_segment(
        actor=None,
        name=document["name"],
        purpose=document["purpose"],
        join=document["join"],
        is_demo=True,
        now=at,
    )
    for term in document["conditions"]:
        values = {
            name: [_key_of(name, value) for value in listed]
            for name, listed in term["values"].items()
        }
        add_term(
            actor=None,
            segment=segment,
            kind=term["kind"],
            values=values,
            is_denied=term.get("is_denied", False),
            now=at,
        )
    for pick in document["by_hand"]:
        person = Person.objects.filter(code=pick["code"]).first()
        pick_member(
            actor=None,
            segment=segment,
            member=person or Organisation.objects.get(code=pick["code"]),
            is_in=pick["is_in"],
            reason=pick["reason"],
            now=at,
        )
    return True


def _key_of(name: str, code: str) -> str:
    if name == "body":
        return str(Organisation.objects.get(code=code).pk)
    return str(Place.objects.get(code=code).pk) if name == "place" else code


def _rows(path: Path) -> list[dict[str, str]]:
    return list(read_records(path.read_text("utf-8-sig")))


def _texts(row: dict[str, str], name: str) -> dict[str, str]:
    before = f"{name}_"
    return {key.removeprefix(before): text.strip() for key, text in row.items()
            if key.startswith(before) and text}  # fmt: skip


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
