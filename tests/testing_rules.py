"""Rules for the tests themselves: what they wait for, open and take for a day."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from syntax import modules, nodes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def days_of_this_moment(tests: Path) -> Iterator[str]:
    """In tests ``now`` may be the real moment: from 21:00 UTC on its day is over at the place.

    A constant ``NOW`` at noon has one day everywhere.
    """
    for path, tree in modules(tests):
        for node in nodes(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner = node.func.value
            if isinstance(owner, ast.Call):
                owner = owner.func
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            is_now = node.func.attr == "date" and not node.args and name in {"now", "utcnow"}
            if is_now or (node.func.attr == "today" and not node.args):
                yield f"{path.relative_to(tests)}:{node.lineno}: takes the day of now in Greenwich"


def unawaited_promises(folder: Path) -> Iterator[str]:
    """A browser test waits for a promise with `wait_until`: Playwright takes one for a yes."""
    promise = re.compile(r"\basync\b|\bawait\b|\.then\(|\b(?:caches|indexedDB)\b|\bfetch\(")
    for path, tree in modules(folder):
        for node in nodes(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr != "wait_for_function":
                continue
            asked = node.args[0] if node.args else None
            if not isinstance(asked, ast.Constant) or promise.search(str(asked.value)):
                yield f"{path.relative_to(folder)}:{node.lineno}: wait_for_function and a promise"


def left_open(tests: Path) -> Iterator[str]:
    """A test opens databases by ``tests/databases.py``, which closes them; `with` does not."""
    opening = re.compile(r"\bwith sqlite3\.connect\(|\bConnectionHandler\(")
    for path in sorted(tests.rglob("*.py")):
        if path.name in {"databases.py", "testing_rules.py", "test_house.py"}:
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if opening.search(line):
                yield f"{path.relative_to(tests)}:{number}: {line.strip()}"
