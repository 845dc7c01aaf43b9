"""CSL-JSON: a list of objects, or one object, as reference managers write them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hiwar.analysis.references.records import Gathered, year_or_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hiwar.analysis.references.records import Reference

OWN = frozenset(
    ["report", "book", "chapter", "article-journal", "article-newspaper", "webpage", "dataset",
     "thesis", "legislation", "speech", "document"]
)  # fmt: skip
KINDS = {
    "article": "article-journal", "article-magazine": "article-newspaper", "post": "webpage",
    "post-weblog": "webpage", "bill": "legislation", "legal_case": "legislation",
    "regulation": "legislation", "paper-conference": "chapter", "entry": "chapter",
    "entry-encyclopedia": "chapter", "entry-dictionary": "chapter", "monograph": "book",
    "book-section": "chapter", "pamphlet": "report",
}  # fmt: skip
_NAMES: Mapping[str, str] = {
    "title": "title", "language": "language", "container-title": "container",
    "publisher": "publisher", "publisher-place": "publisher_place", "volume": "volume",
    "issue": "issue", "page": "pages", "number": "number", "DOI": "doi", "ISBN": "isbn",
    "URL": "url", "note": "note",
}  # fmt: skip
_SILENT = {"id", "type", "author", "editor", "issued"}
BLANK = " \t\r\n\ufeff"


def is_csl(text: str) -> bool:
    """Return whether a text is a list of objects."""
    head = text[:1000].lstrip(BLANK)
    return head.startswith("[") and head[1:].lstrip(BLANK).startswith(("{", "]"))


def read_csl(text: str) -> tuple[list[Reference], int, list[int]]:
    """Return the references, how many the list has, and the lines of those that are not read."""
    references: list[Reference] = []
    lost: list[int] = []
    count = 0
    for line, entry in _entries(text):
        count += 1
        if isinstance(entry, dict) and ("type" in entry or "title" in entry):
            references.append(_reference(line, entry))
        else:
            lost.append(line)
    return references, count, lost


def _entries(text: str) -> Iterator[tuple[int, Any]]:
    """Yield the line and the value of each entry; None once, and no more, where the text breaks."""
    decoder = json.JSONDecoder(strict=False)
    at = text.index("[") + 1
    line, counted = 1, 0
    while True:
        at = _past(text, at, BLANK + ",")
        line, counted = line + text.count("\n", counted, at), at
        if text[at : at + 1] == "]" and not text[at + 1 :].strip(BLANK):
            return
        try:
            entry, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            yield line, None
            return
        yield line, entry


def _past(text: str, at: int, signs: str) -> int:
    while at < len(text) and text[at] in signs:
        at += 1
    return at


def _reference(line: int, entry: Mapping[str, Any]) -> Reference:
    gathered = Gathered(line)
    kind = str(entry.get("type") or "document")
    gathered.say("kind", kind if kind in OWN else KINDS.get(kind, "document"))
    if kind not in OWN and kind not in KINDS:
        gathered.say("type", kind)
    authors = entry.get("author") or entry.get("editor") or []
    for person in authors if isinstance(authors, list) else []:
        gathered.say("authors", _name(person))
    if entry.get("author") and entry.get("editor"):
        gathered.say("editor", _text(entry["editor"]))
    for name, value in entry.items():
        if name not in _SILENT:
            gathered.say(_NAMES.get(name, name), _text(value), name)
    gathered.say("issued", _day(entry.get("issued")))
    return gathered.reference()


def _name(person: Any) -> str:
    if not isinstance(person, dict):
        return str(person).replace(";", ",")
    if person.get("literal"):
        return str(person["literal"]).replace(";", ",")
    particle = person.get("non-dropping-particle") or person.get("dropping-particle") or ""
    family = " ".join(
        str(part) for part in (particle, person.get("family", ""), person.get("suffix", "")) if part
    )
    forename = str(person.get("given") or "")
    comma = "،" if any("\u0600" <= letter <= "\u06ff" for letter in family) else ","
    name = f"{family}{comma} {forename}" if family and forename else family or forename
    return name.replace(";", ",")


def _text(value: Any) -> str:
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value)
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        return value[0]
    return json.dumps(value, ensure_ascii=False)


def _day(issued: Any) -> str:
    if not isinstance(issued, dict):
        return _text(issued)
    parts = issued.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list):
        day = "-".join(str(part) for part in parts[0][:3] if str(part).strip())
        return year_or_day(day) or day
    return _text(issued.get("raw") or issued.get("literal") or "")
