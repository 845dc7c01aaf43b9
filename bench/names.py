"""`python -m bench.names`: how long it takes to find a person among many, and duplicates.

People are made of words with frequencies that fall as 1 / rank, so that some names are very
common, with four words each; a third has a Latin spelling beside the Arabic one.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/engine/names"))


def make_people(n: int, seed: int = 5) -> list[tuple[int, list[str]]]:
    import transcription as t

    chance = random.Random(seed)
    given, family = t.read("given"), t.read("family")
    chance.shuffle(given)
    chance.shuffle(family)
    given_weights = [1 / (rank + 3) for rank in range(len(given))]
    family_weights = [1 / (rank + 8) for rank in range(len(family))]
    found = []
    for at in range(n):
        parts = [*chance.choices(given, given_weights, k=3)]
        parts += chance.choices(family, family_weights)
        names = [" ".join(word.arabic for word in parts)]
        if at % 3 == 0:
            convention = chance.choice(t.CONVENTIONS)
            names.append(t.Name("", tuple(word.sounds for word in parts)).latin(convention))
        found.append((at, names))
    return found


def queries(
    people: list[tuple[int, list[str]]], n: int, seed: int = 6
) -> list[tuple[str, str, int]]:
    """Return (kind, what is typed, who is meant)."""
    import transcription as t

    sounds = {w.arabic: w.sounds for name in ("given", "family") for w in t.read(name)}
    words = sorted(sounds, key=len, reverse=True)
    chance = random.Random(seed)
    found = []
    for at in range(n):
        key, names = chance.choice(people)
        arabic = names[0]
        parts = []
        rest = arabic
        while rest:
            part = next(w for w in words if rest.startswith(w))
            parts.append(part)
            rest = rest[len(part) :].strip()
        picked = [parts[0], parts[-1]]
        latin = t.Name("", tuple(sounds[p] for p in picked)).latin(chance.choice(t.CONVENTIONS))
        kind = at % 6
        if kind == 0:
            found.append(("arabic, two words", " ".join(picked) + " ", key))
        elif kind == 1:
            found.append(("latin, two words", latin + " ", key))
        elif kind == 2:
            text = " ".join(picked)
            found.append(("while typing", text[: len(parts[0]) + 1 + chance.randint(1, 4)], key))
        elif kind == 3:
            found.append(("begins to type", arabic[: chance.randint(1, 3)], key))
        elif kind == 4:
            text = " ".join(picked)
            place = chance.randrange(1, len(text) - 1)
            found.append(("one letter missing", text[:place] + text[place + 1 :] + " ", key))
        else:
            found.append(("whole name", arabic, key))
    return found


def search(n: int, asked: int, folder: str) -> None:
    os.environ["HIWAR_ENV_FILE"] = str(ROOT / ".env.example")
    os.environ["DJANGO_SETTINGS_MODULE"] = "hiwar.config.settings"
    os.environ["HIWAR_DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
    import django

    django.setup()
    from django.db import connection, models

    from hiwar.common.search.names import owners
    from hiwar.engine.names import rank, search_keys

    class Row(models.Model):  # noqa: DJ008 - lives as long as the measurement
        person = models.IntegerField()
        key = models.CharField(max_length=41)

        class Meta:
            app_label = "common"
            indexes = (
                models.Index(fields=["key", "person"], name="row_key"),
                models.Index(fields=["person", "key"], name="row_person"),
            )

    people = make_people(n)
    if "common_row" not in connection.introspection.table_names():
        fill(Row, people)
    by_pk = dict(people)
    times: dict[str, list[float]] = {}
    found_in: dict[str, list[bool]] = {}
    for kind, text, meant in queries(people, asked):
        cpu, before = time.process_time(), time.perf_counter()
        pks = owners(Row.objects.all(), search_keys(text), owner="person")
        between = time.perf_counter()
        ranked = rank(text, ((str(pk), by_pk[pk]) for pk in pks))
        done, cpu = time.perf_counter(), time.process_time() - cpu
        times.setdefault(kind, []).append((done - before) * 1000)
        times.setdefault(kind + " (database)", []).append((between - before) * 1000)
        times.setdefault("all", []).append((done - before) * 1000)
        times.setdefault("all (processor)", []).append(cpu * 1000)
        name = by_pk[meant][0]
        found_in.setdefault(kind, []).append(
            any(_alike(by_pk[int(one.key)][0], name) for one in ranked)
        )
    for kind, taken in times.items():
        cut = statistics.quantiles(taken, n=20)
        found = found_in.get(kind)
        share = f"  found {sum(found) / len(found):.3f}" if found else ""
        middle = statistics.median(taken)
        print(f"{kind:32s} median {middle:6.1f} ms  p95 {cut[-1]:6.1f} ms{share}")


def fill(row: type, people: list[tuple[int, list[str]]]) -> None:
    from django.db import connection

    from hiwar.engine.names import keys

    with connection.schema_editor() as editor:
        editor.create_model(row)
    started = time.perf_counter()
    rows = [
        row(person=pk, key=key)
        for pk, names in people
        for key in frozenset().union(*(keys(name) for name in names))
    ]
    made = time.perf_counter()
    row.objects.bulk_create(rows, batch_size=5000)
    print(
        f"{len(people)} people, {len(rows)} rows: keys {made - started:.1f} s, "
        f"written {time.perf_counter() - made:.1f} s"
    )


def _alike(name: str, other: str) -> bool:
    """Many people have the same first and last word: one of them is an answer."""
    ends = [(text.split()[0], text.split()[-1]) for text in (name, other)]
    return ends[0] == ends[1]


def duplicates(n: int) -> None:
    from hiwar.engine.names import Candidate, automatic, cluster, propose_duplicates

    chance = random.Random(7)
    people = make_people(n * 9 // 10, seed=8)
    records = []
    for pk, names in people:
        phone = (
            frozenset([f"59{chance.randrange(10**7):07d}"])
            if chance.random() < 0.7
            else frozenset()
        )
        year, place = chance.randint(1950, 2010), f"p{int(chance.expovariate(0.03)) % 500}"
        records.append(Candidate(f"{pk:06d}", tuple(names), phone, birth_year=year, place=place))
    for copy in chance.sample(records, n - len(records)):
        name = copy.names[-1].replace("ة", "ه").replace("أ", "ا")
        records.append(
            Candidate(
                copy.key + "b",
                (name,),
                copy.phones if chance.random() < 0.5 else frozenset(),
                birth_year=copy.birth_year if chance.random() < 0.8 else None,
                place=copy.place,
            )
        )
    started = time.perf_counter()
    pairs = propose_duplicates(records)
    taken = time.perf_counter() - started
    decided = automatic(pairs)
    false = sum(d.first[:6] != d.second[:6] for d in decided)
    planted = n - len(people)
    proposed = {p.first[:6] for p in pairs if p.first[:6] == p.second[:6]}
    groups = cluster(records, decided).groups
    print(
        f"{n} records: {taken:.1f} s, {len(pairs)} pairs; of {planted} planted {len(proposed)} "
        f"proposed, {len(decided)} to be joined at once of which {false} wrongly; "
        f"{len(groups)} people after that"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=600)
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--folder", help="keep the database here, and use it again")
    chosen = parser.parse_args()
    if chosen.people:
        with tempfile.TemporaryDirectory() as folder:
            search(chosen.people, chosen.queries, chosen.folder or folder)
    if chosen.records:
        duplicates(chosen.records)
