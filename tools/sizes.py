"""Write what a running house downloads: name, version and bytes of each wheel of the run set.

`python tools/sizes.py FOLDER` reads the wheels that `tools/wheels` laid down.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main(folder: Path) -> None:
    """Write `requirements/sizes.list`."""
    pins = re.findall(
        r"^([\w.-]+)(?:\[.*?\])?==(\S+)", (ROOT / "requirements/run.txt").read_text(), re.MULTILINE
    )
    sizes = {}
    for path in folder.glob("*.whl"):
        name, version = path.name.split("-")[:2]
        sizes[re.sub(r"[-_.]+", "-", name).lower(), version] = path.stat().st_size
    lines = [
        f"{name} {version} {sizes[re.sub(r'[-_.]+', '-', name).lower(), version]}"
        for name, version in pins
    ]
    (ROOT / "requirements/sizes.list").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
