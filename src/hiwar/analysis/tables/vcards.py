"""Cards of contacts (vCard 2.1, 3 and 4): properties as they stand, decoded and unfolded."""

from __future__ import annotations

import quopri
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiwar.analysis.tables.cells import clean
from hiwar.analysis.tables.encodings import decode
from hiwar.analysis.tables.workbook import Limits, TableError

if TYPE_CHECKING:
    from collections.abc import Iterator

_LARGEST = 10 << 20
_MOST_LINES = 1_000_000
_LONGEST = 1 << 20
_LONGEST_HEAD = 1000
_MOST_PROPERTIES = 500
_FOREIGN = ("utf-8", "cp1256", "iso8859_6", "cp1252", "latin-1")


@dataclass(frozen=True, slots=True)
class Card:
    """One card: the line on which it begins, and its properties.

    ``properties`` holds name in capitals, parameters by name (values in small letters, several
    with commas) and the value, decoded but with its backslashes.
    """

    line: int
    properties: tuple[tuple[str, dict[str, str], str], ...]


def read_cards(content: bytes, limits: Limits | None = None) -> tuple[Card, ...]:
    """Return the cards of a file in their order; pictures and other binary values are left out.

    Raises ``TableError``: `empty`, `unreadable` (no card in it) or `too_large`.
    """
    limits = limits or Limits()
    if len(content) > min(limits.size, _LARGEST):
        raise TableError("too_large", what="bytes")
    text, _encoding = decode(content)
    cards: list[Card] = []
    properties: list[tuple[str, dict[str, str], str]] | None = None
    start = 0
    for line, (name, parameters, value) in _properties(text, limits):
        if name == "BEGIN" and value.strip().upper() == "VCARD":
            properties, start = [], line
        elif name == "END" and properties is not None:
            cards.append(Card(start, tuple(properties)))
            properties = None
        elif properties is not None and len(properties) < _MOST_PROPERTIES:
            properties.append((name, parameters, value))
        if len(cards) > limits.rows:
            raise TableError("too_large", what="cards", line=line)
    if not cards:
        raise TableError("unreadable" if text.strip() else "empty", what="cards")
    return tuple(cards)


def _properties(text: str, limits: Limits) -> Iterator[tuple[int, tuple[str, dict[str, str], str]]]:
    """Yield each property with its line, folded lines and soft line breaks put together."""
    parts: list[str] = []
    length = start = 0
    is_soft = False
    for line, raw in enumerate([*_capped(text), ""], 1):
        is_folded = raw[:1] in {" ", "\t"} and bool(parts)
        if is_folded or is_soft:
            parts.append(raw if is_soft else raw[1:])
            length += len(raw)
            if length > _LONGEST:
                raise TableError("too_large", what="characters", line=line)
        else:
            if parts and (entry := _property(parts, limits)):
                yield start, entry
            parts, start, length = [raw], line, len(raw)
        is_soft = raw.endswith("=") and _is_printable(parts[0])
    if parts and (entry := _property(parts, limits)):
        yield start, entry


def _capped(text: str) -> list[str]:
    if text.count("\n") + text.count("\r") > _MOST_LINES:
        raise TableError("too_large", what="lines")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _property(
    parts: list[str], limits: Limits
) -> tuple[str, dict[str, str], str] | None:  # fmt: skip
    line = "".join(
        part.removesuffix("=") if at < len(parts) - 1 and _is_printable(parts[0]) else part
        for at, part in enumerate(parts)
    )
    head, value = _split(line)
    if not head:
        return None
    first, *rest = head.split(";")
    parameters: dict[str, str] = {}
    for parameter in rest:
        key, _equals, said = parameter.partition("=")
        if not said and key.upper() in {"QUOTED-PRINTABLE", "BASE64"}:
            key, said = "ENCODING", key
        elif not said:
            key, said = "TYPE", key
        name, group = key.upper(), said.strip('"').casefold()
        parameters[name] = ",".join(filter(None, [parameters.get(name, ""), group]))
    if parameters.get("ENCODING") in {"b", "base64"}:
        return None
    if parameters.get("ENCODING") == "quoted-printable":
        value = _decoded(quopri.decodestring(value.encode("utf-8", "replace")), parameters)
    return first.rpartition(".")[2].upper(), parameters, clean(value)[: limits.cell]


def _is_printable(head: str) -> bool:
    return "QUOTED-PRINTABLE" in head[:_LONGEST_HEAD].partition(":")[0].upper()


def _decoded(raw: bytes, parameters: dict[str, str]) -> str:
    for name in (parameters.get("CHARSET", ""), *_FOREIGN):
        try:
            return raw.decode(name or "utf-8")
        except (LookupError, OSError, UnicodeDecodeError):
            continue
    return raw.decode("latin-1")


def _split(line: str) -> tuple[str, str]:
    """Return what stands before the first colon outside quotation marks, and behind it."""
    at = line.find(":", 0, _LONGEST_HEAD)
    while at >= 0 and line.count('"', 0, at) % 2:
        at = line.find(":", at + 1, _LONGEST_HEAD)
    return (line[:at], line[at + 1 :]) if at > 0 else ("", "")
