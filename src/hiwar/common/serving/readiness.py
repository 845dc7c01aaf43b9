"""Whether this node may take traffic: database, tables, pages, workers, room on the disk."""

from __future__ import annotations

import logging
import shutil
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.template.loader import get_template
from django.templatetags.static import static

from hiwar.common.jobs.queue import LEASE
from hiwar.common.jobs.worker import node_name
from hiwar.common.models import Worker

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

log = logging.getLogger(__name__)

LEAST_FREE = 0.02  # of the disk
_current_tables: set[str] = set()


def readiness(now: datetime) -> dict[str, bool]:
    """Return each condition and whether it holds; nothing in it tells about people or content."""
    checks: dict[str, Callable[[], bool]] = {
        "database": _can_write,
        "tables": _has_current_tables,
        "pages": _has_pages,
        "workers": lambda: has_workers(now),
        "disk": _has_room,
    }
    return {name: _holds(name, check) for name, check in checks.items()}


def has_workers(now: datetime) -> bool:
    """Tell whether as many workers as this node starts have shown life; at least one somewhere."""
    alive = Worker.objects.filter(beat_at__gt=now - LEASE)
    if settings.WORKERS:
        alive = alive.filter(node=node_name())
    wanted: int = max(settings.WORKERS, 1)
    return alive.count() >= wanted


def last_beat() -> datetime | None:
    """Return when any worker last showed life."""
    newest = Worker.objects.order_by("-beat_at").first()
    return newest.beat_at if newest else None


def is_late(last: datetime | None, period: timedelta, now: datetime) -> bool:
    """Tell whether something that returns has missed two of its times."""
    return last is not None and now > last + 2 * period + timedelta(minutes=10)


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


def _has_room() -> bool:
    usage = shutil.disk_usage(settings.DATA)
    return usage.free > LEAST_FREE * usage.total
