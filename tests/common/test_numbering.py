"""Numbers of letters: eight processes at once get none twice and leave none out."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import IntegrityError, transaction

from hiwar.common import numbering
from hiwar.common.models import IssuedNumber, NumberSeries
from migrated import migrated

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 12, 31, 21, 30, tzinfo=UTC)
OUT = numbering.Series("out", "Letters out", "OUT-{number:03}/{year}")
WORKERS, EACH = 8, 25


@pytest.fixture(autouse=True)
def _series(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbering, "_series", {"out": OUT})


@pytest.mark.django_db
def test_numbers_run_from_one_in_each_year_of_the_place(settings: object) -> None:
    settings.TIME_ZONE = "Asia/Hebron"  # type: ignore[attr-defined]
    from django.utils import timezone

    with timezone.override("Asia/Hebron"):
        first, second = (numbering.take_number(series="out", now=NOW) for _each in range(2))
        after = numbering.take_number(series="out", now=NOW.replace(hour=22))
    assert [numbering.written(one) for one in (first, second, after)] == [
        "OUT-001/2026", "OUT-002/2026", "OUT-001/2027",
    ]  # fmt: skip
    assert numbering.missing_numbers("out", 2026) == []
    assert numbering.missing_numbers("out", 1999) == []


@pytest.mark.django_db
def test_a_failure_gives_its_number_back() -> None:
    numbering.take_number(series="out", now=NOW)

    @transaction.atomic
    def fail() -> None:
        assert numbering.take_number(series="out", now=NOW).number == 2
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert numbering.take_number(series="out", now=NOW).number == 2


@pytest.mark.django_db
def test_a_void_number_stays_and_says_why() -> None:
    issued = numbering.take_number(series="out", now=NOW)
    with pytest.raises(numbering.VoidWithoutReason):
        numbering.void_number(issued=issued, reason="  ", now=NOW)
    numbering.void_number(issued=issued, reason="never sent", now=NOW)
    with pytest.raises(numbering.VoidAlready):
        numbering.void_number(issued=issued, reason="again", now=NOW)
    assert numbering.take_number(series="out", now=NOW).number == 2
    assert numbering.missing_numbers("out", issued.series.year) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        IssuedNumber.objects.create(series=issued.series, number=1, issued_at=NOW)


@pytest.mark.django_db
def test_a_number_that_is_lost_is_seen() -> None:
    numbering.take_number(series="out", now=NOW)
    NumberSeries.objects.update(last=3)
    assert numbering.missing_numbers("out", NumberSeries.objects.get().year) == [2, 3]


def test_a_series_is_registered_once() -> None:
    numbering.register_series(OUT)
    with pytest.raises(ValueError, match="out"):
        numbering.register_series(numbering.Series("out", "Another"))
    with pytest.raises(KeyError):
        numbering.take_number.__wrapped__(series="nobody", now=NOW)  # type: ignore[attr-defined]
    assert numbering.all_series() == [OUT]


# One process is set up and forked: eight of them importing the house would take a minute.
TAKE = """
import json, multiprocessing
from datetime import datetime, UTC
import django
django.setup()
from django.db import transaction
from hiwar.common import numbering

numbering.register_series(numbering.Series("out", "Letters out"))
now, fork = datetime(2026, 6, 1, tzinfo=UTC), multiprocessing.get_context("fork")
together = fork.Barrier(WORKERS)

def take(me):
    taken = []
    together.wait()
    for turn in range(EACH):
        try:
            with transaction.atomic():
                issued = numbering.take_number(series="out", now=now)
                if (turn + me) % 5 == 0:
                    raise RuntimeError
        except RuntimeError:
            continue
        if (turn + me) % 7 == 0:
            numbering.void_number(issued=issued, reason="spoiled", now=now)
        taken.append(issued.number)
    return taken

with fork.Pool(WORKERS) as pool:
    print(json.dumps(pool.map(take, range(WORKERS), chunksize=1)))
""".replace("EACH", str(EACH)).replace("WORKERS", str(WORKERS))


@pytest.mark.exhaustive("numbering")
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_eight_processes_at_once(
    database: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/hiwar.sqlite3"
    server = name = ""
    if database == "postgres":
        import psycopg

        server, name = request.getfixturevalue("postgres_url"), f"race_{secrets.token_hex(4)}"
        with psycopg.connect(server, autocommit=True) as link:
            link.execute(f"CREATE DATABASE {name}")
        url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    environment = os.environ | {"HIWAR_DATABASE_URL": url, "PYTHONWARNINGS": "ignore"}
    migrated(url, environment)
    done = subprocess.run(
        [sys.executable, "-c", TAKE],
        env=environment, check=True, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    taken = json.loads(done.stdout)
    if database == "postgres":
        with psycopg.connect(server, autocommit=True) as link:
            link.execute(f"DROP DATABASE {name} WITH (FORCE)")
    together = sorted(number for numbers in taken for number in numbers)
    assert together == list(range(1, WORKERS * EACH * 4 // 5 + 1))
    assert all(numbers == sorted(numbers) for numbers in taken)
