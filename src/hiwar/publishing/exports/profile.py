"""The institution as a directory entry in the words of schema.org, for other sites to list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

from hiwar.publishing.exports.feeds import absolute
from hiwar.publishing.queries.profile import funders_of, officers_on

if TYPE_CHECKING:
    from datetime import date

    from hiwar.accounts.models import Institution
    from hiwar.publishing.models import PublicProfile


def directory_entry(
    house: Institution, profile: PublicProfile | None, language: str, today: date
) -> dict[str, Any]:
    """Return the profile as JSON-LD: names in every language, who holds office on the day."""
    entry: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NGO",
        "@id": absolute(reverse("public_publishing:about", args=[language])),
        "url": absolute(reverse("site:home", args=[language])),
        "name": _texts(house.name),
        "alternateName": _texts(house.short_name),
        "description": _texts(house.mission),
        "knowsLanguage": [code for code, _name in settings.LANGUAGES],
    }
    if house.founded:
        entry["foundingDate"] = str(house.founded)
    if house.seat:
        entry["location"] = house.seat.in_language(language)
    if profile is None:
        return entry
    if profile.address:
        entry["address"] = profile.address.in_language(language)
    if profile.email:
        entry["email"] = profile.email
    if profile.telephone:
        entry["telephone"] = profile.telephone
    entry["member"] = [
        {"@type": "OrganizationRole", "roleName": _texts(officer.office),
         "startDate": officer.begins.isoformat() if officer.begins else "",
         "member": {"@type": "Person", "name": _texts(officer.person)}}
        for officer in officers_on(profile, today)
    ]  # fmt: skip
    entry["funder"] = [
        {"@type": "Organization", "name": _texts(funder.name)} for funder in funders_of(profile)
    ]
    return entry


def _texts(texts: Any) -> list[dict[str, str]]:
    return [{"@language": code, "@value": text} for code, text in texts.in_order()]
