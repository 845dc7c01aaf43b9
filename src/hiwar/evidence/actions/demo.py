"""The library of the demonstration: invented sources and media items, instruments of public law."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from hiwar.accounts.actions.demo import demo_email
from hiwar.accounts.models import User
from hiwar.common.dates import local_day
from hiwar.common.files.actions import erase_file
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import remove_records
from hiwar.dossiers.models import Dossier
from hiwar.evidence.actions import instruments, items, media, sources
from hiwar.evidence.models import (
    EvidenceItem,
    FactSource,
    Instrument,
    MediaItem,
    Source,
    SourceCopy,
)
from hiwar.evidence.queries.testimony import Witness

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

HOLDS = "holds"


def load_demo_evidence(folder: Path, at: datetime) -> tuple[int, int, list[str]]:
    """Load the library that is missing: entries made, entries there, and what was wrong."""
    writer = User.objects.filter(email=demo_email("PM2"), is_demo=True).first()
    document = json.loads((folder / "evidence" / "library.json").read_text("utf-8"))
    clips = json.loads((folder / "evidence" / "media.json").read_text("utf-8"))
    count = sum(map(len, document.values())) + len(clips)
    if writer is None:
        return 0, 0, ["evidence: the staff of the demonstration is not there"]
    if Source.objects.filter(is_demo=True, is_from_words=False).exists():
        return 0, count, []
    try:
        _load(document=document, clips=clips, writer=writer, at=at)
    except (KeyError, ValidationError, Refused) as error:
        return 0, 0, [f"evidence: {error}"]
    return count, 0, []


def remove_demo_evidence(folder: Path) -> int:
    """Remove the library of the demonstration, its copies too; return how many entries went."""
    count = 0
    with transaction.atomic():
        for copy in SourceCopy.objects.filter(source__is_demo=True).select_related("file"):
            file = copy.file
            copy.delete()
            erase_file(actor=None, file=file, now=copy.added_at)
        FactSource.objects.filter(Q(source__is_demo=True) | Q(fact__dossier__is_demo=True)).delete()
        kinds = (
            ("evidence.item", EvidenceItem), ("evidence.source", Source),
            ("evidence.instrument", Instrument), ("evidence.media", MediaItem),
        )  # fmt: skip
        for kind, model in kinds:
            rows = model._default_manager.filter(is_demo=True)
            remove_records(kind, rows.values_list("pk", flat=True))
            count += rows.count()
            rows.delete()
    return count


@transaction.atomic
def _load(*, document: Mapping[str, Any], clips: list[Any], writer: User, at: datetime) -> None:
    dossiers = {row.code: row for row in Dossier.objects.filter(is_demo=True)}
    known = {entry["key"]: _load_source(entry, writer, at) for entry in document["sources"]}
    for entry in document["items"]:
        correction = entry.get("correct")
        values = {
            **entry, "source": known[entry["source"]], "dossier": dossiers.get(entry["dossier"]),
            "figure": correction["before"] if correction else entry["figure"],
        }  # fmt: skip
        item = items.add_item(actor=writer, values=values, now=at, is_demo=True)
        if correction:
            items.correct_item(
                actor=writer, item=item, text={}, figure=entry["figure"],
                reason=correction["reason"], now=at,
            )  # fmt: skip
    for entry in document["testimonies"]:
        items.record_testimony(
            actor=writer,
            values={"text": entry["text"], "dossier": dossiers.get(entry["dossier"])},
            chosen_name=entry["chosen_name"],
            witness=Witness(**{name: entry[name] for name in Witness.__struct_fields__}),
            consent=items.Consent(local_day(at) - timedelta(days=entry["agreed_days_ago"])),
            now=at, is_demo=True,
        )  # fmt: skip
    for entry in document["instruments"]:
        _load_instrument(entry, writer, at)
    for entry in clips:
        values = {
            **entry, "cites_institution": entry["cites"],
            "published_on": local_day(at) - timedelta(days=entry["days_ago"]),
        }  # fmt: skip
        media.add_media_item(actor=writer, values=values, now=at, is_demo=True)


def _load_source(entry: Mapping[str, Any], writer: User, at: datetime) -> Source:
    source = sources.add_source(actor=writer, values=entry, now=at, is_demo=True)
    _look(source, entry, writer, at)
    if entry["quality"]:
        sources.judge(
            actor=writer, record=source, quality=entry["quality"], reason=entry["reason"], now=at
        )
    return source


def _load_instrument(entry: Mapping[str, Any], writer: User, at: datetime) -> None:
    days = {
        name: date.fromisoformat(entry[name]) if entry[name] else None
        for name in ("adopted_on", "in_force_on")
    }
    instrument = instruments.add_instrument(
        actor=writer, values={**entry, **days}, now=at, is_demo=True
    )
    for article, paragraph, text in entry["articles"]:
        instruments.add_article(
            actor=writer, instrument=instrument, article=article, paragraph=paragraph, text=text,
            now=at,
        )  # fmt: skip
    _look(instrument, entry, writer, at)


def _look(
    record: Source | Instrument, entry: Mapping[str, Any], writer: User, at: datetime
) -> None:
    ago = entry["checked_days_ago"]
    if ago is not None:
        on = local_day(at) - timedelta(days=ago)
        sources.check(actor=writer, record=record, on=on, result=HOLDS, now=at)
