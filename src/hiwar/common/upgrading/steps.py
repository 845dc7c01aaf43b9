"""The steps of an upgrade, and what is done about one that was killed between two of them."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from hiwar.common.backup.copying import NoRoom
from hiwar.common.backup.proving import APART, wipe
from hiwar.common.upgrading.house import StepFailed
from hiwar.common.upgrading.journal import (
    JOURNAL,
    LAST,
    Journal,
    Phase,
    end_journal,
    one_upgrade,
    read_journal,
    write_journal,
)
from hiwar.common.upgrading.switching import (
    copy_database,
    count_rows,
    fewer,
    point,
    point_back,
    put_in_place,
    settle_log,
    take_back,
)

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.common.upgrading.house import House
    from hiwar.common.upgrading.switching import Counts

# How long a person may go back to the version before.
WAY_BACK = timedelta(days=2)
KEPT, MADE, ASIDE = ".before-upgrade", ".upgraded", ".put-aside"


def upgrade(house: House, *, stamp: str, lets_rows_go: bool = False) -> None:
    """Rehearse on a copy, close, switch, open. Raises ``Refused``: then the old house is open."""
    with one_upgrade(house.data):
        if settle_unlocked(house):
            house.say(_("An upgrade that was cut off has been settled first."))
        rehearse(house, lets_rows_go=lets_rows_go)
        journal = Journal(
            phase=Phase.CLOSED.value,
            old=str(_old(house, stamp)),
            new=str(house.new),
            kept=str(_named(house, KEPT)),
            upgraded=str(_named(house, MADE)),
        )
        write_journal(house.data, journal)
        try:
            _switch(house, journal, lets_rows_go=lets_rows_go)
        except (StepFailed, OSError, sqlite3.Error) as error:
            house.say(_("It did not succeed. The house goes back to what it was."))
            go_back(house, journal)
            if isinstance(error, StepFailed):
                raise
            raise StepFailed(str(error)) from error


def rehearse(house: House, *, lets_rows_go: bool = False) -> float:
    """Try the new version on a copy while the house is open; return the seconds it took.

    Raises ``StepFailed`` and ``NoRoom``: then nothing was touched.
    """
    size = house.database.stat().st_size
    if shutil.disk_usage(house.data).free < 3 * size:
        raise NoRoom
    folder = house.scratch
    wipe(folder)
    (folder / "data").mkdir(parents=True, mode=0o700)
    _own(house, folder, folder / "data")
    try:
        copy = folder / "copy.sqlite3"
        copy_database(house.database, copy)
        before = count_rows(copy)
        since = time.monotonic()
        apart = _apart(copy, folder / "data")
        house.run(house.new, "prepare", **apart)
        seconds = time.monotonic() - since
        _compare(before, count_rows(copy), lets_rows_go=lets_rows_go)
        house.run(house.new, "upgrade", "--look", **apart)
    except (OSError, sqlite3.Error) as error:
        raise StepFailed(str(error)) from error
    finally:
        wipe(folder)
    house.say(
        _("Rehearsed on a copy: the tables take %(seconds)d s, %(rows)d rows are all there.")
        % {"seconds": round(seconds), "rows": sum(before.values())}
    )
    return seconds


def _switch(house: House, journal: Journal, *, lets_rows_go: bool) -> None:
    live, upgraded, kept = house.database, Path(journal.upgraded), Path(journal.kept)
    since = time.monotonic()
    house.close()
    with house.shut():
        house.say(_("Closed. Nobody can write now."))
        # What an upgrade before kept must never be taken for what this one keeps.
        (house.data / LAST).unlink(missing_ok=True)
        kept.unlink(missing_ok=True)
        settle_log(live)
        copy_database(live, upgraded)
        before = count_rows(upgraded)
        # What is packed and found by name for browsers lies beside the data, old and new together.
        house.run(
            house.new, "prepare", HIWAR_DATABASE_URL=f"sqlite:///{upgraded}", HIWAR_DEMO="off"
        )
        _compare(before, count_rows(upgraded), lets_rows_go=lets_rows_go)
        house.scratch.mkdir(mode=0o700)
        _own(house, house.scratch)
        house.run(house.new, "upgrade", "--look", **_apart(upgraded, house.scratch))
        write_journal(house.data, journal.at(Phase.SWITCHING))
        put_in_place(upgraded, live, kept)
        point(house.link, house.new, Path(journal.old))
        house.lay_units(house.new)
    write_journal(house.data, journal.at(Phase.OPENING))
    _open(house, journal)
    house.say(
        _("Open again after %(seconds)d s. Back until the day after tomorrow: hiwar upgrade --back")
        % {"seconds": round(time.monotonic() - since)}
    )


def _open(house: House, journal: Journal) -> None:
    """Open the new house; raises ``StepFailed`` where it never answered, so nobody wrote."""
    house.open()
    if not house.answers():
        raise StepFailed(_("the new version does not answer."))
    house.let_work()
    write_journal(house.data, journal.at(Phase.SWITCHING), LAST)
    wipe(house.scratch)
    end_journal(house.data)


def go_back(house: House, journal: Journal) -> None:
    """Put the old house back, however far the new one came, and open it."""
    reached = read_journal(house.data)
    if reached is None or reached.phase != Phase.CLOSED:
        house.close()
        with house.shut():
            write_journal(house.data, journal.at(Phase.SWITCHING))
            take_back(house.database, Path(journal.kept))
            point_back(house.link, Path(journal.old))
            house.lay_units(house.link)
    Path(journal.upgraded).unlink(missing_ok=True)
    wipe(house.scratch)
    house.open()
    house.let_work()
    end_journal(house.data)


def settle(house: House) -> bool:
    """End an upgrade that was killed: back, or forward where the new house stood already.

    Return whether there was one; raises ``UpgradeRuns`` while one lives.
    """
    with one_upgrade(house.data):
        return settle_unlocked(house)


def settle_unlocked(house: House) -> bool:
    """Settle for whoever holds the lock."""
    journal = read_journal(house.data)
    if journal is None:
        return False
    if journal.phase == Phase.OPENING:
        try:
            _open(house, journal)
        except StepFailed:
            go_back(house, journal)
    else:
        go_back(house, journal)
    return True


def back_after_all(house: House) -> None:
    """Go back to the version before, days later: what was written since is put aside.

    Raises ``StepFailed`` where that version was not kept.
    """
    with one_upgrade(house.data):
        settle_unlocked(house)
        journal = read_journal(house.data, LAST)
        if journal is None or not Path(journal.kept).exists():
            raise StepFailed(_("the version before is no longer kept: hiwar restore"))
        house.close()
        with house.shut():
            settle_log(house.database)
            copy_database(house.database, _named(house, ASIDE))
        go_back(house, journal)
        (house.data / LAST).unlink(missing_ok=True)


def _own(house: House, *folders: Path) -> None:
    owner = house.data.stat()
    for folder in folders:
        os.chown(folder, owner.st_uid, owner.st_gid)


def _apart(database: Path, data: Path) -> dict[str, str]:
    return {**APART, "HIWAR_DATA": str(data), "HIWAR_DATABASE_URL": f"sqlite:///{database}"}


def _named(house: House, ending: str) -> Path:
    return house.database.with_name(house.database.name + ending)


def _old(house: House, stamp: str) -> Path:
    return house.link.resolve() if house.link.is_symlink() else house.beside / f"before-{stamp}"


def _compare(before: Counts, after: Counts, *, lets_rows_go: bool) -> None:
    missing = fewer(before, after)
    if missing and not lets_rows_go:
        raise StepFailed(_("rows would be missing: %(tables)s") % {"tables": "; ".join(missing)})


def drop_kept(*, data: Path, database: Path, before: datetime) -> bool:
    """Destroy what an upgrade that ended before an instant kept; return whether there was any."""
    last = data / LAST
    if not last.exists() or (data / JOURNAL).exists():
        return False
    if last.stat().st_mtime > before.timestamp():
        return False
    for ending in (KEPT, ASIDE):
        database.with_name(database.name + ending).unlink(missing_ok=True)
    last.unlink()
    return True
