"""Sources, evidence, testimony, instruments and media items."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from factories.accounts import UserFactory
from hiwar.common.files.types import PDF
from hiwar.common.files.uploads import SentFile
from hiwar.evidence.actions import instruments, items, media, sources
from hiwar.evidence.queries.testimony import Witness

if TYPE_CHECKING:
    from hiwar.accounts.models import User
    from hiwar.evidence.models import EvidenceItem, Instrument, MediaItem, Source, SourceCopy

NOW = datetime(2027, 7, 4, 9, tzinfo=UTC)
PAPER = b"%PDF-1.7 what the report said"
WITNESS = Witness("سلمى الحقيقية", "0599777123", "كتابة أمام منسق", "ورقة واحدة فقط")


def make_officer() -> User:
    return UserFactory.create(roles=["researcher"])


def make_source(officer: User | None = None, **values: Any) -> Source:
    standard = {
        "title": "سوق العمل والشباب", "language": "ar", "publisher": "معهد البحوث",
        "authors": [{"family": "التميمي", "given": "رنا"}], "issued": "2024",
    }  # fmt: skip
    return sources.add_source(actor=officer or make_officer(), values=standard | values, now=NOW)


def make_copy(source: Source, content: bytes = PAPER) -> SourceCopy:
    assert source.owner is not None
    return sources.keep_copy(
        actor=source.owner, source=source, sent=SentFile("report.pdf", content, PDF),
        taken_on=date(2027, 7, 1), now=NOW,
    )  # fmt: skip


def make_item(source: Source, **values: Any) -> EvidenceItem:
    assert source.owner is not None
    standard = {
        "kind": "statistic", "text": {"ar": "واحد وأربعون في المئة", "en": "Forty-one per cent"},
        "figure": "43% (54/126)", "source": source,
    }  # fmt: skip
    return items.add_item(actor=source.owner, values=standard | values, now=NOW)


def make_testimony(officer: User, ends_on: date | None = None, **values: Any) -> EvidenceItem:
    standard = {"text": {"ar": "عملت أربعة أشهر بلا أجر", "en": "I worked unpaid for months"}}
    return items.record_testimony(
        actor=officer, values=standard | values, chosen_name="نور", witness=WITNESS,
        consent=items.Consent(date(2027, 6, 1), ends_on), now=NOW,
    )  # fmt: skip


def make_instrument(officer: User) -> Instrument:
    instrument = instruments.add_instrument(
        actor=officer, now=NOW,
        values={"kind": "treaty", "symbol": "CEDAW", "title": {"ar": "اتفاقية", "en": "Convention"},
                "year": 1979},
    )  # fmt: skip
    instruments.add_article(
        actor=officer, instrument=instrument, article="7", paragraph="b",
        text={"ar": "تشارك المرأة", "en": "Women take part"}, now=NOW,
    )  # fmt: skip
    return instrument


def make_media_item(officer: User, **values: Any) -> MediaItem:
    standard = {
        "published_on": date(2027, 6, 2), "outlet": "صباح", "medium": "press", "language": "ar",
        "headline": "تقرير عن بدل التدريب", "topic": "بدل التدريب", "tone": "neutral",
    }  # fmt: skip
    return media.add_media_item(actor=officer, values=standard | values, now=NOW)
