"""Run the tests and checks in lanes beside each other, each with a log and its times.

`tools/test --lanes test|ci|all|exhaustive` calls this with the environment of the tests and a
PostgreSQL server. On a busy machine only processor time says something, so both are shown.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
LOGS = ROOT / "build/lanes"
PARTS = ROOT / "tests/exhaustive.json"
ON_POSTGRES = ROOT / "tests/postgres.json"
KEPT = ROOT / "tests/durations.json"
PAGE = ROOT / "docs/operations/tests.md"
PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
STILL = ("lint", "types", "contracts", "check-messages", "migrations", "docs", "test-engine")
# The rooms that have tests of their own and a database; journeys go through all of them.
_ROOMS = {path.parent.name for path in (ROOT / "src/hiwar").glob("*/__init__.py")}
_TESTED = {path.parent.name for path in (ROOT / "tests").glob("*/test_*.py")}
ROOMS = [*sorted(_ROOMS & _TESTED - {"analysis", "engine"}), "journeys"]
# What asks the database; pages, forms and files ask through it.
ASKING = ("models", "migrations", "rules", "queries", "actions", "tasks")
# A test may take this much of a processor; more needs a mark with a reason, or twice that fails.
BUDGET = 3.0
# What `measure_unit` takes on the machine that the budget was set on, with nothing else running.
UNIT = 0.42
DEAREST = 10
TAIL = 60


@dataclass
class Lane:
    """Commands that follow one another, beside the other lanes."""

    name: str
    commands: list[list[str]]
    environment: dict[str, str] = field(default_factory=dict)
    nice: int = 0
    status: int = 0
    statuses: list[int] = field(default_factory=list)
    wall: float = 0.0
    processor: float = 0.0
    summary: str = ""
    # Where a part holds nothing but a command, pytest says with 5 that it ran no test.
    fine: frozenset[int] = frozenset({0})

    @property
    def log(self) -> Path:
        """Return the file that the lane writes to."""
        return LOGS / f"{self.name}.log"

    @property
    def costs(self) -> Path:
        """Return the file with what each test took."""
        return LOGS / f"{self.name}.json"

    def run(self) -> None:
        """Run all commands, whatever becomes of one of them."""
        started = time.monotonic()
        with self.log.open("wb") as log:
            for command in self.commands:
                log.write(f"$ {' '.join(command)}\n".encode())
                log.flush()
                process = subprocess.Popen(
                    ["nice", "-n", str(self.nice), *command], cwd=ROOT, stdin=subprocess.DEVNULL,
                    stdout=log, stderr=log, env=os.environ | self.environment,
                )  # fmt: skip
                _, status, usage = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
                self.statuses.append(process.returncode)
                if process.returncode not in self.fine:
                    self.status = self.status or process.returncode
                self.processor += usage.ru_utime + usage.ru_stime
        self.wall = time.monotonic() - started
        lines = self.log.read_text("utf-8", "replace").splitlines()
        counts = [
            line.strip("= ") for line in lines if re.search(r"\d+ (passed|failed|error)", line)
        ]
        self.summary = re.sub(r" in [\d.]+s.*", "", "; ".join(counts)) or "clean"


def say(*lines: str) -> None:
    """Print at once: a run takes minutes."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def minutes(seconds: float) -> str:
    """Return seconds as minutes and seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def pytest_lane(name: str, *arguments: str, seed: int, **more: Any) -> Lane:
    """Return the lane of one pytest."""
    lane = Lane(name, [], **more)
    order = [f"--randomly-seed={seed}", f"--costs={lane.costs}"]
    lane.commands.append([*PYTEST, *order, *arguments])
    return lane


def digest_of(patterns: list[str]) -> str:
    """Return a name for the content of the files that the patterns name."""
    content = hashlib.sha256()
    files = {path for pattern in patterns for path in ROOT.glob(pattern)}
    for path in sorted(
        path for path in files if path.is_file() and "__pycache__" not in path.parts
    ):
        content.update(path.relative_to(ROOT).as_posix().encode())
        content.update(path.read_bytes())
    return content.hexdigest()[:16]


def due_parts() -> list[str]:
    """Return the exhaustive parts whose files differ from those of their last passing run."""
    parts = json.loads(PARTS.read_text("utf-8"))
    return [name for name, part in parts.items() if digest_of(part["files"]) != part["passed"]]


def rooms_up_to(room: str) -> list[str]:
    """Return a room and those on the floors below it, or all for what is above them all."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    (floors,) = (entry["layers"] for entry in contracts["contracts"] if entry["id"] == "floors")
    rooms = [re.findall(r"\w+", floor) for floor in floors]
    at = next((number for number, names in enumerate(rooms) if room in names), -1)
    below = [
        name for names in rooms[at + 1 :] for name in names if name not in {"analysis", "engine"}
    ]
    return [room, *below] if at >= 0 else below


def digest_on_postgres(room: str) -> str:
    """Return a name for all that decides what the tests of a room tell on PostgreSQL."""
    patterns = ["tests/conftest.py", "tests/factories/*.py", f"tests/{room}/**/*.py"]
    for name in rooms_up_to(room):
        patterns += [f"src/hiwar/{name}/{part}.py" for part in ASKING]
        patterns += [f"src/hiwar/{name}/{part}/**/*.py" for part in ASKING]
    return digest_of(patterns)


def due_on_postgres() -> list[str]:
    """Return the rooms whose files differ from those of their last passing run on PostgreSQL."""
    kept = json.loads(ON_POSTGRES.read_text("utf-8"))
    return [room for room in ROOMS if kept.get(room) != digest_on_postgres(room)]


def exhaustive_lane(parts: list[str], seed: int) -> Lane:
    """Return the lane that runs parts of what is exhaustive: tests, and commands."""
    chosen = [f"--exhaustive={','.join(parts)}", "--only-exhaustive"]
    lane = pytest_lane("exhaustive", *chosen, "-n3", "--dist=loadgroup", seed=seed, nice=10)
    lane.fine = frozenset({0, 5})
    known = json.loads(PARTS.read_text("utf-8"))
    lane.commands += [known[part]["command"].split() for part in parts if "command" in known[part]]
    return lane


@contextlib.contextmanager
def quick_postgres() -> Iterator[str | None]:
    """Give a server for the lane alone; durable, as the start-up checks ask."""
    if not os.environ.get("HIWAR_TEST_POSTGRES_URL"):
        yield None
        return
    folder = tempfile.mkdtemp(prefix="hiwar-postgres.", dir="/tmp")
    call = [ROOT / "tools/postgres", "start", folder]
    url = subprocess.run(call, check=True, capture_output=True, text=True).stdout.strip()
    try:
        yield url
    finally:
        subprocess.run([ROOT / "tools/postgres", "stop", folder], check=True)


def make(*targets: str) -> list[list[str]]:
    """Return the commands of the Makefile, without setting up again."""
    return [["make", "--no-print-directory", "-o", "setup", "-o", "setup-test", t] for t in targets]


def run_beside(*rows: list[Lane]) -> list[Lane]:
    """Run rows of lanes beside each other, and the lanes of a row in their order."""

    def run(row: list[Lane]) -> None:
        for lane in row:
            lane.run()
            told = "ok    " if lane.status == 0 else "FAILED"
            times = f"{minutes(lane.wall):>6} wall {minutes(lane.processor):>6} processor"
            say(f"{told} {lane.name:11} {times}  {lane.summary}")

    threads = [threading.Thread(target=run, args=(row,)) for row in rows if row]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [lane for row in rows for lane in row]


def read_costs(lanes: list[Lane]) -> tuple[dict[str, list[Any]], dict[str, int]]:
    """Return what each test took, and how many exhaustive tests were left out."""
    tests: dict[str, list[Any]] = {}
    left: dict[str, int] = {}
    for lane in lanes:
        if lane.costs.exists():
            costs = json.loads(lane.costs.read_text("utf-8"))
            for name, entry in costs["tests"].items():
                if name not in tests or tests[name][0] < entry[0]:
                    tests[name] = entry
            if lane.name != "exhaustive":
                left |= costs["left"]
    return tests, left


def report_dearest(tests: dict[str, list[Any]]) -> None:
    """Print the dearest tests beside what is kept."""
    kept = json.loads(KEPT.read_text("utf-8"))["dearest"]
    say(f"the {DEAREST} dearest tests, in seconds of processor (kept before):")
    for name, entry in sorted(tests.items(), key=lambda item: -item[1][0])[:DEAREST]:
        say(f"  {entry[0]:6.1f} ({kept.get(name, '–')}) {name}")


def over_budget(tests: dict[str, list[Any]], budget: float = BUDGET) -> list[str]:
    """Return the tests that took more processor than a budget and give no reason, dearest first."""
    dear = [(entry[0], name) for name, entry in tests.items() if entry[0] > budget and not entry[2]]
    return [name for _, name in sorted(dear, reverse=True)]


def measure_unit() -> float:
    """Return the seconds of processor that a fixed piece of work takes here; the least of three."""
    taken = []
    for _ in range(3):
        started = time.process_time()
        rows = [{"name": str(number), "share": number / 7} for number in range(60_000)]
        text = json.dumps(sorted(rows, key=lambda row: row["name"]))
        hashlib.sha256("".join(re.findall(r"[aeioum]+", text)).encode()).hexdigest()
        json.loads(text)
        taken.append(time.process_time() - started)
    return min(taken)


def judged_alone(names: list[str], seed: int) -> Lane:
    """Run tests again that were over the budget, one after another; those still over twice fail.

    Beside other lanes a test is charged for a processor that it shares. What is still over is
    run once more, since the first of a module pays for its imports, and the less of the two
    counts, in seconds of the machine that the budget was set on.
    """
    lane = pytest_lane("again", *names, seed=seed)
    lane.run()
    speed = max(1.0, measure_unit() / UNIT)
    tests, _ = read_costs([lane])
    dear = over_budget(tests, 2 * BUDGET * speed)
    say(f"{len(names)} tests took over {BUDGET:.0f} s of processor and give no reason; alone, on a "
        f"machine that takes {speed:.2f} of the usual time:",
        *(f"  {tests[name][0]:6.1f} {name}" for name in sorted(tests, key=lambda n: -tests[n][0])),
    )  # fmt: skip
    if dear:
        once_more = pytest_lane("once-more", *dear, seed=seed)
        once_more.run()
        costs, _ = read_costs([once_more])
        dear = over_budget({name: costs[name] for name in dear if name in costs},
                           2 * BUDGET * speed)  # fmt: skip
        lane.status = lane.status or once_more.status
    if dear:
        lane.status = 1
        say(f"{len(dear)} of them took over {2 * BUDGET * speed:.1f} s twice: make them cheaper, "
            'or mark them costly("reason")',
            *(f"  {costs[name][0]:6.1f} {name}" for name in dear))  # fmt: skip
    return lane


def keep_durations(tests: dict[str, list[Any]]) -> None:
    """Write the kept file: what is dearest, and how long each group of waiting tests takes."""
    groups: dict[str, float] = {}
    for _, wall, _, group in json.loads((LOGS / "waiting.json").read_text("utf-8"))[
        "tests"
    ].values():
        groups[group] = groups.get(group, 0.0) + wall
    dearest = sorted(tests.items(), key=lambda item: -item[1][0])[: 3 * DEAREST]
    content = {
        "dearest": {name: round(entry[0], 1) for name, entry in dearest},
        "groups": {name: round(wall) for name, wall in sorted(groups.items()) if wall > 1},
    }
    KEPT.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")


def write_page(kind: str, lanes: list[Lane], wall: float) -> None:
    """Write the table of a run into the page of the tests, between its two marks."""
    rows = [f"| {lane.name} | {minutes(lane.wall)} | {minutes(lane.processor)} | {lane.summary} |"
            for lane in lanes]  # fmt: skip
    total = sum(lane.processor for lane in lanes)
    table = "\n".join([
        "| lane | wall | processor | outcome |", "|---|---|---|---|", *rows,
        f"| **together** | **{minutes(wall)}** | **{minutes(total)}** | "
        f"{os.cpu_count()} processors, "
        f"wanted by {os.getloadavg()[1]:.1f} processes when it ended |",
    ])  # fmt: skip
    start, end = f"<!-- {kind}: begin -->", f"<!-- {kind}: end -->"
    text = PAGE.read_text("utf-8")
    head, _, rest = text.partition(start)
    tail = rest.partition(end)[2]
    PAGE.write_text(f"{head}{start}\n{table}\n{end}{tail}", "utf-8")


def fallen(lane: Lane) -> dict[str, str | None] | None:
    """Return the tests that failed and the exhaustive part of each, or None where it never ended.

    What passed is kept even where something else failed: a long run is not paid for twice.
    """
    if not lane.statuses or lane.statuses[0] not in {0, 1, 5} or not lane.costs.exists():
        return None
    failed: dict[str, str | None] = json.loads(lane.costs.read_text("utf-8"))["failed"]
    # A lane that failed and names no test failed as a whole.
    return failed if failed or lane.statuses[0] != 1 else None


def passed_parts(lane: Lane, parts: list[str]) -> list[str]:
    """Return the exhaustive parts of which every test, and the command, passed in a lane."""
    failed = fallen(lane)
    if failed is None:
        return []
    known = json.loads(PARTS.read_text("utf-8"))
    commands = dict(zip((part for part in parts if "command" in known[part]), lane.statuses[1:],
                        strict=True))  # fmt: skip
    wrong = set(failed.values()) | {part for part, status in commands.items() if status}
    return [part for part in parts if part not in wrong]


def passed_rooms(lane: Lane, rooms: list[str]) -> list[str]:
    """Return the rooms of which every test passed in a lane."""
    failed = fallen(lane)
    if failed is None:
        return []
    wrong = {name.split("/")[1] for name in failed}
    return [room for room in rooms if room not in wrong]


def keep_digests(parts: list[str]) -> None:
    """Write down that the exhaustive tests passed over the files as they are."""
    known = json.loads(PARTS.read_text("utf-8"))
    for part in parts:
        known[part]["passed"] = digest_of(known[part]["files"])
    PARTS.write_text(json.dumps(known, indent=1) + "\n", "utf-8")


def keep_rooms(rooms: list[str]) -> None:
    """Write down that the tests of rooms passed on PostgreSQL over the files as they are."""
    known = json.loads(ON_POSTGRES.read_text("utf-8"))
    known |= {room: digest_on_postgres(room) for room in rooms}
    ON_POSTGRES.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", "utf-8")


def lanes_of(
    kind: str, parts: list[str], rooms_due: list[str], seed: int, postgres: str | None
) -> list[list[Lane]]:
    """Return the rows of lanes of a kind of run."""
    common = {"seed": seed}
    # What waits goes first in the competition for a processor: a browser gives up after a while,
    # and more than three of them starve each other on two processors.
    rooms = pytest_lane("rooms", "--lane=rooms", "-n2", "--dist=worksteal", "--ignore=tests/engine",
                        nice=10, **common)  # fmt: skip
    waiting = pytest_lane("waiting", "--lane=waiting", "-n3", "--dist=loadgroup", **common)
    if kind == "exhaustive":
        return [[exhaustive_lane(parts, seed)]]
    if kind == "test":
        return [[waiting], [rooms]]
    folders = [f"tests/{room}" for room in rooms_due]
    second = [rooms]
    if postgres and folders:
        second.append(pytest_lane(
            "postgres", "--lane=postgres", "-n2", "--dist=worksteal", *folders,
            environment={"HIWAR_DATABASE_URL": postgres}, nice=10, **common,
        ))  # fmt: skip
    still = Lane("still", make(*STILL), nice=15)
    last = [exhaustive_lane(parts, seed)] if parts else []
    return [[waiting], [*second, *last], [still]]


def main() -> int:
    """Run a kind of lanes; return 1 where one of them failed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["test", "ci", "all", "exhaustive"])
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**31), help="order of tests")
    parser.add_argument("--times", action="store_true", help="write docs/operations/tests.md")
    chosen = parser.parse_args()
    shutil.rmtree(LOGS, ignore_errors=True)
    LOGS.mkdir(parents=True)
    every = list(json.loads(PARTS.read_text("utf-8")))
    parts = {"test": [], "ci": due_parts(), "all": every, "exhaustive": every}[chosen.kind]
    rooms_due = list(ROOMS) if chosen.kind == "all" else due_on_postgres()
    say(f"order of tests: --seed {chosen.seed}; logs: {LOGS.relative_to(ROOT)}/")
    if parts:
        say(f"exhaustive parts that run: {', '.join(parts)}")
    if chosen.kind in {"ci", "all"}:
        say(f"rooms that run on PostgreSQL: {', '.join(rooms_due) or 'none, since none changed'}")
    started = time.monotonic()
    with quick_postgres() if chosen.kind in {"ci", "all"} else contextlib.nullcontext() as postgres:
        lanes = run_beside(*lanes_of(chosen.kind, parts, rooms_due, chosen.seed, postgres))
    tests, left = read_costs(lanes)
    report_dearest(tests)
    dear = over_budget(tests) if chosen.kind in {"ci", "all"} else []
    if dear:
        lanes.append(judged_alone(dear, chosen.seed))
    wall = time.monotonic() - started
    failed = [lane for lane in lanes if lane.status]
    for lane in failed:
        lines = lane.log.read_text("utf-8", "replace").splitlines()
        # A message of many lines would push the names of the others out of what is shown.
        names = [line for line in lines if re.match(r"(FAILED|ERROR) tests/", line)]
        say("", f"--- {lane.name}, the end of {lane.log.relative_to(ROOT)}", *lines[-TAIL:],
            f"--- {lane.name}, what failed", *names)  # fmt: skip
    say(f"{minutes(wall)} of wall, {minutes(sum(lane.processor for lane in lanes))} of processor")
    if left and not parts:
        told = ", ".join(f"{part} ({many})" for part, many in sorted(left.items()))
        say(f"left out, `make test-all` runs them: {told}")
    if chosen.times:
        keep_durations(tests)
        write_page(chosen.kind, lanes, wall)
    for lane in lanes:
        if lane.name == "exhaustive":
            keep_digests(passed_parts(lane, parts))
        if lane.name == "postgres":
            keep_rooms(passed_rooms(lane, rooms_due))
    counts = " ".join(lane.summary for lane in lanes)
    passed, wrong = (
        sum(int(number) for number in re.findall(rf"(\d+) (?:{words})", counts))
        for words in ("passed", "failed|errors?")
    )
    say(f"tests: {passed} passed, {wrong} failed")
    return int(bool(failed))


if __name__ == "__main__":
    raise SystemExit(main())
