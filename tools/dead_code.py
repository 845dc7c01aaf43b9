"""Name the functions, classes, methods and properties that nothing in the house reaches.

Tests count for nothing: what only a test calls is dead. Templates and settings count as callers,
by the bare word. What is reached from outside is in ``tools/dead_code.toml`` with its reason.
"""

from __future__ import annotations

import re
import sys
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

from vulture import Vulture

ROOT = Path(__file__).resolve().parents[1]
KINDS = {"function", "class", "method", "property", "import", "unreachable_code"}
TEXTS = ("src/hiwar/**/*.html", "src/hiwar/**/*.txt", "src/hiwar/config/settings.py")


def dead_code(root: Path, exceptions: dict[str, str]) -> tuple[list[str], set[str]]:
    """Return what is dead, a line each, and the exceptions that hold nothing back."""
    vulture = Vulture()
    vulture.scavenge([str(root / "src/hiwar"), str(root / "tools")], exclude=["*/migrations/*"])
    words = {word for text in TEXTS for path in root.glob(text)
             for word in re.findall(r"\w+", path.read_text("utf-8"))}  # fmt: skip
    idle, lines = set(exceptions), []
    for item in vulture.get_unused_code():
        path = Path(item.filename).relative_to(root)
        names = (item.name, f"{path}:{item.name}")
        keys = {key for key in exceptions for name in names if fnmatchcase(name, key)}
        idle -= keys
        if item.typ in KINDS and not keys and item.name not in words:
            lines.append(f"{path}:{item.first_lineno}: nothing reaches the {item.typ} {item.name}")
    return lines, idle


def main() -> None:
    """Print what is dead and fail."""
    exceptions = tomllib.loads((ROOT / "tools/dead_code.toml").read_text("utf-8"))
    lines, idle = dead_code(ROOT, exceptions)
    lines += [f"tools/dead_code.toml: {name} is alive or gone" for name in sorted(idle)]
    sys.exit("\n".join(lines) or None)


if __name__ == "__main__":
    main()
