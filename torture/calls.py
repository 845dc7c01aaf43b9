"""R-3: each system call of the way a vote takes to the disk fails once.

A tracer (Debian's strace) makes one call of a small writer end in EIO or ENOSPC, or kills the
writer at it; on PostgreSQL also a call of the server's own process. Then the journal of answers,
the calls as they were made and what is stored are compared by `judge`, which is tested on planted
faults.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from torture.checker import ACKNOWLEDGED, REFUSED, UNKNOWN, Sent, Verdict, check
from torture.crash_writer import votes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dialogues.served import Served

Vote = tuple[int, int, int, int]
FAULTS = {"EIO": "error=EIO", "ENOSPC": "error=ENOSPC", "SIGKILL": "signal=KILL"}
SYNCS = frozenset({"fsync", "fdatasync"})
# The talk of a client with its server, and what a server does with a file; the rest of what a
# process calls (memory, clocks, its own threads) is not on the way of a vote.
TALK = frozenset(
    {"socket", "connect", "sendto", "recvfrom", "sendmsg", "recvmsg", "poll", "ppoll", "select"}
    | {"pselect6", "epoll_create1", "epoll_ctl", "epoll_wait", "setsockopt", "getsockopt"}
    | {"getsockname", "fcntl", "close"}
)
FILES = {"openat", "pwrite64", "pwritev", "pread64", "write", "read", "lseek", "fallocate"}
DISK = TALK | SYNCS | FILES
CALL = re.compile(r"^(\d+) +(\d+\.\d+) (\w+)\((.*)$")
MANY = 12
PATIENCE = 90.0
ROWS = (
    "SELECT v.participant_id, v.statement_id, v.sequence, v.choice FROM dialogues_vote v"
    " WHERE v.participant_id BETWEEN {} AND {}"
)


@dataclass(frozen=True)
class Call:
    """One system call as the tracer saw it."""

    thread: int
    at: float
    name: str
    text: str

    @property
    def is_injected(self) -> bool:
        return "(INJECTED)" in self.text

    @property
    def has_succeeded(self) -> bool:
        return not self.is_injected and bool(re.search(r"\) += 0\b", self.text))


@dataclass(frozen=True)
class Fault:
    """Which call of which name fails how."""

    name: str
    number: int
    how: str

    def __str__(self) -> str:
        return f"{self.name} number {self.number}: {self.how}"


@dataclass
class Told:
    """What a round left behind.

    Attributes
    ----------
    answers : list of mapping
        Lines of the journal: a vote that was sent has `began`, one that was answered `outcome`.
    calls : list of Call
        What the tracer saw; empty where it did not look at syncs.
    rows : list of tuple
        What is stored: participant, statement, sequence, choice.
    damage : list of str
        What the database says of its own state.
    """

    wanted: list[Vote]
    answers: list[dict[str, Any]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    rows: list[tuple[int, int, int, int]] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)
    looks_at_syncs: bool = False


def sent(answers: Sequence[dict[str, Any]]) -> list[Sent]:
    """Return what was sent; an attempt without an answer ended as unknown."""
    attempts: dict[tuple[float, int], Sent] = {}
    for line in answers:
        if "vote" in line:
            participant, statement, choice, _, sequence = line["vote"]
            attempts[line["began"], sequence] = Sent(
                participant, statement, sequence, choice, line.get("outcome", UNKNOWN)
            )
    return list(attempts.values())


def judge(told: Told) -> Verdict:
    """Compare answers, calls and rows of one round; everything found is a fault."""
    attempts = sent(told.answers)
    verdict = check(attempts, told.rows)
    verdict.faults += told.damage
    verdict.faults += [f"refused for good: {one}" for one in attempts if one.outcome == REFUSED]
    done = {one.sequence for one in attempts if one.outcome == ACKNOWLEDGED}
    left = [vote for vote in told.wanted if vote[3] not in done]
    if left:
        verdict.faults.append(f"never acknowledged: {len(left)} of {len(told.wanted)}")
    if told.looks_at_syncs:
        verdict.faults += undurable(told)
    return verdict


def undurable(told: Told) -> list[str]:
    """Return the acknowledgements before which the log was not on the disk.

    When an answer is given, the writer's thread must have synced after its last write to the log,
    and at least once since it began: what an earlier process wrote may still be in memory alone.
    """
    threads = {line["writer"] for line in told.answers if "writer" in line}
    found = []
    ordered = sorted((call for call in told.calls if call.thread in threads), key=lambda c: c.at)
    for line in told.answers:
        if line.get("outcome") != ACKNOWLEDGED:
            continue
        process = [t for t in threads if line["thread"] == t]
        before = [c for c in ordered if c.thread in process and c.at < line["ended"]]
        synced = max((c.at for c in before if c.name in SYNCS and c.has_succeeded), default=0.0)
        written = max(
            (c.at for c in before if c.name == "pwrite64" and "-wal>" in c.text), default=0
        )
        if not synced or written > synced:
            found.append(f"acknowledged before it was on the disk: {line['vote']}")
    return found


def read_calls(log: Path) -> list[Call]:
    """Read the tracer's log; a call that another thread interrupted is joined again."""
    found: list[Call] = []
    open_calls: dict[tuple[int, str], Call] = {}
    for line in log.read_text(errors="replace").splitlines():
        resumed = re.match(r"^(\d+) +\d+\.\d+ <\.\.\. (\w+) resumed>(.*)$", line)
        if resumed:
            begun = open_calls.pop((int(resumed[1]), resumed[2]), None)
            if begun:
                found.append(Call(begun.thread, begun.at, begun.name, begun.text + resumed[3]))
            continue
        match = CALL.match(line)
        if not match:
            continue
        call = Call(int(match[1]), float(match[2]), match[3], match[4])
        if call.text.endswith("<unfinished ...>"):
            open_calls[call.thread, call.name] = call
        else:
            found.append(call)
    return [*found, *open_calls.values()]


def places(calls: Sequence[Call]) -> list[Fault]:
    """Return every fault that can be made in the calls of an undisturbed round."""
    most: dict[tuple[str, int], int] = {}
    for call in calls:
        most[call.name, call.thread] = most.get((call.name, call.thread), 0) + 1
    longest: dict[str, int] = {}
    for (name, _), many in most.items():
        longest[name] = max(longest.get(name, 0), many)
    return [
        Fault(name, number + 1, how)
        for name, many in sorted(longest.items())
        for number in range(many)
        for how in FAULTS
    ]


def spread(every: Sequence[Fault], times: int, seed: int) -> list[Fault]:
    """Draw faults so that every kind of call and every way to fail has its share."""
    draw = random.Random(seed)
    kinds: dict[tuple[str, str], list[Fault]] = {}
    for fault in draw.sample(list(every), len(every)):
        kinds.setdefault((fault.name, fault.how), []).append(fault)
    turns = zip_longest(*kinds.values())
    return [fault for turn in turns for fault in turn if fault is not None][:times]


class Bench:
    """Runs rounds of the scribe under the tracer on one database."""

    def __init__(self, served: Served, *, on_server: bool = False) -> None:
        self.served = served
        self.on_server = on_server
        self.is_sqlite = served.database.startswith("sqlite")
        self._round = 0
        self._origin = served.folder / "hiwar.sqlite3"
        self.file = served.folder / "round.sqlite3"
        [[dialogue]] = served.query("SELECT id FROM dialogues_dialogue")
        self._dialogue = str(dialogue)
        self._statements = [row[0] for row in served.query("SELECT id FROM dialogues_statement")]
        environment = served.environment | {"PGAPPNAME": "scribe", "OMP_NUM_THREADS": "1",
                                            "OPENBLAS_NUM_THREADS": "1"}  # fmt: skip
        if self.is_sqlite:
            environment["HIWAR_DATABASE_URL"] = f"sqlite:///{self.file}"
        self._scribe = subprocess.Popen(
            [sys.executable, "-m", "torture.crash_writer"], env=environment, text=True,
            cwd=Path(__file__).parents[1], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self._hear()

    def close(self) -> None:
        self._scribe.kill()
        self._scribe.communicate()

    def _hear(self) -> str:
        assert self._scribe.stdout is not None
        return self._scribe.stdout.readline().strip()

    def _tell(self, line: str) -> None:
        assert self._scribe.stdin is not None
        self._scribe.stdin.write(line + "\n")
        self._scribe.stdin.flush()

    def round(self, fault: Fault | None) -> Told:
        """Run one round with one fault, or without; where the scribe dies, another picks up."""
        self._round += 1
        told = Told(votes(self._round, self._statements, MANY), looks_at_syncs=self.is_sqlite)
        if self.is_sqlite:
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self.file}{suffix}").unlink(missing_ok=True)
            shutil.copyfile(self._origin, self.file)
        has_ended = self._pass(told, fault)
        if not has_ended:
            self._pass(told, None)
        self._look(told)
        return told

    def _pass(self, told: Told, fault: Fault | None) -> bool:
        journal, log = self.served.folder / "journal", self.served.folder / "calls"
        for file in (journal, log):
            file.unlink(missing_ok=True)
        done = {one.sequence for one in sent(told.answers) if one.outcome == ACKNOWLEDGED}
        left = [vote for vote in told.wanted if vote[3] not in done]
        task = {"journal": str(journal), "dialogue": self._dialogue, "votes": left}
        self._tell(json.dumps(task))
        pid, _ = int(self._hear()), self._hear()
        tracer = None
        if not self.on_server:
            tracer = self._trace(pid, log, fault)
        self._tell("go")
        answer = self._hear()
        if answer == "writing":
            if self.on_server and fault is not None:
                tracer = self._trace(self._backend(), log, fault)
            elif self.on_server:
                tracer = self._trace(self._backend(), log, None)
            self._tell("go")
            answer = self._end(pid)
        if tracer is not None:
            self._leave(tracer)
        lines = (
            [json.loads(line) for line in journal.read_text().splitlines()]
            if journal.exists()
            else []
        )
        thread = next((line["writer"] for line in lines if "writer" in line), 0)
        told.answers += [line | {"thread": thread} for line in lines]
        told.calls += read_calls(log) if log.exists() else []
        return answer == "ended 0"

    def _end(self, pid: int) -> str:
        """Wait for the scribe's end; one that hangs is killed, which the verdict will show."""
        import threading

        def give_up() -> None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

        timer = threading.Timer(PATIENCE, give_up)
        timer.start()
        try:
            return self._hear()
        finally:
            timer.cancel()

    def _trace(self, pid: int, log: Path, fault: Fault | None) -> subprocess.Popen[str]:
        names = set(DISK if self.on_server else TALK)
        call = ["strace", "-f", "-ttt", "-y", "-s0", "-o", str(log), "-p", str(pid)]
        if self.is_sqlite:
            names = set()
            for suffix in ("", "-wal", "-shm"):
                call += ["-P", f"{self.file}{suffix}"]
        if fault is not None:
            names = {fault.name} | (SYNCS | {"pwrite64"} if self.is_sqlite else set())
            call += ["-e", f"inject={fault.name}:{FAULTS[fault.how]}:when={fault.number}"]
        if names:
            call += ["-e", f"trace={','.join(sorted(names))}"]
        tracer = subprocess.Popen(call, stderr=subprocess.PIPE, text=True)
        assert tracer.stderr is not None
        first = tracer.stderr.readline()
        if "attached" not in first:
            raise OSError(first.strip())
        return tracer

    def _leave(self, tracer: subprocess.Popen[str]) -> None:
        if self.on_server:
            tracer.terminate()
        try:
            tracer.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            tracer.kill()
            tracer.communicate()

    def _backend(self) -> int:
        rows = self.served.query(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'scribe'"
            " AND datname = current_database()"
        )
        return int(rows[0][0])

    def _look(self, told: Told) -> None:
        people = [vote[0] for vote in told.wanted]
        query = ROWS.format(min(people), max(people))
        if not self.is_sqlite:
            told.rows = [tuple(row) for row in patiently(self.served, query)]  # type: ignore[misc]
            return
        link = sqlite3.connect(self.file)
        told.rows = link.execute(query).fetchall()
        told.damage = [r[0] for r in link.execute("PRAGMA integrity_check") if r[0] != "ok"]
        told.damage += [f"foreign key: {row}" for row in link.execute("PRAGMA foreign_key_check")]
        link.close()


def patiently(served: Served, query: str) -> list[tuple[Any, ...]]:
    """Ask a database that may be recovering from a crash."""
    import psycopg

    until = time.monotonic() + PATIENCE
    while True:
        try:
            return served.query(query)
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def fail_calls(served: Served, times: int, *, on_server: bool = False, seed: int = 3) -> Verdict:
    """R-3: make a sample of the calls fail, one in each round, and add up what was found."""
    whole = Verdict()
    bench = Bench(served, on_server=on_server)
    try:
        calm = bench.round(None)
        add(whole, judge(calm), "undisturbed")
        every = places(calm.calls)
        chosen = spread(every, times, seed)
        missed = 0
        for fault in chosen:
            told = bench.round(fault)
            # A killed writer has no line that says so; it has no end either.
            hit = any(call.is_injected for call in told.calls) or fault.how == "SIGKILL"
            missed += not hit
            add(whole, judge(told), str(fault))
        whole.remark = f"{len(chosen)} of {len(every)} places, {missed} not reached"
    finally:
        bench.close()
    return whole


def add(whole: Verdict, one: Verdict, title: str) -> None:
    """Add the verdict of a round to that of a trial, naming the round that found something."""
    for name in ("acknowledged", "unknown", "unknown_stored"):
        setattr(whole, name, getattr(whole, name) + getattr(one, name))
    for name in ("lost", "phantom", "duplicate", "refused_but_stored"):
        getattr(whole, name).extend(getattr(one, name))
    if not one.is_clean:
        whole.faults += [f"{title}: {text}" for text in one.faults or ["see the counts"]]
