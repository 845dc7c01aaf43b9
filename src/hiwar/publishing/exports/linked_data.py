"""Statements about things, written as Turtle and as JSON-LD: the same graph in both."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.encoding import iri_to_uri

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Thing:
    """What is named by an address: another thing, a word of a vocabulary."""

    address: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a vocabulary by its prefix, such as ``spdx:checksumAlgorithm_sha256``."""

    name: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A text in a language, or a value with the type that XML Schema gives it."""

    text: str
    language: str = ""
    datatype: str = ""


Value = Thing | Word | Literal


@dataclass(slots=True)
class Node:
    """What is said of one thing: its kind, and values by the words of vocabularies."""

    address: str
    kind: str
    said: list[tuple[str, Value]] = field(default_factory=list)

    def say(self, word: str, *values: Value) -> None:
        """Add values under a word such as ``dcterms:title``."""
        self.said += [(word, value) for value in values]

    def say_in_languages(self, word: str, texts: Mapping[str, str]) -> None:
        """Add a text in each language that it has."""
        self.say(word, *(Literal(text, code) for code, text in texts.items() if text))


def instant(at: datetime) -> Literal:
    """Return a time as a value."""
    return Literal(at.isoformat(), datatype="xsd:dateTime")


def turtle(nodes: Sequence[Node], prefixes: Mapping[str, str]) -> str:
    """Return a graph as Turtle; texts are escaped as JSON escapes them, which Turtle reads."""

    def written(value: Value) -> str:
        if isinstance(value, Thing):
            return f"<{iri_to_uri(value.address)}>"
        if isinstance(value, Word):
            return value.name
        text = json.dumps(value.text, ensure_ascii=False)
        if value.language:
            return f"{text}@{value.language}"
        return f"{text}^^{value.datatype}" if value.datatype else text

    lines = [f"@prefix {prefix}: <{address}> ." for prefix, address in prefixes.items()]
    for node in nodes:
        lines += ["", f"<{iri_to_uri(node.address)}>", f"    a {node.kind}"]
        for word, value in node.said:
            lines[-1] += " ;"
            lines.append(f"    {word} {written(value)}")
        lines[-1] += " ."
    return "\n".join([*lines, ""])


def json_ld(nodes: Sequence[Node], prefixes: Mapping[str, str]) -> str:
    """Return a graph as JSON-LD."""

    def written(value: Value) -> dict[str, str]:
        if isinstance(value, Thing):
            return {"@id": str(iri_to_uri(value.address))}
        if isinstance(value, Word):
            return {"@id": value.name}
        if value.language:
            return {"@value": value.text, "@language": value.language}
        if value.datatype:
            return {"@value": value.text, "@type": value.datatype}
        return {"@value": value.text}

    graph: list[dict[str, Any]] = []
    for node in nodes:
        entry: dict[str, Any] = {"@id": iri_to_uri(node.address), "@type": node.kind}
        for word, value in node.said:
            entry.setdefault(word, []).append(written(value))
        graph.append(entry)
    document = {"@context": dict(prefixes), "@graph": graph}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
