"""What a room declares: its lists, what an entry of each says, and what they hold when shipped."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from hiwar.common.multilingual import (
    MultilingualText,
    installation_languages,
    script_of_language,
)
from hiwar.common.scripts import script_of_text

if TYPE_CHECKING:
    from django.db.models import Model
    from django.utils.functional import _StrPromise

    Wording = str | _StrPromise

Values = Mapping[str, object]
Seed = Callable[[], Mapping[str, Values]]
COUNTRIES = Path(__file__).parents[2] / "countries"


class Kind(StrEnum):
    """How a property of an entry is written, stored and edited."""

    TEXT = "text"  # a line in every language: a mapping from language to text
    LONG_TEXT = "long_text"  # several lines in every language
    WORDS = "words"  # spellings that are recognised, one to a line: a list of texts
    CODE = "code"  # an entry of a vocabulary, by its code


@dataclass(frozen=True, slots=True)
class Property:
    """One thing that an entry says beside its code."""

    name: str
    label: Wording
    kind: Kind = Kind.TEXT
    help: Wording = ""
    vocabulary: str = ""
    is_required: bool = False


NAME = Property("name", _("Wording"), is_required=True)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A list of a room.

    Attributes
    ----------
    code : str
        ``room.list``, the name under which entries are asked for.
    title, room, about : str
        What the list is called at the desk, under which heading, and where its entries are seen.
    seed : callable
        Returns the shipped entries in their order: code, then property, then value. A text is a
        mapping from language to text.
    properties : tuple of Property
        What an entry says; the first is what stands for the entry in a list.
    is_closed : bool
        Whether the code of the program relies on each code, so that entries are worded anew but
        neither added nor retired.
    uses : callable
        Returns how many records use each code.
    """

    code: str
    title: Wording
    room: Wording
    seed: Seed
    about: Wording = ""
    properties: tuple[Property, ...] = (NAME,)
    is_closed: bool = False
    uses: Callable[[], Mapping[str, int]] = dict

    @property
    def main(self) -> Property:
        """What stands for an entry in a list."""
        return self.properties[0]


_registered: dict[str, Vocabulary] = {}
_seeds: dict[tuple[str, tuple[str, ...], str], Mapping[str, Values]] = {}


def register_vocabularies(*vocabularies: Vocabulary) -> None:
    """Let a room declare its lists."""
    for vocabulary in vocabularies:
        _registered[vocabulary.code] = vocabulary
        for known in [key for key in _seeds if key[-1] == vocabulary.code]:
            del _seeds[known]


def vocabularies() -> tuple[Vocabulary, ...]:
    """Return every declared list, by its code."""
    return tuple(_registered[code] for code in sorted(_registered))


def vocabulary(code: str) -> Vocabulary:
    """Return a declared list; raises ``KeyError`` for a code that no room declared."""
    return _registered[code]


def shipped(code: str) -> Mapping[str, Values]:
    """Return what a list holds as it is shipped, with every text as a multilingual text.

    That is what the room ships for everybody, and what the country of the installation adds. Words
    that are recognised come in the letters of the installation's languages and in Latin ones.
    """
    key = (settings.COUNTRY, installation_languages(), code)
    if key not in _seeds:
        declared = _registered[code]
        kinds = {each.name: each.kind for each in declared.properties}
        _seeds[key] = {
            entry: {name: _read(kinds.get(name), value) for name, value in values.items()}
            for entry, values in _with_country(code, declared.seed()).items()
        }
    return _seeds[key]


def _read(kind: Kind | None, value: object) -> object:
    if kind in {Kind.TEXT, Kind.LONG_TEXT} and isinstance(value, Mapping):
        return MultilingualText(value)
    if kind is Kind.WORDS and isinstance(value, list):
        written = {"", "Latn", *map(script_of_language, installation_languages())}
        return [word for word in value if script_of_text(word) in written]
    return value


@cache
def country_seed(country: str) -> Mapping[str, Any]:
    """Return what a country adds to the lists, by list; nothing for one that has no file.

    ``countries/xx.json`` holds entries by list and code. An entry that the room ships as well is
    worded anew, property by property; a further one stands at the end, or where ``before`` says.
    """
    file = COUNTRIES / f"{country.lower()}.json"
    return json.loads(file.read_text("utf-8")) if country and file.exists() else {}


def _with_country(code: str, seed: Mapping[str, Values]) -> Mapping[str, Values]:
    merged = dict(seed)
    for entry, said in country_seed(settings.COUNTRY).get(code, {}).items():
        values = {name: value for name, value in said.items() if name != "before"}
        is_new = entry not in merged
        merged[entry] = {**merged.get(entry, {}), **values}
        if is_new and said.get("before") in merged:
            order = [key for key in merged if key != entry]
            order.insert(order.index(said["before"]), entry)
            merged = {key: merged[key] for key in order}
    return merged


def uses_of(model: type[Model], field: str) -> Callable[[], Counter[str]]:
    """Return the ``uses`` of a list whose codes stand in one field of a model."""
    rows = model._default_manager.exclude(**{field: ""})
    counted = rows.order_by().values_list(field).annotate(uses=Count("pk"))
    return lambda: Counter(dict(counted.all()))


@cache
def words_in(file: Path) -> Any:
    """Return what a JSON file of the package holds; it is read once and never changed."""
    return json.loads(file.read_text("utf-8"))


def seed_of(file: Path, group: str) -> Seed:
    """Return the seed of a list that lies in a group of a JSON file: code, language, text.

    An entry may also be written with its wording under ``name`` and further properties beside it.
    """

    def read() -> Mapping[str, Values]:
        entries: Mapping[str, Mapping[str, object]] = json.loads(file.read_text("utf-8"))[group]
        return {
            code: values if isinstance(values.get("name"), Mapping) else {"name": values}
            for code, values in entries.items()
        }

    return read
