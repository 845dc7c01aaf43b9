"""Vote files for tests, and the command as a user calls it."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

Rows = list[tuple[int, int, int]]
COMMAND = [sys.executable, "-W", "error", "-m", "hiwar.analysis"]


def environment(**more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "LC_", "LANG"))}
    return kept | {"LANG": "en_GB.UTF-8", "OMP_NUM_THREADS": "1"} | more


def run(*arguments: object, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd, env=environment(**more), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


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
