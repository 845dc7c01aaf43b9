from __future__ import annotations

from hiwar.evidence.models.instruments import Instrument, InstrumentArticle
from hiwar.evidence.models.items import EvidenceItem, ItemVersion, Testimony
from hiwar.evidence.models.media import MediaItem
from hiwar.evidence.models.sources import CHECKED_EVERY, Check, FactSource, Source, SourceCopy

__all__ = [
    "CHECKED_EVERY",
    "Check",
    "EvidenceItem",
    "FactSource",
    "Instrument",
    "InstrumentArticle",
    "ItemVersion",
    "MediaItem",
    "Source",
    "SourceCopy",
    "Testimony",
]
