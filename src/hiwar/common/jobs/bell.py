"""A bell between processes of one data folder: who asks for a job rings, an idle worker wakes."""

from __future__ import annotations

import os
import select
from contextlib import suppress
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from pathlib import Path


def _path() -> Path:
    path: Path = settings.DATA / "jobs.bell"
    return path


def ring() -> None:
    """Wake a worker of this data folder, if one sleeps; others look by themselves."""
    with suppress(OSError):
        pipe = os.open(_path(), os.O_WRONLY | os.O_NONBLOCK)
        try:
            os.write(pipe, b"!")
        finally:
            os.close(pipe)


class Bell:
    """A worker's end of the bell; without a place for it the worker only looks by the clock."""

    def __init__(self) -> None:
        self._pipe = -1
        with suppress(OSError):
            if not _path().exists():
                os.mkfifo(_path(), 0o600)
            # Open for both directions, so that it never reads as ended when no one writes.
            self._pipe = os.open(_path(), os.O_RDWR | os.O_NONBLOCK)

    def wait(self, seconds: float) -> bool:
        """Sleep until the bell rings or the time is over; return whether it rang."""
        pipes = [self._pipe] if self._pipe >= 0 else []
        rang, _write, _error = select.select(pipes, [], [], seconds)
        if rang:
            with suppress(BlockingIOError):
                os.read(self._pipe, 4096)
        return bool(rang)

    def close(self) -> None:
        """Hear no more."""
        if self._pipe >= 0:
            os.close(self._pipe)
            self._pipe = -1
