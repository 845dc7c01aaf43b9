"""Rows of the models as plain values, alike on every database, and how they are counted."""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import apps
from django.utils.dateparse import parse_datetime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Field, Model

# Made again, or of one machine and one moment: all sessions end by a restore.
LEFT_OUT = frozenset(
    [
        "accounts_look",
        "accounts_signedinsession",
        "accounts_throttle",
        "common_searchdocument",
        "common_worker",
        "django_session",
    ]
)
STEP = 500


class Table:
    """A table of a model: its columns, and how values are read, written and told apart."""

    def __init__(self, model: type[Model]) -> None:
        self.name = model._meta.db_table
        self.fields = list(model._meta.local_concrete_fields)
        self.columns = [str(field.column) for field in self.fields]
        self.kinds = [kind_of(field) for field in self.fields]

    def read(
        self, connection: BaseDatabaseWrapper, only: Sequence[str] = ()
    ) -> Iterator[list[Any]]:
        """Yield every row as plain values, in the order of ``columns``, or of those named."""
        columns = list(only or self.columns)
        chosen = [self.columns.index(column) for column in columns]
        quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
        plain = [PLAIN.get(self.kinds[at], _as_it_is) for at in chosen]
        places = [getattr(self.fields[at], "decimal_places", None) for at in chosen]
        with connection.chunked_cursor() as cursor:
            cursor.execute(
                f"SELECT {quoted} FROM {connection.ops.quote_name(self.name)}"  # noqa: S608
            )
            while rows := cursor.fetchmany(STEP):
                for row in rows:
                    yield [
                        None if value is None
                        else _decimal(value, digits) if digits is not None
                        else read(value)
                        for read, value, digits in zip(plain, row, places, strict=True)
                    ]  # fmt: skip

    def insert(self, connection: BaseDatabaseWrapper, rows: list[list[Any]]) -> None:
        """Write rows of plain values."""
        quote = connection.ops.quote_name
        columns = ", ".join(map(quote, self.columns))
        signs = ", ".join(["%s"] * len(self.columns))
        stored = [_stored(kind, connection) for kind in self.kinds]
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {quote(self.name)} ({columns}) VALUES ({signs})",  # noqa: S608
                [
                    tuple(
                        None if value is None else store(value)
                        for store, value in zip(stored, row, strict=True)
                    )
                    for row in rows
                ],
            )


class Tally:
    """A count of rows and a checksum that does not depend on their order."""

    def __init__(self) -> None:
        self.count, self._sum = 0, 0

    def add(self, line: bytes) -> None:
        """Count a line."""
        self.count += 1
        digest = hashlib.sha256(line).digest()
        self._sum = (self._sum + int.from_bytes(digest[:16], "big")) % (1 << 128)

    @property
    def summary(self) -> list[Any]:
        """Return count and checksum as a manifest holds them."""
        return [self.count, f"{self._sum:032x}"]


def tables() -> list[Table]:
    """Return all tables that a copy holds, by name."""
    models = apps.get_models(include_auto_created=True)
    known = {model._meta.db_table: model for model in models if model._meta.managed}
    return [Table(known[name]) for name in sorted(known) if name not in LEFT_OUT]


def line_of(row: list[Any] | dict[str, Any]) -> bytes:
    """Return a row as one line of JSON; equal rows have equal lines."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def kind_of(field: Field[Any, Any]) -> str:
    """Return the kind of a column; a foreign key has the kind of what it points to."""
    while field.remote_field is not None:
        field = field.target_field  # type: ignore[attr-defined]
    return field.get_internal_type()


@contextmanager
def snapshot(connection: BaseDatabaseWrapper) -> Iterator[BaseDatabaseWrapper]:
    """Yield a connection of its own that sees one moment, and that no writer waits for."""
    reader = connection.copy(connection.alias)
    if reader.vendor == "sqlite":
        # The house writes IMMEDIATE, which would hold up every vote while this reads.
        options = reader.settings_dict["OPTIONS"]
        reader.settings_dict["OPTIONS"] = {**options, "transaction_mode": "DEFERRED"}
    try:
        with reader.cursor() as cursor:
            if reader.vendor == "sqlite":
                cursor.execute("BEGIN DEFERRED")
                cursor.execute("SELECT count(*) FROM django_migrations")
            else:
                reader.set_autocommit(False)
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield reader
    finally:
        reader.close()


def _as_it_is(value: Any) -> Any:
    return value


def _instant(value: datetime | str) -> str:
    moment = value if isinstance(value, datetime) else parse_datetime(value)
    if moment is None:
        raise ValueError(value)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).isoformat()


def _json(value: Any) -> Any:
    return _numbers_alike(json.loads(value) if isinstance(value, str | bytes) else value)


def _numbers_alike(value: Any) -> Any:
    """Return JSON in which 100.0 and 1e2 are 100, as one of the databases keeps them."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_numbers_alike(part) for part in value]
    if isinstance(value, dict):
        return {name: _numbers_alike(part) for name, part in value.items()}
    return value


def _decimal(value: Any, places: int) -> str:
    return str(Decimal(str(value)).quantize(Decimal(1).scaleb(-places)))


def _text_of_date(value: date | time | str) -> str:
    return value if isinstance(value, str) else value.isoformat()


def _text_of_time(value: time | str) -> str:
    return (time.fromisoformat(value) if isinstance(value, str) else value).isoformat()


PLAIN: dict[str, Callable[[Any], Any]] = {
    "UUIDField": lambda value: UUID(str(value)).hex,
    "DateTimeField": _instant,
    "DateField": _text_of_date,
    "TimeField": _text_of_time,
    "BooleanField": bool,
    "JSONField": _json,
    "BinaryField": lambda value: base64.b64encode(bytes(value)).decode(),
    "FloatField": float,
}


def _stored(kind: str, connection: BaseDatabaseWrapper) -> Callable[[Any], Any]:
    """Return how a plain value becomes one that this database takes."""
    ops = connection.ops
    stored: dict[str, Callable[[Any], Any]] = {
        "UUIDField": UUID if connection.features.has_native_uuid_field else _as_it_is,
        "DateTimeField": lambda value: ops.adapt_datetimefield_value(datetime.fromisoformat(value)),
        "TimeField": lambda value: ops.adapt_timefield_value(time.fromisoformat(value)),
        "JSONField": lambda value: json.dumps(value, ensure_ascii=False),
        "BinaryField": lambda value: _binary(base64.b64decode(value), connection.vendor),
        "DecimalField": Decimal if connection.vendor == "postgresql" else _as_it_is,
    }
    return stored.get(kind, _as_it_is)


def _binary(value: bytes, vendor: str) -> Any:
    return sqlite3.Binary(value) if vendor == "sqlite" else value
