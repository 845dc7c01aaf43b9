"""Ways to reach people and what they agreed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from hiwar.common import dates
from hiwar.common.opt_outs import MAIL, PHONE, opted_out
from hiwar.contacts import rules
from hiwar.contacts.models import Consent, ContactPoint, Person

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from uuid import UUID

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
    said = person.consents.filter(Q(channel=channel) | Q(channel=ANY), purpose=purpose)
    return _latest_stands(said, on)


def _latest_stands(said: Iterable[Consent], on: date) -> bool:
    latest = latest_word(said, on)
    return latest is not None and stands(latest, on)


def latest_word(said: Iterable[Consent], on: date) -> Consent | None:
    """Return the word that counts on a day: the latest, and of two of one day the stricter."""
    return max(
        (consent for consent in said if consent.given_on <= on),
        key=lambda consent: (consent.given_on, not stands(consent, on)),
        default=None,
    )


def refuses(asked: Sequence[Asked]) -> dict[UUID, str]:
    """Return why persons of the register are not to be written to for a purpose, by key.

    Asked when a message is handed over: what was agreed to when the list was made may have ended.
    """
    subject = [each for each in asked if each.purpose.consent and each.person is not None]
    if not subject:
        return {}
    rows = Consent.objects.filter(
        Q(channel="email") | Q(channel=ANY),
        person__in={each.person for each in subject},
        purpose__in={each.purpose.consent for each in subject},
    )
    said: dict[tuple[UUID, str], list[Consent]] = {}
    for consent in rows:
        said.setdefault((consent.person_id, consent.purpose), []).append(consent)
    reasons = {}
    for each in subject:
        if each.person is None:
            continue
        of_this = said.get((each.person, each.purpose.consent), [])
        if not _latest_stands(of_this, dates.local_day(each.at)):
            reasons[each.key] = gettext("no consent for this purpose")
    return reasons


def silent_points(points: Sequence[ContactPoint]) -> set[UUID]:
    """Return the ways to reach somebody by which all messages were ended, wherever it was said."""
    silent: set[UUID] = set()
    for kind, way in ((ContactPoint.Kind.EMAIL, MAIL), (ContactPoint.Kind.PHONE, PHONE)):
        values = {point.value: point.pk for point in points if point.kind == kind}
        silent |= {values[value] for value in opted_out(way, set(values))}
    return silent


def stands(consent: Consent, on: date) -> bool:
    """Return whether a consent was given and neither withdrawn nor expired on a day."""
    if not consent.is_given or (consent.withdrawn_on and consent.withdrawn_on <= on):
        return False
    return consent.expires_on is None or on <= consent.expires_on
