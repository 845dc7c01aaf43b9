"""Proving a backup: restored into a folder of its own by another process, compared, destroyed.

What is proved is the whole way: the file opens, its rows and files come back equal by count and
checksum into an empty installation of this version, whoever was erased goes again, pages open.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hiwar.common.backup.archive import check
from hiwar.common.backup.copying import (
    NoRoom,
    back_up,
    day_of,
    keep_day,
    kept_in,
    size_at_most,
)
from hiwar.common.backup.sealing import new_pair, public_of
from hiwar.common.crypto import plain_digest
from hiwar.common.navigation import public_links
from hiwar.common.personal import ledger
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Beside the duties, so that a copy of the house knows when it was last proved.
PROOF = "common.proof"
FOLDER, LOCK = "proof", "proof.lock"
EVERY, LATE, KEYS_LATE = timedelta(days=28), timedelta(days=35), timedelta(days=400)
START = "import sys; from hiwar.config.command import main; sys.argv[0] = 'hiwar'; main()"
MEBIBYTE = 1 << 20
# An archive is packed; a database with its indexes is several times as large.
UNPACKED = 12
# The house inside of the folder has no door to the one outside: database, mail, backups, workers.
APART = {
    "HIWAR_DEMO": "off",
    "HIWAR_DEBUG": "off",
    "HIWAR_STATIC_HASHED": "off",
    "HIWAR_PRACTICE": "on",
    "HIWAR_WORKERS": "0",
    "HIWAR_MAIL_URL": "",
    "HIWAR_MAIL_IN_URL": "",
    "HIWAR_BACKUP_TO": "",
    "HIWAR_BACKUP_RECIPIENTS": "",
}


class NoBackup(Refused):
    """There is no backup to prove."""

    code = "no_backup"
    message = _("There is no backup in %(folder)s yet: hiwar backup")

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def __str__(self) -> str:
        return str(self.message) % {"folder": self.folder}


class ProofRuns(Refused):
    """Another process proves a backup at this moment."""

    code = "proof_runs"
    message = _("A backup is being proved already: wait until that has ended.")


class ProofFailed(Refused):
    """The backup did not come back as it should; ``reason`` says what was seen, in words."""

    code = "proof_failed"
    message = _("The backup was not proved: %(reason)s")

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason

    def __str__(self) -> str:
        return str(self.message) % {"reason": self.reason}


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proved of one file: counts of what came back equal, erased again, opened."""

    path: Path
    rows: int
    tables: int
    files: int
    erased: int
    pages: int


def prove(*, path: Path, secret: str, erased: Path | None, now: datetime) -> Proof:
    """Restore a backup into a folder of its own, compare, keep the day; destroy the folder.

    Raises ``WrongKeyError``, ``DamagedError`` and ``Refused``; then no day is kept.
    """
    manifest = check(path, secret)
    with workshop(path) as folder:
        answer = _restore_apart(folder, path, secret, erased)
    keep_day(now=now, name=PROOF)
    public = public_of(secret)
    if public in settings.BACKUP_RECIPIENTS:
        keep_day(now=now, name=day_of_key(public))
    return Proof(
        path, manifest.rows, len(manifest.tables), len(manifest.files), answer["erased"],
        answer["pages"],
    )  # fmt: skip


def prove_when_due(*, now: datetime) -> Proof | None:
    """Write a backup and prove it, where the last proof is four weeks old; else return None.

    The private keys are on paper, so the file is written for one more key that is made for this
    and forgotten with it: afterwards it is a backup like any other, which this machine cannot open.
    """
    last = day_of(PROOF)
    if last is not None and now - last < EVERY:
        return None
    public, private = new_pair()
    backup = back_up(
        folder=settings.BACKUP_TO, recipients=[*settings.BACKUP_RECIPIENTS, public], now=now
    )
    return prove(path=backup.path, secret=private, erased=settings.BACKUP_TO / ledger.NAME, now=now)


def is_proof_late(now: datetime) -> bool:
    """Tell whether five weeks passed without a proof, or since the oldest backup that is kept."""
    if not settings.BACKUP_RECIPIENTS:
        return False
    since = day_of(PROOF)
    if since is None:
        kept = kept_in(settings.BACKUP_TO)
        since = datetime.fromtimestamp(kept[0].stat().st_mtime, UTC) if kept else now
    return now - since > LATE


def untried_keys(now: datetime) -> list[str]:
    """Return the public keys whose private ones opened no backup within the last year or so."""
    days = {public: day_of(day_of_key(public)) for public in settings.BACKUP_RECIPIENTS}
    return [public for public, day in days.items() if day is None or now - day > KEYS_LATE]


def day_of_key(public: str) -> str:
    """Return the name under which it is kept when a key last opened a backup."""
    return f"{PROOF}:{plain_digest(public)[:16]}"


def newest(folder: Path) -> Path:
    """Return the newest backup of a folder; raises ``NoBackup``."""
    kept = kept_in(folder)
    if not kept:
        raise NoBackup(folder)
    return kept[-1]


@contextmanager
def workshop(path: Path) -> Iterator[Path]:
    """Yield an empty folder for one restored house, destroyed whatever happens.

    Raises ``ProofRuns`` and ``NoRoom``. The lock ends with the process; what a killed one left
    goes with the next proof, or within the hour.
    """
    folder: Path = settings.DATA / FOLDER
    with _locked():
        wipe(folder)
        needed = max(2 * size_at_most(), UNPACKED * path.stat().st_size)
        if shutil.disk_usage(settings.DATA).free < needed:
            raise NoRoom
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            wipe(folder)


def clear_leftovers() -> bool:
    """Destroy what a proof left that was killed; return whether there was anything."""
    folder: Path = settings.DATA / FOLDER
    if not folder.exists():
        return False
    with suppress(ProofRuns), _locked():
        wipe(folder)
        return True
    return False


def wipe(folder: Path) -> None:
    """Write zeros over every file of a folder and delete it."""
    if not folder.exists():
        return
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            with path.open("r+b") as file:
                left = path.stat().st_size
                while left > 0:
                    left -= file.write(bytes(min(left, MEBIBYTE)))
                file.flush()
                os.fsync(file.fileno())
    shutil.rmtree(folder)


def open_pages() -> int:
    """Open the first pages of the house in this process; return how many.

    Raises ``ProofFailed`` for one that does not come.
    """
    handler = WSGIHandler()
    paths = [reverse("accounts:sign_in")] if "desk" in settings.DOORS else []
    if "public" in settings.DOORS:
        for code, _name in settings.LANGUAGES:
            paths += [f"/{code}/", *(link.url for link in public_links("", code))]
    for path in paths:
        response = handler.get_response(WSGIRequest(_asked(path)))
        if response.status_code != 200:
            raise ProofFailed(f"{path}: {response.status_code}")
        response.close()
    return len(paths)


def _asked(path: str) -> dict[str, Any]:
    hosts = settings.DESK_HOSTS or settings.PUBLIC_HOSTS
    host = (hosts if path.startswith("/desk/") else settings.PUBLIC_HOSTS)[0]
    scheme = "https" if settings.HTTPS else "http"
    return {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "",
        "SERVER_NAME": host, "SERVER_PORT": "443", "HTTP_HOST": host,
        "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
        "HTTP_X_FORWARDED_PROTO": scheme, "HTTP_X_FORWARDED_FOR": "127.0.0.1",
        "wsgi.url_scheme": scheme, "wsgi.input": BytesIO(), "wsgi.errors": sys.stderr,
    }  # fmt: skip


@contextmanager
def _locked() -> Iterator[None]:
    settings.DATA.mkdir(parents=True, exist_ok=True)
    with (settings.DATA / LOCK).open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ProofRuns from error
        yield


def _restore_apart(folder: Path, path: Path, secret: str, erased: Path | None) -> dict[str, Any]:
    """Let another process restore into a folder, and return what it tells."""
    call = [sys.executable, "-c", START, "prove", str(path.resolve()), "--here"]
    call += ["--key-file", "/dev/stdin"]
    call += ["--erased", str(erased.resolve())] if erased else ["--without-erasures"]
    apart = {
        **APART,
        "HIWAR_DATA": str(folder / "data"),
        "HIWAR_DATABASE_URL": f"sqlite:///{folder / 'proof.sqlite3'}",
        "LC_ALL": get_language() or settings.LANGUAGE_CODE,
    }
    files = {f"{name}_FILE": "" for name in apart}
    (folder / "data").mkdir(mode=0o700)
    ended = subprocess.run(  # noqa: S603 - this program itself, with paths of the house
        call, input=secret.encode(), env={**os.environ, **files, **apart},
        capture_output=True, check=False,
    )  # fmt: skip
    try:
        answer: dict[str, Any] = json.loads(ended.stdout.decode().splitlines()[-1])
    except (IndexError, ValueError) as error:
        raise ProofFailed(_last_line(ended.stderr.decode("utf-8", "replace"))) from error
    if "refused" in answer:
        raise ProofFailed(answer["refused"])
    return answer


def _last_line(text: str) -> str:
    """Return how a process died, without the values that a traceback might hold."""
    lines = text.strip().splitlines() or ["?"]
    return lines[-1].partition(":")[0][:100]
