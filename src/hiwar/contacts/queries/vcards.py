"""People as they leave the house on a card or in a table, and cards that come in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiwar.common.multilingual import installation_languages
from hiwar.contacts import rules
from hiwar.contacts.models import ContactPoint, PostHolding
from hiwar.contacts.queries.contact_points import points_for
from hiwar.contacts.queries.holders import on
from hiwar.contacts.queries.people import posts_for
from hiwar.contacts.queries.vocabularies import honorific

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from django.db.models import QuerySet

    from hiwar.accounts.models import User
    from hiwar.common.multilingual import MultilingualText
    from hiwar.common.tables import Card as RawCard
    from hiwar.contacts.models import Person

CARD_HEADER = (
    "name", "phone", "email", "organisation", "post", "sex", "language", "birth_year", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """A post on a card."""

    title: MultilingualText
    organisation: MultilingualText


@dataclass(frozen=True, slots=True)
class Card:
    """What of a person may leave the house: names, posts, ways to reach them; nothing else."""

    key: str
    code: str
    names: Mapping[str, str]
    honorific: str
    sex: str
    language: str
    posts: tuple[Held, ...]
    points: tuple[ContactPoint, ...]

    @property
    def title_of_address(self) -> str:
        """The honorific in the language of letters, else in the first of the installation."""
        language = self.language or installation_languages()[0]
        return honorific(self.honorific, language, self.sex) if self.honorific else ""


def cards(
    user: User, people: QuerySet[Person], day: date, *, with_private: bool = False
) -> Iterator[Card]:
    """Yield cards of people a user may read, with the posts of a day the user may read.

    Private contact points need the wish and the permission.
    """
    listed = list(people)
    keys = [member.pk for member in listed]
    points: dict[object, list[ContactPoint]] = {}
    contact_points = points_for(user).filter(person__in=keys)
    if not (with_private and rules.can_see_private_point(user)):
        contact_points = contact_points.filter(is_private=False)
    for point in contact_points:
        points.setdefault(point.person_id, []).append(point)
    posts: dict[object, list[Held]] = {}
    rows = PostHolding.objects.filter(on(day), person__in=keys, post__in=posts_for(user))
    for holding in rows.select_related("post__organisation").order_by("is_interim", "pk"):
        held = Held(holding.post.title, holding.post.organisation.name)
        posts.setdefault(holding.person_id, []).append(held)
    for person in listed:
        yield Card(
            key=str(person.pk),
            code=person.code,
            names=dict(person.shown_name),
            honorific=person.honorific,
            sex=person.sex,
            language=person.language,
            posts=tuple(posts.get(person.pk, ())),
            points=tuple(points.get(person.pk, ())),
        )


def rows_of_cards(read: Iterable[RawCard]) -> list[tuple[int, tuple[str, ...]]]:
    """Return cards as rows under ``CARD_HEADER``, each with the line on which it begins."""
    rows = []
    for read_card in read:
        card: dict[str, list[tuple[int, str]]] = {}
        for name, parameters, value in read_card.properties:
            _take(card, name, parameters, value)
        card.setdefault("name", card.pop("parts_of_name", []))
        rows.append((read_card.line, tuple(_cell(card.get(field, ())) for field in CARD_HEADER)))
    return rows


def _cell(values: Iterable[tuple[int, str]]) -> str:
    """Return what a card says of one thing, the preferred first, each in a line of its own."""
    return "\n".join(dict.fromkeys(text for _rank, text in sorted(values, key=_rank_of) if text))


def _rank_of(value: tuple[int, str]) -> int:
    return value[0]


def _take(
    card: dict[str, list[tuple[int, str]]], name: str, parameters: Mapping[str, str], value: str
) -> None:
    text = " ".join(_plain(value).split())
    field = _FIELDS.get(name, "")
    if name == "N":
        family, first, further = [*(_plain(part) for part in _parts(value)), "", "", ""][:3]
        text = " ".join(f"{first} {further} {family}".split())
    elif name == "ORG":
        text = " ".join(_plain(_parts(value)[0]).split())
    elif name in {"TEL", "EMAIL"}:
        text = text.removeprefix("tel:").removeprefix("mailto:")
    elif name == "GENDER":
        text = {"F": "female", "M": "male"}.get(text[:1].upper(), "")
    elif name == "LANG":
        text = text[:2].casefold()
    elif name == "BDAY":
        text = f"{text[:4]}-{text[4:6]}-{text[6:8]}" if text[:8].isdigit() else text
    if not field or (card.get(field) and field not in _SEVERAL):
        return
    card.setdefault(field, []).append((_rank(parameters), text))


def _rank(parameters: Mapping[str, str]) -> int:
    """Return the place of a value among those of its kind: 1 to 100, 0 for the preferred."""
    said = parameters.get("PREF", "")
    if said.isdecimal():
        return int(said)
    return 0 if "pref" in parameters.get("TYPE", "").split(",") else 101


_FIELDS = {
    "FN": "name", "N": "parts_of_name", "TEL": "phone", "EMAIL": "email", "ORG": "organisation",
    "TITLE": "post", "ROLE": "post", "GENDER": "sex", "LANG": "language", "BDAY": "birth_year",
    "NOTE": "note",
}  # fmt: skip
_SEVERAL = frozenset(["name", "phone", "email"])


def _parts(value: str) -> list[str]:
    parts, escaped = [""], False
    for letter in value:
        if letter == ";" and not escaped:
            parts.append("")
        else:
            parts[-1] += letter
        escaped = letter == "\\" and not escaped
    return parts


def _plain(value: str) -> str:
    plain, escaped = "", False
    for letter in value:
        if escaped:
            plain += "\n" if letter in "nN" else letter
            escaped = False
        elif letter == "\\":
            escaped = True
        else:
            plain += letter
    return plain
