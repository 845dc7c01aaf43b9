"""Files of frozen texts: asked for on freezing, made one by one beside the requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common import jobs
from hiwar.common.files.actions import erase_file, stage_file, store_file
from hiwar.papers import rules
from hiwar.papers.models import PaperFile
from hiwar.papers.queries.files import CODE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.common.models import StoredFile
    from hiwar.papers.models import PaperVersion

TRIES = 3
State = PaperFile.State


def file_key(row: PaperFile) -> str:
    """Return the key of the job that makes a file."""
    return f"papers.file {row.pk}"


@transaction.atomic
def ask_files(*, version: PaperVersion, languages: Sequence[str], now: datetime) -> None:
    """Let the files of a version be made, in each language and form."""
    for language in languages:
        for form in PaperFile.Form:
            row = PaperFile.objects.create(
                version=version, language=language, form=form, asked_at=now
            )
            jobs.enqueue("papers.make_file", row.pk, key=file_key(row), now=now)


@transaction.atomic
def remake_files(*, version: PaperVersion, now: datetime) -> None:
    """Let the files of a version be made anew, as when it is published with who signed it.

    The older ones are not given to the public until then.
    """
    for row in PaperFile.objects.select_for_update().filter(version=version).order_by("pk"):
        row.state, row.failures, row.error, row.asked_at = State.WAITING, 0, "", now
        row.save(update_fields=["state", "failures", "error", "asked_at"])
        jobs.enqueue("papers.make_file", row.pk, key=file_key(row), now=now)


@transaction.atomic
def ask_file_again(*, actor: User, row: PaperFile, now: datetime) -> None:
    """Let a file that failed be made again. Raises ``NotAllowed``."""
    if not rules.can_see_paper(actor, row.version.paper):
        raise NotAllowed
    PaperFile.objects.filter(pk=row.pk, state=State.FAILED).update(
        state=State.WAITING, failures=0, error="", asked_at=now
    )
    jobs.enqueue("papers.make_file", row.pk, key=file_key(row), now=now)


def keep_made_file(*, row: PaperFile, content: bytes, pages: int, now: datetime) -> bool:
    """Keep a file that was made; False when one was kept before, or another was asked for since.

    The disk is waited for before the transaction. Raises what ``stage_file`` raises.
    """
    version = row.version
    name = f"{version.paper.code}-{version.number}-{row.language}.{row.form}"
    file = stage_file(kind=CODE, name=name, content=content, now=now)
    return _note_file(row=row, file=file, pages=pages, now=now)


@transaction.atomic
def _note_file(*, row: PaperFile, file: StoredFile, pages: int, now: datetime) -> bool:
    locked = PaperFile.objects.select_for_update().filter(pk=row.pk).first()
    if locked is None or locked.state == State.DONE or locked.asked_at != row.asked_at:
        return False
    before = locked.file
    locked.file = store_file(actor=None, file=file, now=now)
    locked.state, locked.pages, locked.error, locked.failures = State.DONE, pages, "", 0
    locked.save(update_fields=["file", "state", "pages", "error", "failures"])
    if before is not None:
        erase_file(actor=None, file=before, now=now)
    return True


@transaction.atomic
def fail_file(*, row: PaperFile, error: str) -> None:
    """Count a failure; the third one is the last."""
    for locked in PaperFile.objects.select_for_update().filter(pk=row.pk, state=State.WAITING):
        locked.failures += 1
        locked.error = error[:200]
        if locked.failures >= TRIES:
            locked.state = State.FAILED
        locked.save(update_fields=["failures", "error", "state"])


@transaction.atomic
def give_up_file(*, key: str, error: str) -> None:
    """Mark a file failed whose job failed for good without telling, as a killed process does."""
    PaperFile.objects.filter(pk=key, state=State.WAITING).update(
        state=State.FAILED, error=error[:200]
    )
