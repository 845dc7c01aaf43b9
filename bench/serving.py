"""Votes per second, acknowledged after the commit: Hiwar, a plain Django view, a bare answer.

Usage: ``python -m bench.serving [--seconds N] [--connections N]``. Every server runs in a process
group of its own on a loopback port; the load comes from `wrk` on the same cores. The figure to
trust is the CPU time per request and the ratio within one run.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CODE = "bench234"
PEOPLE, STATEMENTS = 20_000, 200
TICKS = os.sysconf("SC_CLK_TCK")

SEED = f"""
import django; django.setup()
from django.utils import timezone
from hiwar.dialogues.models import Dialogue, Participant, Round, Statement
from hiwar.dialogues.queries.tokens import Bearer, cookie_name, make_token
now = timezone.now()
d = Dialogue.objects.create(code="{CODE}", slug="bench", title={{"ar": "حوار"}},
    question={{"ar": "؟"}}, state="open", created_at=now, contact_secret="a"*64, log_secret="b"*64)
Round.objects.create(dialogue=d, number=1, kind="vote", state="open")
Statement.objects.bulk_create(Statement(dialogue=d, number=n, text={{"ar": "رأي"}}, language="ar",
    state="open", added_at=now) for n in range(1, {STATEMENTS} + 1))
Participant.objects.bulk_create((Participant(pk=n, dialogue=d) for n in range(1, {PEOPLE} + 1)),
    batch_size=500)
name = cookie_name("{CODE}")
for n in range(1, {PEOPLE} + 1):
    print(f"{{name}}={{make_token('{CODE}', Bearer(n, True))}}")
"""

LUA = """
local cookies = {}
for line in io.lines("%(cookies)s") do cookies[#cookies + 1] = line end
local turn = 0
function setup(thread) turn = turn + 1; thread:set("seed", turn * 7919) end
function init(args) math.randomseed(seed) end
function request()
  turn = turn + 1
  local body = string.format('{"votes":[{"statement":%%d,"choice":%%d,"sequence":%%d}]}',
    math.random(%(statements)d), math.random(3) - 2, turn)
  return wrk.format("%(method)s", "%(path)s", {["Content-Type"] = "application/json",
    ["Cookie"] = cookies[math.random(#cookies)]}, %(body)s)
end
"""


@dataclass(frozen=True)
class Figure:
    """What one run of load gave."""

    name: str
    per_second: float
    p50: float
    p99: float
    cpu: float
    failed: int


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu_of_group(group: int) -> float:
    """Return the CPU seconds of every process of a group."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            total += int(fields[11]) + int(fields[12])
    return total / TICKS


class Server:
    """One server under load."""

    def __init__(self, folder: Path, database: str, target: str, interface: str) -> None:
        self.port = free_port()
        self.environment = os.environ | {
            "HIWAR_ENV_FILE": os.devnull,
            "HIWAR_SECRET_KEY": (folder / "key").read_text(),
            "HIWAR_DATA": str(folder),
            "HIWAR_DATABASE_URL": database,
            "HIWAR_HTTPS": "off",
            "HIWAR_STATIC_HASHED": "off",
            "DJANGO_SETTINGS_MODULE": "hiwar.config.settings",
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore",
        }
        more = ["--blocking-threads", "8"] if interface == "wsgi" else []
        call = [str(Path(sys.executable).parent / "granian"), target, "--interface", interface]
        self.process = subprocess.Popen(
            [*call, "--port", str(self.port), "--workers", "1", "--no-ws", *more],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def wait(self) -> None:
        for _ in range(300):
            try:
                link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                link.request("GET", "/healthz")
                if link.getresponse().status < 500:
                    return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError("the server did not come up")

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(15)

    def load(self, name: str, script: Path, seconds: int, connections: int) -> Figure:
        before = cpu_of_group(self.process.pid)
        call = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(script)]
        out = subprocess.run(
            [*call, f"http://127.0.0.1:{self.port}"], capture_output=True, text=True, check=True
        ).stdout
        spent = cpu_of_group(self.process.pid) - before
        done = int(re.search(r"(\d+) requests in", out)[1])  # type: ignore[index]
        bad = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
        rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])  # type: ignore[index]
        return Figure(
            name, rate, latency(out, "50%"), latency(out, "99%"),
            1e6 * spent / max(done, 1), int(bad[1]) if bad else 0,
        )  # fmt: skip


def latency(text: str, share: str) -> float:
    """Return a latency that wrk printed, in milliseconds."""
    found = re.search(rf"{share}\s+([\d.]+)(us|ms|s)", text)
    if found is None:
        return float("nan")
    return float(found[1]) * {"us": 1e-3, "ms": 1.0, "s": 1e3}[found[2]]


def script(folder: Path, name: str, method: str, path: str) -> Path:
    file = folder / f"{name}.lua"
    body = "body" if method == "POST" else "nil"
    file.write_text(
        LUA % {"cookies": folder / "cookies", "statements": STATEMENTS, "method": method,
               "path": path, "body": body}
    )  # fmt: skip
    return file


def prepare(folder: Path, database: str) -> None:
    (folder / "key").write_text(secrets.token_hex(40))
    environment = os.environ | {
        "HIWAR_ENV_FILE": os.devnull,
        "HIWAR_SECRET_KEY": (folder / "key").read_text(),
        "HIWAR_DATA": str(folder),
        "HIWAR_DATABASE_URL": database,
        "HIWAR_HTTPS": "off",
        "DJANGO_SETTINGS_MODULE": "hiwar.config.settings",
    }
    call = [sys.executable, "-m", "django", "migrate", "-v0"]
    subprocess.run(call, env=environment, check=True)
    cookies = subprocess.run(
        [sys.executable, "-c", SEED], env=environment, check=True, capture_output=True, text=True
    ).stdout
    (folder / "cookies").write_text(cookies)


def measure(database: str, folder: Path, seconds: int, connections: int) -> list[Figure]:
    folder.mkdir(parents=True)
    prepare(folder, database)
    votes = script(folder, "votes", "POST", f"/api/d/{CODE}/votes")
    offers = script(folder, "next", "GET", f"/api/d/{CODE}/next")
    plain = script(folder, "plain", "POST", "/naive")
    peers = (
        ("bare answer", "bench.peers.votes:bare", "asgi", [("bare answer", plain)]),
        ("plain Django view", "bench.peers.votes:naive", "wsgi", [("plain Django view", plain)]),
        ("Hiwar", "hiwar.config.asgi:application", "asgi",
         [("Hiwar: vote", votes), ("Hiwar: next statement", offers)]),
    )  # fmt: skip
    figures = []
    for _, target, interface, loads in peers:
        server = Server(folder, database, target, interface)
        try:
            server.wait()
            for name, lua in loads:
                figures.append(server.load(name, lua, seconds, connections))
        finally:
            server.stop()
    return figures


def show(database: str, figures: list[Figure]) -> None:
    naive = next(f for f in figures if f.name == "plain Django view")
    print(f"\n{database}")
    print(
        f"{'':24} {'per s':>9} {'p50 ms':>8} {'p99 ms':>8} {'CPU µs':>8} {'failed':>7} {'ratio':>7}"
    )
    for f in figures:
        ratio = f.per_second / naive.per_second
        print(
            f"{f.name:24} {f.per_second:9.0f} {f.p50:8.1f} {f.p99:8.1f} {f.cpu:8.0f}"
            f" {f.failed:7d} {ratio:6.1f}×"
        )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.serving", description=__doc__)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--connections", type=int, default=256)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is needed for the load: apt-get install wrk")
    found = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sqlite = f"sqlite:///{folder}/sqlite/hiwar.sqlite3"
        found["SQLite, synchronous=FULL"] = measure(
            sqlite, folder / "sqlite", options.seconds, options.connections
        )
        postgres = os.environ.get("HIWAR_TEST_POSTGRES_URL")
        if postgres:
            base, _, _ = postgres.rpartition("/")
            own = f"bench_{secrets.token_hex(4)}"
            import psycopg

            with psycopg.connect(postgres, autocommit=True) as link:
                link.execute(f"CREATE DATABASE {own}")
            try:
                found["PostgreSQL, synchronous_commit=on"] = measure(
                    f"{base}/{own}", folder / "pg", options.seconds, options.connections
                )
            finally:
                with psycopg.connect(postgres, autocommit=True) as link:
                    link.execute(f"DROP DATABASE {own} WITH (FORCE)")
        else:
            print("PostgreSQL: not measured, HIWAR_TEST_POSTGRES_URL names no server")
    for database, figures in found.items():
        show(database, figures)
    if options.json:
        options.json.write_text(json.dumps({k: [vars(f) for f in v] for k, v in found.items()}))


if __name__ == "__main__":
    main()
