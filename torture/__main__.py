"""`python -m torture`: trials R-1, R-4, R-5 and R-9 on SQLite and PostgreSQL, in CI sizes.

Each trial starts an installation of its own on loopback, sends votes from threads, does the
worst to it, lets it recover and compares every answer with what is stored.
"""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from dialogues.served import STATEMENTS, Served, new_key
from torture.checker import ACKNOWLEDGED, REFUSED, UNKNOWN, Sent, Verdict, check

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS = (
    "SELECT v.participant_id, s.number, v.sequence, v.choice FROM dialogues_vote v"
    " JOIN dialogues_statement s ON s.id = v.statement_id"
)
CROWD = 16


class Storm:
    """A crowd of voters that keeps a journal of every answer."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.journal: list[Sent] = []
        self._gate = threading.Lock()
        self._sequence = int(time.time() * 1000)
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self.cookies = [self._join() for _ in range(CROWD)]

    def _join(self) -> str:
        _, headers, _ = self.served.vote((1, 0, self._next()), key=new_key())
        cookie = headers["set-cookie"].partition(";")[0]
        self._note(cookie, 1, self._sequence, 0, ACKNOWLEDGED)
        return cookie

    def _next(self) -> int:
        with self._gate:
            self._sequence += 1
            return self._sequence

    def _note(self, cookie: str, statement: int, sequence: int, choice: int, how: str) -> None:
        participant = int(cookie.partition("=p")[2].partition(".")[0], 16)
        with self._gate:
            self.journal.append(Sent(participant, statement, sequence, choice, how))

    def _vote(self, cookie: str) -> None:
        sequence = self._next()
        statement, choice = 1 + sequence % STATEMENTS, sequence % 3 - 1
        how = UNKNOWN
        try:
            status, _, answer = self.served.vote((statement, choice, sequence), cookie=cookie)
        except (OSError, ValueError, AttributeError):
            time.sleep(0.05)
        else:
            if status == 200:
                is_ok = answer["results"][0]["status"] == "ok"
                how = ACKNOWLEDGED if is_ok else REFUSED
            elif status in {507, 503}:
                time.sleep(0.02)
        self._note(cookie, statement, sequence, choice, how)

    def _run(self, cookie: str) -> None:
        while not self._over.is_set():
            self._vote(cookie)

    def start(self) -> None:
        self._over.clear()
        self._threads = [threading.Thread(target=self._run, args=(c,)) for c in self.cookies]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(60)

    def verdict(self) -> Verdict:
        return check(self.journal, self.served.query(ROWS))


def kill_the_web(served: Served, times: int) -> Verdict:
    """R-1: kill -9 of the server and its worker while votes arrive."""
    storm = Storm(served)
    for _ in range(times):
        storm.start()
        time.sleep(0.5)
        served.kill()
        storm.end()
        served.start()
    return storm.verdict()


def fifty_twins(served: Served, times: int) -> Verdict:
    """R-9: fifty identical posts at once, again and again."""
    journal = []
    for number in range(times):
        key, sequence = new_key(), number + 1
        with ThreadPoolExecutor(50) as crowd:
            answers = list(
                crowd.map(lambda _, k=key, s=sequence: served.vote((2, 1, s), key=k), range(50))
            )
        people = {answer[1]["set-cookie"].partition(";")[0] for answer in answers}
        if len(people) != 1 or {answer[0] for answer in answers} != {200}:
            raise AssertionError("fifty identical posts were not answered alike")
        participant = int(people.pop().partition("=p")[2].partition(".")[0], 16)
        journal += [Sent(participant, 2, sequence, 1, ACKNOWLEDGED)] * 50
    rows = [row for row in served.query(ROWS) if row[0] in {vote.participant for vote in journal}]
    return check(journal, rows)


def restart_the_database(served: Served, times: int) -> Verdict:
    """R-5: end every connection of the database under the votes, again and again."""
    storm = Storm(served)
    storm.start()
    for _ in range(times):
        time.sleep(0.5)
        served.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    time.sleep(3)
    if served.ask("GET", "/healthz")[0] != 200:
        raise AssertionError("the service did not recover after the database was back")
    storm.end()
    return storm.verdict()


def fill_the_disk(served: Served, times: int) -> Verdict:
    """R-4: fill the volume of the database, then give the space back."""
    storm = Storm(served)
    storm.start()
    filler = served.folder / "filler"
    for _ in range(times):
        time.sleep(0.5)
        with filler.open("wb") as file:
            try:
                while True:
                    file.write(b"\0" * (1 << 16))
                    file.flush()
            except OSError:
                pass
        time.sleep(2)
        filler.unlink()
        time.sleep(3)
    storm.end()
    if served.ask("GET", "/healthz")[0] != 200:
        raise AssertionError("the service did not recover after the space was back")
    if not any(vote.outcome == UNKNOWN for vote in storm.journal):
        raise AssertionError("the disk was never full: the trial proves nothing")
    return storm.verdict()


Trial = tuple[str, "Callable[[Served, int], Verdict]", int, str]
TRIALS: tuple[Trial, ...] = (
    ("R-1 kill -9 of the web", kill_the_web, 20, "both"),
    ("R-9 fifty identical posts", fifty_twins, 20, "both"),
    ("R-5 connections cut", restart_the_database, 10, "postgres"),
    ("R-4 disk full", fill_the_disk, 1, "small"),
)


def run(name: str, trial: Callable[[Served, int], Verdict], times: int, served: Served) -> bool:
    """Run one trial and print its line."""
    started = time.monotonic()
    served.start()
    try:
        verdict = trial(served, times)
    finally:
        served.stop()
    print(
        f"{name:28} {served.database.partition(':')[0]:10} ×{times:<4}"
        f" acknowledged {verdict.acknowledged:7} unknown {verdict.unknown:5}"
        f" (stored {verdict.unknown_stored})  lost {len(verdict.lost)}"
        f" phantom {len(verdict.phantom)} doubled {len(verdict.duplicate)}"
        f"  {time.monotonic() - started:.0f} s",
        flush=True,
    )
    return verdict.is_clean


def sqlite(folder: Path) -> Served:
    return Served(folder, f"sqlite:///{folder}/hiwar.sqlite3")


def small_volume(folder: Path) -> bool:
    """Mount a volume of 64 MB; False where that is not allowed."""
    folder.mkdir()
    call = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)]
    return subprocess.run(call, check=False, capture_output=True).returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m torture", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="times the CI size")
    options = parser.parse_args()
    clean = True
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        url = os.environ.get("HIWAR_TEST_POSTGRES_URL", "")
        for number, (title, trial, size, where) in enumerate(TRIALS):
            times = max(1, round(size * options.scale))
            if where == "both":
                clean &= run(title, trial, times, sqlite(home / f"s{number}"))
            if where in {"both", "postgres"}:
                clean &= on_postgres(url, home / f"p{number}", title, trial, times)
            if where == "small":
                clean &= on_small_volume(home / f"d{number}", title, trial, times)
    print("CLEAN" if clean else "NOT CLEAN")
    return 0 if clean else 1


def on_postgres(
    url: str, folder: Path, title: str, trial: Callable[[Served, int], Verdict], times: int
) -> bool:
    """Run a trial on a database of its own; say NOT RUN where there is no server."""
    if not url:
        print(f"{title:28} postgres   NOT RUN: HIWAR_TEST_POSTGRES_URL names no server")
        return not os.environ.get("HIWAR_REQUIRE_ALL")
    import psycopg

    name = f"torture_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(f"CREATE DATABASE {name}")
    try:
        address = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        return run(title, trial, times, Served(folder, address))
    finally:
        with psycopg.connect(url, autocommit=True) as link:
            link.execute(f"DROP DATABASE {name} WITH (FORCE)")


def on_small_volume(
    folder: Path, title: str, trial: Callable[[Served, int], Verdict], times: int
) -> bool:
    """Run a trial on a volume of 64 MB; say NOT RUN where none can be mounted."""
    if not small_volume(folder):
        print(f"{title:28} sqlite     NOT RUN: no volume can be mounted here")
        return not os.environ.get("HIWAR_REQUIRE_ALL")
    try:
        return run(title, trial, times, sqlite(folder))
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


if __name__ == "__main__":
    sys.exit(main())
