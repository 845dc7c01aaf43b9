"""The house that is upgraded: where things lie, how it is closed and opened, who writes."""

from __future__ import annotations

import fcntl
import http.client
import os
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PAGES, WORK = ("hiwar-web.service",), ("hiwar-work.service", "hiwar-backup.timer")


class StepFailed(Refused):
    """A step of an upgrade did not succeed; ``reason`` says what was seen."""

    code = "upgrade_failed"
    message = _("The upgrade did not succeed: %(reason)s")

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason

    def __str__(self) -> str:
        return str(self.message) % {"reason": self.reason}


@dataclass(frozen=True, slots=True)
class House:
    """Where a house lies, and by which commands it is closed, opened and let work.

    ``link`` is the name of the program that everything starts by, ``new`` the folder of the
    version that comes; ``asks`` tells whether it answers, ``patience`` for how many seconds that
    is awaited.
    """

    link: Path
    new: Path
    data: Path
    database: Path
    close_by: list[str]
    open_by: list[str]
    work_by: list[str]
    asks: Callable[[], bool]
    say: Callable[[str], None]
    patience: float = 90.0
    units: Path | None = None

    @property
    def scratch(self) -> Path:
        """The folder of the rehearsal."""
        return self.data / "rehearsal"

    @property
    def beside(self) -> Path:
        """The folder of the versions."""
        return self.link.with_name(f"{self.link.name}-releases")

    def run(self, program: Path, *words: str | Path, **environment: str) -> str:
        """Run a command of a version as the owner of the data; raises ``StepFailed``."""
        owner = self.data.stat()
        identity: dict[str, int] = {}
        if os.geteuid() == 0 and owner.st_uid:
            identity = {"user": owner.st_uid, "group": owner.st_gid}
        files = {f"{name}_FILE": "" for name in environment}
        ended = subprocess.run(  # noqa: S603 -- a command of the house itself
            [str(program / ".venv/bin/hiwar"), *words], capture_output=True, text=True, check=False,
            env={**os.environ, **files, **environment}, cwd=program,
            extra_groups=[] if identity else None, user=identity.get("user"),
            group=identity.get("group"),
        )  # fmt: skip
        if ended.returncode:
            lines = (ended.stderr or ended.stdout).strip().splitlines() or ["?"]
            raise StepFailed(f"hiwar {words[0]}: {lines[-1][:300]}")
        return ended.stdout

    def close(self) -> None:
        """Stop whatever writes."""
        self._call(self.close_by)

    def open(self) -> None:
        """Start the pages again."""
        self._call(self.open_by)

    def let_work(self) -> None:
        """Start what works beside the pages; what it sends could not be taken back."""
        self._call(self.work_by)

    def answers(self) -> bool:
        """Wait until it answers; return whether it ever did."""
        last = time.monotonic() + self.patience
        while not self.asks():
            if time.monotonic() > last:
                return False
            time.sleep(0.2)
        return True

    def lay_units(self, program: Path) -> None:
        """Let the service manager start a version as that version wants it."""
        if self.units is None:
            return
        for unit in sorted((program / "deploy/systemd").iterdir()):
            part = self.units / f"{unit.name}.part"
            part.write_bytes(unit.read_bytes())
            part.rename(self.units / unit.name)
        self._call(["systemctl", "daemon-reload"])

    @contextmanager
    def shut(self) -> Iterator[None]:
        """Keep every server off the data; raises ``StepFailed`` where one still runs."""
        with (self.data / "serve.lock").open("ab") as file:
            last = time.monotonic() + 20
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > last:
                        raise StepFailed(str(_("a server still runs on the data."))) from None
                    time.sleep(0.1)
            yield

    def _call(self, command: list[str]) -> None:
        if not command:
            return
        ended = subprocess.run(  # noqa: S603 -- named by whoever runs the upgrade
            command, capture_output=True, text=True, check=False
        )
        if ended.returncode:
            raise StepFailed(f"{' '.join(command)}: {ended.stderr.strip()[:300]}")


def asking(address: str, host: str) -> Callable[[], bool]:
    """Return a question whether a house answers at ``address:port``."""

    def asks() -> bool:
        connection = http.client.HTTPConnection(address, timeout=5)
        try:
            connection.request("GET", "/healthz", headers={"Host": host})
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return asks
