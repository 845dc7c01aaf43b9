"""Files of people as they would come in: rows read, problems first, rows grouped to people."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING, cast

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from hiwar.contacts.models import ContactFile, FileRow, Person
from hiwar.contacts.queries.register import candidates
from hiwar.contacts.queries.sheets import columns
from hiwar.contacts.queries.vocabularies import honorific_words, plans, texts, without_honorific
from hiwar.engine.names import (
    Candidate,
    Decision,
    automatic,
    cluster,
    digits_as_ascii,
    fold_arabic,
    fold_latin,
    open_pairs,
    phone_key,
    propose_duplicates,
)
from hiwar.places.models import Place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import QuerySet

    from hiwar.engine.names import Clustering, Pair

NAMING = ("name", "name_ar", "name_en", "first", "father", "grandfather", "family")
USED = frozenset(
    [*NAMING, "phone", "email", "birth_year", "place", "sex", "disability", "sector", "language",
     "organisation", "post"]
)  # fmt: skip
FIRST_ROWS = 20
NAME_PARTS = ("first", "father", "grandfather", "family")
ROW = "row:"
ARABIC = re.compile(r"[\u0600-\u06ff]")


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A row of a file as far as it says something of a person.

    ``names`` by language, ``written`` as the cells have them; ``phone`` as given with its key
    beside it; ``place`` the key of a place, empty where it is not known.
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


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cell; a blocking one leaves the row out."""

    line: int
    code: str
    value: str = ""
    is_blocking: bool = False


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
    person_rows, problems = [], []
    for line, cells in rows:
        raw = {name: cells[int(at)] for at, name in mapping.items() if int(at) < len(cells)}
        values = {name: text.strip() for name, text in raw.items()}
        row, wrong = _row(line, values, places)
        problems += wrong
        if row is not None:
            written = "|".join(raw.get(name, "") for name in NAMING)
            person_rows.append(replace(row, written=written))
    return person_rows, problems


def not_taken(
    header: Sequence[str],
    rows: Sequence[tuple[int, Sequence[str]]],
    mapping: Mapping[str, str],
    people: Sequence[PersonRow],
) -> list[dict[str, object]]:
    """Return what stands in a file and does not come in: why, under which heading, how often.

    ``why`` is `column` (it stands for nothing that is kept), `value` (the words are not on the
    list of the register) or `post` (an organisation without a post).
    """
    lost: list[dict[str, object]] = []
    taken = {row.line: row for row in people}
    for at, title in enumerate(header):
        name = mapping.get(str(at), "")
        filled = [line for line, cells in rows if at < len(cells) and cells[at].strip()]
        why, count = "", 0
        if name not in USED:
            why, count = "column", len(filled) if name != "row" else 0
        elif name in {"sector", "language"}:
            why = "value"
            count = sum(1 for line in filled if line in taken and not getattr(taken[line], name))
        elif name == "organisation":
            why = "post"
            count = sum(1 for line in filled if line in taken and not taken[line].post)
        if count:
            lost.append({"why": why, "title": title or str(at + 1), "count": count})
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
    listed = [_candidate(row) for row in people] + there
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
        problems=tuple(
            sorted(problems, key=lambda problem: (not problem.is_blocking, problem.line))
        ),
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
            "without_phone": sum(1 for row in people if not row.phone_key),
        },
    )


def people_of_rows(file: ContactFile) -> dict[int, Person]:
    """Return the person each row of a file became or was found to be, as they are now."""
    people = {}
    for row in FileRow.objects.filter(file=file).select_related("person__merged_into"):
        people[row.line] = row.person.merged_into or row.person
    return people


def files() -> QuerySet[ContactFile]:
    """Return the files brought in so far, the latest first, without their rows."""
    return ContactFile.objects.defer("rows").select_related("made_by").order_by("-made_at", "pk")


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
    line: int, values: Mapping[str, str], places: Mapping[str, str]
) -> tuple[PersonRow | None, list[Problem]]:
    problems: list[Problem] = []
    names, honorific, sex = _names(values)
    if not names:
        return None, [Problem(line, "name_missing", is_blocking=True)]
    phone = values.get("phone", "")
    key = phone_key(phone, plans=plans()) if phone else ""
    if phone and not key:
        problems.append(Problem(line, "phone_unreadable", phone))
    elif not phone and "phone" in values:
        problems.append(Problem(line, "phone_missing"))
    email = values.get("email", "")
    if email and not _is_email(email):
        problems.append(Problem(line, "email_unreadable", email))
        email = ""
    year = _year(values.get("birth_year", ""))
    if values.get("birth_year") and year is None:
        problems.append(Problem(line, "year_unreadable", values["birth_year"]))
    place = values.get("place", "")
    if place and _folded(place) not in places:
        problems.append(Problem(line, "place_unknown", place))
    said = values.get("sex", "")
    if said and not _sex(said):
        problems.append(Problem(line, "sex_unreadable", said))
    sector, language = values.get("sector", ""), values.get("language", "").casefold()
    row = PersonRow(
        line=line,
        names=names,
        phone=phone if key else "",
        phone_key=key,
        email=email,
        sex=_sex(said) or sex,
        birth_year=year,
        place=places.get(_folded(place), ""),
        disability="yes" if _is_yes(values.get("disability", "")) else "",
        sector=sector if sector in texts("sectors") else "",
        language=language if language in texts("languages") else "",
        organisation=values.get("organisation", "")[:200],
        post=values.get("post", "")[:200],
        honorific=honorific,
    )
    return row, problems


def _names(values: Mapping[str, str]) -> tuple[dict[str, str], str, str]:
    parts = " ".join(values[name_part] for name_part in NAME_PARTS if values.get(name_part))
    wished = {"ar": values.get("name_ar", ""), "en": values.get("name_en", "")}
    for text in (values.get("name", ""), parts):
        language = "ar" if ARABIC.search(text) else "en"
        wished[language] = wished[language] or text
    names, honorific, sex = {}, "", ""
    for language, text in wished.items():
        plain, code, its_sex = without_honorific(text[:200])
        if any(letter.isalpha() for letter in plain):
            names[language] = plain
            honorific, sex = honorific or code, sex or its_sex
    return names, honorific, sex


def _candidate(row: PersonRow) -> Candidate:
    return Candidate(
        key=f"{ROW}{row.line}",
        names=tuple(row.names.values()),
        phones=frozenset(filter(None, [row.phone_key])),
        emails=frozenset(filter(None, [row.email.casefold()])),
        birth_year=row.birth_year,
        place=row.place,
        sex=row.sex,
    )


def places_by_word() -> dict[str, str]:
    """Return the keys of places by folded code and name; a name that two places have is none."""
    codes_by_word: dict[str, str] = {}
    twice: set[str] = set()
    for place in Place.objects.order_by("code", "pk"):
        for text in {_folded(place.code), *(_folded(name) for name in place.name.values())}:
            if codes_by_word.setdefault(text, str(place.pk)) != str(place.pk):
                twice.add(text)
    return {text: key for text, key in codes_by_word.items() if text not in twice}


def _folded(text: str) -> str:
    return fold_latin(fold_arabic(text)).casefold().strip()


def _year(text: str) -> int | None:
    digits = re.search(r"(?:19|20)\d\d", digits_as_ascii(text))
    return int(digits[0]) if digits else None


def _sex(text: str) -> str:
    values = cast("Mapping[str, list[str]]", columns()["sex_values"])
    folded = _folded(text)
    return next((sex for sex, listed in values.items()
                 if folded in {_folded(word) for word in listed}), "")  # fmt: skip


def _is_yes(text: str) -> bool:
    return _folded(text) in {_folded(word) for word in cast("list[str]", columns()["yes"])}


def _is_email(text: str) -> bool:
    try:
        validate_email(text.strip())
    except ValidationError:
        return False
    return True
