"""The library's queue in the database, with a row of our own beside each of its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django_tasks_db import DatabaseBackend

if TYPE_CHECKING:
    from django_tasks_db.models import DBTaskResult


class Queue(DatabaseBackend):
    """A queue whose tasks can be retried, seen and kept from running twice at a time."""

    def _task_to_db_task(self, task: Any, args: Any, kwargs: Any) -> DBTaskResult[Any, Any]:
        from hiwar.common.models import Job

        row = super()._task_to_db_task(task, args, kwargs)
        Job.objects.create(task=row)
        return row
