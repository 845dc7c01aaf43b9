"""Laws entered and summarised, versions of their text added and published."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.queries import is_readable_by
from hiwar.common.actions import audit
from hiwar.common.models import Visibility
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import index_record
from hiwar.legislation import rules
from hiwar.legislation.actions.procedures import own_procedure
from hiwar.legislation.models import (
    Law,
    LawFollower,
    LawVersion,
    Provision,
)
from hiwar.legislation.queries import search_documents

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime
    from uuid import UUID

    from hiwar.accounts.models import User
    from hiwar.dossiers.models import Dossier
    from hiwar.engine import law as engine

CLOSE = (Visibility.PERSONAL, Visibility.TEAM)
LONGEST_SUMMARY = 250


class SameText(Refused):
    """The law has a version with exactly this text."""

    code = "same_text"
    message = _("This law has a version with exactly this text already.")


class LanguageTaken(Refused):
    """The version has a text in this language."""

    code = "language_taken"
    message = _("This version has a text in this language already.")


class InConfidence(Refused):
    """What was obtained in confidence is never published."""

    code = "in_confidence"
    message = _("This text was obtained in confidence. It is not published.")


class TooLong(Refused):
    """A summary that nobody would read."""

    code = "too_long"
    message = _("A plain-language summary has at most 250 words in each language.")


@dataclass(frozen=True, slots=True)
class LawFacts:
    """What a law is: its title by language, sort, country, way of writing, procedure by code."""

    title: Mapping[str, str]
    sort: str
    country: str
    jurisdiction: str
    procedure: str
    visibility: str = Visibility.INSTITUTION


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """What is known of a text that is brought in.

    ``other_language_of`` is the version that the text is the same as, in another language.
    """

    language: str
    dated_on: date
    authority: str
    source: str
    is_unofficial: bool = False
    visibility: str = Visibility.INSTITUTION
    other_language_of: LawVersion | None = None


@transaction.atomic
def enter_law(
    *, actor: User, dossier: Dossier, facts: LawFacts, now: datetime, is_demo: bool = False
) -> Law:  # fmt: skip
    """Enter a law into a dossier; a shipped procedure becomes the house's own on its first use.

    Who enters it follows it.

    Raises ``NotAllowed``, ``NoProcedure`` and ``ValidationError``.
    """
    if not rules.can_enter_law(actor, dossier):
        raise NotAllowed
    law = Law(
        dossier=dossier, title=facts.title, sort=facts.sort, country=facts.country.lower(),
        jurisdiction=facts.jurisdiction, procedure=own_procedure(facts.procedure), owner=actor,
        visibility=facts.visibility, created_at=now, is_demo=is_demo,
    )  # fmt: skip
    law.full_clean()
    law.save()
    LawFollower.objects.create(law=law, user=actor, seen_at=now)
    index_record(search_documents.KIND, search_documents.document_of(law))
    audit(actor, "legislation.law.enter", law, at=now)
    return law


@transaction.atomic
def summarise_law(*, actor: User, law: Law, summary: Mapping[str, str], now: datetime) -> None:
    """Say in plain words what a law is about. Raises ``NotAllowed`` and ``TooLong``."""
    locked = Law.objects.select_for_update().get(pk=law.pk)
    if not rules.can_publish_law(actor, locked):
        raise NotAllowed
    if any(len(text.split()) > LONGEST_SUMMARY for text in summary.values()):
        raise TooLong
    before, locked.summary = dict(locked.summary), summary
    locked.save(update_fields=["summary"])
    index_record(search_documents.KIND, search_documents.document_of(locked))
    audit(actor, "legislation.law.summarise", locked, at=now, changed={
        "summary": [before, dict(locked.summary)],
    })  # fmt: skip


@transaction.atomic
def add_version(
    *, actor: User, law: Law, reading: engine.Reading, facts: VersionFacts, now: datetime
) -> LawVersion:
    """Add a text to a law as it was read; a text in confidence is its owner's alone at first.

    Raises ``NotAllowed``, ``SameText``, ``LanguageTaken`` and ``ValidationError``.
    """
    locked = Law.objects.select_for_update().get(pk=law.pk)
    if not rules.can_edit_law(actor, locked):
        raise NotAllowed
    digest = sha256(reading.source.encode()).hexdigest()
    versions = LawVersion.objects.filter(law=locked)
    if versions.filter(sha256=digest, language=facts.language).exists():
        raise SameText
    other = facts.other_language_of
    if other is not None and other.law_id != locked.pk:
        raise NotAllowed
    last = versions.aggregate(last=Max("number"))["last"] or 0
    number = other.number if other else last + 1
    if versions.filter(number=number, language=facts.language).exists():
        raise LanguageTaken
    version = LawVersion(
        law=locked, number=number, language=facts.language, is_unofficial=facts.is_unofficial,
        dated_on=facts.dated_on, authority=facts.authority, source=facts.source,
        visibility=_visibility(facts), owner=actor, text=reading.source, sha256=digest,
        preface=reading.law.preface, preamble=reading.law.preamble,
        conclusion=reading.law.conclusion, added_by=actor, added_at=now,
    )  # fmt: skip
    version.full_clean()
    version.save()
    rows: list[Provision] = []
    _collect(version, reading.law.body, None, rows)
    # Parents stand before what is in them, so that every key that is pointed to is there.
    Provision.objects.bulk_create(rows, batch_size=500)
    audit(actor, "legislation.law.add_version", locked, at=now, changed={
        "version": ["", str(version.pk)], "sha256": ["", digest],
    })  # fmt: skip
    return version


@transaction.atomic
def publish_version(*, actor: User, version: LawVersion, now: datetime) -> None:
    """Let everybody read a version, and with it the law that it belongs to.

    Raises ``NotAllowed`` and ``InConfidence``.
    """
    law = Law.objects.select_for_update().get(pk=version.law_id)
    locked = LawVersion.objects.select_for_update().get(pk=version.pk)
    if not (rules.can_publish_law(actor, law) and is_readable_by(actor, locked)):
        raise NotAllowed
    if locked.authority == LawVersion.Authority.CONFIDENCE:
        raise InConfidence
    _make_visible(actor, law, locked, Visibility.PUBLIC, now)
    if locked.published_at is None:
        locked.published_at = now
        locked.save(update_fields=["published_at"])
    if law.visibility != Visibility.PUBLIC:
        _change_readers(law, Visibility.PUBLIC)
        audit(actor, "legislation.law.publish", law, at=now)


@transaction.atomic
def withdraw_version(*, actor: User, version: LawVersion, now: datetime) -> None:
    """Take a version back from the public; the law goes with its last one.

    Raises ``NotAllowed``.
    """
    law = Law.objects.select_for_update().get(pk=version.law_id)
    locked = LawVersion.objects.select_for_update().get(pk=version.pk)
    if not (rules.can_publish_law(actor, law) and is_readable_by(actor, locked)):
        raise NotAllowed
    if locked.visibility != Visibility.PUBLIC:
        return
    _make_visible(actor, law, locked, Visibility.INSTITUTION, now)
    if not law.versions.filter(visibility=Visibility.PUBLIC).exists():
        _change_readers(law, Visibility.INSTITUTION)
        audit(actor, "legislation.law.withdraw", law, at=now)


def _make_visible(
    actor: User, law: Law, version: LawVersion, visibility: str, now: datetime
) -> None:
    before = version.visibility
    if before == visibility:
        return
    _change_readers(version, visibility)
    audit(actor, "legislation.law.change_readers", law, at=now, changed={
        f"version {version.number} {version.language}": [before, visibility],
    })  # fmt: skip


def _change_readers(record: Law | LawVersion, visibility: str) -> None:
    record.visibility = visibility
    record.save(update_fields=["visibility"])


def _visibility(facts: VersionFacts) -> str:
    if facts.authority == LawVersion.Authority.CONFIDENCE and facts.visibility not in CLOSE:
        return Visibility.PERSONAL
    return facts.visibility


def _collect(
    version: LawVersion, provisions: Iterable[engine.Provision], parent: UUID | None,
    rows: list[Provision],
) -> None:  # fmt: skip
    for provision in provisions:
        row = Provision(
            version=version, parent_id=parent, position=len(rows), kind=provision.kind,
            eid=provision.eid, label=provision.label, heading=provision.heading,
            text=provision.text, closing=provision.closing,
        )  # fmt: skip
        rows.append(row)
        _collect(version, provision.children, row.pk, rows)
