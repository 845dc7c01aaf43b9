"""Files taken in, read, and destroyed so that no byte is left."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.common.actions import audit
from hiwar.common.crypto import seal, unseal
from hiwar.common.dates import start_of_day
from hiwar.common.files.kinds import kind_of
from hiwar.common.files.storage import storage
from hiwar.common.files.types import SUFFIXES, type_of
from hiwar.common.models import StoredFile
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

LONGEST_NAME = 150
# What was put and has no row yet may belong to a transaction that is still open.
SWEPT_AFTER = 24 * 3600


class FileTooBig(Refused):
    """A file is larger than its kind may be."""

    code = "file_too_big"
    message = _("This file is too large.")


class TypeNotTaken(Refused):
    """A file is of none of the types that its kind takes."""

    code = "type_not_taken"
    message = _(
        "A file of this type is not taken here. What counts is what is in it, not how it is called."
    )


class FileDamaged(Refused):
    """The bytes are not those that were kept."""

    code = "file_damaged"
    message = _("This file is damaged or gone. Restore it from a backup, or bring it in again.")


def stage_file(*, kind: str, name: str, content: bytes, now: datetime) -> StoredFile:
    """Bring the bytes of a file to where files are kept, and return its row, which is not saved.

    To be called before a transaction; ``store_file`` then saves the row in it. Bytes of which no
    row speaks are swept away. The type of a file is what its content says, its name what is left
    of a stranger's. Raises ``FileTooBig``, ``TypeNotTaken``, and ``RuntimeError`` in a transaction.
    """
    declared = kind_of(kind)
    if declared is None:
        raise TypeNotTaken
    if not content or len(content) > declared.size:
        raise FileTooBig
    content_type = type_of(content)
    if content_type not in declared.types:
        raise TypeNotTaken
    file = StoredFile(
        pk=uuid4(),
        kind=kind,
        name=clean_name(name, content_type),
        content_type=content_type,
        size=len(content),
        sha256=sha256(content).hexdigest(),
        is_sealed=declared.is_sealed,
        made_at=start_of_day(now) if declared.is_of_strangers else now,
        purge_at=now + declared.kept if declared.kept else None,
    )
    kept = seal(content, file.reference) if declared.is_sealed else content
    # Told as of the end of the day, so that nothing is swept away before its row is written.
    written_at = start_of_day(now) + timedelta(days=1) if declared.is_of_strangers else None
    storage().put(file.pk, kept, written_at)
    return file


@transaction.atomic
def store_file(*, actor: Any, file: StoredFile, now: datetime) -> StoredFile:
    """Save a file that was staged; the action of the room that calls it asked its rule."""
    file.save(force_insert=True)
    if _is_told_by_its_day(actor, file):
        return file
    changed = {"kind": ["", file.kind], "size": [0, file.size], "sha256": ["", file.sha256]}
    audit(actor, "common.storedfile.store", file, at=now, changed=changed)
    return file


def _is_told_by_its_day(actor: Any, file: StoredFile) -> bool:
    """Return whether a stranger acts on a file of theirs: the log would tell when."""
    declared = kind_of(file.kind)
    return actor is None and declared is not None and declared.is_of_strangers


def read_file(file: StoredFile) -> bytes:
    """Return the bytes of a file as they were; raises ``FileDamaged`` for any others."""
    try:
        content = storage().get(file.pk)
        if file.is_sealed:
            content = unseal(content, file.reference)
    except (FileNotFoundError, InvalidTag) as error:
        raise FileDamaged from error
    if sha256(content).hexdigest() != file.sha256:
        raise FileDamaged
    return content


def read_unsealed(key: UUID, digest: str) -> bytes:
    """Return the bytes under a key that were kept unsealed; raises ``FileDamaged``.

    For copies of the whole house, which read the rows of one moment by themselves.
    """
    try:
        content = storage().get(key)
    except FileNotFoundError as error:
        raise FileDamaged from error
    if sha256(content).hexdigest() != digest:
        raise FileDamaged
    return content


@transaction.atomic
def erase_file(*, actor: Any, file: StoredFile, now: datetime) -> None:
    """Destroy a file: its row now, its bytes as soon as that is certain."""
    key: UUID = file.pk
    if not _is_told_by_its_day(actor, file):
        audit(actor, "common.storedfile.erase", file, at=now, changed={"kind": [file.kind, ""]})
    file.delete()
    transaction.on_commit(lambda: storage().delete(key))


@transaction.atomic
def erase_files(*, actor: Any, keys: Iterable[object], now: datetime) -> int:
    """Destroy the files of rows that are gone, or point to them no more; return how many."""
    files = list(StoredFile.objects.filter(pk__in=set(keys)).order_by("pk"))
    for file in files:
        erase_file(actor=actor, file=file, now=now)
    return len(files)


@transaction.atomic
def purge_files(*, now: datetime) -> int:
    """Destroy files whose time is over; return how many."""
    over = StoredFile.objects.filter(purge_at__lte=now).values_list("pk", flat=True)
    return erase_files(actor=None, keys=over, now=now)


def sweep_files(*, now: datetime) -> int:
    """Destroy bytes that no row speaks of: of steps that were taken back, or deaths in between."""
    kept = storage()
    swept = 0
    for key, put_at in list(kept.keys()):
        is_old = put_at < now.timestamp() - SWEPT_AFTER
        if is_old and not StoredFile.objects.filter(pk=key).exists():
            kept.delete(key)
            swept += 1
    return swept


def clean_name(name: str, content_type: str) -> str:
    """Return what a file may be called when it leaves: one plain name that ends as its type does.

    Folders, control and direction marks and leading dots are taken away.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(
        " " if unicodedata.category(letter)[0] in "CZ" or letter in '<>:"|?*;%' else letter
        for letter in unicodedata.normalize("NFC", last)
    )
    stem = " ".join(plain.split()).lstrip(". ")
    suffix = SUFFIXES.get(content_type, ".bin")
    for ending in (suffix, suffix.removesuffix(".txt")):
        stem = stem[: -len(ending)] if ending and stem.casefold().endswith(ending) else stem
    return f"{stem[:LONGEST_NAME].strip(' .') or 'file'}{suffix}"
