"""Ways to reach people and what they agreed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from hiwar.common import dates
from hiwar.contacts import rules
from hiwar.contacts.models import Consent, ContactPoint, Person

if TYPE_CHECKING:
    from datetime import date

    from hiwar.accounts.rules import Somebody
    from hiwar.common.post import Asked

ANY = "any"


def points_for(user: Somebody) -> QuerySet[ContactPoint]:
    """Return the contact points a user may see; private ones only with their permission."""
    contact_points = ContactPoint.objects.order_by("kind", "label", "pk")
    if not rules.can_see_contact(user):
        return contact_points.none()
    return (
        contact_points
        if rules.can_see_private_point(user)
        else contact_points.filter(is_private=False)
    )


def consents_of(person: Person) -> QuerySet[Consent]:
    """Return everything a person agreed to or refused, the latest first."""
    return person.consents.order_by("-given_on", "-withdrawn_on", "pk")


def may_reach(person: Person, purpose: str, channel: str, on: date) -> bool:
    """Return whether a person agreed to be reached for a purpose on a channel, on a day.

    The latest word counts; what was refused or withdrawn for every channel counts for each, and
    of two words of one day the stricter.
    """
    said = [
        consent
        for consent in person.consents.filter(Q(channel=channel) | Q(channel=ANY), purpose=purpose)
        if consent.given_on <= on
    ]
    latest = max(
        said, key=lambda consent: (consent.given_on, not stands(consent, on)), default=None
    )
    return latest is not None and stands(latest, on)


def refuses(asked: Asked) -> str:
    """Return why a person of the register is not to be written to for a purpose, or nothing.

    Asked when a message is handed over: what was agreed to when the list was made may have ended.
    """
    if not asked.purpose.consent or asked.person is None:
        return ""
    person = Person.objects.filter(pk=asked.person).first()
    day = dates.local_day(asked.at)
    if person is not None and may_reach(person, asked.purpose.consent, "email", day):
        return ""
    return gettext("no consent for this purpose")


def stands(consent: Consent, on: date) -> bool:
    """Return whether a consent was given and neither withdrawn nor expired on a day."""
    if not consent.is_given or (consent.withdrawn_on and consent.withdrawn_on <= on):
        return False
    return consent.expires_on is None or on <= consent.expires_on
