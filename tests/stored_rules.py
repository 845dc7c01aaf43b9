"""The rule that whatever is stored is read: a field that nobody reads is a promise nobody keeps."""

from __future__ import annotations

import ast
import itertools
import re
from typing import TYPE_CHECKING

from syntax import modules, nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# Calls whose keywords ask the database for something.
QUESTIONS = frozenset(["filter", "exclude", "get", "Q", "F", "values", "annotate", "aggregate"])
TOO_LONG_FOR_A_NAME = 80


def stored_and_unread(package: Path, permitted: Iterable[str] = ()) -> Iterator[str]:
    """Every stored option is read somewhere, outside its model, its forms and the migrations.

    Read is what stands as an attribute, as a word of a template, in a string (`order_by`,
    `values`), or as a keyword of a question to the database; a keyword elsewhere only writes.
    What is unique is read by the database.
    """
    fields: dict[str, tuple[Path, int]] = {}
    used: set[str] = set()
    for path, tree in modules(package):
        stair = path.relative_to(package).parts[1:]
        if "migrations" in stair or stair[:1] in {("forms",), ("forms.py",)}:
            continue
        for node in nodes(tree):
            used.update(_words_read(node))
            if stair[:1] in {("models",), ("models.py",)} and isinstance(node, ast.ClassDef):
                fields |= {
                    name: (path, line) for name, line in _fields_of(node) if name not in fields
                }
    for page in itertools.chain(package.rglob("*.html"), package.rglob("*.txt")):
        used.update(re.findall(r"\w+", page.read_text("utf-8")))
    for name, (path, line) in fields.items():
        place = path.relative_to(package).as_posix()
        if name not in used and f"{name}_id" not in used and f"{place}:{name}" not in permitted:
            yield f"{place}:{line}: {name} is stored and never read"


def _fields_of(model: ast.ClassDef) -> Iterator[tuple[str, int]]:
    for node in model.body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Call)
            and ast.unparse(node.value.func).endswith(("Field", "ForeignKey"))
            and all(keyword.arg != "unique" for keyword in node.value.keywords)
        ):
            yield node.targets[0].id, node.lineno


def _words_read(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        yield node.attr
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from node.value.lstrip("-").split("__")
        yield from re.findall(r"\w+", node.value) if len(node.value) < TOO_LONG_FOR_A_NAME else ()
    elif isinstance(node, ast.Call):
        asks = getattr(node.func, "attr", getattr(node.func, "id", "")) in QUESTIONS
        for keyword in node.keywords:
            if keyword.arg and (asks or "__" in keyword.arg):
                yield from keyword.arg.split("__")
