"""Cards of people: vCard 3 (RFC 2426) and vCard 4 (RFC 6350)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hiwar.common.telephones import dialled
from hiwar.contacts.queries.vocabularies import honorific

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hiwar.contacts.queries.vcards import Card

THREE, FOUR = "3.0", "4.0"
GENDERS = {"female": "F", "male": "M", "other": "O"}


def vcards(cards: Iterable[Card], *, version: str = FOUR) -> str:
    """Return cards as one file, with lines folded at 75 octets."""
    return "".join(_folded(line) for card in cards for line in _card(card, version))


def _card(card: Card, version: str) -> Iterable[str]:
    yield "BEGIN:VCARD"
    yield f"VERSION:{version}"
    if version == FOUR:
        yield f"UID:urn:uuid:{card.key}"
        yield "KIND:individual"
    else:
        yield f"UID:{card.key}"
    yield from _names(card, version)
    for held in card.posts:
        yield from _in_languages("ORG", held.organisation, version)
        yield from _in_languages("TITLE", held.title, version)
    if version == FOUR and card.sex in GENDERS:
        yield f"GENDER:{GENDERS[card.sex]}"
    if version == FOUR and card.language:
        yield f"LANG:{_text(card.language)}"
    for point in card.points:
        yield from _point(point.kind, point.value, version)
    yield "END:VCARD"


def _names(card: Card, version: str) -> Iterable[str]:
    names = card.names if version == FOUR else dict(list(card.names.items())[:1])
    for language, name in names.items():
        tied = f";LANGUAGE={language};ALTID=1" if version == FOUR and len(names) > 1 else ""
        yield f"FN{tied}:{_text(name)}"
    for language, name in names.items():
        tied = f";LANGUAGE={language};ALTID=1" if version == FOUR and len(names) > 1 else ""
        given_part, _blank, family = name.rpartition(" ")
        first, _blank, further = given_part.partition(" ")
        title = honorific(card.honorific, language, card.sex) if card.honorific else ""
        parts = (family if first else "", first or family, further, title, "")
        yield f"N{tied}:" + ";".join(_text(part) for part in parts)
    if version == THREE:
        for name in list(card.names.values())[1:]:
            yield f"NICKNAME:{_text(name)}"


def _in_languages(name: str, texts: Mapping[str, str], version: str) -> Iterable[str]:
    listed: Sequence[tuple[str, str]] = list(texts.items())
    if version == THREE:
        listed = listed[:1]
    for language, text in listed:
        tied = f";LANGUAGE={language};ALTID=1" if version == FOUR and len(listed) > 1 else ""
        yield f"{name}{tied}:{_text(text)}"


def _point(kind: str, value: str, version: str) -> Iterable[str]:
    if kind == "phone":
        if version == THREE:
            yield f"TEL;TYPE=VOICE:{_text(value)}"
        else:
            # Words beside a number, such as an extension, are dialled by nobody.
            is_plain = bool(dialled(value)) and not re.search(r"[^\W\d_]", value)
            yield (
                f"TEL;VALUE=uri:tel:{dialled(value)}"
                if is_plain
                else f"TEL;VALUE=text:{_text(value)}"
            )
    elif kind == "email":
        yield f"EMAIL:{_text(value)}"
    elif kind == "site":
        yield f"URL:{_line(value)}"
    else:
        yield "ADR:;;" + _text(value) + ";;;;"


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return _line(escaped.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n"))


def _line(text: str) -> str:
    """Return a text without what would begin a new line of the file."""
    return "".join(letter for letter in text if letter >= " " and letter not in "\x7f\u2028\u2029")


def _folded(line: str) -> str:
    """Return a line folded at 75 octets, never inside a letter."""
    pieces, size = [""], 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > (75 if len(pieces) == 1 else 74):
            pieces.append("")
            size = 0
        pieces[-1] += letter
        size += octets
    return "\r\n ".join(pieces) + "\r\n"
