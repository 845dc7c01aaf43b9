"""Travellers and a programme as a spreadsheet holds them, read as the delegation file they say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from django.utils.translation import override

from hiwar.common import dates
from hiwar.common.imports import NotTaken, Plan, Problem, ShownRow
from hiwar.common.imports.plans import LEFT_OUT, LONGEST_VALUE, NEW, SHOWN_ROWS, left_columns
from hiwar.common.multilingual import MultilingualText, installation_languages
from hiwar.common.scripts import language_of_text, script_of_text
from hiwar.common.vocabularies.lists import words_in
from hiwar.contacts.queries.cells import clock_in, day_in, folded
from hiwar.events.models import Event
from hiwar.visits.models import Visit
from hiwar.visits.queries.delegation_import import read_delegation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hiwar.common.imports import Source

    Cells = Mapping[str, str]
    Document = tuple[dict[str, Any], list[Problem], dict[str, list[tuple[str, int]]]]

TRAVELLERS, PROGRAMME, DELEGATION = "travellers", "programme", "delegation"
COLUMNS = Path(__file__).parents[1] / "import_columns.json"
# Where a delegation file calls a part of its lists by another name.
_ENTRIES = {TRAVELLERS: "members", PROGRAMME: "meetings"}


def heading_words(part: str) -> Mapping[str, Sequence[str]]:
    """Return what headings of one list may be called, by what they stand for."""
    return cast("Mapping[str, Sequence[str]]", words_in(COLUMNS)[part])


def plan_spreadsheet(source: Source) -> Plan:
    """Return what travellers and a programme would do to an empty visit; nothing is written.

    ``data`` is the delegation file that the rows amount to.
    """
    visit = Visit.objects.get(pk=source.run.record_key)
    document, problems, lines = _document(source)
    delegation = read_delegation(document, starts_on=visit.starts_on, ends_on=visit.ends_on)
    for problem in delegation.problems:
        entry, _blank, number = problem.where.partition(" ")
        listed = lines.get(entry, [])
        part, line = listed[int(number) - 1] if number.isdecimal() and listed else ("", 0)
        problems.append(
            Problem(
                "delegation", line, part=part, value=problem.what,
                stops=problem.stops, is_notice=not problem.stops,
            )
        )  # fmt: skip
    if visit.items.exists() or visit.travellers.exists():
        problems.insert(0, Problem("not_empty", stops=True))
    people = [
        ShownRow(
            at, NEW,
            (str(person.facts["name"]), str(MultilingualText(person.facts["role"])),  # type: ignore[arg-type]  # texts
             str(person.facts["party"])),
            part=TRAVELLERS,
        )
        for at, person in enumerate(delegation.travellers[:SHOWN_ROWS], 1)
    ]  # fmt: skip
    stops = [
        ShownRow(
            at, NEW,
            (str(MultilingualText(item.title)), dates.day(item.day),
             f"{item.starts:%H:%M}–{item.ends:%H:%M}"),
            part=PROGRAMME,
        )
        for at, item in enumerate(delegation.items[:SHOWN_ROWS], 1)
    ]  # fmt: skip
    left = [
        ShownRow(problem.line, LEFT_OUT, (problem.value[:LONGEST_VALUE],), part=problem.part)
        for problem in problems
        if problem.leaves_out
    ][:SHOWN_ROWS]
    return Plan(
        rows=[*people, *stops, *left],
        problems=problems,
        not_taken=[*_not_taken(source)],
        counts={
            "travellers": len(delegation.travellers),
            "items": len(delegation.items),
            "days": len(delegation.by_day),
        },
        data=document,
    )


def _document(source: Source) -> Document:
    """Return the delegation file of the rows, what is wrong, and file and line of each entry.

    A delegation file that was sent comes first; rows of spreadsheets are added to its lists.
    """
    file = source.files.get(DELEGATION)
    document: dict[str, Any] = dict(file.document or {}) if file else {}
    problems: list[Problem] = []
    lines: dict[str, list[tuple[str, int]]] = {}
    for entries in _ENTRIES.values():
        there = document.get(entries)
        document[entries] = list(there) if isinstance(there, list) else []
        lines[entries] = [(DELEGATION, at + 1) for at in range(len(document[entries]))]
    for part, read in ((TRAVELLERS, _member), (PROGRAMME, _meeting)):
        entries = _ENTRIES[part]
        for line, cells in _rows(source, part):
            entry, problem = read(cells)
            if problem:
                shown = " · ".join(filter(None, cells.values()))
                problems.append(Problem(problem, line, part=part, value=shown, leaves_out=True))
                continue
            if entries == "members":
                entry["no"] = len(document["members"]) + 1
            document[entries].append(entry)
            lines[entries].append((part, line))
    return document, problems, lines


def _rows(source: Source, part: str) -> Iterator[tuple[int, dict[str, str]]]:
    file = source.files.get(part)
    if file is None:
        return
    for line, cells in file.rows:
        named = {
            name: " ".join(cells[int(at)].split())
            for at, name in file.mapping.items()
            if int(at) < len(cells)
        }
        if any(named.values()):
            yield line, named


def _member(cells: Cells) -> tuple[dict[str, Any], str]:
    names = [text for text in (cells.get("name", ""), cells.get("other_name", "")) if text]
    if not names:
        return {}, "name_missing"
    # A passport has its name in Latin letters beside any others.
    name = next((text for text in names if script_of_text(text) == "Latn"), names[0])
    diet, role = cells.get("diet", ""), cells.get("role", "")
    nothing = {folded(word) for word in words_in(COLUMNS)["no_diet"]}
    return {
        "name": name,
        "other_name": next((text for text in names if script_of_text(text) != "Latn"), ""),
        "role": {language_of_text(role): role} if role else {},
        "party": cells.get("party", ""),
        "phone": cells.get("phone", ""),
        "diet": "" if folded(diet) in nothing else diet,
        "needs": cells.get("needs", ""),
    }, ""


def _meeting(cells: Cells) -> tuple[dict[str, Any], str]:
    day, title = day_in(cells.get("date", "")), cells.get("title", "")
    starts, ends = clock_in(cells.get("start", "")), clock_in(cells.get("end", ""))
    if not title:
        return {}, "title_missing"
    if day is None:
        return {}, "day_unreadable"
    if starts is None or ends is None or ends <= starts:
        return {}, "hours_unreadable"
    kind, place = cells.get("type", ""), cells.get("place", "")
    code = _kinds().get(folded(kind), "" if kind else Event.Kind.MEETING.value)
    if not code:
        return {}, "kind_unknown"
    return {
        "type": code,
        "title": {language_of_text(title): title},
        "date": day.isoformat(),
        "start": f"{starts:%H:%M}",
        "end": f"{ends:%H:%M}",
        "place": {language_of_text(place): place} if place else {},
        "host": [host.strip() for host in cells.get("host", "").split(";") if host.strip()],
        "phone": cells.get("phone", ""),
        "note": cells.get("note", ""),
    }, ""


def _kinds() -> dict[str, str]:
    """Return the kinds of events by what they are called in the languages of the installation."""
    kinds = {folded(kind.value.replace("_", " ")): kind.value for kind in Event.Kind}
    for language in installation_languages():
        with override(language):
            kinds |= {folded(str(kind.label)): kind.value for kind in Event.Kind}
    return kinds


def _not_taken(source: Source) -> Iterator[NotTaken]:
    for part, file in source.files.items():
        yield from left_columns(file.header, file.rows, file.mapping, part)


def entries_of(document: Mapping[str, Any]) -> int:
    """Return how many people and meetings a delegation file holds; 1 for one without a list."""
    lists = [document.get(name) for name in _ENTRIES.values()]
    return sum(len(listed) for listed in lists if isinstance(listed, list)) or 1
