"""The conditions of which segments are made, and where rooms above add theirs.

A condition is asked by a reader: what the reader may not read is met by nobody, and neither is
its opposite, so that a selection never tells more than the records themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Q
from django.utils.translation import gettext as _

from hiwar.common import dates

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from typing import TypeVar
    from uuid import UUID

    from django.db.models import Model, QuerySet
    from django.utils.functional import _StrPromise

    from hiwar.accounts.rules import Somebody

    M = TypeVar("M", bound=Model)
    Label = str | _StrPromise
    Options = Callable[[Somebody], Sequence[tuple[str, str]]]
    Named = Callable[[Somebody, Collection[str]], Mapping[str, str]]
    Values = Mapping[str, Sequence[str]]

NOBODY = Q(pk__in=[])


class Term(TypedDict):
    """A condition as a segment keeps it."""

    kind: str
    values: dict[str, list[str]]
    is_denied: bool


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a condition is asked with: some of the options a reader has, or a day.

    ``named`` gives the wording of some values alone, where the options are many.
    """

    name: str
    label: Label
    options: Options | None = None  # none: a day
    named: Named | None = None
    is_single: bool = False

    def texts(self, user: Somebody, codes: Collection[str]) -> Mapping[str, str]:
        """Return the wording of the values that the reader may know."""
        if self.options is None:
            return {code: _day(code) for code in codes}
        if self.named is not None:
            return self.named(user, codes)
        return {code: text for code, text in self.options(user) if code in codes}


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, on which day, and the values that the reader may know."""

    user: Somebody
    day: date
    values: Values
    among: tuple[UUID, ...] | None = None  # the records of a page, where only they are asked about

    def named_in(self, rows: QuerySet[M], field: str) -> Q:
        """Return the condition of records that some rows name in a field.

        The rows are read once for everybody, and only those of a page where a page is asked.
        """
        filtered = rows.filter(**{f"{field}__isnull": False})
        if self.among is not None:
            filtered = filtered.filter(**{f"{field}__in": self.among})
        return Q(pk__in=filtered.order_by().values(field))

    def one(self, name: str) -> str:
        """Return the single value of a parameter, or nothing."""
        return next(iter(self.values.get(name, ())), "")


@dataclass(frozen=True, slots=True)
class Met:
    """Which people and which organisations meet a condition; none: it says nothing of them."""

    people: Q | None = None
    bodies: Q | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of condition.

    Attributes
    ----------
    code : str
    label : str
        What the menu of conditions calls it.
    says, denies : str
        The sentence, with ``%(what)s`` where the values stand, and its opposite.
    parameters : tuple of Parameter
    met : callable
        From who asks with what to who meets it; none where the reader may not know.
    """

    code: str
    label: Label
    says: Label
    denies: Label
    parameters: tuple[Parameter, ...]
    met: Callable[[Asked], Met | None]


_kinds: dict[str, Kind] = {}


def register_condition(kind: Kind) -> None:
    """Let a room say by what people and organisations can be selected besides."""
    _kinds[kind.code] = kind


def condition_kinds() -> list[Kind]:
    """Return the kinds of conditions there are, in the order of registration."""
    return list(_kinds.values())


def condition_kind(code: str) -> Kind | None:
    """Return one kind, or nothing where no room has it any more."""
    return _kinds.get(code)


class Asking:
    """A reader who asks about some terms on a day: the wording of their values, read once."""

    def __init__(
        self,
        user: Somebody,
        day: date,
        terms: Iterable[Term],
        among: tuple[UUID, ...] | None = None,
    ) -> None:
        self.user, self.day, self.among = user, day, among
        codes: dict[tuple[str, str], set[str]] = {}
        for term in terms:
            for name, values in term["values"].items():
                codes.setdefault((term["kind"], name), set()).update(values)
        self._texts = {
            (kind.code, parameter.name): parameter.texts(user, known_codes)
            for kind in condition_kinds()
            for parameter in kind.parameters
            if (known_codes := codes.get((kind.code, parameter.name)))
        }

    def known(self, kind: Kind, term: Term) -> tuple[dict[str, list[tuple[str, str]]], bool]:
        """Return the values the reader may know, with their wording, and whether that is all."""
        choices: dict[str, list[tuple[str, str]]] = {}
        is_whole = True
        for parameter in kind.parameters:
            codes = term["values"].get(parameter.name, [])
            texts = self._texts.get((kind.code, parameter.name), {})
            choices[parameter.name] = [(code, texts[code]) for code in codes if code in texts]
            is_whole &= all(code in texts for code in codes)
        return choices, is_whole

    def met(self, term: Term) -> tuple[Q, Q]:
        """Return which people and which organisations meet a term, as far as the reader may know.

        What a reader may not know is met by nobody, denied or not.
        """
        kind = condition_kind(term["kind"])
        if kind is None:
            return NOBODY, NOBODY
        known, is_whole = self.known(kind, term)
        if not all(known.values()) or (term["is_denied"] and not is_whole):
            return NOBODY, NOBODY
        values = {name: [code for code, _text in listed] for name, listed in known.items()}
        met = kind.met(Asked(self.user, self.day, values, self.among))
        if met is None:
            return NOBODY, NOBODY
        sides = (met.people, met.bodies)
        people, bodies = (
            NOBODY if part is None else ~part if term["is_denied"] else part for part in sides
        )
        return people, bodies

    def in_words(self, term: Term) -> str:
        """Return a term as a sentence; what the reader may not know is named as that."""
        kind = condition_kind(term["kind"])
        if kind is None:
            return _("a condition that is no longer known")
        known, is_whole = self.known(kind, term)
        said = [text for listed in known.values() for _code, text in listed]
        if not is_whole:
            said.append(_("something that you may not read"))
        what = " · ".join(said)
        return str(kind.denies if term["is_denied"] else kind.says) % {"what": what}


def _day(text: str) -> str:
    try:
        return dates.day(date.fromisoformat(text))
    except ValueError:
        return text
