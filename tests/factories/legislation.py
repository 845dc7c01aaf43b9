"""Laws and the texts of their versions."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from factories.accounts import UserFactory
from factories.dossiers import DossierFactory
from hiwar.engine.law import read_law
from hiwar.legislation.actions.consultations import ConsultationFacts, open_consultation
from hiwar.legislation.actions.instruments import InstrumentFacts, bring_instrument
from hiwar.legislation.actions.laws import (
    LawFacts,
    VersionFacts,
    add_version,
    enter_law,
    publish_version,
)

if TYPE_CHECKING:
    from hiwar.accounts.models import User
    from hiwar.legislation.models import AmendingInstrument, Consultation, Law, LawVersion

NOW = datetime(2027, 7, 4, 9, tzinfo=UTC)
FIRST = (
    "مشروع قرار بقانون بشأن الصندوق\nمادة (1)\nتعريفات\nيقصد بالصندوق صندوق العاملين.\n"
    "مادة (2)\nتسري أحكامه على كل منشأة تضم خمسة عاملين.\nمادة (14)\nيرد الصندوق خلال ستين يوماً.\n"
)
SECOND = FIRST.replace("ستين", "ثلاثين") + "مادة (14) مكرر\nتنشر القرارات في الجريدة الرسمية.\n"


def make_law(officer: User | None = None, procedure: str = "ps-decree-law") -> Law:
    return enter_law(
        actor=officer or UserFactory.create(roles=["researcher"]),
        dossier=DossierFactory.create(),
        facts=LawFacts(
            {"ar": "مشروع قرار بقانون بشأن الصندوق", "en": "Draft law on the fund"},
            "decree-law", "PS", "ps", procedure,
        ),
        now=NOW,
    )  # fmt: skip


def make_version(
    law: Law, text: str = FIRST, *, authority: str = "official", language: str = "ar",
    other: LawVersion | None = None,
) -> LawVersion:  # fmt: skip
    assert law.owner is not None
    facts = VersionFacts(
        language, date(2027, 4, 11), authority, "الديوان", other_language_of=other
    )  # fmt: skip
    reading = read_law(text, "ps" if language == "ar" else language)
    return add_version(actor=law.owner, law=law, reading=reading, facts=facts, now=NOW)


def make_instrument(
    version: LawVersion, text: str, *, title: str = "قرار بقانون معدل", **facts: Any
) -> AmendingInstrument:
    standard: dict[str, Any] = {"authority": "official", "source": "الديوان"}
    return bring_instrument(
        actor=version.added_by, version=version, text=text,
        facts=InstrumentFacts(title=title, **standard | facts), now=NOW,
    )  # fmt: skip


def make_consultation(version: LawVersion, *, opens: date = date(2027, 4, 11)) -> Consultation:
    """Publish a version and open it for sixty days."""
    owner = version.added_by
    publish_version(actor=owner, version=version, now=NOW)
    version.refresh_from_db()
    facts = ConsultationFacts(
        opens, time(9), opens + timedelta(days=60), time(16), "Asia/Hebron", {"en": "Say it."}
    )  # fmt: skip
    return open_consultation(actor=owner, version=version, facts=facts, now=NOW)
