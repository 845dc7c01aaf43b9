"""What the columns of a table could say as a time, whatever they are stored as."""

from __future__ import annotations

import re
import zlib
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.utils.timezone import get_default_timezone

from hiwar.dialogues.models.sequences import COUNTERS


def readings(value: Any) -> list[float]:
    """Return what a value could say as a time, in seconds since 1970."""
    if isinstance(value, datetime):
        return [value.replace(tzinfo=value.tzinfo or UTC).timestamp()]
    if isinstance(value, str):
        pattern = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?"
        said = [datetime.fromisoformat(f"{text}+00:00") for text in re.findall(pattern, value)]
        numbers = [int(part) for part in re.findall(r"\d{9,20}", value)]
        return [at.timestamp() for at in said] + [at for n in numbers for at in readings(n)]
    if not isinstance(value, int | float) or isinstance(value, bool):
        return []
    # Seconds, milli-, micro- and nanoseconds, alone or in the lower half of a number.
    numbers = (value, value % COUNTERS) if isinstance(value, int) else (value,)
    return [number / 1000**power for number in numbers for power in range(4)]


def tells_hour(at: float, now: float) -> bool:
    """Return whether a time lies within three hours of now and is not the bound of a day.

    Day only is kept as a midnight, which in the evening and at night lies near, too.
    """
    if abs(at - now) >= 3 * 3600:
        return False
    said = [datetime.fromtimestamp(at, zone) for zone in (UTC, get_default_timezone())]
    return all(day.replace(hour=0, minute=0, second=0, microsecond=0) != day for day in said)


def plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        try:
            return zlib.decompress(bytes(value)).decode()
        except (zlib.error, UnicodeDecodeError):
            return ""
    return value


def rows_of(table: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    hidden = "rowid, " if connection.vendor == "sqlite" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {hidden}* FROM {table}")
        names = [column[0] for column in cursor.description]
        return names, [tuple(map(plain, row)) for row in cursor.fetchall()]
