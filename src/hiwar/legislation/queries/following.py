"""Who follows laws, and what happened to a law since somebody last said that they had seen it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from hiwar.accounts.queries import readable_by
from hiwar.legislation.models import (
    AmendmentOutcome,
    Consultation,
    Law,
    LawFollower,
    LawVersion,
    LegislativeStep,
    Memorandum,
    OfficialAnswer,
)
from hiwar.legislation.queries.laws import laws_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from uuid import UUID

    from hiwar.accounts.models import User


@dataclass(frozen=True, slots=True)
class LawNews:
    """Something that happened to a law: when it came into the house, by whom, and where it is."""

    law: UUID
    at: datetime
    who: str
    text: str
    url: str


def follower_of(user: User, law: Law) -> LawFollower | None:
    """Return how a user follows a law, or None."""
    return LawFollower.objects.filter(law=law, user=user).first()


def followed_laws(user: User) -> dict[UUID, tuple[Law, datetime]]:
    """Return the laws that a user follows and may read, each with until when they saw it."""
    seen = dict(LawFollower.objects.filter(user=user).values_list("law", "seen_at"))
    return {law.pk: (law, seen[law.pk]) for law in laws_for(user).filter(pk__in=list(seen))}


def news_since(user: User, since: Mapping[UUID, datetime]) -> list[LawNews]:
    """Return what others did to laws after an instant for each, newest first; six queries.

    The laws must be such that the user may read; versions and what hangs on them are left out
    where the user may not read the version.
    """
    if not since:
        return []
    news = [each for each in _gathered(user, list(since), min(since.values()))
            if each.at > since[each.law]]  # fmt: skip
    return sorted(news, key=lambda each: each.at, reverse=True)


def _gathered(user: User, laws: list[UUID], since: datetime) -> Iterator[LawNews]:
    readable = readable_by(user, LawVersion, path="version__")
    versions = LawVersion.objects.filter(
        readable_by(user, LawVersion), law__in=laws, added_at__gt=since
    ).exclude(added_by=user)  # fmt: skip
    for version in versions.defer("text").select_related("added_by"):
        text = _("Version %(number)s was added (%(language)s)") % {
            "number": version.number, "language": version.language,
        }  # fmt: skip
        url = reverse("legislation:version", args=[version.law_id, version.pk])
        yield LawNews(version.law_id, version.added_at, str(version.added_by), text, url)
    steps = LegislativeStep.objects.filter(law__in=laws, recorded_at__gt=since)
    for step in steps.exclude(recorded_by=user).select_related("stage", "recorded_by"):
        yield LawNews(
            step.law_id, step.recorded_at, str(step.recorded_by), str(step), _page(step.law_id)
        )
    consultations = Consultation.objects.filter(readable, law__in=laws, created_at__gt=since)
    for consultation in consultations.exclude(created_by=user).select_related("created_by"):
        yield LawNews(
            consultation.law_id, consultation.created_at, str(consultation.created_by),
            _("A consultation was set up"),
            reverse("legislation:consultation", args=[consultation.pk]),
        )  # fmt: skip
    memoranda = Memorandum.objects.filter(readable, law__in=laws, sent_at__gt=since)
    for letter in memoranda.exclude(sent_by=user).select_related("sent_by"):
        assert letter.sent_at is not None  # noqa: S101 - the filter says so
        yield LawNews(
            letter.law_id, letter.sent_at, str(letter.sent_by), _("A memorandum was sent"),
            reverse("legislation:memorandum", args=[letter.law_id, letter.pk]),
        )  # fmt: skip
    answers = OfficialAnswer.objects.filter(law__in=laws, recorded_at__gt=since)
    for answer in answers.exclude(recorded_by=user).select_related("recorded_by"):
        text = _("Official answer: %(body)s") % {"body": answer.body}
        yield LawNews(
            answer.law_id, answer.recorded_at, str(answer.recorded_by), text, _page(answer.law_id)
        )
    outcomes = AmendmentOutcome.objects.filter(
        readable, amendment__law__in=laws, confirmed_at__gt=since
    ).exclude(confirmed_by=user)  # fmt: skip
    for outcome in outcomes.select_related("amendment", "version", "confirmed_by"):
        text = _("Proposal %(number)s: %(result)s") % {
            "number": outcome.amendment.number, "result": str(outcome),
        }  # fmt: skip
        law = outcome.amendment.law_id
        url = reverse("legislation:arrival", args=[law, outcome.version_id])
        yield LawNews(law, outcome.confirmed_at, str(outcome.confirmed_by), text, url)


def _page(law: UUID) -> str:
    return reverse("legislation:law", args=[law])
