"""What the machine tells of itself: room, memory, swap, encryption, clock, rights, updates.

Everything is read from files of the system; nothing leaves the machine.
"""

from __future__ import annotations

import ctypes
import os
import re
import resource
import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hiwar.common.disk import LEAST_FOR_SLOW
from hiwar.common.health.findings import amber, green, red
from hiwar.common.models import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hiwar.common.health.findings import Finding

# Where the system's own files begin; tests plant faults below another folder.
ROOT = Path("/")
MEBIBYTE = 1 << 20
LEAST_MEMORY, LEAST_FREE_MEMORY = 900 * MEBIBYTE, 150 * MEBIBYTE
COMFORTABLE = 0.2  # of the disk
ZONE_DATA_LIFE = timedelta(days=183)
UPDATES_LIFE = timedelta(days=8)
# What the kernel answers when nothing sets its clock (adjtimex(2)).
CLOCK_NOT_SET = 5
LONGEST_TIMEX = 512


def look(now: datetime) -> Iterator[Finding]:
    """Yield one finding for each thing that was looked at."""
    yield _disk()
    yield _entries()
    yield _memory()
    yield _swap()
    yield _encryption()
    yield _core_dumps()
    yield _clock(now)
    yield _zone_data(now)
    yield _updates(now)
    yield _restart()
    yield _key_files()
    yield _data_folder()
    yield _user()


def _disk() -> Finding:
    code, label = "disk", _("Disk")
    usage = shutil.disk_usage(settings.DATA)
    share = usage.free / usage.total
    text = _("%(percent)d %% of the disk with the data are free.") % {"percent": share * 100}
    free_up = _("Make room or move HIWAR_DATA to a larger disk: hiwar backup, hiwar restore.")
    if share <= LEAST_FOR_SLOW:
        return red(code, label, text, free_up)
    if share < COMFORTABLE:
        return amber(code, label, text, free_up)
    if usage.free < 2 * _database_size():
        return amber(
            code, label, _("The disk has less free room than twice the database."), free_up
        )
    return green(code, label, text)


def _database_size() -> int:
    if connection.vendor != "sqlite":
        return 0
    path = Path(str(connection.settings_dict["NAME"]))
    return path.stat().st_size if path.is_file() else 0


def _entries() -> Finding:
    code, label = "disk_entries", _("Files on the disk")
    counts = os.statvfs(settings.DATA)
    if counts.f_files and counts.f_favail < LEAST_FOR_SLOW * counts.f_files:
        return red(
            code, label, _("The disk can take hardly any more files, however small."),
            _("Delete what is not needed, caches first."),
        )  # fmt: skip
    return green(code, label, _("There is room for more files."))


def _memory() -> Finding:
    code, label = "memory", _("Memory")
    lines = _words("proc/meminfo")
    sizes = {name: int(size) << 10 for name, size in re.findall(r"(\w+):\s+(\d+) kB", lines)}
    total, free = sizes.get("MemTotal", 0), sizes.get("MemAvailable", 0)
    if not total:
        return green(code, label, _("The system does not tell."))
    values = {"total": total // MEBIBYTE, "free": free // MEBIBYTE}
    text = _("%(free)d of %(total)d megabytes are free.") % values
    if total < LEAST_MEMORY or free < LEAST_FREE_MEMORY:
        return amber(
            code, label, text, _("Give the machine 1 GB at least, or end what else runs on it.")
        )
    return green(code, label, text)


def _swap() -> Finding:
    code, label = "swap", _("Swap")
    lines = _words("proc/swaps").splitlines()
    if not lines:
        return green(code, label, _("The system does not tell."))
    if len(lines) > 1:
        return amber(
            code, label, _("Memory is written to the disk, and keys with it."),
            _("swapoff -a, and take the line of the swap out of /etc/fstab."),
        )  # fmt: skip
    return green(code, label, _("Nothing of the memory is written to the disk."))


def _encryption() -> Finding:
    code, label = "encryption", _("Encryption of the disk")
    device = settings.DATA.stat().st_dev
    block = ROOT / "sys/dev/block" / f"{os.major(device)}:{os.minor(device)}"
    if _is_encrypted(block):
        return green(code, label, _("The data lie on an encrypted disk."))
    return amber(
        code, label, _("The data lie on a disk of which the system knows no encryption."),
        _("Who takes the machine can read it: install the system anew with an encrypted disk."),
    )  # fmt: skip


def _is_encrypted(block: Path) -> bool:
    try:
        if (block / "dm/uuid").read_text("ascii").startswith("CRYPT-"):
            return True
    except OSError:
        pass
    return any(_is_encrypted(below) for below in (block / "slaves").glob("*"))


def _core_dumps() -> Finding:
    code, label = "core_dumps", _("Pictures of the memory")
    if resource.getrlimit(resource.RLIMIT_CORE)[0] != 0:
        return amber(
            code, label, _("A process that dies leaves its memory on the disk."),
            _("Start Hiwar by its unit, or with ulimit -c 0 before it."),
        )  # fmt: skip
    return green(code, label, _("A process that dies leaves nothing on the disk."))


def clock_state() -> int:
    """Return what the kernel says of its clock: 5 where nothing sets it, -1 where it is silent."""
    try:
        return int(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(LONGEST_TIMEX)))
    except (OSError, AttributeError):
        return -1


def _clock(now: datetime) -> Finding:
    code, label = "clock", _("Clock")
    newest = AuditEntry.objects.order_by("-at").values_list("at", flat=True).first()
    if newest is not None and newest > now + timedelta(minutes=2):
        return red(
            code, label, _("The log of activity ends in the future: the clock went back."),
            _("Set the clock right before anything is opened or closed by it."),
        )  # fmt: skip
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            apart = abs((cursor.fetchone()[0] - datetime.now(UTC)).total_seconds())
        if apart > 2:
            return red(
                code, label,
                _("This clock and that of the database are more than two seconds apart."),
                _("Let both set their clocks by the same source."),
            )  # fmt: skip
    state = clock_state()
    if state < 0 and not (ROOT / "run/systemd/timesync/synchronized").exists():
        return green(code, label, _("The system does not tell."))
    if state == CLOCK_NOT_SET:
        return amber(
            code, label, _("Nothing sets the clock of this machine."),
            _("timedatectl set-ntp true; without internet, set it by hand once a month."),
        )  # fmt: skip
    return green(code, label, _("The clock is set."))


def _zone_data(now: datetime) -> Finding:
    code, label = "zone_data", _("Zone data")
    match = re.search(r"version (\d{4})(\w)", _words("usr/share/zoneinfo/tzdata.zi")[:100])
    if match is None:
        return green(code, label, _("The system does not tell."))
    text = _("The zone data are those of %(version)s.") % {"version": match[1] + match[2]}
    if int(match[1]) < (now - ZONE_DATA_LIFE).year:
        return amber(
            code, label, text,
            _("Bring in the package tzdata, then run hiwar recompute_instants."),
        )  # fmt: skip
    return green(code, label, text)


def _updates(now: datetime) -> Finding:
    code, label = "updates", _("Updates of the system")
    stamp = ROOT / "var/lib/apt/periodic/update-success-stamp"
    try:
        last = datetime.fromtimestamp(stamp.stat().st_mtime, UTC)
    except OSError:
        last = None
    action = _("Install unattended-upgrades, or run apt-get update and apt-get upgrade.")
    if last is None:
        text = _("Nothing tells that the system looks for updates by itself.")
        return amber(code, label, text, action)
    days = max((now - last).days, 0)
    text = ngettext(
        "The system looked for updates %(n)d day ago.",
        "The system looked for updates %(n)d days ago.",
        days,
    ) % {"n": days}
    if now - last > UPDATES_LIFE:
        return amber(code, label, text, action)
    return green(code, label, text)


def _restart() -> Finding:
    code, label = "restart", _("Restart")
    if (ROOT / "run/reboot-required").exists():
        return amber(
            code, label, _("Updates wait for a restart of the machine."),
            _("Restart it at an hour in which nobody votes."),
        )  # fmt: skip
    return green(code, label, _("No update waits for a restart."))


def _key_files() -> Finding:
    code, label = "key_files", _("Files of keys")
    for name in settings.KEY_FILES:
        path = Path(name)
        if path.is_file() and path.stat().st_mode & (stat.S_IRWXO | stat.S_IWGRP):
            return red(
                code, label, _("Others on this machine can read or write %(path)s.")
                % {"path": path}, _("Run: chmod 600 %(path)s") % {"path": path},
            )  # fmt: skip
    return green(code, label, _("Nobody else on this machine can read them."))


def _data_folder() -> Finding:
    code, label = "data_folder", _("Data folder")
    if settings.DATA.stat().st_mode & stat.S_IRWXO:
        return amber(
            code, label, _("Others on this machine can look into %(path)s.")
            % {"path": settings.DATA}, _("Run: chmod 700 %(path)s") % {"path": settings.DATA},
        )  # fmt: skip
    return green(code, label, _("Nobody else on this machine can look into it."))


def _user() -> Finding:
    code, label = "user", _("User of the system")
    if os.geteuid() == 0:
        return amber(
            code, label, _("Hiwar runs as root: a fault in it would be a fault of everything."),
            _("Let it run as a user of its own, as its units do."),
        )  # fmt: skip
    return green(code, label, _("Hiwar runs as a user of its own."))


def _words(path: str) -> str:
    try:
        return (ROOT / path).read_text("utf-8", "replace")
    except OSError:
        return ""
