"""A real installation in a process of its own, on a port of its own, with one open dialogue."""

from __future__ import annotations

import base64
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from databases import asked
from migrated import migrated

if TYPE_CHECKING:
    from pathlib import Path

CODE = "youth2"
STATEMENTS = 25
SEED = f"""
import django; django.setup()
from django.utils import timezone
from hiwar.dialogues.models import Dialogue, Round, Statement
now = timezone.now()
dialogue = Dialogue.objects.create(
    code="{CODE}", slug="youth", title={{"ar": "حوار"}}, question={{"ar": "؟"}}, state="open",
    created_at=now, contact_secret="a" * 64, log_secret="b" * 64)
Round.objects.create(dialogue=dialogue, number=1, kind="vote", state="open")
for n in range(1, {STATEMENTS} + 1):
    Statement.objects.create(dialogue=dialogue, number=n, text={{"ar": f"رأي {{n}}"}},
                             language="ar", state="open", added_at=now)
"""

# Two who may end a pause together.
TWO_PEOPLE = """
import django; django.setup()
from django.utils import timezone
from hiwar.accounts.actions.people import load_roles
from hiwar.accounts.models import Role, User
now = timezone.now()
load_roles(at=now)
for code, email in (("director", "one@house.example"), ("admin", "two@house.example")):
    user = User.objects.create(email=email, name={"ar": "سلمى"}, language="ar", joined_at=now)
    user.roles.add(Role.objects.get(code=code))
"""

RECOVERY = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def new_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(18)).decode()


class Served:
    """Start, ask, kill and start again."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        self.database = database
        self.port = free_port()
        self.environment = os.environ | {
            "HIWAR_ENV_FILE": os.devnull,
            "HIWAR_SECRET_KEY": secrets.token_hex(40),
            "HIWAR_DATA": str(folder),
            "HIWAR_DATABASE_URL": database,
            "HIWAR_HTTPS": "off",
            "HIWAR_STATIC_HASHED": "off",
            "HIWAR_LANGUAGES": "ar,en",
            "HIWAR_LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "hiwar.config.settings",
            "PYTHONWARNINGS": "ignore",
        }
        self.process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        migrated(database, self.environment)
        subprocess.run([sys.executable, "-c", SEED], env=self.environment, check=True)

    def manage(self, *arguments: str) -> None:
        call = [sys.executable, "-m", "django", *arguments]
        subprocess.run(call, env=self.environment, check=True)

    def pause(self) -> None:
        """Pause the house from another process, and wait until this server knows it."""
        self.manage("pause")
        self._until(paused=True)

    def go_on(self) -> None:
        """Let it go on by two people, and wait until this server knows it."""
        call = [sys.executable, "-c", TWO_PEOPLE]
        subprocess.run(call, env=self.environment, check=True)
        self.manage("resume", "one@house.example", "two@house.example", "--release", "jobs")
        self._until(paused=False)

    def _until(self, *, paused: bool) -> None:
        for _ in range(300):
            if (self.ask("GET", f"/api/d/{CODE}/next")[0] == 503) == paused:
                return
            time.sleep(0.1)
        raise TimeoutError

    def start(self) -> None:
        bind = f"127.0.0.1:{self.port}"
        call = [sys.executable, "-m", "django", "serve", "--bind", bind]
        log = (self.folder / "server.log").open("ab")
        self.process = subprocess.Popen(
            call, env=self.environment, stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        for _ in range(600):
            try:
                if self.ask("GET", "/healthz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError((self.folder / "server.log").read_text())

    def kill(self) -> None:
        """End the server and its workers at once, as a cut of power would."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()

    def ask(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, dict[str, str], Any]:
        """Return status, headers and the decoded answer."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            link.request(method, path, data, {"content-type": "application/json"} | sent)
            with link.getresponse() as response:
                status, raw = response.status, response.read()
                answer = {name.lower(): value for name, value in response.getheaders()}
        finally:
            link.close()
        is_json = raw and answer.get("content-type", "").startswith("application/json")
        return status, answer, json.loads(raw) if is_json else raw

    def vote(
        self, *votes: tuple[int, int, int], key: str = "", **headers: str
    ) -> tuple[int, dict[str, str], Any]:
        """Send votes as (statement, choice, sequence)."""
        listed = [{"statement": s, "choice": c, "sequence": q} for s, c, q in votes]
        body = {"votes": listed, "key": key, "language": "ar"}
        return self.ask("POST", f"/api/d/{CODE}/votes", body, **headers)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Look into the database from outside."""
        if self.database.startswith("sqlite"):
            return asked(urlsplit(self.database).path, sql)
        import psycopg

        last = time.monotonic() + RECOVERY
        while True:
            try:
                with psycopg.connect(self.database) as link:
                    return link.execute(sql).fetchall()
            except psycopg.OperationalError:
                # After a crash the server reads its log again and takes nobody meanwhile.
                if time.monotonic() > last:
                    raise
                time.sleep(0.2)
