"""Tasks that tests ask for; what they leave behind are files in a folder."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from hiwar.common import jobs


@jobs.task(label="note")
def note(folder: str, name: str) -> None:
    """Leave a file; say how far it is."""
    jobs.progress(0.5)
    with (Path(folder) / name).open("a", encoding="utf-8") as file:
        file.write(f"{os.getpid()}\n")


@jobs.task(label="fail", tries=3)
def fail(secret: str) -> None:
    """Fail with a text that nobody may keep."""
    raise ValueError(secret)


@jobs.task(label="fail for ever", tries=None)
def fail_for_ever() -> None:
    """Fail, whatever happens."""
    raise ValueError


@jobs.task(label="unfit")
def unfit() -> None:
    """Say in words what is missing."""
    raise jobs.Unfit("No printer is installed.")


@jobs.task(label="ask again")
def ask_again() -> None:
    """Ask for itself while it runs."""
    jobs.enqueue(ask_again, key="again", now=timezone.now())


@jobs.task(label="slow", slow=True)
def sleep(folder: str, name: str) -> None:
    """Leave a file at the beginning and one at the end, and take long between them."""
    (Path(folder) / f"{name}.{os.getpid()}.begun").touch()
    wait = Path(folder) / "go"
    while not wait.exists():
        jobs.progress(0.1)
        time.sleep(0.02)
    note.func(folder, name)


@jobs.task(label="hang", budget=timedelta(seconds=1), tries=1)
def hang() -> None:
    """Never end."""
    time.sleep(600)


@jobs.task(label="crash", tries=2)
def crash() -> None:
    """End the process in the middle of the work."""
    os._exit(9)
