"""What a list of sources would do, be it RIS, BibTeX, CSL-JSON or a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hiwar.analysis.references import FIELDS, lines_of_names, names_in, year_or_day
from hiwar.common.imports import Plan, Problem, ShownRow
from hiwar.common.imports.plans import KNOWN, NEW, SHOWN_ROWS, left_columns
from hiwar.common.models import Visibility
from hiwar.common.tables import fold
from hiwar.evidence.models import Source
from hiwar.evidence.queries.identifiers import address_in, doi_in, isbn_in
from hiwar.evidence.queries.import_words import cells_by_name, code_of, language_of
from hiwar.evidence.queries.library import sources_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hiwar.analysis.references import Reference
    from hiwar.common.imports import Source as Sent
    from hiwar.common.models import ImportRun

SOURCES = "sources"
PLAIN = ("container", "publisher", "publisher_place", "volume", "issue", "pages", "number", "note")
LONGEST = {field.name: field.max_length for field in Source._meta.concrete_fields}


def rows_of_references(
    references: Sequence[Reference],
) -> tuple[Sequence[str], list[tuple[int, Sequence[str]]]]:
    """Return references as rows: a column for each thing that any of them says.

    What has no field of a source has a column under its own name, so that it is told as not taken.
    """
    others = dict.fromkeys(
        name for reference in references for name in reference.values if name not in FIELDS
    )
    used = {name for reference in references for name in reference.values}
    header = [*(name for name in FIELDS if name in used), *others]
    rows: list[tuple[int, Sequence[str]]] = [
        (reference.line, [reference.values.get(name, "") for name in header])
        for reference in references
    ]
    return header, rows


def lacks_titles(run: ImportRun) -> bool:
    """Return whether no column of a list stands for the titles."""
    choices = run.choices.get(SOURCES)
    return choices is not None and "title" not in choices["mapping"].values()


def plan_sources(sent: Sent) -> Plan:
    """Return what a list would do; its data are the values of each new source.

    A source is known by its DOI, or by its title and year. Whether one that is known comes in
    once more, a person says beside the file.
    """
    taking = sent.files[SOURCES]
    known = _Known(sent)
    again = sent.run.options.get("again") == "True"
    visibility = sent.run.options.get("visibility", Visibility.INSTITUTION)
    plan = Plan(not_taken=left_columns(taking.header, taking.rows, taking.mapping))
    rows: list[dict[str, Any]] = []
    counts = {"new": 0, "known": 0, "left_out": 0}
    for line, cells in taking.rows:
        said = cells_by_name(cells, taking.mapping)
        if not said.get("title"):
            plan.problems.append(Problem("title_missing", line, leaves_out=True))
            counts["left_out"] += 1
            continue
        values = _values(line, said, plan.problems)
        twin = known.twin_of(values)
        is_known = bool(twin) and not again
        if twin:
            plan.problems.append(
                Problem("there", line, value=twin, leaves_out=is_known, is_notice=not is_known)
            )
        counts["known" if is_known else "new"] += 1
        _show(plan, line, values, KNOWN if is_known else NEW)
        if not is_known:
            known.add(values)
            rows.append({**values, "visibility": visibility})
    plan.counts, plan.data = counts, rows
    return plan


def _values(line: int, said: Mapping[str, str], problems: list[Problem]) -> dict[str, Any]:
    """Return the fields of a source; what cannot be read is told, and the source comes without."""

    def take(name: str, value: str) -> str:
        if said.get(name) and not value:
            problems.append(Problem(f"{name}_unreadable", line, value=said[name]))
        return value

    title = " ".join(said["title"].split())
    values: dict[str, Any] = {name: said.get(name, "") for name in PLAIN}
    values |= {
        "title": title,
        "kind": take("kind", code_of("kind", said.get("kind", ""))) or Source.Kind.OTHER,
        "language": language_of(said.get("language", ""), title),
        "authors": names_in(said.get("authors", "")),
        "issued": take("issued", year_or_day(said.get("issued", ""))),
        "doi": take("doi", doi_in(said.get("doi", ""))),
        "isbn": take("isbn", isbn_in(said.get("isbn", ""))),
        "url": take("url", address_in(said.get("url", ""))),
    }
    for name in (*PLAIN, "title", "doi"):
        longest = LONGEST[name]
        if longest is not None and len(values[name]) > longest:
            problems.append(Problem("too_long", line, column=name, value=values[name]))
            values[name] = values[name][: longest - 1].rstrip() + "…" if name != "doi" else ""
    return values


def _show(plan: Plan, line: int, values: Mapping[str, Any], outcome: str) -> None:
    if len(plan.rows) < SHOWN_ROWS:
        names = lines_of_names(values["authors"]).replace("\n", "; ")
        cells = (values["title"], names, values["issued"], values["publisher"])
        plan.rows.append(ShownRow(line, outcome, cells))


class _Known:
    """The sources that are there and those of the file, by DOI and by title with year."""

    def __init__(self, sent: Sent) -> None:
        self._doi: dict[str, str] = {}
        self._title: dict[tuple[str, str], str] = {}
        for row in sources_for(sent.actor).values("title", "issued", "doi"):
            self.add(row)

    def add(self, values: Mapping[str, Any]) -> None:
        """Remember a source."""
        if values["doi"]:
            self._doi.setdefault(values["doi"].lower(), values["title"])
        self._title.setdefault((fold(values["title"]), values["issued"][:4]), values["title"])

    def twin_of(self, values: Mapping[str, Any]) -> str:
        """Return the title of the source that seems to be this one; empty where none does."""
        by_doi = self._doi.get(values["doi"].lower(), "") if values["doi"] else ""
        return by_doi or self._title.get((fold(values["title"]), values["issued"][:4]), "")
