"""BibTeX and BibLaTeX: ``@kind{key, field = value, …}``.

Every line that begins an entry is counted. One that is swallowed by a brace left open, or does not
end, is told by its line and never dropped.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from hiwar.analysis.references.latex import plain
from hiwar.analysis.references.records import Gathered, year_or_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hiwar.analysis.references.records import Reference

_ENTRY = re.compile(r"^[^\S\n]*@[^\S\n]*([A-Za-z]+)\s*([{(])", re.MULTILINE)
_NAME = re.compile(r"[\s,]*([A-Za-z][\w:.+-]*)\s*=\s*")
_WORD = re.compile(r"[^\s,#{}()\"]+")
_ASIDE = {"comment", "preamble", "string"}
KINDS = {
    "article": "article-journal", "book": "book", "mvbook": "book", "booklet": "book",
    "collection": "book", "proceedings": "book", "inbook": "chapter", "incollection": "chapter",
    "inproceedings": "chapter", "conference": "chapter", "phdthesis": "thesis",
    "mastersthesis": "thesis", "thesis": "thesis", "techreport": "report", "report": "report",
    "manual": "report", "online": "webpage", "electronic": "webpage", "www": "webpage",
    "dataset": "dataset", "legislation": "legislation", "jurisdiction": "legislation",
    "legal": "legislation",
}  # fmt: skip
_NAMES: Mapping[str, str] = {
    "title": "title", "journal": "container", "journaltitle": "container",
    "booktitle": "container", "publisher": "publisher", "institution": "publisher",
    "school": "publisher", "organization": "publisher", "address": "publisher_place",
    "location": "publisher_place", "volume": "volume", "issue": "issue", "pages": "pages",
    "doi": "doi", "isbn": "isbn", "url": "url", "language": "language", "langid": "language",
    "note": "note",
}  # fmt: skip
_MONTHS = {
    name: str(at) for at, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}  # fmt: skip


class UnendedError(Exception):
    """An entry or a value without an end."""


def is_bibtex(text: str) -> bool:
    """Return whether a text has an entry, before it nothing but remarks."""
    match = _ENTRY.search(text[:20_000])
    return match is not None and ("=" in text[match.end() : match.end() + 4000])


def read_bibtex(text: str) -> tuple[list[Reference], int, list[int]]:
    """Return the references, how many the text begins, and the lines of those that are not read."""
    starts = [at for at, end in enumerate(text) if end == "\n"]
    references: list[Reference] = []
    counted = [match for match in _ENTRY.finditer(text) if match[1].lower() not in _ASIDE]
    read: set[int] = set()
    words = dict(_MONTHS)
    at = 0
    while match := _ENTRY.search(text, at):
        kind, at = match[1].lower(), match.end()
        try:
            if kind == "string":
                fields, at = _fields(text, at, match[2], words)
                words.update({name.lower(): value for name, value in fields})
            elif kind not in _ASIDE:
                key = re.compile(r"[^,={}()\n]*,?").match(text, at)
                at = key.end() if key else at
                fields, at = _fields(text, at, match[2], words)
                line = bisect_right(starts, match.start()) + 1
                references.append(_reference(line, kind, fields))
                read.add(match.start())
        except UnendedError:
            at = match.end()
    lost = [bisect_right(starts, entry.start()) + 1
            for entry in counted if entry.start() not in read]  # fmt: skip
    return references, len(counted), lost


def _fields(
    text: str, at: int, opened: str, words: Mapping[str, str]
) -> tuple[list[tuple[str, str]], int]:
    """Return the fields of an entry and where it ends; raises ``UnendedError``."""
    closing = "}" if opened == "{" else ")"
    fields = []
    while match := _NAME.match(text, at):
        value, at = _value(text, match.end(), words)
        fields.append((match[1], value))
    end = re.compile(r"[\s,]*").match(text, at)
    at = end.end() if end else at
    if text[at : at + 1] != closing:
        raise UnendedError
    return fields, at + 1


def _value(text: str, at: int, words: Mapping[str, str]) -> tuple[str, int]:
    parts = []
    while True:
        opening = text[at : at + 1]
        if opening == "{":
            end = _closing(text, at + 1, "}")
            parts.append(text[at + 1 : end])
            at = end + 1
        elif opening == '"':
            end = _closing(text, at + 1, '"')
            parts.append(text[at + 1 : end])
            at = end + 1
        else:
            word = _WORD.match(text, at)
            if word is None:
                raise UnendedError
            parts.append(words.get(word[0].lower(), word[0]))
            at = word.end()
        join = re.compile(r"\s*#\s*").match(text, at)
        if join is None:
            return "".join(parts), at
        at = join.end()


def _closing(text: str, at: int, sign: str) -> int:
    """Return where a value ends that began before ``at``; braces inside are in pairs."""
    depth = 0
    for match in re.compile(r"\\.|[{}\"]", re.DOTALL).finditer(text, at):
        letter = match[0]
        if depth == 0 and letter == sign:
            return match.start()
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if depth < 0:
            break
    raise UnendedError


def _reference(line: int, kind: str, fields: list[tuple[str, str]]) -> Reference:
    gathered = Gathered(line)
    gathered.say("kind", KINDS.get(kind, "document"))
    if kind not in KINDS and kind not in {"misc", "unpublished"}:
        gathered.say("@", kind)
    said = {name.lower() for name, value in fields if value.strip()}
    day: dict[str, str] = {}
    for written, value in fields:
        name = written.lower()
        if name == "author" or (name == "editor" and "author" not in said):
            for person in _people(value):
                gathered.say("authors", person)
        elif name in {"year", "month", "day", "date"}:
            day.setdefault(name, plain(value))
        elif name == "subtitle":
            gathered.say("subtitle", plain(value))
        elif name == "number":
            gathered.say("issue" if kind == "article" else "number", plain(value), name)
        elif name in {"doi", "url"}:
            # Addresses have signs of their own; only what guards them goes.
            gathered.say(name, re.sub(r"\\([&%$#_{}~])", r"\1", value).strip("{} \n"), name)
        else:
            text = plain(value)
            if name == "pages":
                text = text.replace("–", "-")
            gathered.say(_NAMES.get(name, name), text, name)
    if subtitle := gathered.values.pop("subtitle", ""):
        gathered.values["title"] = ": ".join(filter(None, [gathered.values.get("title"), subtitle]))
    _say_day(gathered, day)
    return gathered.reference()


def _say_day(gathered: Gathered, day: Mapping[str, str]) -> None:
    whole = day.get("date") or day.get("year", "")
    if read := year_or_day(whole):
        month = day.get("month", "").strip().lower()
        number = _MONTHS.get(month[:3], month)
        if len(read) == 4 and number.isdigit():
            read = year_or_day("-".join(filter(None, [read, number, day.get("day", "")]))) or read
        gathered.say("issued", read)
    else:
        gathered.say("issued", whole)


def _people(text: str) -> Iterator[str]:
    """Yield the names of a field, parted by "and" outside braces, as ``family, given``."""
    for name in _parted(text):
        if name.startswith("{") and name.endswith("}") and _closing(name, 1, "}") == len(name) - 1:
            yield plain(name).replace(";", ",")
        elif name.lower() == "others":
            continue
        else:
            parts = [part.strip() for part in re.split(r"[,،]", plain(name)) if part.strip()]
            if len(parts) > 2:
                parts = [f"{parts[0]} {parts[1]}", " ".join(parts[2:])]
            comma = "،" if "،" in name else ","
            yield f"{comma} ".join(parts).replace(";", ",")


def _parted(text: str) -> Iterator[str]:
    depth = begun = 0
    for match in re.compile(r"[{}]|\s+and\s+", re.IGNORECASE).finditer(text):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0 and match[0] not in "{}":
            yield text[begun : match.start()].strip()
            begun = match.end()
    if text[begun:].strip():
        yield text[begun:].strip()
