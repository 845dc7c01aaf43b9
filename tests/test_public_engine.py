"""The engine as a library: it imports alone, says what it takes and gives, and its examples run."""

from __future__ import annotations

import ast
import dataclasses
import doctest
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import hiwar.engine
from house_rules import PACKAGE, public_functions
from syntax import modules

if TYPE_CHECKING:
    from types import ModuleType

NAMES = sorted(
    module.name for module in pkgutil.walk_packages(hiwar.engine.__path__, "hiwar.engine.")
)
SECTIONS = [
    "Parameters", "Attributes", "Returns", "Yields", "Raises", "Warns", "See Also", "Notes",
    "References", "Examples",
]  # fmt: skip
ALONE = """
import importlib, sys

UNKNOWN = {"django", "jinja2", "babel", "pyarrow", "pandas", "sklearn", "joblib"}

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in UNKNOWN:
            raise AssertionError(f"the engine asked for {name}")

sys.meta_path.insert(0, Refuse())
for name in sys.argv[1:]:
    importlib.import_module(name)
"""


def sections(docstring: str) -> list[str]:
    """Return the headings of a numpydoc docstring, in their order."""
    return re.findall(r"^(\w[\w ]*)\n-{3,}$", inspect.cleandoc(docstring), re.MULTILINE)


@pytest.fixture(params=NAMES)
def module(request: pytest.FixtureRequest) -> ModuleType:
    return importlib.import_module(request.param)


def test_engine_imports_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", ALONE, *NAMES],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


def test_command_room_imports_without_django() -> None:
    code = ALONE.replace('"jinja2", "babel", "pyarrow", ', "")
    names = sorted(
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
        for path in (PACKAGE / "analysis").rglob("*.py")
        if path.name != "__main__.py"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *names],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


def test_module_exports_what_it_names(module: ModuleType) -> None:
    for name in getattr(module, "__all__", ()):
        assert hasattr(module, name), name


def test_module_results_are_frozen(module: ModuleType) -> None:
    for name, value in vars(module).items():
        own = inspect.isclass(value) and value.__module__ == module.__name__ and name[0] != "_"
        if own and dataclasses.is_dataclass(value):
            assert value.__dataclass_params__.frozen, name


def test_module_examples_run(module: ModuleType) -> None:
    result = doctest.testmod(module, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert result.failed == 0


def test_functions_say_what_they_take_and_give() -> None:
    faults = []
    for path, tree in modules(PACKAGE / "engine"):
        for node in public_functions(tree):
            where = f"{path.relative_to(PACKAGE)}: {node.name}"
            text = ast.get_docstring(node) or ""
            found = [name for name in sections(text) if name in SECTIONS]
            if found != sorted(found, key=SECTIONS.index):
                faults.append(f"{where}: sections in another order: {found}")
            first = text.splitlines()[0] if text else ""
            if not first.endswith("."):
                faults.append(f"{where}: the first line is no sentence")
            if node.returns is None:
                faults.append(f"{where}: no return type")
            names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
            if "Any" in names:
                faults.append(f"{where}: Any says nothing")
    assert faults == []


def test_sections_reads_headings() -> None:
    text = "Do.\n\n    Parameters\n    ----------\n    x : int\n\n    Notes\n    -----\n    Why.\n"
    assert sections(text) == ["Parameters", "Notes"]
