"""The law of the demonstration: an invented draft in two versions and languages, under comment."""

from __future__ import annotations

import json
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from hiwar.accounts.actions.demo import demo_email
from hiwar.accounts.models import User
from hiwar.common.dates import local_day
from hiwar.common.models import AuditEntry
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import remove_records
from hiwar.dossiers.models import Dossier
from hiwar.engine import law as engine
from hiwar.legislation.actions import laws
from hiwar.legislation.actions.comment_files import erase_files_of
from hiwar.legislation.actions.consultations import ConsultationFacts, open_consultation
from hiwar.legislation.actions.demo_amendments import load_demo_amendments
from hiwar.legislation.actions.steps import StepFacts, record_step
from hiwar.legislation.models import (
    Amendment,
    Comment,
    Consultation,
    Law,
    LawVersion,
    Procedure,
)
from hiwar.legislation.queries.search_documents import KIND

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

DOSSIER = "SS"
BUREAU = "ديوان التشريع · Legislation Bureau"
PROCEDURE = "ps-decree-law"
# How many days before today each version came, and each stage was reached.
VERSIONS = (54, 10)
STAGES = (("policy", 90), ("drafting", 70), ("review", 56), ("comments", 52))
OPENED, DAYS = 8, 60
WORDS = {"ar": ("مادة", "مكرر"), "en": ("Article", "bis")}


def load_demo_laws(folder: Path, at: datetime) -> tuple[int, int, list[str]]:
    """Load the law that is missing: laws made, laws there, and what was wrong."""
    writer = User.objects.filter(email=demo_email("PR2"), is_demo=True).first()
    if writer is None:
        return 0, 0, ["laws: the staff of the demonstration is not there"]
    if Law.objects.filter(is_demo=True).exists():
        return 0, 1, []
    dossier = Dossier.objects.filter(code=DOSSIER, is_demo=True).first()
    if dossier is None:
        return 0, 0, ["laws: the dossier of the demonstration is not there"]
    draft = json.loads((folder / "legislation" / "draft-law.json").read_text("utf-8"))
    try:
        _load(draft=draft, dossier=dossier, writer=writer, folder=folder, at=at)
    except (KeyError, ValidationError, Refused) as error:
        return 0, 0, [f"laws: {error}"]
    return 1, 0, []


def remove_demo_laws(folder: Path) -> int:
    """Remove the law of the demonstration, and its procedure where nobody else uses or changed it.

    Return how many laws went.
    """
    with transaction.atomic():
        rows = Law.objects.filter(is_demo=True)
        remove_records(KIND, rows.values_list("pk", flat=True))
        comments = Comment.objects.filter(consultation__law__in=rows)
        for consultation in Consultation.objects.filter(law__in=rows):
            erase_files_of(
                actor=None, comments=comments.filter(consultation=consultation),
                now=consultation.created_at,
            )  # fmt: skip
        Consultation.objects.filter(law__in=rows).delete()
        Amendment.objects.filter(law__in=rows).delete()
        count = rows.count()
        rows.delete()
        for procedure in Procedure.objects.filter(code=PROCEDURE, law=None):
            if not AuditEntry.objects.filter(object=procedure.reference).exists():
                procedure.delete()
    return count


@transaction.atomic
def _load(
    *, draft: Mapping[str, Any], dossier: Dossier, writer: User, folder: Path, at: datetime
) -> None:
    facts = laws.LawFacts(draft["title"], Law.Sort.DECREE_LAW, "ps", "ps", PROCEDURE)
    law = laws.enter_law(actor=writer, dossier=dossier, facts=facts, now=at, is_demo=True)
    stages = {stage.code: stage for stage in law.procedure.stages.all()}
    today = local_day(at)
    for code, ago in STAGES:
        step = StepFacts(
            "stage", stages[code], today - timedelta(days=ago), "official_statement",
            BUREAU,
        )  # fmt: skip
        record_step(actor=writer, law=law, facts=step, now=at)
    oldest, newest = (
        _version(law, draft, number, writer, at - timedelta(days=ago))
        for number, ago in enumerate(VERSIONS)
    )
    load_demo_amendments(folder=folder, old=oldest, new=newest, writer=writer, at=at)
    opens = today - timedelta(days=OPENED)
    consultation = ConsultationFacts(
        opens, time(9), opens + timedelta(days=DAYS), time(16), settings.TIME_ZONE, {}
    )  # fmt: skip
    open_consultation(actor=writer, version=newest, facts=consultation, now=at)


def _version(
    law: Law, draft: Mapping[str, Any], number: int, writer: User, at: datetime
) -> LawVersion:  # fmt: skip
    """Add and publish a version in Arabic and its unofficial translation; return the Arabic one."""
    first: LawVersion | None = None
    for language in ("ar", "en"):
        text = _text(draft, number, language)
        facts = laws.VersionFacts(
            language, local_day(at), LawVersion.Authority.OFFICIAL, BUREAU,
            is_unofficial=language != "ar", other_language_of=first,
        )  # fmt: skip
        reading = engine.read_law(text, "ps" if language == "ar" else language)
        version = laws.add_version(actor=writer, law=law, reading=reading, facts=facts, now=at)
        laws.publish_version(actor=writer, version=version, now=at)
        first = first or version
    assert first is not None  # noqa: S101 - Arabic comes first
    first.refresh_from_db()
    return first


def _text(draft: Mapping[str, Any], number: int, language: str) -> str:
    word, mark = WORDS[language]
    lines = [draft["title"][language]]
    for article in draft["versions"][number]["articles"]:
        base, _blank, again = article["no"].partition(" ")
        label = f"{word} ({base})" if language == "ar" else f"{word} {base}"
        lines += [
            f"{label} {mark}" if again else label,
            article["title"][language], article["text"][language],
        ]  # fmt: skip
    return "\n".join(lines) + "\n"
