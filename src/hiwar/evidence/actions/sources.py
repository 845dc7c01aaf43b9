"""Sources: entered, changed, looked at, judged; copies kept and destroyed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit, update_record
from hiwar.common.dates import local_day
from hiwar.common.files.actions import erase_file, stage_file, store_file
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import index_record
from hiwar.evidence import rules
from hiwar.evidence.actions.grounds import look
from hiwar.evidence.models import Check, EvidenceItem, Instrument, Source, SourceCopy
from hiwar.evidence.queries.files import COPY
from hiwar.evidence.queries.search_documents import document_of_source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from hiwar.accounts.models import User
    from hiwar.common.files.uploads import SentFile
    from hiwar.common.models import StoredFile

FIELDS = (
    "kind", "title", "language", "authors", "container", "publisher", "publisher_place", "issued",
    "volume", "issue", "pages", "number", "doi", "isbn", "url", "note", "visibility",
)  # fmt: skip


class ReasonMissing(Refused):
    """Quality is stated with a reason."""

    code = "reason_missing"
    message = _("Say why: the quality of evidence is stated with a reason.")


class NotLookedAtYet(Refused):
    """A day that is still to come."""

    code = "not_looked_at_yet"
    message = _("Nobody has looked at it on a day that is still to come.")


class SameCopy(Refused):
    """The source has a copy with exactly these bytes."""

    code = "same_copy"
    message = _("This source has a copy with exactly this content already.")


@transaction.atomic
def add_source(
    *, actor: User, values: Mapping[str, Any], now: datetime, is_demo: bool = False
) -> Source:
    """Enter a source. ``values`` has fields by name, those of ``FIELDS``.

    Raises ``NotAllowed`` and ``ValidationError``.
    """
    if not rules.can_edit_evidence(actor):
        raise NotAllowed
    source = Source(
        **{name: values[name] for name in FIELDS if name in values},
        owner=actor, added_by=actor, added_at=now, is_demo=is_demo,
    )  # fmt: skip
    source.full_clean()
    source.save()
    index_record("evidence.source", document_of_source(source))
    audit(actor, "evidence.source.add", source, at=now)
    return source


@transaction.atomic
def update_source(*, actor: User, source: Source, values: Mapping[str, Any], now: datetime) -> None:
    """Change what is known of a source; raises ``NotAllowed`` and ``ValidationError``."""
    if not rules.can_edit_record(actor, source):
        raise NotAllowed
    changes = {name: values[name] for name in FIELDS if name in values}
    if update_record(actor=actor, record=source, changes=changes, at=now):
        source.is_from_words = False
        source.save(update_fields=["is_from_words"])
        index_record("evidence.source", document_of_source(source))


@transaction.atomic
def judge(
    *, actor: User, record: Source | EvidenceItem, quality: str, reason: str, now: datetime
) -> None:
    """State how good a source or evidence is, and why; an empty quality takes it back.

    Raises ``NotAllowed``, ``ReasonMissing`` and ``ValidationError``.
    """
    if not rules.can_edit_record(actor, record):
        raise NotAllowed
    if not reason.strip():
        raise ReasonMissing
    changed = {"quality": [record.quality, quality], "reason": [record.quality_reason, reason]}
    record.quality, record.quality_reason = quality, reason.strip()
    record.judged_by, record.judged_on = actor, local_day(now)
    record.full_clean()
    record.save(update_fields=["quality", "quality_reason", "judged_by", "judged_on"])
    audit(actor, f"{record._meta.label_lower}.judge", record, at=now, changed=changed)


@transaction.atomic
def check(
    *, actor: User, record: Source | Instrument, on: date, result: str, now: datetime,
    note: str = "",
) -> Check:  # fmt: skip
    """Note that somebody looked whether a source or an instrument says what is cited.

    Where a source says the same, facts and whatever else rests on it count as checked.

    Raises ``NotAllowed``, ``NotLookedAtYet`` and ``ValidationError``.
    """
    if not rules.can_edit_record(actor, record):
        raise NotAllowed
    if on > local_day(now):
        raise NotLookedAtYet
    entry = Check(
        source=record if isinstance(record, Source) else None,
        instrument=record if isinstance(record, Instrument) else None,
        on=on, result=result, note=note, checked_by=actor, recorded_at=now,
    )  # fmt: skip
    entry.full_clean()
    entry.save()
    if record.checked_on is None or on > record.checked_on:
        record.checked_on = on
        record.save(update_fields=["checked_on"])
    audit(
        actor, f"{record._meta.label_lower}.check", record, at=now, changed={"result": ["", result]}
    )
    if isinstance(record, Source) and result == Check.Result.HOLDS:
        look(actor=actor, source=record, on=on, today=local_day(now), now=now)
    return entry


def keep_copy(
    *, actor: User, source: Source, sent: SentFile, taken_on: date, now: datetime, note: str = ""
) -> SourceCopy:
    """Keep a file as what a source was on a day; the disk is waited for before the transaction.

    Raises ``NotAllowed``, ``NotLookedAtYet``, ``SameCopy`` and what ``stage_file`` raises.
    """
    if not rules.can_edit_record(actor, source):
        raise NotAllowed
    if taken_on > local_day(now):
        raise NotLookedAtYet
    file = stage_file(kind=COPY, name=sent.name, content=sent.content, now=now)
    return _note_copy(actor=actor, source=source, file=file, taken_on=taken_on, now=now, note=note)


@transaction.atomic
def _note_copy(
    *, actor: User, source: Source, file: StoredFile, taken_on: date, now: datetime, note: str
) -> SourceCopy:
    Source.objects.select_for_update().get(pk=source.pk)
    store_file(actor=actor, file=file, now=now)
    if source.copies.filter(file__sha256=file.sha256).exists():
        raise SameCopy
    copy = SourceCopy(
        source=source, file=file, taken_on=taken_on, note=note, added_by=actor, added_at=now
    )
    copy.full_clean()
    copy.save()
    audit(actor, "evidence.source.keep_copy", source, at=now,
          changed={"copy": ["", file.sha256]})  # fmt: skip
    return copy


@transaction.atomic
def erase_copy(*, actor: User, copy: SourceCopy, now: datetime) -> None:
    """Destroy a copy of a source, row and bytes; raises ``NotAllowed``."""
    if not rules.can_edit_record(actor, copy.source):
        raise NotAllowed
    file = copy.file
    audit(actor, "evidence.source.erase_copy", copy.source, at=now,
          changed={"copy": [file.sha256, ""]})  # fmt: skip
    copy.delete()
    erase_file(actor=actor, file=file, now=now)
