"""The rules of the border: what each mechanism of the house does, and nobody else."""

from __future__ import annotations

import ast
import itertools
import re
from typing import TYPE_CHECKING

from syntax import functions, modules, nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# Rows that one place of the house makes, because a rule hangs on how they are made.
MAKERS = {
    "IssuedNumber": "common/numbering.py",
    "NumberSeries": "common/numbering.py",
    "PrivateLink": "common/links/",
    "ImportRun": "common/imports/",
    "StoredFile": "common/files/",
    "Message": "channels/",
    "Suppression": "channels/",
    "Signing": "signatures/",
    "SigningVersion": "signatures/",
    "SigningRequest": "signatures/",
    "SigningLetter": "signatures/",
    "Signature": "signatures/",
}
MAKES = {"create", "bulk_create", "get_or_create", "update_or_create"}


def foreign_makers(package: Path) -> Iterator[str]:
    """A row of a mechanism of the border is made by that mechanism alone, whoever needs it."""
    for path, tree in modules(package):
        inside = str(path.relative_to(package))
        if inside.startswith("engine/"):
            continue
        for node in nodes(tree):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            model, _objects, verb = called.partition(".objects.")
            is_made = called in MAKERS or (model in MAKERS and verb in MAKES)
            if is_made and not inside.startswith(MAKERS[model]):
                yield f"{inside}:{node.lineno}: makes a {model} by itself"


# What only one place of the house may import: from the beginning of a name to those places.
SOLE_USERS = {
    "django_tasks": ("common/jobs/", "config/"),
    "email.message": ("channels/",),
    "email.mime": ("channels/",),
    "hiwar.channels.adapters": ("channels/",),
    "hiwar.common.jobs.backend": ("common/jobs/",),
}


def sole_users(package: Path) -> Iterator[str]:
    """Only jobs know the queue, and only channels writes mail: a room enqueues, and posts."""
    for path, tree in modules(package):
        inside = str(path.relative_to(package))
        for node in nodes(tree):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            for name, beginning in itertools.product(names, SOLE_USERS):
                is_meant = name == beginning or name.startswith((f"{beginning}.", f"{beginning}_"))
                if is_meant and not inside.startswith(SOLE_USERS[beginning]):
                    yield f"{inside}:{node.lineno}: imports {name}"


# What hands something to a carrier asks the one list of opt-outs first: the outbox, which judges
# each message at hand-over. The operator's own test letter goes past it.
SENDERS = {
    "adapters": ("channels/tasks.py", "channels/management/commands/check_mail.py"),
    "Parcel": ("channels/actions/delivery.py",),
    "Suppression": ("channels/models/", "channels/queries/opt_outs.py",
                    "channels/actions/opt_outs.py"),
}  # fmt: skip
OWN_LIST = re.compile(
    r"opt(ed|s)?_?(out|in)\b|unsubscrib|no_messages|wants_no|do_not_(mail|call|wri)"
)


def unasked_senders(package: Path) -> Iterator[str]:
    """Whatever sends asks who opted out: no second way to a carrier, and no second list."""
    for path, tree in modules(package):
        inside = path.relative_to(package).as_posix()
        if inside.startswith(("engine/", "channels/adapters/")) or "/migrations/" in inside:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                "hiwar.channels.adapters."
            ):
                if inside not in SENDERS["adapters"]:
                    yield f"{inside}:{node.lineno}: hands something to a carrier by itself"
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "Parcel":
                if inside not in SENDERS["Parcel"]:
                    yield f"{inside}:{node.lineno}: makes a Parcel that nobody judged"
            elif isinstance(node, ast.Attribute) and ast.unparse(node) == "Suppression.objects":
                if not inside.startswith(SENDERS["Suppression"]):
                    yield f"{inside}:{node.lineno}: reads opt-outs by itself"
            elif isinstance(node, ast.Assign) and "/models" in inside:
                names = [ast.unparse(target) for target in node.targets]
                if any(OWN_LIST.search(name) for name in names):
                    yield f"{inside}:{node.lineno}: keeps opt-outs of its own ({names[0]})"


# Who reads what people send, and who reads files of the installation itself.
READERS = {
    "read_upload": ("accounts/desk/imports.py",),
    "read_workbook": (),
    "read_cards": (),
    "own_upload": ("dialogues/actions/imports/scenario.py",),
}
RUN_OF_FILES = re.compile(r"(Import|Upload)(File|Batch|Run|Mapping)?s?$")


def own_readers(package: Path) -> Iterator[str]:
    """Tables come in at the one desk: no room reads a file, or keeps runs and mappings, itself."""
    for path, tree in modules(package):
        inside = str(path.relative_to(package))
        if inside.startswith(("analysis/", "common/")):
            continue
        for node in nodes(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "hiwar.common.tables":
                for name in (alias.name for alias in node.names):
                    if name in READERS and inside not in READERS[name]:
                        yield f"{inside}:{node.lineno}: reads files by itself ({name})"
            is_model = isinstance(node, ast.ClassDef) and "/models" in inside
            if is_model and RUN_OF_FILES.search(node.name):
                yield f"{inside}:{node.lineno}: keeps runs of files of its own ({node.name})"


# Tables that hold thousands of rows in a house of some years.
LARGE = {"Person", "Organisation", "Post", "Event", "Place"}
LISTS = {"ModelChoiceField", "ModelMultipleChoiceField"}


def long_lists(package: Path, permitted: Iterable[str] = ()) -> Iterator[str]:
    """Whoever chooses from a large table does so by a field that searches (`desk.choosing`)."""
    for path, tree in modules(package):
        plain = set(LISTS)
        for node in nodes(tree):
            if isinstance(node, ast.ClassDef):
                bases = {ast.unparse(base).split(".")[-1].split("[")[0] for base in node.bases}
                plain |= {node.name} if bases & LISTS else set()
        for node in nodes(tree):
            if not isinstance(node, ast.Call):
                continue
            offered = [*node.args[:1], *(k.value for k in node.keywords if k.arg == "queryset")]
            tables = LARGE & {ast.unparse(each).split(".")[0] for each in offered}
            is_list = ast.unparse(node.func).split(".")[-1] in plain
            place = path.relative_to(package).as_posix()
            if is_list and tables and place not in permitted:
                yield f"{place}:{node.lineno}: a list of {', '.join(tables)} has no end"


def own_lists(package: Path, inside_records: Iterable[str] = ()) -> Iterator[str]:
    """A list at the desk stands in the frame of lists, and one place turns pages.

    ``inside_records`` names the views whose list stands in the frame of a record.
    """
    desks = {
        path.relative_to(package): tree
        for path, tree in modules(package)
        if "desk" in path.relative_to(package).with_suffix("").parts[1:]
        and path.relative_to(package).parts[0] != "common"
    }
    calls = {
        (path, function.name): {
            name
            for node in nodes(function)
            if isinstance(node, ast.Call) and (name := getattr(node.func, "id", ""))
        }
        for path, tree in desks.items()
        for function in functions(tree)
    }
    frames = {"list_page"} | {
        name for (_path, name), called in calls.items() if "list_page" in called
    }
    for (path, name), called in calls.items():
        is_known = f"{path}:{name}" in set(inside_records)
        if "paged" in called and not called & frames and not is_known:
            yield f"{path}: {name} is a list without the frame of lists"
    for path, tree in modules(package):
        inside = path.relative_to(package)
        for node in nodes(tree):
            is_turning = isinstance(node, ast.ImportFrom) and node.module == "django.core.paginator"
            if is_turning and str(inside) != "common/desk/pages.py":
                yield f"{inside}:{node.lineno}: turns pages by itself"
    turning = re.compile(r"has_next|has_previous|num_pages|page_range|class=\"pagination")
    for path in sorted(package.glob("*/templates/**/*.html")):
        inside = path.relative_to(package)
        if inside.name != "pagination.html" and turning.search(path.read_text("utf-8")):
            yield f"{inside}: turns pages by itself"


def own_forms(package: Path, permitted: Iterable[str] = ()) -> Iterator[str]:
    """A form at its whole length is the component *form*: summary of errors, fields, actions."""
    whole = re.compile(
        r"\{% for (\w+) in [\w.]+ %\}\{% field \1[^%]*%\}\{% endfor %\}\s*"
        r'<div class="form-actions">'
    )
    for path in sorted(package.glob("*/templates/**/*.html")):
        inside = path.relative_to(package).as_posix()
        is_known = inside.startswith("common/") or inside in set(permitted)
        if not is_known and whole.search(path.read_text("utf-8")):
            yield f"{inside}: a form without the component of forms"


def own_frames(package: Path, permitted: Iterable[str] = ()) -> Iterator[str]:
    """The way above a page and the page of a form are frames of `common`, which rooms fill.

    ``permitted`` names the templates in which a form with a way back stands below what a record
    shows, or has steps or buttons that the frame does not know.
    """
    trail = re.compile(r'<(?:nav|ol|div)[^>]*class="breadcrumb')
    component = re.compile(r'\{% (?:part|component) "form"[^%]* back=')
    by_hand = re.compile(r'<div class="form-actions">.*\{% translate "Cancel" %\}')
    for path in sorted(package.glob("*/templates/**/*.html")):
        inside, source = path.relative_to(package).as_posix(), path.read_text("utf-8")
        if inside.startswith("common/"):
            continue
        if trail.search(source):
            yield f"{inside}: draws the way above the page by itself, without the frame of pages"
        is_form = component.search(source) or (
            by_hand.search(source) and '"error_summary"' in source
        )
        if is_form and inside not in set(permitted):
            yield f"{inside}: the page of a form without the frame of forms"
    fillings = re.compile(r'\{% extends "common/form_page\.html" %\}')
    filled = {
        str(path).split("/templates/")[1]
        for path in package.glob("*/templates/**/*.html")
        if fillings.match(path.read_text("utf-8"))
    }
    rendered = re.compile(r'\brender\(\s*request,\s*"([^"]+)"')
    for path in sorted(package.rglob("*.py")):
        for name in rendered.findall(path.read_text("utf-8")):
            if name in filled:
                inside = path.relative_to(package).as_posix()
                yield f"{inside}: shows {name} without form_page of the frame"


def letters_in_loops(package: Path, permitted: Iterable[str] = ()) -> Iterator[str]:
    """Letters to many are a mailing: written portion by portion, so that no request waits."""
    loops = (ast.For, ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
    for path, tree in modules(package):
        inside = str(path.relative_to(package))
        if inside.startswith(("common/", "channels/")):
            continue
        bodies = {function.name: function for function in functions(tree)}
        posters = {"post", "post.post"}
        while True:
            more = {name for name, body in bodies.items() if _called(body) & posters} - posters
            if not more:
                break
            posters |= more
        for name, function in bodies.items():
            takes = {argument.arg for argument in function.args.kwonlyargs}
            if "portion" in takes or f"{inside}:{name}" in set(permitted):
                continue
            if any(isinstance(n, loops) and _called(n) & posters for n in nodes(function)):
                yield f"{inside}: {name} writes letters in a loop"


def _called(tree: ast.AST) -> set[str]:
    return {ast.unparse(node.func) for node in nodes(tree) if isinstance(node, ast.Call)}
