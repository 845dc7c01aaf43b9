"""Making a backup: a file that is whole or not there, its day, and how long it is kept."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from hiwar.common.backup.archive import check, files_of_the_house, opened_for_me, write
from hiwar.common.backup.rows import snapshot
from hiwar.common.dates import local_day
from hiwar.common.models import Duty
from hiwar.common.personal import ledger
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from hiwar.common.backup.archive import Manifest

DUTY = "common.back_up"
ENDING = ".hiwar"


class NoWayToOpen(Refused):
    """Neither a public key nor a passphrase was named."""

    code = "no_way_to_open"
    message = _(
        "A backup is encrypted: make a pair of keys with hiwar backup --new-key, or name the file"
        " of a passphrase with --passphrase-file."
    )


class NoRoom(Refused):
    """The disk has less room than the copy may need."""

    code = "no_room"
    message = _("The disk has too little room for a backup: name another folder with --to.")


class CannotWrite(Refused):
    """The folder of the backups cannot be written."""

    code = "cannot_write"
    message = _("The folder of the backups cannot be written: name another one with --to.")


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made: ``was_opened`` tells whether it was read again and compared."""

    path: Path
    size: int
    manifest: Manifest
    was_opened: bool


def back_up(
    *, folder: Path, recipients: Sequence[str], passphrase: str = "", now: datetime
) -> Backup:
    """Copy the house into a new file of a folder and keep the day; raises ``Refused``.

    With a passphrase the file is opened again and compared before it counts.
    """
    if not (recipients or passphrase):
        raise NoWayToOpen
    path = folder / f"hiwar-{now:%Y%m%d-%H%M%S}{ENDING}"
    part = path.with_name(path.name + ".part")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(folder).free < size_at_most():
            raise NoRoom
        ledger.keep_beside(folder)
        with opened_for_me(part) as sink:
            with snapshot(connection) as reader:
                manifest = write(
                    sink, reader=reader, recipients=recipients, passphrase=passphrase, now=now
                )
            sink.flush()
            os.fsync(sink.fileno())
        if passphrase:
            check(part, passphrase)
        part.rename(path)
    except OSError as error:
        raise CannotWrite from error
    finally:
        part.unlink(missing_ok=True)
    keep_day(now=now)
    return Backup(path, path.stat().st_size, manifest, bool(passphrase))


@transaction.atomic
def keep_day(*, now: datetime, name: str = DUTY) -> None:
    """Keep when a backup last succeeded, also one that a person made, or what is named."""
    Duty.objects.update_or_create(
        name=name,
        defaults={"last_success_at": now},
        create_defaults={"last_success_at": now, "next_at": now},
    )


def day_of(name: str) -> datetime | None:
    """Return the instant that was kept under a name."""
    row = Duty.objects.filter(name=name).first()
    return row.last_success_at if row else None


def kept_in(folder: Path) -> list[Path]:
    """Return the backups of a folder, the oldest first."""
    return sorted(folder.glob(f"hiwar-*{ENDING}"))


def is_backup_late(now: datetime) -> bool:
    """Tell whether two nights passed without a backup where they are set up."""
    if not settings.BACKUP_RECIPIENTS:
        return False
    row = Duty.objects.filter(name=DUTY).first()
    if row is None:
        return False
    since = row.last_success_at or row.next_at - timedelta(days=1)
    return now > since + timedelta(days=2, minutes=10)


def is_due(folder: Path) -> bool:
    """Tell whether anything changed since the newest backup, where backups are set up.

    On PostgreSQL nobody can tell from files, so it is always due.
    """
    if not settings.BACKUP_RECIPIENTS:
        return False
    kept = kept_in(folder)
    if not kept or connection.vendor != "sqlite":
        return True
    database = Path(str(connection.settings_dict["NAME"]))
    paths = [database, database.with_name(f"{database.name}-wal")]
    paths += [path for _name, path in files_of_the_house()]
    last = kept[-1].stat().st_mtime
    return any(path.exists() and path.stat().st_mtime > last for path in paths)


def drop_old(*, folder: Path, now: datetime) -> int:
    """Delete backups past their days, and of days that are over all but the last one of each.

    The newest one always stays. Return how many were deleted.
    """
    kept = kept_in(folder)
    last_of_day: dict[date, Path] = {}
    days = {path: local_day(datetime.fromtimestamp(path.stat().st_mtime, UTC)) for path in kept}
    for path in kept:
        last_of_day[days[path]] = path
    oldest, yesterday = now - timedelta(days=settings.BACKUP_DAYS), now - timedelta(days=1)
    dropped = 0
    for path in kept[:-1]:
        made_at = path.stat().st_mtime
        is_thinned = made_at < yesterday.timestamp() and last_of_day[days[path]] != path
        if is_thinned or made_at < oldest.timestamp():
            path.unlink()
            dropped += 1
    return dropped


def size_at_most() -> int:
    """Return the bytes that a copy may have at most: those of the database and the files."""
    size = sum(path.stat().st_size for _name, path in files_of_the_house())
    if connection.vendor == "sqlite":
        database = Path(str(connection.settings_dict["NAME"]))
        size += database.stat().st_size if database.exists() else 0
    return size
