"""`python -m bench.search`: full text over many documents, for a reader who may see half of them.

Words are those of Hiwar's own Arabic catalogue, drawn with frequencies that fall as 1 / rank. With
an address of PostgreSQL in HIWAR_DATABASE_URL it is measured there, in a database made for it.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import statistics
import tempfile
import time
from pathlib import Path
from uuid import UUID

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "src/hiwar/locale/ar/LC_MESSAGES/django.po"
KINDS = ("bench.dossier", "bench.meeting", "bench.note")


def vocabulary() -> list[str]:
    text = CATALOGUE.read_text("utf-8")
    found = sorted(set(re.findall(r"[\u0621-\u064a]{3,}|[a-z]{4,}", text)))
    random.Random(4).shuffle(found)
    return found


def offer(n: int) -> None:
    from django.db.models import Q

    from hiwar.common.search.sources import Document, Source, register_source

    words = vocabulary()
    weights = [1 / (rank + 4) for rank in range(len(words))]
    chance = random.Random(9)

    def documents(first: int) -> list[Document]:
        return [
            Document(
                UUID(int=at + 1),
                {"ar": " ".join(chance.choices(words, weights, k=6))},
                {"ar": " ".join(chance.choices(words, weights, k=80))},
                audience="open" if at % 2 else "closed",
            )
            for at in range(first, n, len(KINDS))
        ]

    for order, kind in enumerate(KINDS):
        register_source(
            Source(
                kind,
                kind,
                lambda order=order: documents(order),
                lambda _reader: Q(audience="open"),
                lambda record: f"/{record}/",
                order,
            )
        )


def measure(asked: int) -> None:
    from django.contrib.auth.models import AnonymousUser

    from hiwar.common.search.query import find

    words = vocabulary()
    chance = random.Random(2)
    times: dict[str, list[float]] = {}
    processor: list[float] = []
    for at in range(asked):
        rare = chance.choice(words[200:])
        common = chance.choice(words[20:200])
        kind, text = (
            ("one word", rare + " "),
            ("two words", f"{common} {rare} "),
            ("while typing", f"{common} {rare[:3]}"),
            ("a very common word", words[chance.randrange(10)] + " "),
        )[3 if at % 20 == 3 else at % 3]
        cpu, before = time.process_time(), time.perf_counter()
        find(AnonymousUser(), text)
        taken = (time.perf_counter() - before) * 1000
        processor.append((time.process_time() - cpu) * 1000)
        times.setdefault(kind, []).append(taken)
        times.setdefault("all", []).append(taken)
    times["all (processor)"] = processor
    for kind, taken in times.items():
        p95 = statistics.quantiles(taken, n=20)[-1]
        print(f"{kind:24s} median {statistics.median(taken):6.1f} ms  p95 {p95:6.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=50_000)
    parser.add_argument("--queries", type=int, default=400)
    chosen = parser.parse_args()
    os.environ["HIWAR_ENV_FILE"] = str(ROOT / ".env.example")
    os.environ["DJANGO_SETTINGS_MODULE"] = "hiwar.config.settings"
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("HIWAR_DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        from hiwar.common.search import sources
        from hiwar.common.search.indexing import reindex

        call_command("migrate", "common", verbosity=0)
        sources._sources.clear()
        offer(chosen.documents)
        started = time.perf_counter()
        count = sum(reindex().values())
        taken = time.perf_counter() - started
        print(f"{connection.vendor}: {count} documents written in {taken:.0f} s")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        measure(chosen.queries)


if __name__ == "__main__":
    main()
