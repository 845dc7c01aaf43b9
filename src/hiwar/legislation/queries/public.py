"""What everybody may read of laws: those published, their published versions, proven steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from hiwar.common.models import Visibility
from hiwar.legislation.models import (
    Amendment,
    AmendmentOutcome,
    Law,
    LawVersion,
    LegislativeStep,
    OfficialAnswer,
    Provision,
)
from hiwar.legislation.queries.asked import asked_text
from hiwar.legislation.queries.laws import steps_of, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

E = LegislativeStep.Evidence
# What is known from a leak or without a proof stays with staff, and so do notes and sources.
PROVEN = frozenset([E.OFFICIAL_TEXT, E.OFFICIAL_STATEMENT, E.PRESS, E.CIVIL_SOCIETY])
# Where a text comes from may name a person, unless it is an official one or our own.
NAMED_SOURCES = frozenset(
    [LawVersion.Authority.OFFICIAL, LawVersion.Authority.COALITION,
     LawVersion.Authority.CONSOLIDATED]
)  # fmt: skip


def public_laws() -> QuerySet[Law]:
    """Return the laws that everybody may read, newest first: published, with a published text."""
    versions = LawVersion.objects.filter(law=OuterRef("pk"), visibility=Visibility.PUBLIC)
    laws = Law.objects.filter(Exists(versions), visibility=Visibility.PUBLIC)
    return laws.select_related("procedure").order_by("-created_at", "pk")


def public_law(key: str) -> Law | None:
    """Return one of the laws that everybody may read; None for any other key."""
    try:
        return public_laws().filter(pk=UUID(key)).first()
    except ValueError:
        return None


def public_versions(law: Law) -> list[LawVersion]:
    """Return the versions of a law that everybody may read, latest first, without their texts."""
    versions = LawVersion.objects.filter(law=law, visibility=Visibility.PUBLIC)
    return list(versions.defer("text").order_by("-number", "language", "pk"))


def public_steps(law: Law) -> list[LegislativeStep]:
    """Return the steps of a law that are proven by what everybody may know."""
    return [step for step in steps_of(law) if step.evidence in PROVEN]


def version_to_read(versions: Sequence[LawVersion], language: str) -> LawVersion:
    """Return the latest version, in a language where the version has it."""
    latest = [version for version in versions if version.number == versions[0].number]
    return next((version for version in latest if version.language == language), latest[0])


def public_source(version: LawVersion) -> str:
    """Return where a version comes from, as far as everybody may know."""
    return version.source if version.authority in NAMED_SOURCES else ""


def version_name(version: LawVersion) -> str:
    """Return how a version stands in an address, such as ``2-ar``."""
    return f"{version.number}-{version.language}"


def last_two(versions: Sequence[LawVersion], language: str) -> tuple[LawVersion, LawVersion] | None:
    """Return the older and the newer of the last two versions of one language, or None."""
    spoken = {version.language for version in versions}
    for code in (language, *sorted(spoken - {language})):
        same = [version for version in versions if version.language == code]
        if len(same) > 1:
            return same[1], same[0]
    return None


def article_slug(eid: str) -> str:
    """Return how an article stands in an address.

    >>> article_slug("art_14bis"), article_slug("att_1__art_2")
    ('14-bis', 'att_1__art_2')
    """
    return eid.removeprefix("art_").replace("bis", "-bis") if eid.startswith("art_") else eid


def article_eid(slug: str) -> str:
    """Return the address inside the law that a slug stands for.

    >>> article_eid("14-bis"), article_eid("att_1__art_2")
    ('art_14bis', 'att_1__art_2')
    """
    return f"art_{slug.replace('-bis', 'bis')}" if slug[:1].isdigit() else slug


@dataclass(frozen=True, slots=True)
class ArticleText:
    """An article as one version has it; ``lines`` are its label with text, and those below it."""

    version: LawVersion
    provision: Provision
    lines: tuple[tuple[str, str], ...]


def article_in(versions: Sequence[LawVersion], eid: str) -> list[ArticleText]:
    """Return an article as each version has it, in the order of the versions; one query."""
    by_version: dict[UUID, list[Provision]] = {}
    rows = Provision.objects.filter(
        Q(eid=eid) | Q(eid__startswith=f"{eid}__"), version__in=[each.pk for each in versions]
    )
    for row in rows.order_by("position"):
        by_version.setdefault(row.version_id, []).append(row)
    texts = []
    for version in versions:
        parts = by_version.get(version.pk, [])
        if not parts or parts[0].eid != eid or parts[0].kind != "article":
            continue
        head, *below = parts
        lines = [("", head.text), *((part.label, part.text) for part in below)]
        lines += [("", part.closing) for part in reversed(parts) if part.closing]
        texts.append(
            ArticleText(version, head, tuple(line for line in lines if line[0] or line[1]))
        )
    return texts


@dataclass(frozen=True, slots=True)
class PublicProposal:
    """A published proposal on an article, with what became of it where that was confirmed."""

    amendment: Amendment
    asked: str
    outcome: AmendmentOutcome | None


def public_proposals(versions: Sequence[LawVersion], eid: str) -> list[PublicProposal]:
    """Return the published proposals on an article or its parts, in their order.

    A proposal is shown as long as the version that it is on is published, in the language of that
    version; what became of it, where that is confirmed in a published version.
    """
    by_key = {version.pk: version for version in versions}
    numbers = {version.number for version in versions}
    amendments = Amendment.objects.filter(
        Q(eid=eid) | Q(eid__startswith=f"{eid}__"), version__in=list(by_key), is_published=True
    )
    proposals = []
    for amendment in amendments.prefetch_related("outcomes__version").order_by("number"):
        amendment.version = by_key[amendment.version_id]
        asked = asked_text(amendment, text_of(amendment.version))
        outcomes = [each for each in amendment.outcomes.all() if each.version.number in numbers]
        newest = max(outcomes, key=lambda each: each.version.number, default=None)
        proposals.append(PublicProposal(amendment, asked.new if asked else "", newest))
    return proposals


def public_answers(law: Law, eid: str | None = None) -> list[OfficialAnswer]:
    """Return the official answers that everybody may read, newest first: all, or on an article."""
    answers = OfficialAnswer.objects.filter(law=law, is_published=True)
    if eid is not None:
        answers = answers.filter(eid=eid)
    return list(answers.order_by("-answered_on", "pk"))


def articles_of(version: LawVersion) -> list[Provision]:
    """Return the articles of a version in their order, without their texts."""
    articles = version.provisions.filter(kind="article").order_by("position")
    return list(articles.only("eid", "label", "heading", "version_id", "position"))
