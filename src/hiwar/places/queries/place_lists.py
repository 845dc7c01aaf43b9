"""A list of places in a file: what its rows would make, each under the place that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from hiwar.common.imports import Plan, Problem, ShownRow
from hiwar.common.imports.plans import KNOWN, LEFT_OUT, NEW, SHOWN_ROWS, left_columns
from hiwar.common.multilingual import installation_languages
from hiwar.common.scripts import language_of_text
from hiwar.common.search.folding import fold
from hiwar.common.vocabularies import entries
from hiwar.common.vocabularies.lists import words_in
from hiwar.places.models import Place
from hiwar.places.queries.vocabularies import KIND, LEVEL, place_headings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hiwar.common.imports import Source

PLACES = "places"
NAME = "name_"
COLUMNS = Path(__file__).parents[1] / "import_columns.json"
LONGEST = {"code": 40, "level": 30, "kind": 30, "note": 200}
LONGEST_NAME = 200


@dataclass(slots=True)
class Row:
    """A place as a row tells it; ``under`` is the row or the code that it belongs to."""

    line: int
    name: dict[str, str]
    code: str = ""
    level: str = ""
    kind: str = ""
    note: str = ""
    parent: str = ""
    under: Row | str | None = None
    known: bool = False

    def keys(self) -> set[str]:
        """Return what other rows may call this one."""
        return {key for text in (self.code, *self.name.values()) if (key := fold(text))}


@dataclass(slots=True)
class Tree:
    """The places that are there and those of the file, by what they are called."""

    places: dict[str, list[Row | str]] = field(default_factory=dict)

    def add(self, keys: set[str], place: Row | str) -> None:
        """Remember a place under each of its names."""
        for key in keys:
            self.places.setdefault(key, []).append(place)


def heading_words() -> Mapping[str, Sequence[str]]:
    """Return what headings may be called, with a name in each language of the installation."""
    shipped = dict(words_in(COLUMNS))
    shipped["parent"] = [*shipped["parent"], *place_headings()]
    names = dict(settings.LANGUAGES)
    for code in installation_languages():
        shipped[f"{NAME}{code}"] = [
            f"{NAME}{code}",
            f"name {code}",
            f"name in {names.get(code, code)}",
        ]
    return shipped


def plan_places(source: Source) -> Plan:
    """Return what a list of places would make; nothing is written.

    A place is known by its code, or by its name where the list has no codes and the name stands
    under the same place. ``data`` are the new rows, each after the one that it belongs to.
    """
    file = source.files[PLACES]
    problems: list[Problem] = []
    rows = [row for line, cells in file.rows if (row := _row(line, cells, file.mapping, problems))]
    tree = _tree(rows)
    left: list[ShownRow] = []
    for row in rows:
        problem = _settle(row, tree)
        if problem:
            problems.append(
                Problem(problem, row.line, value=row.parent or _shown(row), leaves_out=True)
            )
            left.append(ShownRow(row.line, LEFT_OUT, _cells(row)))
            row.line = 0
    _leave_out_what_hangs(rows, problems, left)
    standing = [row for row in rows if row.line]
    new = [row for row in standing if not row.known]
    shown = [ShownRow(row.line, KNOWN if row.known else NEW, _cells(row)) for row in standing]
    return Plan(
        rows=[*shown[:SHOWN_ROWS], *left[:SHOWN_ROWS]],
        problems=problems,
        not_taken=left_columns(file.header, file.rows, file.mapping),
        counts={"new": len(new), "known": len(standing) - len(new)},
        data=list(_in_order(new)),
    )  # fmt: skip


def _row(
    line: int, cells: Sequence[str], mapping: Mapping[str, str], problems: list[Problem]
) -> Row | None:
    cell_of = {
        name: " ".join(cells[int(at)].split())
        for at, name in mapping.items()
        if int(at) < len(cells)
    }
    if not any(cell_of.values()):
        return None
    name = {
        key.removeprefix(NAME): text[:LONGEST_NAME]
        for key, text in cell_of.items()
        if key.startswith(NAME) and text
    }
    if plain := cell_of.get("name", ""):
        name.setdefault(language_of_text(plain), plain[:LONGEST_NAME])
    if not name:
        problems.append(Problem("name_missing", line, leaves_out=True))
        return None
    short = {key: cell_of.get(key, "")[:longest] for key, longest in LONGEST.items()}
    return Row(
        line, name, code=short["code"], level=_code_of(LEVEL, short["level"]),
        kind=_code_of(KIND, short["kind"]), note=short["note"], parent=cell_of.get("parent", ""),
    )  # fmt: skip


def _code_of(vocabulary: str, word: str) -> str:
    """Return the code of what a cell calls by its name in any language, or the cell itself."""
    for code, entry in entries.entries(vocabulary).items():
        if fold(word) in {fold(text) for text in [code, *entry.text.values()]}:
            return code
    return word


def _tree(rows: list[Row]) -> Tree:
    tree = Tree()
    for place in Place.objects.order_by("code", "pk"):
        keys = {fold(text) for text in (place.code, *place.name.values())}
        tree.add(keys, place.code)
    for row in rows:
        tree.add(row.keys(), row)
    return tree


def _settle(row: Row, tree: Tree) -> str:
    """Find what a row belongs to and whether it is there already; return what is wrong."""
    if row.parent:
        called = [place for place in tree.places.get(fold(row.parent), []) if place is not row]
        exact = [place for place in called if _code(place) == row.parent]
        called = exact or called
        # A row of the file that repeats a place that is there names the same place.
        codes = {_code(place) or id(place) for place in called}
        if not called:
            return "parent_unknown"
        if len(codes) > 1:
            return "parent_unclear"
        row.under = called[0]
    if row.code:
        twin = [place for place in tree.places.get(fold(row.code), []) if _code(place) == row.code]
        if any(isinstance(place, str) for place in twin):
            row.known = True
        elif twin[0] is not row:
            return "code_twice"
    return ""


def _code(place: Row | str) -> str:
    return place if isinstance(place, str) else place.code


def _leave_out_what_hangs(rows: list[Row], problems: list[Problem], left: list[ShownRow]) -> None:
    """Leave out rows that belong to a row that is left out, or to themselves in a circle."""
    again = True
    while again:
        again = False
        for row in rows:
            if row.line and isinstance(row.under, Row) and (not row.under.line or _circles(row)):
                problems.append(
                    Problem("parent_left_out", row.line, value=row.parent, leaves_out=True)
                )
                left.append(ShownRow(row.line, LEFT_OUT, _cells(row)))
                row.line, again = 0, True


def _circles(row: Row) -> bool:
    seen = {id(row)}
    at = row.under
    while isinstance(at, Row):
        if id(at) in seen:
            return True
        seen.add(id(at))
        at = at.under
    return False


def _in_order(rows: list[Row]) -> Iterator[Row]:
    """Yield rows, each after the one that it belongs to."""
    waiting, unplaced = list(rows), {id(row) for row in rows}
    while waiting:
        ready = [
            row
            for row in waiting
            if not isinstance(row.under, Row) or id(row.under) not in unplaced
        ]
        yield from ready
        unplaced -= {id(row) for row in ready}
        waiting = [row for row in waiting if id(row) in unplaced]


def _shown(row: Row) -> str:
    return next(iter(row.name.values()))


def _cells(row: Row) -> tuple[str, ...]:
    return (_shown(row), row.code, row.parent)
