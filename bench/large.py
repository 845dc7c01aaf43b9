"""Large dialogues: votes while the map is made, memory of all processes, age of the map.

Usage: ``python -m bench.large [--seconds N] [--shape PEOPLExSTATEMENTSxVOTES ...] [--page]``. The
installation is served as `hiwar serve` does it, with the worker that makes the maps beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bench.served import (
    CODE,
    ROOT,
    Installation,
    Server,
    end_servers_when_told_to_stop,
    load_average,
    memory_of_group,
)

PAGE = ROOT / "docs/operations/size.md"
SHAPES = ("2000x100x60000", "10000x300x400000", "100000x100x1000000")
PER_SECOND, CHANGES, LONGEST = 50, 3, 120.0
ROUTE = f"/api/d/{CODE}/votes"

# Two camps and a middle, so that there is a map to draw.
VOTES = """
import django; django.setup()
import numpy as np
from django.db import connection, transaction
from hiwar.dialogues.actions.votes import Act, write_acts
from hiwar.dialogues.models import Statement
people, statements, votes = {shape}
rng = np.random.default_rng(7)
keys = list(Statement.objects.order_by("number").values_list("pk", flat=True))
place = rng.normal(size=(people, 2)) + np.where(rng.random((people, 1)) < 0.4, 1.5, -0.5)
slope, each = rng.normal(size=(statements, 2)), votes // people
acts = []
def flush():
    with transaction.atomic(), connection.cursor() as cursor:
        write_acts(cursor.cursor, connection.vendor, acts)
    acts.clear()
for person in range(people):
    chosen = rng.choice(statements, each, replace=False)
    lean = slope[chosen] @ place[person] + rng.normal(size=each)
    says = np.where(np.abs(lean) < 0.3, 0, np.sign(lean)).astype(int)
    acts += [Act(person + 1, keys[s], int(c), False, 1, "web")
             for s, c in zip(chosen.tolist(), says.tolist())]
    if len(acts) >= 5000:
        flush()
flush()
"""
LATEST = """
import django; django.setup()
import sys, time
from hiwar.dialogues.models import OpinionMap
for line in sys.stdin:
    found = OpinionMap.objects.order_by("-computed_at").values_list("pk", "votes").first()
    print(*(found or ("none", 0)), flush=True)
"""
HEAD = """# Size of dialogues

Written by `python -m bench.large --page`; do not edit. SQLite, {cores} cores; the server with all
that runs beside it. While {rate} votes a second arrive, each on a connection of its own, the map is
made again and again. Memory is the most that all processes held together (PSS: a page that several
share is counted once). The last columns follow one vote at rest: seconds until a map with it is
kept, the longest of {changes}, and the participant's page drawn with it.

The machine was shared: its load average was {load} before and {after} after.

| participants | statements | votes | vote p50 | vote p95 | failed | maps meanwhile | memory | \
vote to map | page |
|---|---|---|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Size:
    """What one shape gave: milliseconds, megabytes and seconds."""

    shape: tuple[int, int, int]
    p50: float
    p95: float
    failed: int
    maps: int
    memory: float
    to_map: float
    page: float

    def line(self) -> str:
        """Return the row of the table."""
        people, questions, votes = self.shape
        return (
            f"| {people:,} | {questions} | {votes:,} | {self.p50:.0f} ms | {self.p95:.0f} ms"
            f" | {self.failed} | {self.maps} | {self.memory:,.0f} MB | {self.to_map:.1f} s"
            f" | {self.page:.0f} ms |"
        )


class Maps:
    """The maps that are kept, looked up from a process of its own beside the server."""

    def __init__(self, home: Installation) -> None:
        import subprocess
        import sys

        self._looker = subprocess.Popen(
            [sys.executable, "-c", LATEST], env=home.environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def latest(self) -> tuple[str, int]:
        """Return key and number of votes of the newest map."""
        assert self._looker.stdin and self._looker.stdout  # noqa: S101, PT018 -- both are pipes
        self._looker.stdin.write("\n")
        self._looker.stdin.flush()
        key, votes = self._looker.stdout.readline().split()
        return key, int(votes)

    def wait(self, votes: int) -> float:
        """Return the seconds until a map has so many votes."""
        began = time.perf_counter()
        while self.latest()[1] < votes:
            if time.perf_counter() - began > LONGEST:
                return float("inf")
            time.sleep(0.05)
        return time.perf_counter() - began

    def close(self) -> None:
        """End the process."""
        self._looker.communicate()


def measure(home: Installation, shape: tuple[int, int, int], seconds: int) -> Size:
    """Serve a dialogue of this shape and vote in it."""
    people, questions, votes = shape
    home.run("-c", VOTES.format(shape=shape))
    cookies = (home.folder / "cookies").read_text().split()
    maps = Maps(home)
    with Server.up(home) as server:
        maps.wait(votes // people * people)
        taken, failed, made, memory = _storm(server, maps, cookies, questions, seconds)
        changes, page = [], 0.0
        for _ in range(CHANGES):
            time.sleep(1.0)
            _settle(maps)
            before = maps.latest()[0]
            began = time.perf_counter()
            body = body_of(1, random.choice((1, -1)))
            server.ask(ROUTE, body, cookie=random.choice(cookies))
            while maps.latest()[0] == before and time.perf_counter() - began < LONGEST:
                time.sleep(0.05)
            changes.append(time.perf_counter() - began)
            began = time.perf_counter()
            server.ask(f"/ar/d/{CODE}/mine/", cookie=random.choice(cookies))
            page = time.perf_counter() - began
        memory = max(memory, memory_of_group(server.process.pid)["Pss"])
    maps.close()
    centiles = statistics.quantiles(taken, n=100)
    return Size(
        shape, 1000 * centiles[49], 1000 * centiles[94], failed, made, memory, max(changes),
        1000 * page,
    )  # fmt: skip


def body_of(statement: int, choice: int) -> object:
    """Return what a phone sends for one vote."""
    vote = {"statement": statement, "choice": choice, "sequence": time.time_ns()}
    return {"votes": [vote]}


def _settle(maps: Maps) -> None:
    """Wait until no new map appears any more."""
    quiet, last = time.perf_counter(), maps.latest()[0]
    began = quiet
    while time.perf_counter() - quiet < 6.0 and time.perf_counter() - began < LONGEST:
        time.sleep(0.2)
        now = maps.latest()[0]
        if now != last:
            quiet, last = time.perf_counter(), now


def _storm(
    server: Server, maps: Maps, cookies: list[str], questions: int, seconds: int
) -> tuple[list[float], int, int, float]:
    taken: list[float] = []
    failed = 0

    def vote(_: int) -> None:
        nonlocal failed
        body = body_of(random.randint(1, questions), random.choice((-1, 0, 1)))
        began = time.perf_counter()
        try:
            status, raw = server.ask(ROUTE, body, cookie=random.choice(cookies))
            is_stored = status == 200 and json.loads(raw)["results"][0]["status"] == "ok"
        except OSError:
            is_stored = False
        taken.append(time.perf_counter() - began)
        failed += not is_stored

    over = threading.Event()
    most, seen = [0.0], {maps.latest()[0]}

    def watch() -> None:
        while not over.wait(0.5):
            most[0] = max(most[0], memory_of_group(server.process.pid)["Pss"])
            seen.add(maps.latest()[0])

    watcher = threading.Thread(target=watch)
    watcher.start()
    began = time.perf_counter()
    with ThreadPoolExecutor(64) as crowd:
        for number in range(seconds * PER_SECOND):
            time.sleep(max(began + number / PER_SECOND - time.perf_counter(), 0))
            crowd.submit(vote, number)
    over.set()
    watcher.join()
    return taken, failed, len(seen) - 1, most[0]


def main() -> None:
    """Measure the shapes and show them."""
    parser = argparse.ArgumentParser(prog="python -m bench.large", description=__doc__)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--shape", action="append", help="PEOPLExSTATEMENTSxVOTES")
    parser.add_argument("--page", action="store_true", help=f"write {PAGE.name}")
    options = parser.parse_args()
    end_servers_when_told_to_stop()
    load, lines = load_average(), []
    for text in options.shape or SHAPES:
        people, questions, votes = (int(part) for part in text.split("x"))
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "home"
            home = Installation(path, f"sqlite:///{path}/hiwar.db", people, questions)
            lines.append(measure(home, (people, questions, votes), options.seconds).line())
            print(lines[-1], flush=True)
    head = HEAD.format(
        cores=os.cpu_count(), rate=PER_SECOND, changes=CHANGES, load=load, after=load_average()
    )
    if options.page:
        PAGE.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"load average {load} before, {load_average()} after")


if __name__ == "__main__":
    main()
