"""Vote files for tests, and the command as a user calls it."""

from __future__ import annotations

import atexit
import gzip
import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

Rows = list[tuple[int, int, int]]
COMMAND = [sys.executable, "-W", "error", "-m", "hiwar.analysis"]


def environment(**more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "LC_", "LANG"))}
    return kept | {"LANG": "en_GB.UTF-8", "OMP_NUM_THREADS": "1"} | more


@cache
def preloaded() -> subprocess.Popen[str]:
    """Return the process that holds the command ready, one for each worker of the tests."""
    process = subprocess.Popen(
        [sys.executable, "-W", "error", str(Path(__file__).with_name("preloaded.py"))],
        env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    atexit.register(_end, process)
    return process


def _end(process: subprocess.Popen[str]) -> None:
    process.communicate(timeout=10)


def run(*arguments: object, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command with `arguments` in `cwd`, in a child of the process that holds it ready."""
    process = preloaded()
    assert process.stdin is not None
    assert process.stdout is not None
    texts = [str(argument) for argument in arguments]
    with tempfile.TemporaryDirectory() as folder:
        stdout, stderr = (str(Path(folder) / name) for name in ("stdout", "stderr"))
        asked = {
            "arguments": texts, "cwd": str(cwd), "environment": environment(**more),
            "stdout": stdout, "stderr": stderr,
        }  # fmt: skip
        process.stdin.write(json.dumps(asked) + "\n")
        process.stdin.flush()
        code = int(process.stdout.readline())
        return subprocess.CompletedProcess(
            texts, code, *(Path(name).read_text("utf-8") for name in (stdout, stderr))
        )


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return folder


def two_camps(
    n_people: int = 40, n_statements: int = 12, seed: int = 1
) -> list[tuple[int, int, int]]:
    """Two groups of people who disagree on half of the statements and agree on the rest."""
    rng = np.random.default_rng(seed)
    rows = []
    for person in range(n_people):
        side = 1 if person % 2 else -1
        for statement in range(n_statements):
            if rng.random() < 0.85:
                sure = side if statement % 2 else 1
                vote = sure if rng.random() < 0.9 else int(rng.integers(-1, 2))
                rows.append((person, statement, vote))
    return rows


def long_csv(rows: Rows) -> str:
    return "participant,statement,vote\n" + "".join(f"{p},{s},{v}\n" for p, s, v in rows)


def statements_csv(n_statements: int = 12) -> str:
    lines = [f'{j},"Statement {j}, in English","الرأي رقم {j}"\n' for j in range(n_statements)]
    return "statement,text_en,text_ar\n" + "".join(lines)
