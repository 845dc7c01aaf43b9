"""What one amendment asks of a text: as an order that the engine carries out, as a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiwar.engine import law as engine
from hiwar.engine.law.addresses import number_of, part_of
from hiwar.legislation.models import Amendment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hiwar.common.multilingual import MultilingualText


def new_address(eid: str, taken: Iterable[str]) -> str:
    """Return the address of a new article behind one, the first that is free.

    >>> new_address("art_14", ["art_14"]), new_address("art_14", ["art_14bis"])
    ('art_14bis', 'art_14bis2')
    """
    number = number_of(eid)
    head, joint, _last = eid.rpartition("__")
    base = number.base if number else 0
    there = set(taken)
    bis = (number.bis if number else 0) + 1
    while (address := head + joint + part_of("article", engine.Number(base, bis))) in there:
        bis += 1
    return address


def printed_number(eid: str, language: str) -> str:
    """Return the number of a new article as it is printed.

    >>> printed_number("art_14bis", "ar"), printed_number("art_14bis2", "en")
    ('(14) مكرر', '14 bis 2')
    """
    number = number_of(eid)
    if number is None:
        return eid
    more = f" {number.bis}" if number.bis > 1 else ""
    if language == "ar":
        return f"({number.base}) مكرر{more}"
    return f"{number.base} bis{more}"


def said_in(text: MultilingualText, language: str) -> str:
    """Return a text in exactly this language; empty where it has none."""
    return text.get(language, "")


def operation_of(
    amendment: Amendment, language: str, taken: Sequence[str] = ()
) -> engine.Operation | None:
    """Return an amendment as an order to a text in one language; None where it has none in it.

    ``taken`` are addresses that a new article must not have.
    """
    by, text = str(amendment.number), said_in(amendment.text, language)
    kind = Amendment.Kind
    if amendment.kind == kind.REPEAL:
        return engine.Operation("repeal", by, amendment.eid)
    if not text:
        return None
    if amendment.kind == kind.PHRASE:
        old = said_in(amendment.words, language)
        return engine.Operation("phrase", by, amendment.eid, old=old, new=text) if old else None
    if amendment.kind == kind.INSERTION:
        target = new_address(amendment.eid, taken)
        return engine.Operation(
            "insertion", by, target, amendment.eid, printed_number(target, language), text
        )
    return engine.Operation("substitution", by, amendment.eid, text=text)


@dataclass(frozen=True, slots=True)
class AskedText:
    """What an amendment asks of one provision, alone: where, the text now, the text then."""

    eid: str
    old: str
    new: str


def asked_text(amendment: Amendment, text: engine.Law) -> AskedText | None:
    """Return what an amendment asks; None where it has no text in the language of the law."""
    operation = operation_of(amendment, text.language, [part.eid for part in text.walk()])
    if operation is None:
        return None
    before = text.provision(operation.target)
    old = before.full_text() if before else ""
    if amendment.kind == Amendment.Kind.REPEAL:
        return AskedText(operation.target, old, "")
    after = engine.consolidate(text, [operation]).law.provision(operation.target)
    return AskedText(operation.target, old, after.full_text() if after else "")
