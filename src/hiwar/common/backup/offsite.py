"""The second place of backups: a folder of another disk, a command of the house, or both.

The newest backup is carried there with the list of who was erased, and compared after it arrived:
a folder is read again from the disk; a command tells the SHA-256 of what it left, read there.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hiwar.common.backup.archive import opened_for_me
from hiwar.common.backup.copying import day_of, drop_old, keep_day, kept_in
from hiwar.common.personal import ledger
from hiwar.common.refusals import Refused

COPIED = "common.copied"
FOLDER, COMMAND = "folder", "command"
# Two nights, and the hour in which the copy is made.
LATE = timedelta(days=2, hours=2)
LONGEST_COMMAND = 2 * 3600
CHUNK = 1 << 20
SHA256 = re.compile(r"(?:^|\s)([0-9a-f]{64})(?:\s|$)")


class PlaceAway(Refused):
    """The folder of the second place is not there."""

    code = "place_away"
    message = _("The second place, %(place)s, is not there: is the disk connected?")

    def __init__(self, place: Path) -> None:
        super().__init__()
        self.place = place

    def __str__(self) -> str:
        return str(self.message) % {"place": self.place}


class CopyDiffers(Refused):
    """What lies at the second place is not what was sent there."""

    code = "copy_differs"
    message = _("The copy at the second place differs from the backup, so it does not count.")


class CommandFailed(Refused):
    """The command of the second place did not end well, or said nothing of what it left."""

    code = "command_failed"
    message = _("The command of the second place failed (%(reason)s).")

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason

    def __str__(self) -> str:
        return str(self.message) % {"reason": self.reason}


def places() -> list[str]:
    """Return the second places that the settings name."""
    named = ((FOLDER, settings.BACKUP_COPY_TO), (COMMAND, settings.BACKUP_COPY_COMMAND))
    return [code for code, value in named if value]


def copy_away(*, now: datetime) -> int:
    """Carry the newest backup to each second place that lacks it; return how many took it.

    The list of erasures goes along, also where it alone is newer. Raises ``Refused`` and
    ``OSError``; a place that counts has been compared.
    """
    kept = kept_in(settings.BACKUP_TO)
    if not kept:
        return 0
    newest = kept[-1]
    made_at = _changed_at(newest)
    ledger.keep_beside(settings.BACKUP_TO)
    listed_at = _changed_at(settings.BACKUP_TO / ledger.NAME)
    copied = 0
    for place in places():
        name, list_name = f"{COPIED}:{place}", f"{COPIED}:{place}:list"
        is_there = day_of(name) == made_at
        if is_there and day_of(list_name) == listed_at and not _is_lost(place, newest):
            continue
        if place == FOLDER:
            _into_folder(newest, _folder(), now=now)
        else:
            _by_command(newest, settings.BACKUP_TO / ledger.NAME)
        keep_day(now=made_at, name=name)
        keep_day(now=listed_at, name=list_name)
        copied += 1
    return copied


def age_of_copies(now: datetime) -> timedelta | None:
    """Return how old the backup is that the worst of the second places has; None: has none."""
    days = [day_of(f"{COPIED}:{place}") for place in places()]
    ages = [now - day for day in days if day is not None]
    return max(ages) if ages and len(ages) == len(days) else None


def is_copy_late(now: datetime) -> bool:
    """Tell whether a second place lacks every backup of the last two nights."""
    if not places() or not settings.BACKUP_RECIPIENTS:
        return False
    kept = kept_in(settings.BACKUP_TO)
    age = age_of_copies(now)
    if age is None:
        return bool(kept) and now - _changed_at(kept[0]) > LATE
    return age > LATE


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file as the disk holds it, not as memory remembers it."""
    sha256 = hashlib.sha256()
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while chunk := file.read(CHUNK):
            sha256.update(chunk)
    return sha256.hexdigest()


def _into_folder(backup: Path, folder: Path, *, now: datetime) -> None:
    # Never made: a folder that is missing is a disk that is not connected.
    if not folder.is_dir():
        raise PlaceAway(folder)
    ledger.keep_beside(folder)
    target = folder / backup.name
    part = target.with_name(f"{backup.name}.part")
    sha256 = hashlib.sha256()
    try:
        with backup.open("rb") as source, opened_for_me(part) as sink:
            while chunk := source.read(CHUNK):
                sha256.update(chunk)
                sink.write(chunk)
            sink.flush()
            os.fsync(sink.fileno())
        if digest_of(part) != sha256.hexdigest():
            raise CopyDiffers
        stamp = backup.stat().st_mtime
        os.utime(part, (stamp, stamp))
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)
    drop_old(folder=folder, now=now)


def _by_command(backup: Path, erased: Path) -> None:
    try:
        ended = subprocess.run(  # noqa: S603 - the file that the operator named, no shell
            [settings.BACKUP_COPY_COMMAND, str(backup), str(erased)],
            capture_output=True, text=True, errors="replace", timeout=LONGEST_COMMAND, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CommandFailed(type(error).__name__) from error
    if ended.returncode:
        raise CommandFailed(str(ended.returncode))
    said = SHA256.findall(ended.stdout.lower())
    if not said:
        raise CommandFailed(str(_("it printed no SHA-256 of what it left")))
    if said[-1] != digest_of(backup):
        raise CopyDiffers


def _is_lost(place: str, backup: Path) -> bool:
    return place == FOLDER and not (_folder() / backup.name).exists()


def _folder() -> Path:
    return Path(str(settings.BACKUP_COPY_TO))


def _changed_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
