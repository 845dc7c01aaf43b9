"""What every table and column of an export means, in the words of the glossary and of the forms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from hiwar.common.multilingual import MultilingualField

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Field
    from django.utils.functional import Promise

    from hiwar.common.moving.parts import Part

NOUNS_FILE = Path(__file__).parent / "nouns.json"
# What values of a kind of column look like.
KINDS: dict[str, str | Promise] = {
    "UUIDField": _("key of a row"),
    "DateTimeField": _("instant, in universal time"),
    "DateField": _("day"),
    "TimeField": _("time of day"),
    "BooleanField": _("yes or no"),
    "JSONField": _("structured, as JSON"),
    "BinaryField": _("bytes, in base 64"),
    "FloatField": _("number"),
    "DecimalField": _("number"),
}
WHOLE_NUMBER = _("whole number")
TEXT = _("text")
TEXT_IN_LANGUAGES = _("text in languages, by their codes")


def nouns() -> dict[str, list[str]]:
    """Return Arabic word, English word and meaning of each model, as the glossary has them."""
    words: dict[str, list[str]] = json.loads(NOUNS_FILE.read_text("utf-8"))
    return words


def noun(model: Any, language: str) -> str:
    """Return what a model is called in a language; of a table that only links, both its ends."""
    known = nouns().get(model._meta.label)
    if known is not None:
        return known[0] if language.partition("-")[0] == "ar" else known[1]
    if model._meta.auto_created:
        ends = [field.related_model for field in model._meta.fields if field.remote_field]
        return " – ".join(noun(end, language) for end in ends)
    with translation.override(language):
        return str(model._meta.verbose_name)


def kind_in_words(field: Field[Any, Any], kind: str) -> str:
    """Return what values of a column look like, in the language that is active."""
    if isinstance(field, MultilingualField):
        return str(TEXT_IN_LANGUAGES)
    if kind.endswith(("IntegerField", "AutoField")):
        return str(WHOLE_NUMBER)
    return str(KINDS.get(kind, TEXT))


def dictionary(parts: Iterable[Part]) -> dict[str, Any]:
    """Return tables with their columns: words in every language, kind, link, choices."""
    return {part.table.name: _table(part) for part in parts}


def _table(part: Part) -> dict[str, Any]:
    known = nouns().get(part.label)
    return {
        "model": part.label,
        "words": _in_languages(lambda language: noun(part.model, language)),
        "meaning": known[2] if known else "",
        "is_sealed": bool(part.why),
        "columns": [_column(part, at) for at in range(len(part.table.fields))],
    }


def _column(part: Part, at: int) -> dict[str, Any]:
    field, kind = part.table.fields[at], part.table.kinds[at]
    to = field.related_model._meta.db_table if field.related_model else ""
    choices = {
        str(value): _in_languages(lambda _language, label=label: str(label))
        for value, label in field.flatchoices
        if value not in ("", None)
    }
    return {
        "column": part.table.columns[at],
        "words": _in_languages(lambda _language: str(field.verbose_name)),
        "kind": _in_languages(lambda _language: kind_in_words(field, kind)),
        "links_to": to,
        "choices": choices,
        "is_sealed": bool(part.why) or at in part.secret,
    }


def _in_languages(word: Any) -> dict[str, str]:
    words = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words[language] = word(language)
    return words
