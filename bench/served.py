"""An installation under load: its database, its servers, what they use and what they answer."""

from __future__ import annotations

import contextlib
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
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
CODE = "bench234"
TICKS = os.sysconf("SC_CLK_TCK")
# As `hiwar serve` starts it.
ASGI = ("--interface", "asgi", "--loop", "uvloop", "--http", "1")
WSGI = ("--interface", "wsgi", "--blocking-threads", "8")

SEED = """
import django; django.setup()
from django.utils import timezone
from hiwar.dialogues.models import Dialogue, Participant, Round, Statement
from hiwar.dialogues.queries.tokens import Bearer, cookie_name, make_token
now = timezone.now()
d = Dialogue.objects.create(code="{code}", slug="bench", title={{"ar": "حوار"}},
    question={{"ar": "؟"}}, state="open", created_at=now, contact_secret="a"*64, log_secret="b"*64)
Round.objects.create(dialogue=d, number=1, kind="vote", state="open")
Statement.objects.bulk_create(Statement(dialogue=d, number=n, text={{"ar": f"رأي {{n}}"}},
    language="ar", state="open", added_at=now) for n in range(1, {statements} + 1))
Participant.objects.bulk_create((Participant(pk=n, dialogue=d) for n in range(1, {people} + 1)),
    batch_size=500)
name = cookie_name("{code}")
for n in range(1, {people} + 1):
    print(f"{{name}}={{make_token('{code}', Bearer(n, True))}}")
"""

LUA = """
local cookies = {}
for line in io.lines("%(cookies)s") do cookies[#cookies + 1] = line end
local turn = 0
local head = "%(method)s %(path)s HTTP/1.1\\r\\nHost: localhost\\r\\n"
  .. "Content-Type: application/json\\r\\nCookie: "
function setup(thread) turn = turn + 1; thread:set("seed", turn * 7919) end
function init(args) math.randomseed(seed + os.time()) end
function request()
  turn = turn + 1
  local body = ""
  if "%(method)s" == "POST" then
    body = string.format('{"votes":[{"statement":%%d,"choice":%%d,"sequence":%%d}]}',
      math.random(%(statements)d), math.random(3) - 2, os.time() * 100000 + turn)
  end
  return head .. cookies[math.random(#cookies)] .. "\\r\\nContent-Length: " .. #body
    .. "\\r\\n\\r\\n" .. body
end
"""


@dataclass(frozen=True)
class Load:
    """What one run of load gave: requests, milliseconds, microseconds of CPU of the server."""

    per_second: float
    p50: float
    p99: float
    cpu: float
    failed: int


class Installation:
    """A database with one open dialogue, and the cookies of its participants."""

    def __init__(self, folder: Path, database: str, people: int, statements: int) -> None:
        self.folder, self.statements = folder, statements
        folder.mkdir(parents=True)
        self.environment = os.environ | {
            "HIWAR_ENV_FILE": os.devnull,
            "HIWAR_SECRET_KEY": secrets.token_hex(40),
            "HIWAR_DATA": str(folder),
            "HIWAR_DATABASE_URL": database,
            "HIWAR_HTTPS": "off",
            "HIWAR_STATIC_HASHED": "off",
            "HIWAR_LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "hiwar.config.settings",
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore",
        }
        self.run("-m", "django", "migrate", "-v0")
        seed = SEED.format(code=CODE, people=people, statements=statements)
        (folder / "cookies").write_text(self.run("-c", seed))

    def run(self, *arguments: str) -> str:
        """Run Python in the installation and return what it prints."""
        call = [sys.executable, *arguments]
        return subprocess.run(
            call, env=self.environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def script(self, name: str, method: str, path: str) -> Path:
        """Write what `wrk` sends."""
        file = self.folder / f"{name}.lua"
        known = {"cookies": self.folder / "cookies", "statements": self.statements}
        file.write_text(LUA % (known | {"method": method, "path": path}))
        return file


class Server:
    """One server in a process group of its own."""

    def __init__(self, home: Installation, target: str, interface: tuple[str, ...]) -> None:
        self.port = free_port()
        if target:
            granian = str(Path(sys.executable).parent / "granian")
            more = ("--port", str(self.port), "--workers", "1", "--no-ws")
            call = [granian, target, *interface, *more]
        else:
            call = [sys.executable, "-m", "django", "serve", "--bind", f"127.0.0.1:{self.port}"]
        self.log = home.folder / "server.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                call, env=home.environment, stdout=log, stderr=log, start_new_session=True
            )

    @classmethod
    @contextmanager
    def up(cls, home: Installation, target: str = "", interface: tuple[str, ...] = ASGI) -> Any:
        """Serve inside the block; without a target `hiwar serve` with all that runs beside it."""
        server = cls(home, target, interface)
        try:
            server.wait()
            yield server
        finally:
            server.stop()

    def wait(self) -> None:
        """Return when the server answers."""
        for _ in range(600):
            try:
                if self.ask("/healthz")[0] < 500:
                    return
            except OSError:
                time.sleep(0.1)
            if self.process.poll() is not None:
                break
        raise TimeoutError(f"the server did not come up:\n{self.log.read_text('utf-8')[-2000:]}")

    def ask(self, path: str, body: object = None, **headers: str) -> tuple[int, bytes]:
        """Send one request on a connection of its own."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        data = None if body is None else json.dumps(body).encode()
        try:
            link.request("POST" if body is not None else "GET", path, data, headers)
            answer = link.getresponse()
            return answer.status, answer.read()
        finally:
            link.close()

    def committed(self) -> int:
        """Return how many writes the server says it has committed."""
        try:
            return int(json.loads(self.ask("/healthz")[1])["committed"])
        except (ValueError, TypeError):
            return 0

    def stop(self) -> None:
        """End the server and whatever it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(15)

    def load(self, script: Path, seconds: float, connections: int) -> Load:
        """Send as much as the connections carry."""
        before, stored = cpu_of_group(self.process.pid), self.committed()
        call = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(script)]
        out = subprocess.run(
            [*call, f"http://127.0.0.1:{self.port}"], capture_output=True, text=True, check=True
        ).stdout
        spent = cpu_of_group(self.process.pid) - before
        done = int(re.search(r"(\d+) requests in", out)[1])  # type: ignore[index]  # it prints it
        bad = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
        failed = int(bad[1]) if bad else 0
        # What was answered with success and is not committed would be a false answer.
        stored = self.committed() - stored
        if "/votes" in script.read_text() and stored + failed < done:
            failed += done - stored
        rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])  # type: ignore[index]
        cpu = 1e6 * spent / max(done, 1)
        return Load(rate, _latency(out, "50%"), _latency(out, "99%"), cpu, failed)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def members(group: int) -> Iterator[tuple[Path, list[str]]]:
    """Yield the processes of a group with the fields of their state after the name."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            yield stat.parent, fields


def cpu_of_group(group: int) -> float:
    """Return the CPU seconds that the processes of a group have used."""
    return sum(int(fields[11]) + int(fields[12]) for _, fields in members(group)) / TICKS


def memory_of_group(group: int) -> dict[str, float]:
    """Return the megabytes of a group: each page once (PSS), and as each process sees it (RSS)."""
    total = {"Pss": 0.0, "Rss": 0.0}
    for folder, _ in members(group):
        try:
            text = (folder / "smaps_rollup").read_text()
        except OSError:
            continue
        for name in total:
            total[name] += int(re.search(rf"^{name}:\s+(\d+) kB", text, re.M)[1]) / 1024  # type: ignore[index]
    return total


def milliseconds_to_disk(folder: Path, tries: int = 200) -> float:
    """Return how long it takes, in the middle, until 4 kB have reached the disk."""
    taken = []
    with (folder / "probe").open("wb", buffering=0) as probe:
        probe.write(bytes(4096 * tries))
        os.fsync(probe.fileno())
        for number in range(tries):
            probe.seek(4096 * number)
            began = time.perf_counter()
            probe.write(os.urandom(4096))
            os.fdatasync(probe.fileno())
            taken.append(time.perf_counter() - began)
    return 1000 * sorted(taken)[tries // 2]


@contextmanager
def postgres_database(server: str) -> Iterator[str]:
    """Make a database on a server and drop it afterwards."""
    import psycopg

    base, _, _ = server.rpartition("/")
    own = f"bench_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as link:
        link.execute(f"CREATE DATABASE {own}")
    try:
        yield f"{base}/{own}"
    finally:
        with psycopg.connect(server, autocommit=True) as link:
            link.execute(f"DROP DATABASE {own} WITH (FORCE)")


def need(program: str, package: str) -> None:
    """End with a word about what is missing."""
    if shutil.which(program) is None:
        sys.exit(f"{program} is needed for the load: apt-get install {package}")


def end_servers_when_told_to_stop() -> None:
    """Let a request to end unwind what is running, so that no server outlives its measurement."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


def load_average() -> str:
    """Return how busy the machine is besides."""
    return " ".join(f"{value:.1f}" for value in os.getloadavg())


def _latency(text: str, share: str) -> float:
    found = re.search(rf"{share}\s+([\d.]+)(us|ms|s)", text)
    if found is None:
        return float("nan")
    return float(found[1]) * {"us": 1e-3, "ms": 1.0, "s": 1e3}[found[2]]
