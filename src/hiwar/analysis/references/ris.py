"""RIS: a line for each thing that is said, from ``TY`` to ``ER``.

Programs differ in blanks, dashes and invisible signs, leave ``ER`` out, and break long values over
lines; all of that is mended. What begins with no ``TY`` is told by its line and never dropped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hiwar.analysis.references.records import Gathered, year_or_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hiwar.analysis.references.records import Reference

_SIGNS = "\ufeff\u200b\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069"
_HIDDEN = str.maketrans("", "", _SIGNS)
_KNOWN = (
    "TY ER A1 A2 A3 A4 AB AD AN AU AV BT C1 C2 C3 C4 C5 C6 C7 C8 CA CN CP CT CY DA DB DO DP DS ED "
    "EP ET FD H1 H2 ID IP IS J1 J2 JA JF JO K1 KW L1 L2 L3 L4 LA LB LK LL M1 M2 M3 N1 N2 NO NV OL "
    "OP PA PB PP PY RD RI RN RP RT SE SF SL SN SP SR ST SV T1 T2 T3 TA TI TT U1 U2 U3 U4 U5 UR VL "
    "VO WP WT WV Y1 Y2 YR"
)
_TAGS = frozenset(_KNOWN.split())
_LINE = re.compile(r"\s*([A-Z][A-Z0-9])[ \t\u00a0]{0,3}[-\u2010-\u2014][ \t\u00a0]?(.*)", re.DOTALL)
KINDS = {
    "JOUR": "article-journal", "EJOUR": "article-journal", "INPR": "article-journal",
    "ABST": "article-journal", "MGZN": "article-newspaper", "NEWS": "article-newspaper",
    "BOOK": "book", "EBOOK": "book", "EDBOOK": "book", "CHAP": "chapter", "ECHAP": "chapter",
    "RPRT": "report", "GOVDOC": "report", "THES": "thesis", "ELEC": "webpage", "WEB": "webpage",
    "BLOG": "webpage", "ICOMM": "webpage", "DATA": "dataset", "AGGR": "dataset", "DBASE": "dataset",
    "STAT": "legislation", "BILL": "legislation", "LEGAL": "legislation",
}  # fmt: skip
_NAMES: Mapping[str, str] = {
    "TI": "title", "T1": "title", "CT": "title", "TT": "title", "AU": "authors", "A1": "authors",
    "T2": "container", "JF": "container", "JO": "container", "JA": "container", "J1": "container",
    "J2": "container", "BT": "container", "PB": "publisher", "CY": "publisher_place",
    "PP": "publisher_place", "VL": "volume", "VO": "volume", "IS": "issue", "IP": "issue",
    "DO": "doi", "UR": "url", "LK": "url", "LA": "language", "N1": "note", "NO": "note",
}  # fmt: skip
_DAYS = ("DA", "PY", "Y1", "YR")


def is_ris(text: str) -> bool:
    """Return whether a text begins as RIS does."""
    head = text[:4000].translate(_HIDDEN).lstrip()
    return bool(re.match(r"(?:\S[^\n]{0,200}\n\s*){0,3}TY\s{0,3}[-\u2010-\u2014]", head))


def read_ris(text: str) -> tuple[list[Reference], int, list[int]]:
    """Return the references, how many the text begins, and the lines that belong to none."""
    references: list[Reference] = []
    stray: list[int] = []
    begun = 0
    said: list[tuple[str, str]] = []
    at = 0
    last = ""
    for line, tag, value in _lines(text):
        if tag == "TY":
            begun += 1
            if at:
                references.append(_reference(at, said))
            at, said = line, [(tag, value)]
        elif tag == "ER":
            if not at:
                # The end of a reference whose beginning was told already.
                stray += [line] if last in {"", "ER"} else []
            else:
                references.append(_reference(at, said))
            at, said = 0, []
        elif tag and at:
            said.append((tag, value))
        elif tag:
            # Of a reference that lost its first line, one line is told.
            if last in {"", "ER"}:
                stray.append(line)
        elif at and value.strip():
            before, words = said[-1]
            said[-1] = (before, f"{words}\n{value}")
        last = tag or last
    if at:
        references.append(_reference(at, said))
    return references, begun, sorted(set(stray))


def _lines(text: str) -> Iterator[tuple[int, str, str]]:
    for line, raw in enumerate(text.translate(_HIDDEN).splitlines(), 1):
        parts = _LINE.fullmatch(raw)
        if parts and parts[1] in _TAGS:
            yield line, parts[1], parts[2].strip()
        elif re.fullmatch(r"\s*(ER|TY)\s*", raw):
            yield line, raw.strip(), ""
        else:
            yield line, "", raw


def _reference(line: int, said: list[tuple[str, str]]) -> Reference:
    gathered = Gathered(line)
    kind = said[0][1].strip().upper()
    gathered.say("kind", KINDS.get(kind, "document"))
    if kind not in KINDS and kind not in {"GEN", "UNPB", ""}:
        gathered.say("TY", kind)
    first, last, days = "", "", dict[str, str]()
    for tag, value in said[1:]:
        if tag == "SP":
            first = value
        elif tag == "EP":
            last = value
        elif tag in _DAYS:
            days.setdefault(tag, value)
        elif tag == "SN" and kind in {"BOOK", "EBOOK", "EDBOOK", "CHAP", "ECHAP", "RPRT"}:
            gathered.say("isbn", value, "SN")
        elif tag in {"M1", "SV"} and not kind.endswith("JOUR"):
            gathered.say("number", value, tag)
        elif tag in {"A2", "ED"} and kind == "EDBOOK":
            gathered.say("authors", value)
        else:
            # A journal is often named twice, short and long: the first is taken, the rest stays.
            name = _NAMES.get(tag, tag)
            gathered.say(name, value, "" if name in {"authors", "note"} else tag)
    if first or last:
        joined = first if not last or last == first or "-" in first else f"{first}-{last}"
        gathered.say("pages", joined)
    _say_day(gathered, days)
    return gathered.reference()


def _say_day(gathered: Gathered, days: Mapping[str, str]) -> None:
    """Take the most exact of the days that agree on the year; what cannot be read stays."""
    read = {tag: year_or_day(value) for tag, value in days.items()}
    years = {tag: day for tag, day in read.items() if day}
    if not years:
        for value in days.values():
            gathered.say("issued", value, "issued")
        return
    year = next(years[tag] for tag in ("PY", "Y1", "YR", "DA") if tag in years)[:4]
    gathered.say("issued", max((day for day in years.values() if day[:4] == year), key=len))
    for tag, day in read.items():
        if day[:4] != year:
            gathered.say(tag, days[tag])
