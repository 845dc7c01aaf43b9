"""The journal of an upgrade: how far it came, in one small file that is whole or not there."""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

JOURNAL, LAST, LOCK = "upgrade.json", "upgraded.json", "upgrade.lock"


class Phase(StrEnum):
    """How far an upgrade came; what follows a killed one depends on nothing else."""

    CLOSED = "closed"
    SWITCHING = "switching"
    OPENING = "opening"


class UpgradeRuns(Refused):
    """Another process upgrades this house at this moment."""

    code = "upgrade_runs"
    message = _("This house is being upgraded already: wait until that has ended.")


@dataclass(frozen=True, slots=True)
class Journal:
    """What is switched: folders of the program, and the database with its copies."""

    phase: str
    old: str
    new: str
    kept: str
    upgraded: str

    def at(self, phase: Phase) -> Journal:
        """Return it in another phase."""
        return replace(self, phase=phase.value)


def write_journal(folder: Path, journal: Journal, name: str = JOURNAL) -> None:
    """Keep how far it came; on the disk before this returns."""
    part = folder / f"{name}.part"
    with part.open("w", encoding="utf-8") as file:
        json.dump(asdict(journal), file)
        file.flush()
        os.fsync(file.fileno())
    part.rename(folder / name)
    sync_folder(folder)


def read_journal(folder: Path, name: str = JOURNAL) -> Journal | None:
    """Return how far an upgrade came that did not end, or None."""
    try:
        return Journal(**json.loads((folder / name).read_text("utf-8")))
    except FileNotFoundError:
        return None


def end_journal(folder: Path) -> None:
    """Forget an upgrade that has ended, in whichever way."""
    (folder / JOURNAL).unlink(missing_ok=True)
    sync_folder(folder)


@contextmanager
def one_upgrade(folder: Path) -> Iterator[None]:
    """Be the only one who upgrades; raises ``UpgradeRuns``. The lock ends with the process."""
    with (folder / LOCK).open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UpgradeRuns from error
        yield


def sync_folder(folder: Path) -> None:
    """Let names that were given in a folder outlive a cut of the power."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
