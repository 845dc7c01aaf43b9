"""What a small analysis must not pay for."""

from __future__ import annotations

import subprocess
import sys

HEAVY = (
    "scipy.optimize",
    "scipy.spatial",
    "scipy.special",
    "scipy.linalg",
    "scipy.stats",
    "django",
    "openpyxl",
    "pyarrow",
    "pandas",
)


def test_the_engine_and_the_command_load_without_what_takes_longer_than_small_analyses() -> None:
    code = (
        "import sys, hiwar.analysis.command, hiwar.engine.opinion.analysis\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
