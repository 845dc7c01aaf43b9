"""Work beside the requests that belongs to no room."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from importlib import import_module
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hiwar.common import jobs, mailings
from hiwar.common.backup import copying, offsite, proving
from hiwar.common.files import actions as files
from hiwar.common.health import keys
from hiwar.common.imports import actions as imports
from hiwar.common.jobs import queue
from hiwar.common.models import Erasure, Held
from hiwar.common.personal import actions as personal
from hiwar.common.personal import proof, retention
from hiwar.common.post import Batch
from hiwar.common.upgrading import steps
from hiwar.common.upgrading.steps import WAY_BACK


@jobs.duty(at=time(3, 10))
@jobs.task(label=_("Delete sessions that have ended"), held="")
def clear_sessions() -> None:
    """Delete the sessions that have ended."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


# A duty that nobody set up would count as done every night.
@jobs.duty(at=time(2, 20), where=lambda: bool(settings.BACKUP_RECIPIENTS))
@jobs.task(
    label=_("Copy the house into an encrypted file"), slow=True, budget=timedelta(hours=3), held=""
)
def back_up() -> None:
    """Write a backup that only the private keys open, and delete those past their days."""
    now = timezone.now()
    copying.back_up(folder=settings.BACKUP_TO, recipients=settings.BACKUP_RECIPIENTS, now=now)
    copying.drop_old(folder=settings.BACKUP_TO, now=now)


@jobs.duty(at=time(4, 10), where=lambda: bool(settings.BACKUP_RECIPIENTS))
@jobs.task(
    label=_("Restore a backup beside the house and compare it, every four weeks"), slow=True,
    tries=2, budget=timedelta(hours=3), held="",
)  # fmt: skip
def prove_backup() -> None:
    """Prove that what is backed up comes back, where the last proof is four weeks old."""
    proving.prove_when_due(now=timezone.now())


@jobs.duty(every=timedelta(hours=1), where=lambda: bool(offsite.places()))
@jobs.task(
    label=_("Copy the newest backup to the second place"),
    slow=True,
    tries=2,
    budget=timedelta(hours=3),
    held="",
)
def copy_backup_away() -> None:
    """Carry the newest backup and the list of erasures to where the house is not."""
    offsite.copy_away(now=timezone.now())


@jobs.duty(every=timedelta(hours=1))
@jobs.task(label=_("Forget jobs that are long done"), held="")
def forget_jobs() -> None:
    """Delete jobs a day after they were done, a month after they failed."""
    queue.forget(now=timezone.now())


@jobs.task(
    label=_("Work on a file that was brought in"), slow=True, budget=timedelta(hours=1),
    give_up=imports.give_up_run,
)  # fmt: skip
def work_on_import(key: str) -> None:
    """Look at a file, bring it in or undo it; each is one step or none."""
    imports.work_on_run(key=key, now=timezone.now())


@jobs.task(
    label=_("Write letters to many"),
    slow=True,
    tries=None,
    budget=timedelta(hours=1),
    held=Held.LETTERS,
)
def write_letters(code: str, subject: str, batch: str, made_by: str) -> None:
    """Write the letters that a sending still owes, portion by portion."""
    sending = Batch(UUID(batch), "", UUID(made_by))
    mailings.go_on(code, UUID(subject), sending, timezone.now)


@jobs.duty(every=timedelta(hours=1))
@jobs.task(label=_("Destroy files that nobody decided on"), held="")
def destroy_undecided_imports() -> None:
    """Destroy previews after a day, and the details of runs on their purge day."""
    now = timezone.now()
    imports.free_stuck(now=now)
    imports.destroy_undecided(now=now)
    imports.purge_details(now=now)


@jobs.duty(at=time(3, 20))
@jobs.task(label=_("Destroy kept files whose time is over"), held="")
def purge_files() -> None:
    """Destroy files on their day, and bytes that no record speaks of."""
    now = timezone.now()
    files.purge_files(now=now)
    files.sweep_files(now=now)


@jobs.task(
    label=_("Search for what an erasure left"), slow=True, tries=None, budget=timedelta(hours=1),
    held="",
)  # fmt: skip
def prove_erasure(key: str) -> None:
    """Let the database forget what was deleted; search every table and file for what is left."""
    erasure = Erasure.objects.filter(pk=key, proven_at=None).first()
    if erasure is None or not erasure.sealed:
        return
    personal.note_erased(erasure)
    proof.sweep()
    _drop_kept(timezone.now())
    left = proof.search(personal.words_of(erasure))
    personal.keep_proof(erasure=erasure, proof=left, now=timezone.now())


@jobs.duty(at=time(3, 40))
@jobs.task(label=_("End what was kept long enough"), slow=True, held="")
def end_keeping() -> None:
    """End what is over in every class of data that rooms keep for a time."""
    retention.end_keeping(now=timezone.now())
    proof.sweep()


@jobs.duty(at=time(3, 50))
@jobs.task(label=_("Note which keys came into use"), held="")
def note_keys() -> None:
    """Write into the log of activity which keys are new, so that their age is known."""
    keys.note_keys(timezone.now())


@jobs.duty(every=timedelta(hours=1))
@jobs.task(label=_("Empty the database's log of what was deleted"), held="")
def forget_deleted() -> None:
    """Leave no deleted words beside the database, whoever deleted them and why."""
    proof.empty_log()
    proving.clear_leftovers()
    _drop_kept(timezone.now() - WAY_BACK)


def _drop_kept(before: datetime) -> None:
    """Let go of the house before an upgrade: after two days, or when somebody is erased."""
    if connection.vendor == "sqlite":
        database = Path(str(connection.settings_dict["NAME"]))
        steps.drop_kept(data=settings.DATA, database=database, before=before)
