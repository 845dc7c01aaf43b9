"""Votes per second, acknowledged after the commit: Hiwar, a plain Django view, a bare answer.

Usage: ``python -m bench.serving [--seconds N] [--runs N] [--connections N] [--page]``. The load
comes from `wrk` on the same cores. Every run measures all servers one after the other, and the
middle of the runs is shown. The figures to trust are CPU per request and the ratios within a run.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from dataclasses import astuple
from pathlib import Path

from bench.served import (
    ASGI,
    CODE,
    ROOT,
    WSGI,
    Installation,
    Load,
    Server,
    end_servers_when_told_to_stop,
    load_average,
    milliseconds_to_disk,
    need,
    postgres_database,
)

PAGE = ROOT / "docs/operations/speed.md"
PEOPLE, STATEMENTS = 20_000, 200
BARE, NAIVE, VOTE, LONE, NEXT = (
    "bare answer", "plain Django view", "vote", "vote, one connection", "next statement"
)  # fmt: skip
HEAD = """# Speed of votes

Written by `python -m bench.serving --page`; do not edit. {connections} connections of `wrk` on the
same {cores} cores as the server{database}; {people:,} participants, {statements} statements,
random pairs; middle of {runs} runs of {seconds} seconds. A vote is answered after its commit has
reached the disk; where the server had committed less than it acknowledged, the difference is under
*failed*. CPU is what the server's process used for one request, in microseconds, without the
database server.

The load average of the machine was {load} before and {after} after. Where others work on it all
rates are lower; ratios within a table change less. Writing 4 kB through to the disk took
{disk:.1f} ms, which is {rate:.0f} times a second for somebody who writes alone.

"""


def measure(home: Installation, seconds: int, connections: int, runs: int) -> dict[str, list[Load]]:
    """Return what each run of each kind of load gave."""
    votes = home.script("votes", "POST", f"/api/d/{CODE}/votes")
    offers = home.script("next", "GET", f"/api/d/{CODE}/next")
    plain = home.script("plain", "POST", "/naive")
    peers = (
        ("bench.peers.votes:bare", ASGI, ((BARE, plain, connections),)),
        ("bench.peers.votes:naive", WSGI, ((NAIVE, plain, connections),)),
        ("hiwar.config.asgi:application", ASGI,
         ((VOTE, votes, connections), (LONE, votes, 1), (NEXT, offers, connections))),
    )  # fmt: skip
    found: dict[str, list[Load]] = {}
    for _ in range(runs):
        for target, interface, loads in peers:
            with Server.up(home, target, interface) as server:
                for name, script, wide in loads:
                    server.load(script, 1, wide)
                    found.setdefault(name, []).append(server.load(script, seconds, wide))
    return found


def middle(runs: list[Load]) -> Load:
    """Return the median of each figure."""
    columns = zip(*(astuple(run) for run in runs), strict=True)
    *figures, failed = (statistics.median(column) for column in columns)
    return Load(*figures, int(failed))


def table(found: dict[str, list[Load]]) -> str:
    """Return the figures of one database."""
    middles = {name: middle(runs) for name, runs in found.items()}
    lines = ["| | per second | p50 ms | p99 ms | CPU µs | failed | × plain view | CPU × bare |",
             "|---|---|---|---|---|---|---|---|"]  # fmt: skip
    for name, one in middles.items():
        ratio = one.per_second / middles[NAIVE].per_second
        cpu = one.cpu / middles[BARE].cpu
        lines.append(
            f"| {name} | {one.per_second:,.0f} | {one.p50:.1f} | {one.p99:.1f} | {one.cpu:.0f}"
            f" | {one.failed} | {ratio:.1f} | {cpu:.1f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure on both databases and show it."""
    parser = argparse.ArgumentParser(prog="python -m bench.serving", description=__doc__)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--connections", type=int, default=256)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--page", action="store_true", help=f"write {PAGE.name}")
    options = parser.parse_args()
    end_servers_when_told_to_stop()
    need("wrk", "wrk")
    how = (options.seconds, options.connections, options.runs)
    load, tables = load_average(), []
    postgres = os.environ.get("HIWAR_TEST_POSTGRES_URL", "")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        disk = milliseconds_to_disk(folder)
        path = folder / "sqlite"
        home = Installation(path, f"sqlite:///{path}/hiwar.db", options.people, STATEMENTS)
        tables.append(("SQLite, `synchronous=FULL`", table(measure(home, *how))))
        print(f"## {tables[-1][0]}\n\n{tables[-1][1]}\n", flush=True)
        if postgres:
            with postgres_database(postgres) as address:
                home = Installation(folder / "postgres", address, options.people, STATEMENTS)
                tables.append(("PostgreSQL, `synchronous_commit=on`", table(measure(home, *how))))
            print(f"## {tables[-1][0]}\n\n{tables[-1][1]}\n", flush=True)
        else:
            print("PostgreSQL: not measured, HIWAR_TEST_POSTGRES_URL names no server")
    after = load_average()
    print(f"disk: {disk:.1f} ms for 4 kB; load average {load} before, {after} after")
    if options.page:
        head = HEAD.format(
            connections=options.connections, cores=os.cpu_count(), people=options.people,
            database=" and the database" if postgres else "", statements=STATEMENTS,
            runs=options.runs, seconds=options.seconds, load=load, after=after, disk=disk,
            rate=1000 / disk,
        )  # fmt: skip
        text = "\n\n".join(f"## {title}\n\n{rows}" for title, rows in tables)
        PAGE.write_text(f"{head}{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
