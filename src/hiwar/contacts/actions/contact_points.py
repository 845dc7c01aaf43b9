"""Ways to reach people, what they agreed to, and how they stand to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common import opt_outs
from hiwar.common.actions import audit
from hiwar.common.dates import local_day
from hiwar.common.opt_outs import OptOut
from hiwar.common.refusals import Refused
from hiwar.common.telephones import telephone_key
from hiwar.contacts import rules
from hiwar.contacts.actions.organisations import DaysInDisorder
from hiwar.contacts.actions.people import check_may_edit
from hiwar.contacts.models import (
    Consent,
    ContactPoint,
    Organisation,
    Person,
    Post,
    Relationship,
)
from hiwar.contacts.queries.contact_points import ANY, latest_word, stands
from hiwar.contacts.queries.vocabularies import texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from hiwar.accounts.models import User


class Terms(TypedDict, total=False):
    """What may be said of a consent; ``is_given`` False is a refusal."""

    is_given: bool
    basis: str
    expires_on: date | None


class NotAPhone(Refused):
    """What was given is no telephone number."""

    code = "not_a_phone"
    message = _("This is no telephone number: at least seven digits are needed.")


class NotAnEmail(Refused):
    """What was given is no e-mail address."""

    code = "not_an_email"
    message = _("This is no e-mail address.")


class NotASite(Refused):
    """What was given is no address of a website."""

    code = "not_a_site"
    message = _("This is no address of a website; it begins with https://.")


class UnknownWord(Refused):
    """The code is not among the words of the register."""

    code = "unknown_word"
    message = _("This choice does not exist. Load the page again.")


class SamePerson(Refused):
    """Nobody stands in a relationship to themselves."""

    code = "same_person"
    message = _("Choose another person: nobody stands in a relationship to themselves.")


def key_of_point(kind: str, value: str) -> str:
    """Return by what equal contact points are recognised, whatever they are written like.

    Raises ``NotAPhone``, ``NotAnEmail`` and ``NotASite``.
    """
    if kind == ContactPoint.Kind.PHONE:
        key = telephone_key(value)
        if not key:
            raise NotAPhone
        return key
    if kind == ContactPoint.Kind.EMAIL:
        try:
            validate_email(value.strip())
        except ValidationError as wrong:
            raise NotAnEmail from wrong
        return value.strip().casefold()
    if kind == ContactPoint.Kind.SITE:
        try:
            URLValidator(schemes=["http", "https"])(value.strip())
        except ValidationError as wrong:
            raise NotASite from wrong
    return " ".join(value.split()).casefold()[:300]


@transaction.atomic
def add_point(
    *,
    actor: User | None,
    subject: Person | Organisation | Post,
    kind: str,
    value: str,
    now: datetime,
    label: str = "",
    is_private: bool | None = None,
) -> ContactPoint:
    """Keep a way to reach somebody, as it was given; those of people are private unless said.

    One that is there already is left as it is. Raises ``NotAllowed``, ``NotAPhone``,
    ``NotAnEmail``, ``NotASite`` and ``ValidationError``.
    """
    check_may_edit(actor, subject)
    key = key_of_point(kind, value)
    owner = subject._meta.model_name or ""
    contact_point = ContactPoint.objects.filter(**{owner: subject}, kind=kind, key=key).first()
    if contact_point is not None:
        return contact_point
    private = isinstance(subject, Person) if is_private is None else is_private
    point = ContactPoint(
        kind=kind, value=value.strip(), key=key, label=label, is_private=private,
        **{owner: subject},
    )  # fmt: skip
    point.full_clean(exclude=["key"])
    point.save()
    audit(actor, "contacts.point.add", subject, at=now, changed={"kind": ["", kind]})
    if point.person is not None:
        _tell_senders([point], list(point.person.consents.all()), actor, now)
    return point


@transaction.atomic
def remove_point(*, actor: User | None, point: ContactPoint, now: datetime) -> None:
    """Take a way to reach somebody away. Raises ``NotAllowed``."""
    subject = point.person or point.organisation or point.post
    check_may_edit(actor, subject)
    if actor is not None and point.is_private and not rules.can_see_private_point(actor):
        raise NotAllowed
    if subject is not None:
        audit(actor, "contacts.point.remove", subject, at=now, changed={"kind": [point.kind, ""]})
    point.delete()


@transaction.atomic
def record_consent(
    *,
    actor: User | None,
    person: Person,
    purpose: str,
    channel: str,
    source: str,
    given_on: date,
    now: datetime,
    **terms: Unpack[Terms],
) -> Consent:
    """Write down that a person agreed or refused, where they said it and until when it holds.

    Raises ``NotAllowed``, ``UnknownWord``, ``DaysInDisorder`` and ``ValidationError``.
    """
    check_may_edit(actor, person)
    if purpose not in texts("purposes") or channel not in texts("channels"):
        raise UnknownWord
    expires_on, is_given = terms.get("expires_on"), terms.get("is_given", True)
    if expires_on is not None and expires_on < given_on:
        raise DaysInDisorder
    consent = Consent(
        person=person,
        purpose=purpose,
        channel=channel,
        source=source,
        given_on=given_on,
        is_given=is_given,
        basis=terms.get("basis", Consent.Basis.CONSENT),
        expires_on=expires_on,
    )
    consent.full_clean()
    consent.save()
    verb = "contacts.consent.give" if is_given else "contacts.consent.refuse"
    audit(actor, verb, person, at=now, changed={"purpose": ["", purpose]})
    of_purpose = consent.person.consents.filter(purpose=consent.purpose)
    _tell_senders(consent.person.points.all(), list(of_purpose), actor, now)
    return consent


@transaction.atomic
def withdraw_consent(*, actor: User | None, consent: Consent, on: date, now: datetime) -> Consent:
    """Write down that a consent was withdrawn; it stays as what it was until then.

    Raises ``NotAllowed`` and ``DaysInDisorder``.
    """
    check_may_edit(actor, consent.person)
    if on < consent.given_on:
        raise DaysInDisorder
    consent.withdrawn_on = on
    consent.save(update_fields=["withdrawn_on"])
    changed = {"purpose": [consent.purpose, ""]}
    audit(actor, "contacts.consent.withdraw", consent.person, at=now, changed=changed)
    of_purpose = consent.person.consents.filter(purpose=consent.purpose)
    _tell_senders(consent.person.points.all(), list(of_purpose), actor, now)
    return consent


# What the outbox calls a way to reach somebody, and which words of a card speak of it.
WAYS = {
    ContactPoint.Kind.EMAIL: (opt_outs.MAIL, ("email", ANY)),
    ContactPoint.Kind.PHONE: (opt_outs.PHONE, ("sms", ANY)),
}


def _tell_senders(
    points: Iterable[ContactPoint], consents: Sequence[Consent], actor: User | None, now: datetime
) -> None:
    """Say of addresses what their owner refused, or takes again, to whatever sends.

    An address of some list may be somebody's of the register without anybody knowing it. What only
    ended by its day is no refusal.
    """
    day = local_day(now)
    for point in points:
        kind, channels = WAYS.get(ContactPoint.Kind(point.kind), ("", ()))
        for purpose in sorted({consent.purpose for consent in consents}):
            said = (each for each in consents
                    if each.purpose == purpose and each.channel in channels)  # fmt: skip
            last = latest_word(said, day)
            if last is None:
                continue
            out = OptOut(kind, point.value, opt_outs.CARD, purpose)
            if stands(last, day):
                opt_outs.opt_in(out, at=now, actor=actor)
            elif not last.is_given or last.withdrawn_on:
                opt_outs.opt_out(out, at=now, actor=actor)


@transaction.atomic
def relate_people(
    *,
    actor: User | None,
    person: Person,
    other: Person,
    kind: str,
    source: str,
    now: datetime,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Relationship:
    """Say how two people stand to each other, since when, and where that is known from.

    Raises ``NotAllowed``, ``SamePerson``, ``UnknownWord``, ``DaysInDisorder`` and
    ``ValidationError``.
    """
    check_may_edit(actor, person)
    check_may_edit(actor, other)
    if person.pk == other.pk:
        raise SamePerson
    if kind not in texts("relationships"):
        raise UnknownWord
    if starts_on and ends_on and ends_on < starts_on:
        raise DaysInDisorder
    relationship = Relationship(
        person=person, other=other, kind=kind, source=source, starts_on=starts_on, ends_on=ends_on
    )
    relationship.full_clean()
    relationship.save()
    audit(actor, "contacts.person.relate", person, at=now)
    return relationship


@transaction.atomic
def remove_relationship(*, actor: User | None, relationship: Relationship, now: datetime) -> None:
    """Take a relationship away that was a mistake. Raises ``NotAllowed``."""
    check_may_edit(actor, relationship.person)
    check_may_edit(actor, relationship.other)
    audit(actor, "contacts.person.unrelate", relationship.person, at=now)
    relationship.delete()
