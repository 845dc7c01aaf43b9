"""What was deleted lies in no file of the database, once a duty has run that forgets it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import connection, connections

from databases import databases
from factories.contacts import PostFactory
from hiwar.common.tasks import end_keeping, forget_deleted
from hiwar.contacts.models import Note
from migrated import template_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

CANARY = "CANARY-DELETED-WORDS"


@pytest.fixture
def database(transactional_db: None, tmp_path: Path) -> Iterator[Path]:
    """Give the house a database in a file, as the settings open it; tests keep theirs in memory."""
    path = tmp_path / "house.sqlite3"
    shutil.copyfile(template_file(), path)
    in_memory = connections["default"]
    on_disk = databases({"default": settings.DATABASES["default"] | {"NAME": str(path)}})
    connections["default"] = on_disk["default"]
    try:
        yield path
    finally:
        connections["default"] = in_memory


@pytest.mark.parametrize("duty", [forget_deleted.func, end_keeping.func])
def test_deleted_words_lie_in_no_file_of_the_database(
    request: pytest.FixtureRequest, duty: Callable[[], None], now: datetime
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL writes over its own log and clears dead rows by itself")
    database: Path = request.getfixturevalue("database")

    def files_that_hold_it() -> list[str]:
        beside = sorted(database.parent.glob(f"{database.name}*"))
        return [path.name for path in beside if CANARY.encode() in path.read_bytes()]

    organisation = PostFactory.create().organisation
    text = " ".join([CANARY] * 900)
    note = Note.objects.create(organisation=organisation, text=text, written_at=now)
    note.delete()
    assert files_that_hold_it() == ["house.sqlite3-wal"], "until a duty forgets it"
    duty()
    assert files_that_hold_it() == []
