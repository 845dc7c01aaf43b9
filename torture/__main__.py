"""`python -m torture`: trials R-1, R-3, R-4, R-5, R-8 and R-9 on SQLite and PostgreSQL.

Each trial makes an installation of its own on loopback, does the worst to it, lets it recover and
compares every answer with what is stored. The sizes are those of continuous integration.
"""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from dialogues.served import Served
from torture import calls, histories, storms
from torture.checker import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable


class Trial(NamedTuple):
    """A trial with its size; `needs` names what must be there, `serves` whether a server runs."""

    code: str
    title: str
    run: Callable[[Served, int], Verdict]
    size: int
    needs: str
    serves: bool = True


TRIALS = (
    Trial("R-1", "kill -9 of the web", storms.kill_the_web, 20, "sqlite postgres"),
    Trial("R-1", "kill -9 of PostgreSQL", storms.kill_the_database, 20, "own"),
    Trial("R-3", "system calls that fail", calls.fail_calls, 60, "sqlite postgres strace", False),
    Trial("R-3", "calls of the server", partial(calls.fail_calls, on_server=True), 60,
          "own strace", False),
    Trial("R-4", "disk full", storms.fill_the_disk, 1, "small"),
    Trial("R-5", "connections cut", storms.restart_the_database, 10, "postgres"),
    Trial("R-5", "PostgreSQL restarted", storms.start_the_database_again, 10, "own"),
    Trial("R-8", "offline histories", histories.sync_histories, 2000, "sqlite postgres", False),
    Trial("R-9", "fifty identical posts", storms.fifty_twins, 20, "sqlite postgres"),
)  # fmt: skip


def run(trial: Trial, times: int, served: Served) -> bool:
    """Run one trial and print its line."""
    started = time.monotonic()
    try:
        if trial.serves:
            served.start()
        verdict = trial.run(served, times)
    except Exception as error:  # noqa: BLE001 -- a trial that breaks is told, and the next one runs
        verdict = Verdict(faults=[f"{type(error).__name__}: {error}"])
    finally:
        served.stop()
    print(
        f"{trial.code} {trial.title:24} {served.database.partition(':')[0]:10} ×{times:<5}"
        f" acknowledged {verdict.acknowledged:7} unknown {verdict.unknown:5}"
        f" (stored {verdict.unknown_stored})  lost {len(verdict.lost)}"
        f" phantom {len(verdict.phantom)} doubled {len(verdict.duplicate)}"
        f" other {len(verdict.faults)}  {time.monotonic() - started:.0f} s  {verdict.remark}",
        flush=True,
    )
    for fault in verdict.faults[:20]:
        print(f"    {fault}", flush=True)
    return verdict.is_clean


def not_run(trial: Trial, where: str, why: str) -> bool:
    """Say what was not run; where everything is required, that is a failure."""
    print(f"{trial.code} {trial.title:24} {where:10} NOT RUN: {why}", flush=True)
    return not os.environ.get("HIWAR_REQUIRE_ALL")


def anyhow(trial: Trial, where: str, attempt: Callable[[], bool]) -> bool:
    """Run a trial; where its installation could not even be made, say that it was not run."""
    try:
        return attempt()
    except Exception as error:  # noqa: BLE001 -- whatever it is, the other trials still run
        not_run(trial, where, f"{type(error).__name__}: {error}".strip())
        return False


def wait_for_server(url: str, within: float = 60.0) -> None:
    """Wait until PostgreSQL takes connections: the trial before may have left it recovering."""
    import psycopg

    last = time.monotonic() + within
    while True:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            if time.monotonic() > last:
                raise
            time.sleep(0.2)
        else:
            return


def everywhere(trial: Trial, times: int, home: Path) -> bool:
    """Run a trial wherever it belongs."""
    needs = trial.needs.split()
    if "strace" in needs and not shutil.which("strace"):
        return not_run(trial, "", "strace is absent: apt-get install strace")
    clean = True
    if "sqlite" in needs:
        folder = home / f"s{secrets.token_hex(3)}"
        database = f"sqlite:///{folder}/hiwar.sqlite3"
        clean &= anyhow(trial, "sqlite", lambda: run(trial, times, Served(folder, database)))
    if "small" in needs:
        volume = home / f"v{secrets.token_hex(3)}"
        clean &= anyhow(trial, "sqlite", lambda: on_small_volume(trial, times, volume))
    if "own" in needs and not os.environ.get("HIWAR_TORTURE_SERVER"):
        return not_run(trial, "postgres", "it would hurt a server that is not our own")
    if "postgres" in needs or "own" in needs:
        beside = home / f"p{secrets.token_hex(3)}"
        clean &= anyhow(trial, "postgres", lambda: on_postgres(trial, times, beside))
    return clean


def on_postgres(trial: Trial, times: int, folder: Path) -> bool:
    """Run a trial on a database of its own."""
    url = os.environ.get("HIWAR_TEST_POSTGRES_URL", "")
    if not url:
        return not_run(trial, "postgres", "HIWAR_TEST_POSTGRES_URL names no server")
    import psycopg

    name = f"torture_{secrets.token_hex(4)}"
    wait_for_server(url)
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(f"CREATE DATABASE {name}")
    try:
        address = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        return run(trial, times, Served(folder, address))
    finally:
        wait_for_server(url)
        with psycopg.connect(url, autocommit=True) as link:
            link.execute(f"DROP DATABASE {name} WITH (FORCE)")


def on_small_volume(trial: Trial, times: int, folder: Path) -> bool:
    """Run a trial on a volume of 64 MB."""
    folder.mkdir()
    call = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)]
    if subprocess.run(call, check=False, capture_output=True).returncode:
        return not_run(trial, "sqlite", "no volume can be mounted here")
    try:
        return run(trial, times, Served(folder, f"sqlite:///{folder}/hiwar.sqlite3"))
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m torture", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="times the CI size")
    parser.add_argument(
        "only", nargs="*", help="trials to run, such as R-3; all where none is named"
    )
    options = parser.parse_args()
    clean = True
    with tempfile.TemporaryDirectory(prefix="torture-") as name:
        for trial in TRIALS:
            if not options.only or trial.code in options.only:
                times = max(1, round(trial.size * options.scale))
                clean &= everywhere(trial, times, Path(name))
    print("CLEAN" if clean else "NOT CLEAN")
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
