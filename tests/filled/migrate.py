"""Bring a database up and back in a process of its own, and say what is in it at each stop.

``python -m tests.filled.migrate`` works on the database that the environment names and prints one
JSON object: ``before``, ``newest`` and ``back``, each a count of rows by table. ``back`` is empty
where some migration after the first promises no way back.
"""

from __future__ import annotations

import gc
import json
import sys

import django
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader


def counts() -> dict[str, int]:
    """Return how many rows each table of a room holds, the search index left out."""
    with connection.cursor() as cursor:
        names = [table.name for table in connection.introspection.get_table_list(cursor)]
        kept = {}
        for name in names:
            if not name.startswith(("django_", "auth_", "common_searchindex")):
                cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")
                kept[name] = cursor.fetchone()[0]
    return kept


def later_migrations() -> dict[str, list[str]]:
    """Return the names of the migrations that the database lacks, by room, where there are any."""
    loader = MigrationLoader(connection)
    later: dict[str, list[str]] = {}
    for (room, name), migration in loader.disk_migrations.items():
        if migration.__module__.startswith("hiwar.") and (room, name) not in applied(loader):
            later.setdefault(room, []).append(name)
    return later


def applied(loader: MigrationLoader) -> set[tuple[str, str]]:
    """Return the migrations that the database of `loader` has, each as room and name."""
    return set(loader.applied_migrations or ())


def all_lead_back(later: dict[str, list[str]]) -> bool:
    """Say whether every later migration can be taken back."""
    disk = MigrationLoader(None).disk_migrations
    return all(
        operation.reversible
        for room, names in later.items()
        for name in names
        for operation in disk[room, name].operations
    )


def main() -> None:
    django.setup()
    # Models of eighty schemas are made and dropped: to look for them seldom costs memory, not time.
    gc.set_threshold(500_000, 50, 100)
    later = later_migrations()
    rooms_before = {room for room, _ in applied(MigrationLoader(connection))}
    result: dict[str, object] = {"before": counts()}
    call_command("migrate", verbosity=0)
    result["newest"], result["back"] = counts(), {}
    connection.check_constraints()
    if all_lead_back(later):
        # A room that is younger than the database leaves it whole. All in one plan: each call of
        # the command would read the whole history again.
        MigrationExecutor(connection).migrate(
            [(room, "0001_initial" if room in rooms_before else None) for room in later]
        )
        result["back"] = counts()
        connection.check_constraints()
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
