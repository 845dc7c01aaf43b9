"""The first migration of each room makes tables at once, and nothing that needs them one by one."""

from __future__ import annotations

from django.apps import apps
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import CreateModel, RunPython

from hiwar.common.first_migration import FirstMigration


def test_first_migrations_hold_nothing_but_new_tables() -> None:
    loader = MigrationLoader(None)
    rooms = [room.label for room in apps.get_app_configs() if room.name.startswith("hiwar.")]
    firsts = [loader.disk_migrations.get((room, "0001_initial")) for room in rooms]
    present = [migration for migration in firsts if migration]
    assert len(present) >= 10
    for migration in present:
        assert isinstance(migration, FirstMigration), migration
        kinds = {type(operation) for operation in migration.operations}
        assert kinds <= {CreateModel, RunPython}, migration
