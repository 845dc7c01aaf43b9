"""Whether this node may take traffic: database, tables, pages, workers, room on the disk."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.template.loader import get_template
from django.templatetags.static import static

from hiwar.common.backup.copying import is_backup_late
from hiwar.common.backup.offsite import is_copy_late
from hiwar.common.backup.proving import is_proof_late
from hiwar.common.disk import has_room
from hiwar.common.jobs.overview import failing_jobs, late_duties
from hiwar.common.jobs.queue import LEASE
from hiwar.common.jobs.worker import node_name
from hiwar.common.models import Worker
from hiwar.common.pauses import standing

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

log = logging.getLogger(__name__)

_current_tables: set[str] = set()


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a node may take traffic, each condition of it, and what else does not work.

    A house that is paused is ready: it says why it takes nothing in. Nothing in it tells about
    people or content.
    """

    conditions: dict[str, bool]
    work: dict[str, bool]
    paused_since: datetime | None = None

    @property
    def is_ready(self) -> bool:
        """Tell whether every condition holds; a late backup keeps nobody from voting."""
        return all(self.conditions.values())


_work: dict[str, Callable[[datetime], bool]] = {}


def register_work(name: str, check: Callable[[datetime], bool]) -> None:
    """Let a room say whether its work beside the requests goes on."""
    _work[name] = check


def readiness(now: datetime) -> Readiness:
    """Ask everything at one moment."""
    conditions: dict[str, Callable[[], bool]] = {
        "database": _can_write,
        "tables": _has_current_tables,
        "pages": _has_pages,
        "workers": lambda: has_workers(now),
        "disk": has_room,
    }
    work: dict[str, Callable[[], bool]] = {
        "jobs": lambda: not failing_jobs(),
        "duties": lambda: not late_duties(now),
        "backups": lambda: not is_backup_late(now),
        "proof": lambda: not is_proof_late(now),
        "copies": lambda: not is_copy_late(now),
        **{name: partial(check, now) for name, check in _work.items()},
    }
    return Readiness(
        {name: _holds(name, check) for name, check in conditions.items()},
        {name: _holds(name, check) for name, check in work.items()},
        _paused_since(),
    )


def _paused_since() -> datetime | None:
    try:
        return standing().since
    except DatabaseError:
        return None  # the condition of the database says so


def has_workers(now: datetime) -> bool:
    """Tell whether as many workers as this node starts have shown life; at least one somewhere."""
    alive = Worker.objects.filter(beat_at__gt=now - LEASE)
    if settings.WORKERS:
        alive = alive.filter(node=node_name())
    wanted: int = max(settings.WORKERS, 1)
    return alive.count() >= wanted


def _holds(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 -- whatever it is, this condition does not hold
        log.warning("not ready: %s: %s", name, type(error).__name__)
        return False


def _can_write() -> bool:
    """Begin a write and take it back."""
    try:
        with transaction.atomic():
            Worker.objects.filter(pk="").update(process=0)
            transaction.set_rollback(True)
    except DatabaseError:
        connection.close()
        raise
    return True


def _has_current_tables() -> bool:
    """Tell whether every migration was applied; once it is so, it stays so."""
    if connection.alias not in _current_tables:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _current_tables.add(connection.alias)
    return True


def _has_pages() -> bool:
    get_template("common/desk.html")
    get_template("common/participant.html")
    return bool(static("common/hiwar.css"))
