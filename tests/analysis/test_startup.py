"""What a small analysis must not pay for."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

HEAVY = (
    "scipy",
    "numpy.ma",
    "numpy.f2py",
    "django",
    "openpyxl",
    "pyarrow",
    "pandas",
)


def test_a_small_analysis_loads_nothing_that_takes_longer_than_itself(tmp_path: Path) -> None:
    # A stretch in which people arrive sixty times as fast is judged too.
    arrived = [
        1_700_000_000 + (600 * p if not 50 <= p < 80 else 30_000 + 10 * p) for p in range(150)
    ]
    rows = [f"{p},{s},{(p + s * p) % 3 - 1},{arrived[p] + s}" for p in range(150) for s in range(8)]
    votes = tmp_path / "votes.csv"
    votes.write_text("\n".join(["participant,statement,vote,time", *rows]))
    code = (
        "import sys\nfrom hiwar.analysis.command import main\n"
        f"assert not main([{str(votes)!r}, '--quiet', '--bootstrap', '5'])\n"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.stderr.strip() == "[]", run.stderr
