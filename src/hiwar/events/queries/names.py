"""Names in what was written down: found in any of their written forms, and taken out."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from hiwar.contacts.models import Person, PersonName
from hiwar.engine.names import normal_name, skeleton
from hiwar.events.models import Attendance, Event, Invitation, Speech

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from uuid import UUID

GONE = "[…]"
LONGEST = 6
FEWEST_LETTERS = 3
FEWEST_CONSONANTS = 4
PARTICLES = "وفبلك"
# Letters with their vowel signs; an apostrophe inside a word belongs to it.
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0610-\u061a\u064b-\u065f\u0670\u0640]|['’](?=\w))*")
_HONORIFICS = frozenset(
    json.loads((Path(__file__).parents[1] / "honorifics.json").read_text("utf-8"))
)


@dataclass(frozen=True, slots=True)
class NameForms:
    """The forms under which names are looked for: phrases, single words, and their consonants."""

    phrases: frozenset[str]
    words: frozenset[str]
    sounds: frozenset[str]


def written_names(event: Event) -> set[str]:
    """Return every form in which an attendee, invitee or speaker of an event is written."""
    people: set[UUID | None] = set()
    written: set[str] = set()
    for row in Invitation.objects.filter(event=event).select_related("person", "post"):
        written |= {row.name, row.delegated_to, row.plus_one}
        people |= {row.person_id, *_holders(row)}
    for name, person in Attendance.objects.filter(event=event).values_list("name", "person_id"):
        written.add(name)
        people.add(person)
    written |= set(Speech.objects.filter(event=event).values_list("label", flat=True))
    for role in event.roles.select_related("person").exclude(person=None):
        people.add(role.person_id)
    known = {person for person in people if person is not None}
    written |= set(PersonName.objects.filter(person__in=known).values_list("text", flat=True))
    for shown in _shown(known):
        written |= set(shown.values())
    return {name for name in (raw.strip() for raw in written) if len(name) >= FEWEST_LETTERS}


def forms_of(names: Iterable[str]) -> NameForms:
    """Return the forms of names: two words or more in a row, each word, and what is heard."""
    phrases, words, sounds = set(), set(), set()
    for name in names:
        parts = _normal(name).split()
        if not parts:
            continue
        words |= {part for part in parts if len(part) >= FEWEST_LETTERS}
        for run in _runs(parts):
            phrases.add(" ".join(run))
            heard = " ".join(skeleton(part) for part in run)
            if len(heard.replace(" ", "")) >= FEWEST_CONSONANTS:
                sounds.add(heard)
        if len(parts) == 1 and len(parts[0]) >= FEWEST_LETTERS:
            phrases.add(parts[0])
    return NameForms(frozenset(phrases), frozenset(words), frozenset(sounds))


def without_names(text: str, forms: NameForms) -> str:
    """Return a text from which names are gone, with the titles before them.

    Single words of a name go as well: a first name is enough to know somebody by.
    """
    pieces, at = [], 0
    for start, end in _found(text, forms, with_words=True):
        before = _without_honorific(text[at:start])
        pieces += [before, GONE]
        at = end
    return re.sub(rf"(?:{re.escape(GONE)}\s*)+", f"{GONE} ", "".join([*pieces, text[at:]])).strip()


def names_in(text: str, forms: NameForms) -> list[str]:
    """Return the names that a text holds, as they are written there: two words or more."""
    return [text[start:end] for start, end in _found(text, forms, with_words=False)]


def _found(text: str, forms: NameForms, *, with_words: bool) -> Iterator[tuple[int, int]]:
    tokens = list(_WORD.finditer(text))
    at = 0
    while at < len(tokens):
        taken, offset = _match(tokens, at, forms, with_words=with_words)
        if taken:
            yield tokens[at].start() + offset, tokens[at + taken - 1].end()
        at += taken or 1


def _match(
    tokens: list[re.Match[str]], at: int, forms: NameForms, *, with_words: bool
) -> tuple[int, int]:
    """Return how many words from here on are a name, and how many letters before it are none."""
    for size in range(min(LONGEST, len(tokens) - at), 0, -1):
        raw = " ".join(match.group() for match in tokens[at : at + size])
        for offset in (0, 1):
            if offset and (raw[0] not in PARTICLES or len(raw) <= FEWEST_LETTERS):
                break
            if _is_name(_normal(raw[offset:]), forms, with_words=with_words):
                return size, offset
    return 0, 0


def _is_name(normal: str, forms: NameForms, *, with_words: bool) -> bool:
    if normal in forms.phrases:
        return True
    parts = normal.split()
    if len(parts) > 1:
        return " ".join(skeleton(part) for part in parts) in forms.sounds
    return with_words and normal in forms.words


def _runs(parts: list[str]) -> Iterator[list[str]]:
    count = len(parts)
    for size in range(2, count + 1):
        for start in range(count - size + 1):
            yield parts[start : start + size]
    if count > 2:
        yield [parts[0], parts[-1]]


def _without_honorific(text: str) -> str:
    words = text.rstrip(" .،,")
    last = words.rpartition(" ")[2].lstrip("([«\"'")
    bare = last[1:] if last[:1] in PARTICLES and last[1:] in _HONORIFICS else last
    return words[: len(words) - len(bare)] if bare in _HONORIFICS else text


@lru_cache(maxsize=20_000)
def _normal(text: str) -> str:
    return normal_name(text, honorifics=_HONORIFICS)


def _holders(invitation: Invitation) -> Iterator[UUID]:
    if invitation.post is not None:
        yield from invitation.post.holdings.values_list("person_id", flat=True)


def _shown(people: set[UUID]) -> Iterator[dict[str, str]]:

    for shown in Person.objects.filter(pk__in=people).values_list("shown_name", flat=True):
        yield dict(shown)
