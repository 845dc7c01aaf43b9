"""What is large stands in the last columns of a publication."""

from __future__ import annotations

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def test_contents_of_publications_stand_last() -> None:
    """SQLite reads a row in the order of its columns; lists of publications need no contents."""
    with connection.cursor() as cursor:
        table = connection.introspection.get_table_description(cursor, "dialogues_publication")
    assert [column.name for column in table][-2:] == ["document", "bundle"]
