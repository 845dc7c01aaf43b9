"""The rules against second copies: what two rooms do alike stands once, below both."""

from __future__ import annotations

import ast
import itertools
from collections import defaultdict
from typing import TYPE_CHECKING

from syntax import functions, modules, nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    Function = ast.FunctionDef | ast.AsyncFunctionDef
    Listed = tuple[Path, Function, list[ast.stmt]]

LEAST = 16  # names, calls and values: shorter functions say no more than what they call
COUNTED = (ast.Name, ast.Attribute, ast.Call, ast.Constant, ast.keyword)
LEFT_OUT = {"annotation", "returns", "name", "ctx", "type_comment", "decorator_list", "lineno"}
FIELDS = {"forms.DateField", "forms.TimeField", "forms.DateTimeField"}
FIELDS_PLACE = "common/desk/fields.py"


def functions_alike(package: Path, permitted: Iterable[str] = ()) -> Iterator[str]:
    """No two rooms have one function under whatever names: it stands in the lowest that needs it.

    ``permitted`` are functions, each behind its file, that may be like those of other rooms.
    """
    allowed, groups = set(permitted), defaultdict(list)
    for path, tree in modules(package):
        inside = path.relative_to(package)
        for function in functions(tree):
            # What fills the fields of a form when it is made is said field by field.
            if function.name != "__init__" and f"{inside}:{function.name}" not in allowed:
                body = function.body[bool(ast.get_docstring(function, clean=False)) :]
                kinds = tuple(type(statement) for statement in body)
                groups[kinds, len(function.args.args)].append((inside, function, body))
    for listed in groups.values():
        if len({inside.parts[0] for inside, _function, _body in listed}) > 1:
            yield from _alike(listed)


def _alike(listed: list[Listed]) -> Iterator[str]:
    known: dict[str, tuple[str, str]] = {}
    for inside, function, body in listed:
        shape = _shape(function, body)
        if shape is not None:
            place = f"{inside}:{function.name}"
            room, first = known.setdefault(shape, (inside.parts[0], place))
            if room != inside.parts[0]:
                yield f"{inside}:{function.lineno}: {function.name} is {first}"


def _shape(function: Function, body: list[ast.stmt]) -> str | None:
    """Return what a function does with its own names left out; None for one that does little."""
    parts = [node for statement in body for node in nodes(statement)]
    if sum(isinstance(node, COUNTED) for node in parts) < LEAST:
        return None
    arguments = [node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)]
    stored = [n.id for n in parts if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    own = {name: f"${at}" for at, name in enumerate(dict.fromkeys([*arguments, *stored]))}
    return " ".join(itertools.chain(*(_words(each, own) for each in body)))


def _words(node: ast.AST, own: dict[str, str]) -> Iterator[str]:
    yield type(node).__name__
    for name, value in ast.iter_fields(node):
        if name in LEFT_OUT:
            continue
        if isinstance(value, ast.AST):
            yield from _words(value, own)
        elif isinstance(value, list):
            for each in value:
                yield from _words(each, own) if isinstance(each, ast.AST) else (repr(each),)
        elif isinstance(node, ast.Constant):
            # Two texts say two things to two readers; what is done with them is the same.
            yield "text" if isinstance(value, str) else repr(value)
        elif isinstance(node, ast.Name):
            yield own.get(node.id, node.id)
        else:
            yield repr(value)


def own_fields(package: Path) -> Iterator[str]:
    """Days, times and zones are asked for by fields of the house, written as browsers read them."""
    for path, tree in modules(package):
        inside = path.relative_to(package)
        if inside.as_posix() == FIELDS_PLACE:
            continue
        for node in nodes(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in FIELDS:
                yield f"{inside}:{node.lineno}: {ast.unparse(node.func)} of its own"


def own_not_found(package: Path) -> Iterator[str]:
    """A record that is not there, or not for the reader, is a 404 by `first_or_404` alone."""
    for path, tree in modules(package):
        inside = path.relative_to(package)
        if inside.as_posix() == "common/desk/pages.py":
            continue
        for node in nodes(tree):
            for body in (getattr(node, "body", None), getattr(node, "orelse", None)):
                if isinstance(body, list):
                    for asked, refused in itertools.pairwise(body):
                        if _takes_first(asked) and _is_not_found(refused):
                            yield f"{inside}:{asked.lineno}: answers 404 by itself"


def _takes_first(statement: ast.stmt) -> bool:
    value = getattr(statement, "value", None)
    return (
        isinstance(statement, ast.Assign | ast.AnnAssign)
        and isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and value.func.attr == "first"
    )


def _is_not_found(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.If)
        and isinstance(statement.test, ast.Compare)
        and ast.unparse(statement.body[0]) == "raise Http404"
    )
