"""What the site says about the institution: office holders on a day, funders by year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hiwar.common.multilingual import MultilingualText
from hiwar.publishing.models import PublicProfile


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who holds an office or held it: from a day, until a day, where they are known."""

    office: MultilingualText
    person: MultilingualText
    begins: date | None
    ends: date | None


@dataclass(frozen=True, slots=True)
class Funder:
    """Who paid which share of a year, in per cent."""

    name: MultilingualText
    year: int
    share: int


def the_profile() -> PublicProfile | None:
    """Return the profile, or None before somebody wrote it."""
    return PublicProfile.objects.order_by("pk").first()


def officers_of(profile: PublicProfile) -> list[Officer]:
    """Return everybody who holds or held an office, in the order in which they were written."""
    return [
        Officer(MultilingualText(row["office"]), MultilingualText(row["person"]),
                _day(row["from"]), _day(row["until"]))
        for row in profile.officers
    ]  # fmt: skip


def officers_on(profile: PublicProfile, day: date) -> list[Officer]:
    """Return who holds an office on a day: whoever begins that day does, who ends that day too."""
    return [
        officer for officer in officers_of(profile)
        if (not officer.begins or officer.begins <= day)
        and (not officer.ends or officer.ends >= day)
    ]  # fmt: skip


def former_officers(profile: PublicProfile, day: date) -> list[Officer]:
    """Return who held an office before a day, the last first."""
    former = [each for each in officers_of(profile) if each.ends and each.ends < day]
    return sorted(former, key=lambda officer: officer.ends or day, reverse=True)


def funders_of(profile: PublicProfile) -> list[Funder]:
    """Return who pays, the newest year and the largest share first."""
    rows = [Funder(MultilingualText(row["name"]), row["year"], row["share"])
            for row in profile.funders]  # fmt: skip
    return sorted(rows, key=lambda funder: (-funder.year, -funder.share))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
