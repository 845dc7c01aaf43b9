"""Modules of the house as syntax trees, each parsed and walked once for all rules."""

from __future__ import annotations

import ast
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@cache
def _parsed(path: Path, _changed: int) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def modules(folder: Path) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(folder.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, _parsed(path, path.stat().st_mtime_ns)


def nodes(tree: ast.AST) -> list[ast.AST]:
    """Return a node and all below it; thirty rules ask for those of the same modules."""
    kept: list[ast.AST] | None = getattr(tree, "all_nodes", None)
    if kept is None:
        kept = list(ast.walk(tree))
        if isinstance(tree, ast.Module):
            tree.all_nodes = kept  # type: ignore[attr-defined]
    return kept


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in nodes(tree) if isinstance(node, FUNCTIONS))
