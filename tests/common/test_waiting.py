"""No transaction waits for a file, a process or a printer: it would hold what votes wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.db import transaction

from hiwar.common.files.storage import FolderStorage
from hiwar.common.printing import print_page
from hiwar.common.tables import read_workbook

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["table", "print", "file"])
def test_what_takes_long_is_refused_inside_a_transaction(what: str, tmp_path: Path) -> None:
    waits = {
        "table": lambda: read_workbook(b"name\nMuna\n"),
        "print": lambda: print_page("<p>x</p>", ()),
        "file": lambda: FolderStorage(tmp_path).put(uuid4(), b"x"),
    }[what]
    with transaction.atomic(), pytest.raises(RuntimeError, match="before a transaction"):
        waits()
    assert not list(tmp_path.iterdir())
