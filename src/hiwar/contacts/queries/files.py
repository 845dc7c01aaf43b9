"""Files of people as they would come in: rows read, grouped to people, with what would change."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING

from hiwar.common.imports import Change, NotTaken, Plan, Problem, ShownRow
from hiwar.common.imports.plans import (
    CHANGED,
    KNOWN,
    LEFT_OUT,
    LONGEST_VALUE,
    NEW,
    SHOWN_CHANGES,
    SHOWN_ROWS,
    left_columns,
)
from hiwar.common.multilingual import installation_languages
from hiwar.common.scripts import columns_of_names, language_of_text
from hiwar.contacts.models import ContactPoint, FileRow, Organisation, Person
from hiwar.contacts.queries.cells import emails_in, folded, is_yes, phones_in, sex_in, year_in
from hiwar.contacts.queries.people import people_for
from hiwar.contacts.queries.register import candidates
from hiwar.contacts.queries.vocabularies import (
    code_of,
    honorific_words,
    without_honorific,
)
from hiwar.engine.names import (
    Candidate,
    Decision,
    automatic,
    cluster,
    open_pairs,
    propose_duplicates,
)
from hiwar.places.models import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from django.db.models import QuerySet

    from hiwar.common.imports import Source
    from hiwar.common.models import ImportRun
    from hiwar.engine.names import Clustering, Pair

NAME_PARTS = ("first", "father", "grandfather", "family")
USED = frozenset(
    ["name", *NAME_PARTS, "phone", "email", "birth_year", "place", "sex", "disability", "sector",
     "language", "organisation", "post", "note"]
)  # fmt: skip
PEOPLE = "people"
ROW = "row:"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A row of a file as far as it says something of a person.

    ``names`` by language, ``written`` as the cells have them; ``phone`` as given with its key
    beside it; ``more`` what else reaches them, each as kind, value and key; ``place`` the key of a
    place, empty where it is not known.
    """

    line: int
    names: Mapping[str, str]
    written: str = ""
    phone: str = ""
    phone_key: str = ""
    email: str = ""
    sex: str = ""
    birth_year: int | None = None
    place: str = ""
    disability: str = ""
    sector: str = ""
    language: str = ""
    organisation: str = ""
    post: str = ""
    honorific: str = ""
    note: str = ""
    more: tuple[tuple[str, str, str], ...] = ()

    def ways(self) -> Iterator[tuple[str, str, str]]:
        """Yield how the person can be reached: the kind, as given, and the key."""
        if self.phone:
            yield ContactPoint.Kind.PHONE.value, self.phone, self.phone_key
        if self.email:
            yield ContactPoint.Kind.EMAIL.value, self.email, self.email.casefold()
        yield from self.more

    def keys_of(self, kind: str) -> frozenset[str]:
        """Return the keys of one kind of ways."""
        return frozenset(key for of_kind, _value, key in self.ways() if of_kind == kind)


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as it would come in.

    ``groups`` holds for each person the lines of their rows and, where they are in the register
    already, their key; ``pairs`` what a person has to decide, with keys of people or ``row:line``.
    """

    rows: tuple[PersonRow, ...]
    problems: tuple[Problem, ...]
    groups: tuple[tuple[tuple[int, ...], str], ...] = ()
    pairs: tuple[Pair, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


def read_rows(
    rows: Sequence[tuple[int, Sequence[str]]], mapping: Mapping[str, str]
) -> tuple[list[PersonRow], list[Problem]]:
    """Return what the rows say of people, and what is wrong with them."""
    places = places_by_word()
    people, problems = [], []
    for line, cells in rows:
        raw: dict[str, str] = {}
        for at, name in sorted(mapping.items(), key=lambda pair: int(pair[0])):
            if int(at) < len(cells):
                before = f"{raw[name]}\n" if raw.get(name) else ""
                raw[name] = before + cells[int(at)]
        cells_of = {name: text.strip() for name, text in raw.items()}
        row, wrong = _row(line, cells_of, places)
        problems += wrong
        if row is not None:
            written = "|".join(raw.get(name, "") for name in naming())
            people.append(replace(row, written=written))
    return people, problems


def plan_file(source: Source) -> Plan:
    """Return what a file of people would do, with what of it is not taken."""
    file = source.files[PEOPLE]
    reading = look_at(file.rows, file.mapping, people_for(source.actor))
    return Plan(
        rows=shown_rows(file.rows, reading),
        changed=rows_that_change(reading),
        problems=[problem for problem in reading.problems if problem.code != "phone_missing"],
        not_taken=not_taken(file.header, file.rows, file.mapping, reading.rows),
        counts=reading.counts,
        data=reading,
    )


def shown_rows(rows: Sequence[tuple[int, Sequence[str]]], reading: Reading) -> list[ShownRow]:
    """Return the first rows as they would be: name, ways to reach, post, year of birth."""
    people = {row.line: row for row in reading.rows}
    known = {line for lines, key in reading.groups if key for line in lines}
    shown = []
    for line, cells in rows[:SHOWN_ROWS]:
        row = people.get(line)
        if row is None:
            text = " · ".join(cell for cell in cells if cell.strip())
            shown.append(ShownRow(line, LEFT_OUT, (text[:LONGEST_VALUE],)))
            continue
        reach = " · ".join(value for _kind, value, _key in row.ways())
        post = " · ".join(filter(None, [row.post, row.organisation]))
        outcome = KNOWN if line in known else NEW
        summary = (" · ".join(row.names.values()), reach, post, str(row.birth_year or ""))
        shown.append(ShownRow(line, outcome, summary))
    changing = {row.line for row in rows_that_change(reading, shown[-1].line if shown else 0)}
    return [
        ShownRow(row.line, CHANGED, row.cells) if row.line in changing else row for row in shown
    ]


def rows_that_change(reading: Reading, last: int | None = None) -> list[ShownRow]:
    """Return what rows add to people who are there, field by field; up to a line, or the first."""
    rows = {row.line: row for row in reading.rows}
    groups = [(lines, key) for lines, key in reading.groups if key]
    if last is not None:
        groups = [(lines, key) for lines, key in groups if lines[0] <= last]
    changed: list[ShownRow] = []
    for at in range(0, len(groups), 500):
        batch = groups[at : at + 500]
        there = Person.objects.filter(pk__in=[key for _lines, key in batch])
        people = {
            str(person.pk): person
            for person in there.prefetch_related("names", "points", "holdings__post__organisation")
        }
        for lines, key in batch:
            if key in people:
                changed += _changes_of(people[key], [rows[line] for line in lines])
        if len(changed) >= SHOWN_CHANGES and last is None:
            break
    return changed


def _changes_of(person: Person, group: Sequence[PersonRow]) -> Iterator[ShownRow]:
    spelt, ways = spellings_of(person), ways_of(person)
    held = {
        (folded(organisation), folded(title))
        for holding in person.holdings.all()
        for organisation in holding.post.organisation.name.values()
        for title in holding.post.title.values()
    }
    for row in group:
        changes = []
        for language, text in row.names.items():
            if (language, text) not in spelt:
                spelt.add((language, text))
                changes.append(Change("name", "", text))
        for kind, value, key in row.ways():
            if (kind, key) not in ways:
                ways.add((kind, key))
                changes.append(Change(kind, "", value))
        post = (folded(row.organisation), folded(row.post))
        if all(post) and post not in held:
            held.add(post)
            changes.append(Change("post", "", f"{row.post} · {row.organisation}"))
        if changes:
            yield ShownRow(row.line, CHANGED, (str(person),), changes=tuple(changes))


def spellings_of(person: Person) -> set[tuple[str, str]]:
    """Return the names of a person by language, as they are kept."""
    return {(name.language, name.text) for name in person.names.all()}


def ways_of(person: Person) -> set[tuple[str, str]]:
    """Return how a person can be reached: kinds and keys."""
    return {(point.kind, point.key) for point in person.points.all()}


def naming() -> tuple[str, ...]:
    """Return what columns of names can stand for: a name in any language, and its parts."""
    return ("name", *columns_of_names(), *NAME_PARTS)


def names_somebody(columns: Iterable[str]) -> bool:
    """Return whether one of these columns says at least what a person is called."""
    return bool({"name", *columns_of_names(), "first", "family"} & set(columns))


def lacks_names(run: ImportRun) -> bool:
    """Return whether no column of a file stands for a name."""
    mapping = run.choices.get(PEOPLE, {}).get("mapping", {})
    return not names_somebody(mapping.values())


def not_taken(
    header: Sequence[str],
    rows: Sequence[tuple[int, Sequence[str]]],
    mapping: Mapping[str, str],
    people: Sequence[PersonRow],
    part: str = "",
) -> list[NotTaken]:
    """Return what stands in a file and does not come in: why, under which heading, how often.

    ``why`` is `column` (it stands for nothing that is kept) or `value` (the words are not on the
    list of the register).
    """
    used = {
        at: name
        for at, name in mapping.items()
        if name in USED or name in naming() or name == "row"
    }
    lost = left_columns(header, rows, used, part)
    taken = {row.line: row for row in people}
    for at, title in enumerate(header):
        name = mapping.get(str(at), "")
        if name not in {"sector", "language"}:
            continue
        filled = [line for line, cells in rows if at < len(cells) and cells[at].strip()]
        count = sum(1 for line in filled if line in taken and not getattr(taken[line], name))
        if count:
            lost.append(NotTaken("value", title or str(at + 1), count, part))
    return lost


def look_at(
    rows: Sequence[tuple[int, Sequence[str]]],
    mapping: Mapping[str, str],
    known: QuerySet[Person],
) -> Reading:
    """Return how a file would come in beside the people who are known.

    Rows of one file are one person, or somebody already known, only for a strong reason beside
    the name; everything else is for a person to decide.
    """
    people, problems = read_rows(rows, mapping)
    there = candidates(known)
    bodies = _bodies_by_word()
    listed = [_candidate(row, bodies) for row in people] + there
    honorifics = [word for word, _code in honorific_words()]
    pairs = [
        pair
        for pair in propose_duplicates(listed, honorifics=honorifics)
        if pair.first.startswith(ROW) or pair.second.startswith(ROW)
    ]
    grouped = _grouped(listed, pairs)
    groups = [
        (tuple(int(key[len(ROW) :]) for key in group if key.startswith(ROW)),
         next((key for key in group if not key.startswith(ROW)), ""))
        for group in grouped.groups
        if any(key.startswith(ROW) for key in group)
    ]  # fmt: skip
    left = open_pairs(pairs, grouped)
    return Reading(
        rows=tuple(people),
        problems=tuple(problems),
        groups=tuple((tuple(sorted(lines)), key) for lines, key in groups),
        pairs=tuple(left),
        counts={
            "rows": len(rows),
            "loaded": len(people),
            "left_out": len(rows) - len(people),
            "forms": len({row.written for row in people}),
            "people": len(groups),
            "known": sum(1 for _lines, key in groups if key),
            "to_decide": len(left),
            "namesakes": sum(1 for pair in left if pair.verdict == "namesakes"),
            "shared": sum(1 for pair in left if pair.verdict == "shared"),
            "without_phone": sum(1 for row in people if not row.phone_key),
        },
    )


def people_of_rows(run: ImportRun) -> dict[int, Person]:
    """Return the person each row of a file became or was found to be, as they are now."""
    listed = FileRow.objects.filter(run=run).select_related("person__merged_into")
    return {row.line: row.person.merged_into or row.person for row in listed}


def _grouped(listed: Sequence[Candidate], pairs: Sequence[Pair]) -> Clustering:
    """Return who is one with whom; no row ever makes one of two people who are known."""
    decisions = automatic(pairs)
    while True:
        clustering = cluster(listed, decisions)
        apart = [
            Decision(first, second, is_same=False)
            for group in clustering.groups
            for first, second in combinations([k for k in group if not k.startswith(ROW)], 2)
        ]
        if not apart:
            return clustering
        decisions += apart


def _row(
    line: int, said_of: Mapping[str, str], places: Mapping[str, str]
) -> tuple[PersonRow | None, list[Problem]]:
    problems: list[Problem] = []
    names, honorific, sex, others = _names(said_of)
    if not names:
        return None, [Problem("name_missing", line, leaves_out=True)]
    problems += [Problem("name_again", line, value=other) for other in others]
    phones, wrong = phones_in(said_of.get("phone", ""))
    problems += [Problem("phone_unreadable", line, value=text) for text in wrong]
    if not phones and not wrong and "phone" in said_of:
        problems.append(Problem("phone_missing", line, is_notice=True))
    emails, wrong = emails_in(said_of.get("email", ""))
    problems += [Problem("email_unreadable", line, value=text) for text in wrong]
    phone, key = next(iter(phones), ("", ""))
    more = [(ContactPoint.Kind.PHONE.value, *pair) for pair in phones[1:]]
    more += [(ContactPoint.Kind.EMAIL.value, text, text.casefold()) for text in emails[1:]]
    year = year_in(said_of.get("birth_year", ""))
    if said_of.get("birth_year") and year is None:
        problems.append(Problem("year_unreadable", line, value=said_of["birth_year"]))
    place = said_of.get("place", "")
    if place and folded(place) not in places:
        problems.append(Problem("place_unknown", line, value=place))
    said = said_of.get("sex", "")
    if said and not sex_in(said):
        problems.append(Problem("sex_unreadable", line, value=said))
    row = PersonRow(
        line=line,
        names=names,
        phone=phone,
        phone_key=key,
        email=next(iter(emails), ""),
        more=tuple(more),
        sex=sex_in(said) or sex,
        birth_year=year,
        place=places.get(folded(place), ""),
        disability="yes" if is_yes(said_of.get("disability", "")) else "",
        sector=code_of("sectors", said_of.get("sector", "")),
        language=code_of("languages", said_of.get("language", "")),
        organisation=said_of.get("organisation", "")[:200],
        post=said_of.get("post", "")[:200],
        honorific=honorific,
        note=said_of.get("note", "")[:2000],
    )
    return row, problems


def _names(said_of: Mapping[str, str]) -> tuple[dict[str, str], str, str, list[str]]:
    """Return the names by language, honorific and sex, and names of one language that are left."""
    parts = " ".join(said_of[part] for part in NAME_PARTS if said_of.get(part))
    wished = {code: said_of.get(f"name_{code}", "") for code in installation_languages()}
    others = []
    for line in (*said_of.get("name", "").split("\n"), parts):
        text = " ".join(line.split())
        language = language_of_text(text)
        if text and wished.get(language, text) not in {"", text}:
            others.append(text)
        wished[language] = wished.get(language) or text
    names, honorific, sex = {}, "", ""
    for language, text in wished.items():
        plain, code, its_sex = without_honorific(text[:200])
        if any(letter.isalpha() for letter in plain):
            names[language] = plain
            honorific, sex = honorific or code, sex or its_sex
    return names, honorific, sex, others


def _bodies_by_word() -> dict[str, str]:
    """Return the keys of organisations by their folded names; compared here, and never shown."""
    listed = Organisation.objects.filter(removed_at=None).order_by("pk")
    return {
        folded(text): str(body.pk)
        for body in listed
        for text in (*body.name.values(), *body.short_name.values(), body.code)
        if text
    }


def _candidate(row: PersonRow, bodies: Mapping[str, str]) -> Candidate:
    body = folded(row.organisation)
    return Candidate(
        key=f"{ROW}{row.line}",
        names=tuple(row.names.values()),
        phones=row.keys_of(ContactPoint.Kind.PHONE),
        emails=row.keys_of(ContactPoint.Kind.EMAIL),
        birth_year=row.birth_year,
        place=row.place,
        organisations=frozenset(filter(None, [bodies.get(body, body)])),
        sex=row.sex,
    )


def places_by_word() -> dict[str, str]:
    """Return the keys of places by folded code and name; a name that two places have is none."""
    places: dict[str, str] = {}
    twice: set[str] = set()
    for place in Place.objects.order_by("code", "pk"):
        for text in {folded(place.code), *(folded(name) for name in place.name.values())}:
            if places.setdefault(text, str(place.pk)) != str(place.pk):
                twice.add(text)
    return {text: key for text, key in places.items() if text not in twice}
