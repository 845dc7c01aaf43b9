"""Choosing a record by a field that searches: people, organisations, posts, events, places.

Few records are offered as a list. Of many, the field takes words. Without script, sending the form
with words shows what was found below the field, to be chosen, and saves nothing. With script the
same step is taken while somebody types (``common/choosing.js``), by a request to the form's own
page: so nobody is ever offered what the form would not take.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from hiwar.common.multilingual import MultilingualText
from hiwar.common.search.folding import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Finder = Callable[[QuerySet[Any], str, int], "Sequence[object]"]

FEW = 40  # records that a list still shows at a glance
SHOWN = 12
ATTRIBUTES = "django/forms/widgets/attrs.html"
LONGEST = 200
_finders: dict[type[Model], Finder] = {}


def register_finder(model: type[Model], finder: Finder) -> None:
    """Let a room say how its records are found: keys of a queryset for words, the best first."""
    _finders[model] = finder


def find(records: QuerySet[Any], words: str, limit: int = SHOWN) -> list[Any]:
    """Return records of a queryset that answer some words, the best first, at most ``limit``."""
    finder = _finders.get(records.model, _by_texts)
    keys = list(finder(records, words[:LONGEST], limit))[:limit]
    known = {record.pk: record for record in records.filter(pk__in=keys)}
    return [known[key] for key in keys if key in known]


def _by_texts(records: QuerySet[Any], words: str, limit: int) -> list[object]:
    """Return keys of records whose texts hold a word for each of the query, folded."""
    asked = fold(words).split()
    if not asked:
        return []
    ranked = []
    for key, *texts in records.order_by().values_list("pk", *_texts_of(records.model)):
        held = fold(" ".join(_flat(texts))).split()
        if all(any(word.startswith(each) for word in held) for each in asked):
            ranked.append((len(held), str(key), key))
    return [key for _length, _order, key in sorted(ranked)[:limit]]


def _texts_of(model: type[Model]) -> list[str]:
    """Return the fields by which a record is known: its texts, and the names of what it is of."""
    own = [name for name in NAMING if _has(model, name)]
    for field in model._meta.get_fields():
        related = field.related_model if field.many_to_one and field.concrete else None
        if isinstance(related, type) and field.name in OWNERS:
            own += [f"{field.name}__{name}" for name in NAMING if _has(related, name)]
    return own


NAMING = ("title", "name", "shown_name", "short_name", "code")
OWNERS = ("organisation",)


def _has(model: type[Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.concrete_fields)


def _flat(texts: Iterable[object]) -> Iterable[str]:
    for text in texts:
        if isinstance(text, MultilingualText | dict):
            yield from (str(each) for each in text.values())
        elif text:
            yield str(text)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a form sent for such a field: chosen keys, and words with the key they stood for."""

    keys: tuple[str, ...]
    words: str
    shown: str
    is_search: bool


class SearchWidget(forms.Select):
    """A list of few records, a field that searches in many."""

    template_name = "common/search_choice_widget.html"
    is_multiple = False
    answers: list[tuple[str, str]] | None = None

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """Return what was sent; plain keys where the field was a list."""
        get = getattr(data, "getlist", None)
        keys = get(name) if get else _listed(data.get(name))
        if f"{name}-words" not in data:
            return keys if self.is_multiple else (keys[-1] if keys else None)
        words = " ".join(str(data.get(f"{name}-words", "")).split())[:LONGEST]
        shown = " ".join(str(data.get(f"{name}-shown", "")).split())
        chosen = tuple(key for key in keys if key)
        return Answer(chosen, words, shown, f"{name}-search" in data)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Say whether nothing of the field was sent."""
        return name not in data and f"{name}-words" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add what the template needs beside that of a list."""
        if not self.is_many:
            plain = value.keys if isinstance(value, Answer) else value
            if isinstance(value, Answer) and not self.is_multiple:
                plain = value.keys[-1] if value.keys else None
            context = super().get_context(name, plain, attrs)
            context["widget"] |= {"is_many": False, "list_template": forms.Select.template_name}
            return context
        keys = list(value.keys) if isinstance(value, Answer) else _listed(value)
        chosen = self._labels(keys)
        words = value.words if isinstance(value, Answer) else ""
        if not self.is_multiple and not isinstance(value, Answer) and chosen:
            words = chosen[0][1]
        shown = value.shown if isinstance(value, Answer) else words
        if self.answers is not None:
            # What is chosen below belongs to the words above.
            shown, chosen = words, chosen if self.is_multiple else []
        context = forms.Widget.get_context(self, name, None, attrs)
        context["widget"] |= {
            "is_many": True,
            "attributes_template": ATTRIBUTES,
            "is_multiple": self.is_multiple,
            "chosen": chosen,
            "words": words,
            "shown": shown,
            "answers": [row for row in self.answers or () if row not in chosen],
            "was_sought": self.answers is not None,
        }
        return context

    @property
    def is_many(self) -> bool:
        """Whether there are too many records for a list."""
        records = getattr(self.choices, "queryset", None)
        if records is None:
            return False
        return len(records.order_by().values_list("pk")[: FEW + 1]) > FEW

    def _labels(self, keys: Iterable[object]) -> list[tuple[str, str]]:
        field = self.choices.field  # type: ignore[attr-defined]  # those of a model
        try:
            chosen = list(field.queryset.filter(pk__in=[key for key in keys if key]))
        except (ValueError, TypeError, ValidationError):
            return []
        return [(str(record.pk), str(field.label_from_instance(record))) for record in chosen]


class SearchMultipleWidget(SearchWidget):
    """Several records out of many."""

    is_multiple = True
    allow_multiple_selected = True

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Let a list of few take several."""
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return attrs if self.is_many else {**attrs, "multiple": True}


def _listed(value: object) -> list[Any]:
    if value is None or value == "":
        return []
    if isinstance(value, list | tuple | set):
        return list(value)
    return list(value) if isinstance(value, QuerySet) else [value]


class _Seeking:
    """What a field for one record and one for several do alike."""

    def seek(self, value: Answer) -> list[Any]:
        """Return what the words find, and let the widget show it."""
        records = find(self.queryset, value.words)  # type: ignore[attr-defined]  # a field has it
        self.widget.answers = [  # type: ignore[attr-defined]  # a field has it
            (str(record.pk), str(self.label_from_instance(record)))  # type: ignore[attr-defined]  # a field has it
            for record in records
        ]
        return records

    def same(self, records: Sequence[Any], words: str) -> list[Any]:
        """Return records that are called exactly by these words."""
        label = self.label_from_instance  # type: ignore[attr-defined]  # a field has it
        return [record for record in records if fold(str(label(record))) == fold(words)]

    def refuse(self, records: Sequence[Any]) -> ValidationError:
        """Return what is said while somebody still has to choose."""
        text = _("Choose one of these.") if records else _("Nothing found. Try fewer words.")
        return ValidationError(text, code="search")


class SearchChoiceField(_Seeking, forms.ModelChoiceField):  # type: ignore[type-arg]  # any model
    """One record: chosen from a list of few, found by words among many.

    The whole words of exactly one record, or those under which one was chosen, stand for it;
    emptied words for none. Raises ``ValidationError`` with the code ``search`` while there is a
    choice to make.
    """

    widget = SearchWidget

    def clean(self, value: Any) -> Any:
        """Return the record that was chosen or named."""
        if not isinstance(value, Answer):
            return super().clean(value)
        if value.is_search:
            raise self.refuse(self.seek(value) if value.words else [])
        if not value.words:
            return super().clean("")
        if value.keys and value.words == value.shown:
            return super().clean(value.keys[-1])
        records = self.seek(value)
        same = self.same(records, value.words)
        if len(same) == 1:
            return super().clean(same[0].pk)
        raise self.refuse(records)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what was chosen."""
        key = data.keys[-1] if isinstance(data, Answer) and data.keys else data
        return super().has_changed(initial, "" if isinstance(key, Answer) else key)


class SearchMultipleChoiceField(_Seeking, forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # any model
    """Several records: ticked in a list of few, added by words among many."""

    widget = SearchMultipleWidget

    def clean(self, value: Any) -> Any:
        """Return the records that were chosen; whole words that are left over name one more."""
        if not isinstance(value, Answer):
            return super().clean(value)
        if value.is_search or (value.words and value.words != value.shown):
            records = self.seek(value) if value.words else []
            same = self.same(records, value.words)
            if value.is_search or (value.words and len(same) != 1):
                raise self.refuse(records)
            return super().clean([*value.keys, *(str(record.pk) for record in same)])
        return super().clean(list(value.keys))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what was chosen."""
        return super().has_changed(initial, list(data.keys) if isinstance(data, Answer) else data)
