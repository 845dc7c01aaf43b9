"""Files brought in through the one desk, as tests send them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from hiwar.common.imports import actions
from hiwar.common.models import ImportRun

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse
    from django.test import Client


FIRST = (
    "Rana", "Huda", "Sami", "Fadi", "Muna", "Basel", "Lina", "Omar", "Dina", "Karim", "Wafa",
    "Ziad", "Salma", "Jamal", "Nour", "Hatem",
)  # fmt: skip
FAMILY = (
    "Haddad", "Kittaneh", "Ward", "Ghazi", "Mansour", "Zeidan", "Rayyan", "Shaheen", "Tamimi",
    "Bargouthi", "Qasem", "Lahham", "Dweik", "Faraj", "Nasser", "Younis",
)  # fmt: skip


def list_of_people(rows: int) -> str:
    """Return a list in which everybody has a name of three parts and a telephone of their own."""
    lines = [
        f"{FIRST[at % 16]} {FIRST[(at // 16 + 5) % 16]} {FAMILY[(at // 256 + at) % 16]} "
        f"{FAMILY[(at * 7 // 16) % 16]},059{at * 7919 % 10_000_000:07}"
        for at in range(rows)
    ]
    return "\n".join(["Name,Phone", *lines, ""])


def work(now: datetime) -> None:
    """Do what a worker would do for runs that wait."""
    for run in ImportRun.objects.filter(state__in=("looking", "applying", "undoing")):
        actions.work_on_run(key=str(run.pk), now=now)


def send(
    client: Client, kind: str, subject: object = None, /, **files: tuple[str, bytes] | str
) -> tuple[HttpResponse, ImportRun | None]:
    """Send files and what is said beside them; return the answer, and the run if there is one."""
    given: dict[str, Any] = {}
    for part, content in files.items():
        if isinstance(content, str):
            given[part] = content
        else:
            given[part] = io.BytesIO(content[1])
            given[part].name = content[0]
    name = "accounts:import_files_of" if subject else "accounts:import_files"
    answer = client.post(reverse(name, args=[kind, subject] if subject else [kind]), given)
    if answer.status_code != 302:
        return answer, None  # type: ignore[return-value]
    key = answer.headers["Location"].rstrip("/").rpartition("/")[2]
    return answer, ImportRun.objects.get(pk=key)  # type: ignore[return-value]


def at(name: str, run: ImportRun) -> str:
    """Return the address of a step of a run."""
    return reverse(f"accounts:{name}", args=[run.pk])
