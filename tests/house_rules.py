"""The rules of the house that no linter knows: each reads a folder and yields what breaks it."""

from __future__ import annotations

import ast
import itertools
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from syntax import FUNCTIONS, functions, modules, nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models import Model

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src/hiwar"

# Rooms without Django have files of their own; the roof has no stairs.
NO_STAIRS = {"engine", "analysis", "config", "locale"}
STAIRS = frozenset(
    [
        "__init__",
        "apps",
        "models",
        "rules",
        "queries",
        "actions",
        "forms",
        "exports",
        "views",
        "desk",
        "handlers",
        "tasks",
        "urls",
    ]
)
FOLDERS = frozenset(["templatetags", "management", "migrations", "templates", "static"])
# What one room may hold beside the stairs; docs/decisions say why.
EXTRAS: dict[str, frozenset[str]] = {
    "accounts": frozenset(["access", "context", "middleware"]),
    "channels": frozenset(["adapters"]),
    "common": frozenset(
        [
            "backup",
            "checks",
            "context",
            "crypto",
            "dates",
            "disk",
            "first_migration",
            "home_page",
            "files",
            "health",
            "imports",
            "jobs",
            "links",
            "mailings",
            "middleware",
            "moving",
            "multilingual",
            "navigation",
            "numbering",
            "patience",
            "pauses",
            "personal",
            "opt_outs",
            "post",
            "printing",
            "refusals",
            "scripts",
            "search",
            "serving",
            "share_cards",
            "tables",
            "telephones",
            "upgrading",
            "visible_text",
            "vocabularies",
            "waiting",
        ]
    ),
    "dialogues": frozenset(["live"]),
    "publishing": frozenset(["blocks", "wagtail_hooks"]),
}
# The import contract names the libraries of mail; of Django it can only name the whole.
SOCKETS = {"socket", "urllib.request", "http.client", "ssl", "django.core.mail"}
# A stopwatch (`monotonic`) tells no date.
CLOCKS = {"now", "utcnow", "today", "localdate", "localtime", "time", "time_ns"}
CLOCK_OWNERS = {"timezone", "datetime", "date", "time"}
# Values here are local already: the clock of an event, of a calendar, of a stop on the way.
WALL_CLOCKS = {
    "channels/queries/quiet.py",
    "common/dates.py",
    "common/jobs/registry.py",
    "events/actions/events.py",
    "places/queries/calendars.py",
    "visits/queries/conflicts.py",
}


def floors() -> dict[str, int]:
    """Return the floor of each room, the cellar being 0, as the import contract has it."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    layers = next(c for c in contracts["tool"]["importlinter"]["contracts"] if c["id"] == "floors")
    return {
        room: floor
        for floor, layer in enumerate(reversed(layers["layers"]))
        for room in re.findall(r"\w+", layer)
    }


def open_rooms(package: Path = PACKAGE) -> list[str]:
    return sorted(path.parent.name for path in package.glob("*/__init__.py"))


def public_functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield the public functions of a module and the public methods of its public classes."""
    for node in tree.body:
        if isinstance(node, FUNCTIONS) and not node.name.startswith("_"):
            yield node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from (
                item
                for item in node.body
                if isinstance(item, FUNCTIONS) and not item.name.startswith("_")
            )


def unknown_files(package: Path) -> Iterator[str]:
    """The list of file names in a room is closed: a new name is a decision."""
    for room in open_rooms(package):
        if room in NO_STAIRS:
            continue
        allowed = STAIRS | FOLDERS | EXTRAS.get(room, frozenset())
        for path in sorted((package / room).iterdir()):
            named = path.suffix == ".py" or (path.is_dir() and any(path.rglob("*.*")))
            if named and path.name != "__pycache__" and path.stem not in allowed:
                yield f"{room}/{path.name}: not on the closed list of file names"


def too_large(folder: Path, *, module: int, function: int = 80) -> Iterator[str]:
    """Modules and functions stay small enough to be read; a docstring does not count."""
    for path, tree in modules(folder):
        lines = len(path.read_text("utf-8").splitlines())
        if lines > module:
            yield f"{path.relative_to(folder)}: {lines} lines, at most {module}"
        for node in functions(tree):
            first = node.body[1 if ast.get_docstring(node) and len(node.body) > 1 else 0]
            size = (node.end_lineno or 0) - first.lineno + 1
            if size > function:
                where = path.relative_to(folder)
                yield f"{where}: {node.name} has {size} lines, at most {function}"


def undocumented(package: Path) -> Iterator[str]:
    """Who calls the engine or an action reads a docstring; who enters a room is told its words."""
    for path, tree in modules(package):
        inside = path.relative_to(package)
        room = inside.parts[0]
        if room == "engine" or (len(inside.parts) > 1 and inside.parts[1].startswith("actions")):
            for node in public_functions(tree):
                if not ast.get_docstring(node):
                    yield f"{inside}: {node.name} has no docstring"
        if inside.name == "__init__.py" and len(inside.parts) == 2:
            text = ast.get_docstring(tree) or ""
            if not text or len(text.splitlines()) > 6:
                yield f"{inside}: a room says in one to six lines what it is for"
        if inside.name == "models.py" or "models" in inside.parts[1:-1]:
            for node in tree.body:
                if isinstance(node, ast.ClassDef) and not ast.get_docstring(node):
                    yield f"{inside}: {node.name} has no definition"


def positional_actions(package: Path) -> Iterator[str]:
    """A verb that writes is called by keyword only, so that a call reads as a sentence."""
    for path, tree in modules(package):
        inside = path.relative_to(package)
        if len(inside.parts) > 1 and inside.parts[1].startswith("actions"):
            for node in tree.body:
                if (
                    isinstance(node, FUNCTIONS)
                    and "atomic" in "".join(map(ast.unparse, node.decorator_list))
                    and (node.args.args or node.args.posonlyargs)
                ):
                    yield f"{inside}: {node.name} takes positional arguments"


def clock_readings(package: Path) -> Iterator[str]:
    """A date is passed in by the door: engine, queries, rules and actions never look at a clock."""
    for path, tree in modules(package):
        inside = path.relative_to(package)
        stair = inside.parts[1].removesuffix(".py") if len(inside.parts) > 1 else ""
        if inside.parts[0] != "engine" and stair not in {"actions", "queries", "rules", "models"}:
            continue
        for node in nodes(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in CLOCKS
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in CLOCK_OWNERS
            ):
                yield f"{inside}:{node.lineno}: reads the clock"


def days_of_instants(package: Path) -> Iterator[str]:
    """A day is `dates.local_day`: `.date()` of an instant is the day in Greenwich.

    ``WALL_CLOCKS`` names the modules whose values are times on a clock on a wall already.
    """
    for path, tree in modules(package):
        inside = path.relative_to(package)
        if inside.parts[0] in {"engine", "analysis"} or str(inside) in WALL_CLOCKS:
            continue
        for node in nodes(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "date"
                and not node.args
            ):
                yield f"{inside}:{node.lineno}: takes the day of an instant without its place"


def sockets(package: Path, permitted: Iterable[str] = ()) -> Iterator[str]:
    """Only the adapters of `channels` reach the network; contracts see packages, not modules."""
    for path, tree in modules(package):
        inside = path.relative_to(package)
        if inside.parts[:2] == ("channels", "adapters") or str(inside) in set(permitted):
            continue
        for node in nodes(tree):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            for name in sorted(SOCKETS.intersection(names)):
                yield f"{inside}:{node.lineno}: imports {name}"


PROCESSES = {"subprocess", "multiprocessing", "concurrent.futures.process"}
STARTS = {"fork", "forkpty", "posix_spawn", "posix_spawnp", "popen", "system"}


def processes(package: Path, permitted: Iterable[str] = ()) -> Iterator[str]:
    """Only `common.jobs` starts processes or works in a loop; a room registers tasks."""
    for path, tree in modules(package):
        inside = path.relative_to(package)
        if inside.parts[:2] == ("common", "jobs") or str(inside) in set(permitted):
            continue
        for node in nodes(tree):
            names: set[str] = set()
            if isinstance(node, ast.Import):
                names = {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
            for name in sorted(PROCESSES & names):
                yield f"{inside}:{node.lineno}: imports {name}"
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                called = ast.unparse(node.func)
                if called in {f"os.{name}" for name in STARTS} or called.startswith("os.exec"):
                    yield f"{inside}:{node.lineno}: calls {called}"
                elif called == "time.sleep" and inside.parts[0] not in {"engine", "analysis"}:
                    yield f"{inside}:{node.lineno}: waits"


def token_makers(package: Path) -> Iterator[str]:
    """Only `common.links` makes a token for an address: there it is digested, ended, masked."""
    for path, tree in modules(package):
        inside = path.relative_to(package)
        if inside.parts[:2] == ("common", "links"):
            continue
        for node in nodes(tree):
            named = getattr(node, "attr", None) or getattr(node, "name", None)
            if named in {"token_urlsafe", "new_link_token"}:
                yield f"{inside}:{getattr(node, 'lineno', 0)}: makes a token for an address"


def languages_let_go(package: Path) -> Iterator[str]:
    """Words are always of a language: `override(None)` would send source words to the reader."""
    for path, tree in modules(package):
        for node in nodes(tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            named = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
            asked = node.args[0]
            last = asked.values[-1] if isinstance(asked, ast.BoolOp) else asked
            if named in {"override", "activate"} and getattr(last, "value", "") is None:
                yield f"{path.relative_to(package)}:{node.lineno}: lets go of every language"


def table_libraries(package: Path) -> Iterator[str]:
    """Files of tables are read in `analysis` and written in `common.tables`, and nowhere else."""
    permitted = ("analysis/", "common/tables/", "engine/ledger/")
    for path, tree in modules(package):
        inside = path.relative_to(package)
        if str(inside).startswith(permitted):
            continue
        for node in nodes(tree):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            for name in names:
                if name.partition(".")[0] in {"csv", "openpyxl", "python_calamine"}:
                    yield f"{inside}:{node.lineno}: imports {name}"


# They say how a value came to be there, not what it is.
VAGUE = {"found", "one", "made", "given", "told"}


def vague_names(package: Path) -> Iterator[str]:
    """A name says what the thing is: `statement`, `invitation`, `row`; not that it was found."""
    for path, tree in modules(package):
        for node in nodes(tree):
            name, line = "", 0
            if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
                name, line = node.id if isinstance(node, ast.Name) else node.attr, node.lineno
            elif isinstance(node, ast.arg):
                name, line = node.arg, node.lineno
            if name in VAGUE:
                yield f"{path.relative_to(package)}:{line}: {name} does not say what it is"


def compared_with_itself(package: Path) -> Iterator[str]:
    """Two things of one name are one thing: such a comparison says nothing."""
    for path, tree in modules(package):
        for node in nodes(tree):
            if isinstance(node, ast.Compare):
                sides = [ast.unparse(side) for side in (node.left, *node.comparators)]
                for left, right in itertools.pairwise(sides):
                    if left == right:
                        yield f"{path.relative_to(package)}:{node.lineno}: {left} with itself"


def file_fields(package: Path, permitted: Iterable[str] = ()) -> Iterator[str]:
    """Bytes of files lie in the one store: no model of a room has a field for them."""
    for path, tree in modules(package):
        inside = path.relative_to(package)
        for node in nodes(tree):
            if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)):
                continue
            kind = getattr(node.value.func, "attr", "")
            name = getattr(node.targets[0], "id", "")
            is_file = kind in {"FileField", "ImageField", "FilePathField"}
            is_file = is_file and ast.unparse(node.value.func).startswith("models.")
            is_file |= kind == "BinaryField" and name in {
                "content",
                "data",
                "body",
                "file",
                "bytes",
                "bundle",
                "pdf",
                "picture",
            }
            if is_file and f"{inside}:{name}" not in set(permitted):
                yield f"{inside}:{node.lineno}: keeps a file by itself ({name})"


def unfiltered_choices(package: Path) -> Iterator[str]:
    """Forms offer of what is guarded what their reader may read: a title in a list is a leak."""
    guarded = {
        node.name
        for _path, tree in modules(package)
        for node in nodes(tree)
        if isinstance(node, ast.ClassDef)
        and "Guarded" in {ast.unparse(base) for base in node.bases}
    }
    for path, tree in modules(package):
        inside = path.relative_to(package)
        if "forms" not in inside.with_suffix("").parts:
            continue
        for node in nodes(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            manager = ast.unparse(node.func.value)
            named = manager.removesuffix(".objects")
            if named != manager and named in guarded and not _is_filtered(node):
                yield f"{inside}:{node.lineno}: offers {named} to whoever may not read it"


def _is_filtered(call: ast.Call) -> bool:
    """Return whether a first call on a manager asks who reads, or brings nothing."""
    assert isinstance(call.func, ast.Attribute)
    arguments = ast.unparse(call).partition(".objects.")[2]
    return call.func.attr == "none" or "readable_by(" in arguments


DATA_FOLDERS = {"settings.DATA", "settings.FILES", "settings.MEDIA_ROOT"}


def data_folder_users(package: Path, permitted: Iterable[str] = ()) -> Iterator[str]:
    """Only named modules know the data folder, so that what lies there can be listed and erased."""
    for path, tree in modules(package):
        inside = path.relative_to(package)
        if str(inside).startswith(("common/files/", "config/")) or str(inside) in set(permitted):
            continue
        for node in nodes(tree):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in DATA_FOLDERS:
                yield f"{inside}:{node.lineno}: knows the data folder"


def file_doors(package: Path, permitted: Iterable[str] = ()) -> Iterator[str]:
    """Files come in at two doors: a room registers an `Importer` or has an `UploadField`."""
    for path, tree in modules(package):
        inside = path.relative_to(package)
        if str(inside).startswith(("common/tables/", "common/imports/", "common/files/")):
            continue
        if str(inside) in set(permitted):
            continue
        for node in nodes(tree):
            named = getattr(node, "attr", None)
            if isinstance(node, ast.Name) and node.id == "read_upload":
                named = node.id
            if named in {"read_upload", "FILES", "FileField"}:
                yield f"{inside}:{node.lineno}: takes a file by itself ({named})"


def bare_ignores(folder: Path) -> Iterator[str]:
    """An ignore names the rule that it ignores."""
    bare = re.compile(r"#\s*(noqa(?!:\s*[A-Z]+\d+)|type:\s*ignore(?!\[))", re.IGNORECASE)
    for path, _tree in modules(folder):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if bare.search(line):
                yield f"{path.relative_to(folder)}:{number}: an ignore without its rule"


def foreign_templates(package: Path) -> Iterator[str]:
    """A template extends and includes its own room's or common's."""
    reference = re.compile(r"""{%-?\s*(?:extends|include|import|from)\s+["']([^"']+)["']""")
    for path in sorted(package.glob("*/templates/**/*.html")):
        room = path.relative_to(package).parts[0]
        for name in reference.findall(path.read_text("utf-8")):
            if room not in NO_STAIRS and name.split("/")[0] not in {room, "common"}:
                yield f"{path.relative_to(package)}: reaches for {name}"


def replaced_bodies(package: Path, permitted: Iterable[str] = ()) -> Iterator[str]:
    """A page fills `content` or `main`; `body` is the whole frame with menu and messages."""
    for page in sorted(package.rglob("templates/**/*.html")):
        name = page.relative_to(package).as_posix()
        if name.startswith("common/") or name in permitted:
            continue
        if "{% block body %}" in page.read_text("utf-8"):
            yield f"{name}: a block named body replaces menu and messages"


def inline_code(package: Path) -> Iterator[str]:
    """The content security policy lets no inline style and no inline script run."""
    patterns = {
        "a style element": r"<style\b",
        "a style attribute": r"<[^>]*\sstyle\s*=",
        "an inline script": r"<script\b(?![^>]*\bsrc=)(?![^>]*\btype=[\"']application/json)",
        "an event attribute": r"<[^>]*\son[a-z]+\s*=",
    }
    for path in sorted(package.glob("*/templates/**/*.html")):
        if path.relative_to(package).parts[0] in NO_STAIRS:
            continue
        text = path.read_text("utf-8")
        for what, pattern in patterns.items():
            if re.search(pattern, text, re.IGNORECASE):
                yield f"{path.relative_to(package)}: {what}"


def foreign_commas(package: Path) -> Iterator[str]:
    """A comma between two words of a page is written by language, so it stands in a message."""
    message = re.compile(
        r"\{%\s*(?:blocktranslate|blocktrans)\b.*?\{%\s*endblocktrans(?:late)?\s*%\}", re.DOTALL
    )
    comma = re.compile(
        r"(?:\}\}|%\}|</(?:bdi|strong|span|em|a|time)>)[,،](?=[\s{<])|join:\"[^\"]*[,،][^\"]*\""
    )
    for path in sorted(package.glob("*/templates/**/*.html")):
        for match in comma.finditer(message.sub("", path.read_text("utf-8"))):
            yield f"{path.relative_to(package)}: {match.group()}"


def bare_codes(package: Path) -> Iterator[str]:
    """A page names a language in words: its code stands in attributes alone."""
    said = re.compile(r"(?:\{\{\s*|blocktranslate[^%]*=)\w+(?:\.\w+)*\.language\s")
    for path in sorted(package.glob("*/templates/**/*.html")):
        for match in said.finditer(re.sub(r"[\w-]+=\"[^\"]*\"", "", path.read_text("utf-8"))):
            yield f"{path.relative_to(package)}: {match.group()}"


def words_inside_texts(package: Path) -> Iterator[str]:
    """Words are asked for before a formatted text: from Python 3.12 on they are not read in it."""
    asking = {"_", *(f"{n}{p}gettext{lazy}" for n in ("", "n") for p in ("", "p")
                     for lazy in ("", "_lazy"))}  # fmt: skip
    for path in sorted(package.rglob("*.py")):
        for text in nodes(ast.parse(path.read_text("utf-8"))):
            if isinstance(text, ast.JoinedStr):
                calls = [node for node in nodes(text) if isinstance(node, ast.Call)]
                for call in calls:
                    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
                    literal = call.args and isinstance(call.args[0], ast.Constant)
                    if name in asking and literal:
                        yield f"{path.relative_to(package)}:{call.lineno}: {ast.unparse(call)}"


def physical_directions(package: Path) -> Iterator[str]:
    """A stylesheet says start and end, so that one sheet serves both directions."""
    for path in sorted(package.rglob("*.css")):
        text = path.read_text("utf-8")
        text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group().count("\n"), text, flags=re.DOTALL)
        for number, line in enumerate(text.splitlines(), 1):
            if re.search(r"(?<![\w-])(?:[a-z-]+-)?(?:left|right)(?:-[a-z]+)*(?![\w-])", line):
                yield f"{path.relative_to(package)}:{number}: {line.strip()}"


def leftovers(files: Iterable[Path]) -> Iterator[str]:
    """What is not done is an issue, not a note in a file."""
    mark = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX|HA" + r"CK)\b")
    for path in files:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if mark.search(line) and not re.search(mark.pattern + r"\(#\d+\)", line):
                yield f"{path}:{number}: {line.strip()}"


class Relation(NamedTuple):
    """A foreign key or a many-to-many between two rooms."""

    source: str
    field: str
    target: str
    related_name: str
    on_delete: str


def relations(models: Iterable[type[Model]]) -> Iterator[Relation]:
    """Yield the relations that leave a room for another room of the house."""
    for model in models:
        for field in (*model._meta.fields, *model._meta.local_many_to_many):
            if not field.is_relation or field.related_model is None:
                continue
            source, target = model._meta.app_label, field.related_model._meta.app_label
            if source == target or not field.related_model.__module__.startswith("hiwar."):
                continue
            remote = field.remote_field
            delete = getattr(getattr(remote, "on_delete", None), "__name__", "")
            name = str(remote.related_name or "")
            yield Relation(source, f"{model.__name__}.{field.name}", target, name, delete)


def climbing(found: Iterable[Relation], floor: dict[str, int]) -> Iterator[str]:
    """A relation points down, is not seen from below, and deletes nothing on another floor."""
    for relation in found:
        where = f"{relation.source}.{relation.field}"
        if floor[relation.target] >= floor[relation.source]:
            yield f"{where}: points up or sideways to {relation.target}"
        if not relation.related_name.endswith("+"):
            yield f'{where}: a relation across rooms has related_name="+"'
        if relation.on_delete == "CASCADE":
            yield f"{where}: deletes across rooms; use PROTECT"


def glossary_models(text: str) -> set[str]:
    """Return the models named in the third column of the glossary's tables, as `room.Model`."""
    return set(re.findall(r"^\|[^|]*\|[^|]*\|\s*`(\w+\.\w+)`\s*\|", text, re.MULTILINE))
