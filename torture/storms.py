"""R-1, R-4, R-5 and R-9: a crowd of voters, and the worst that can happen under it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

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
        self._sequence = 1
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
    expect_recovery(served)
    storm.end()
    return storm.verdict()


def expect_recovery(served: Served, within: float = 10.0) -> None:
    """Wait until the service can store votes; it has ten seconds once the database answers."""
    wait_for_the_database(served)
    until = time.monotonic() + within
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            if served.ask("GET", "/healthz")[0] == 200:
                return
        time.sleep(0.1)
    raise AssertionError("the service did not recover after the database was back")


def wait_for_the_database(served: Served, within: float = 60.0) -> None:
    until = time.monotonic() + within
    while True:
        try:
            served.query("SELECT 1")
        except Exception:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def hurt_the_server(served: Served, times: int, hurt: Callable[[Served, int], None]) -> Verdict:
    """Do something to PostgreSQL itself under the votes, again and again."""
    storm = Storm(served)
    storm.start()
    try:
        for number in range(times):
            time.sleep(0.5)
            hurt(served, number)
            expect_recovery(served)
    finally:
        storm.end()
    return storm.verdict()


def kill_the_database(served: Served, times: int) -> Verdict:
    """R-1: kill -9 of a process of PostgreSQL, which then recovers as after a crash."""

    def kill(served: Served, number: int) -> None:
        rows: list[tuple[int]] = []
        while not rows:
            time.sleep(0.1)
            rows = served.query(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() ORDER BY backend_start LIMIT 1"
            )
        # A process that ended by itself meanwhile needs no killing.
        with contextlib.suppress(ProcessLookupError):
            os.kill(rows[0][0], signal.SIGKILL)

    return hurt_the_server(served, times, kill)


def start_the_database_again(served: Served, times: int) -> Verdict:
    """R-5: restart PostgreSQL, in turn fast and immediate, which is a crash."""
    tool = Path(__file__).parents[1] / "tools/postgres"

    def restart(served: Served, number: int) -> None:
        mode = ("fast", "immediate")[number % 2]
        call = [str(tool), "restart", os.environ["HIWAR_TORTURE_SERVER"], mode]
        subprocess.run(call, check=True)

    return hurt_the_server(served, times, restart)


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
