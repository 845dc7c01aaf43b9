"""What is left of somebody after an erasure: every table and every file is searched."""

from __future__ import annotations

import mmap
import os
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.db import connection

from hiwar.common.personal.holdings import spellings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

NUMBERS = {"IntegerField", "BigIntegerField", "SmallIntegerField", "PositiveIntegerField",
           "PositiveSmallIntegerField", "FloatField", "BooleanField", "DateField",
           "DateTimeField", "TimeField", "BigAutoField", "AutoField", "BinaryField",
           "ForeignKey", "OneToOneField", "UUIDField", "DurationField", "DecimalField"}  # fmt: skip


def sweep() -> None:
    """Let the database forget what was deleted: index, write-ahead log, dead rows.

    Outside of transactions only; inside one it does nothing.
    """
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO common_searchindex(common_searchindex) VALUES ('optimize')")
        elif connection.vendor == "postgresql":
            cursor.execute("VACUUM")
    empty_log()


def empty_log() -> None:
    """Empty SQLite's write-ahead log, which holds pages as they were before a deletion.

    PostgreSQL writes over its own log and clears dead rows by itself. Outside of transactions
    only; inside one, or while somebody still reads an older state, nothing is emptied.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def search(words: Sequence[str]) -> dict[str, object]:
    """Return how many tables and files were searched, and what still holds one of the words.

    Returns
    -------
    dict
        ``tables`` and ``files`` searched, ``found``: rows by label of the table, and ``held``:
        how many files. A namesake counts as well: a person looks at what was found.
    """
    forms = sorted({form for word in words for form in spellings(word)})
    rows_by_table, tables = {}, 0
    for label, table, columns in _tables():
        tables += 1
        if rows := _rows_with(table, columns, forms):
            rows_by_table[label] = rows
    files = list(_files())
    needles = [form.encode() for form in forms]
    held = sum(_holds(path, needles) for path in files)
    return {"tables": tables, "files": len(files), "found": rows_by_table, "held": held}


def _tables() -> Iterator[tuple[str, str, list[str]]]:
    for model in apps.get_models():
        columns = [
            str(field.column)
            for field in model._meta.concrete_fields
            if field.get_internal_type() not in NUMBERS
        ]
        if columns and model._meta.managed:
            yield model._meta.label, model._meta.db_table, columns


def _rows_with(table: str, columns: list[str], forms: list[str]) -> int:
    if not forms:
        return 0
    quote = connection.ops.quote_name
    has = "instr(CAST({} AS TEXT), %s)" if connection.vendor == "sqlite" else "strpos({}::text, %s)"
    tests = [f"{has.format(quote(column))} > 0" for column in columns for _form in forms]
    values = [form for _column in columns for form in forms]
    # Names of tables and columns are those of our models, never of a reader.
    question = f"SELECT count(*) FROM {quote(table)} WHERE {' OR '.join(tests)}"  # noqa: S608 - our names
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return int(cursor.fetchone()[0])


def _files() -> Iterator[Path]:
    """Yield the files of the data folder, the database among them where it lies there."""
    if not settings.DATA.is_dir():
        return
    for path in sorted(settings.DATA.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path


def _holds(path: Path, needles: list[bytes]) -> bool:
    try:
        with path.open("rb") as file:
            if not os.fstat(file.fileno()).st_size:
                return False
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                return any(content.find(needle) >= 0 for needle in needles)
    except (OSError, ValueError):
        return False  # a file that went meanwhile holds nothing
