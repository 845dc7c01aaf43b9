"""What publications hold moves to the last columns and back, whole."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE, AFTER = "0009_contents_of_publications_last", "0011_name_contents_of_publications"


def migrate(name: str | None) -> object:
    """Bring the room to a migration, or to its last one, and return the models of that day."""
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    targets = leaves if name is None else [("dialogues", name)]
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


def test_contents_of_publications_move_and_come_back() -> None:
    try:
        old = migrate(BEFORE)
        now = datetime(2026, 11, 1, tzinfo=UTC)
        dialogue = old.get_model("dialogues", "Dialogue").objects.create(  # type: ignore[attr-defined]
            code="moved", slug="moved", title={"ar": "حوار"}, question={"ar": "؟"}, created_at=now,
            contact_secret="a" * 64, log_secret="b" * 64,
        )  # fmt: skip
        made = old.get_model("dialogues", "Publication").objects.create(  # type: ignore[attr-defined]
            dialogue=dialogue, version=1, made_at=now, document={"tier": "A"}, bundle=b"\x00zip"
        )
        new = migrate(AFTER)
        found = new.get_model("dialogues", "Publication").objects.get(pk=made.pk)  # type: ignore[attr-defined]
        assert (found.document, bytes(found.bundle)) == ({"tier": "A"}, b"\x00zip")
        with connection.cursor() as cursor:
            columns = [
                column.name
                for column in connection.introspection.get_table_description(
                    cursor, "dialogues_publication"
                )
            ]
        assert set(columns[-2:]) == {"document", "bundle"}
        old = migrate(BEFORE)
        found = old.get_model("dialogues", "Publication").objects.get(pk=made.pk)  # type: ignore[attr-defined]
        assert (found.document, bytes(found.bundle)) == ({"tier": "A"}, b"\x00zip")
        found.delete()
        dialogue = old.get_model("dialogues", "Dialogue").objects.filter(code="moved")  # type: ignore[attr-defined]
        dialogue.delete()
    finally:
        migrate(None)
