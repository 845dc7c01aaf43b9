"""Texts in any set of languages, kept in one column.

A model declares one field however many languages the installation speaks; adding a language
is a setting and needs no migration.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from babel.core import get_global
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.utils.html import format_html
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.safestring import SafeString


def installation_languages() -> tuple[str, ...]:
    """Return the codes of the languages this installation speaks, the default first."""
    return tuple(code for code, _name in settings.LANGUAGES)


@lru_cache(256)
def script_of_language(language: str) -> str:
    """Return the script that a language is written in, as CLDR has it; empty where unknown.

    >>> script_of_language("fr"), script_of_language("fa"), script_of_language("ku-arab")
    ('Latn', 'Arab', 'Arab')
    """
    parts = language.replace("_", "-").split("-")
    named = next((part.title() for part in parts[1:] if len(part) == 4), "")
    likely: Mapping[str, str] = get_global("likely_subtags")
    known = likely.get("_".join(parts)) or likely.get(parts[0].casefold(), "")
    return named or next((part for part in known.split("_")[1:] if len(part) == 4), "")


def direction(language: str) -> str:
    """Return ``"rtl"`` or ``"ltr"`` for a language code."""
    return "rtl" if get_language_info(language)["bidi"] else "ltr"


class MultilingualText(Mapping[str, str]):
    """One text in several languages; ``str()`` gives it in the reader's language.

    Where the reader's language is missing, the next of these that has a text stands in: the
    language without its region, the installation's languages in order, a language in the letters of
    one of these, any other language.
    """

    __slots__ = ("_texts",)

    def __init__(self, texts: Mapping[str, str] | None = None) -> None:
        self._texts = {code: text for code, text in (texts or {}).items() if text}

    def __getitem__(self, language: str) -> str:
        return self._texts[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __hash__(self) -> int:
        return hash(frozenset(self._texts.items()))

    def __repr__(self) -> str:
        return f"MultilingualText({self._texts!r})"

    def __str__(self) -> str:
        return self.in_language(get_language())

    def shown_language(self, language: str | None) -> str | None:
        """Return the language a reader of ``language`` is shown, or None when there is no text."""
        wished = language or settings.LANGUAGE_CODE
        spoken = (wished, wished.partition("-")[0], *installation_languages())
        known = next((code for code in spoken if code in self._texts), None)
        if known is not None or not self._texts:
            return known
        scripts = [script_of_language(code) for code in spoken]
        legible = (
            code for script in scripts for code in self._texts if script_of_language(code) == script
        )
        return next(legible, next(iter(self._texts)))

    def in_language(self, language: str | None) -> str:
        """Return the text for a reader of ``language``, falling back; empty when there is none."""
        shown = self.shown_language(language)
        return self._texts[shown] if shown else ""

    @property
    def marked(self) -> SafeString:
        """The text as HTML; a text that fell back says its language and direction."""
        shown = self.shown_language(get_language())
        if shown is None or shown == get_language():
            return format_html("{}", str(self))
        return format_html(
            '<span lang="{}" dir="{}">{}</span>', shown, direction(shown), self._texts[shown]
        )

    @property
    def missing(self) -> tuple[str, ...]:
        """The installation's languages in which this text is still owed."""
        return tuple(code for code in installation_languages() if code not in self._texts)

    def in_order(self, first: str = "") -> list[tuple[str, str]]:
        """Return every language with its text: `first`, then as the installation names them."""
        codes = (first, *installation_languages(), *self._texts)
        return [(code, self._texts[code]) for code in dict.fromkeys(codes) if code in self._texts]

    def updated(self, texts: Mapping[str, str]) -> MultilingualText:
        """Return a copy with ``texts`` laid over it; an empty text removes its language."""
        return MultilingualText({**self._texts, **texts})


class MultilingualWidget(forms.MultiWidget):
    """One labelled input per language, each with its own ``lang`` and ``dir``."""

    template_name = "common/multilingual_widget.html"

    def __init__(self, *, is_long: bool = False, attrs: dict[str, Any] | None = None) -> None:
        kind = forms.Textarea if is_long else forms.TextInput
        extra = {"rows": 4} if is_long else {}
        self.languages = installation_languages()
        super().__init__(
            {
                code: kind(attrs={"lang": code, "dir": direction(code), **extra})
                for code in self.languages
            },
            attrs,
        )

    def decompress(self, value: Mapping[str, str] | None) -> list[str]:
        """Give each language's input its text."""
        return [(value or {}).get(code, "") for code in self.languages]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the language's own name to each input."""
        context = super().get_context(name, value, attrs)
        names = dict(settings.LANGUAGES)
        for code, part in zip(self.languages, context["widget"]["subwidgets"], strict=True):
            part["language"], part["language_name"] = code, names[code]
        return context


class MultilingualFormField(forms.MultiValueField):
    """Form field for a multilingual text; one language is enough unless all are asked for."""

    def __init__(self, *, is_long: bool = False, max_length: int | None = None, **kw: Any) -> None:
        self._declared = {"is_long": is_long, "max_length": max_length, **kw}
        parts = [forms.CharField(required=False, max_length=max_length, strip=True)]
        parts *= len(installation_languages())
        kw.setdefault("widget", MultilingualWidget(is_long=is_long))
        super().__init__(fields=parts, require_all_fields=False, **kw)

    def __deepcopy__(self, memo: dict[int, Any]) -> MultilingualFormField:
        """Return a copy for a form, in the languages of now where no widget was asked for."""
        if "widget" in self._declared or len(self.fields) == len(installation_languages()):
            return super().__deepcopy__(memo)
        return type(self)(**self._declared)

    def clean(self, value: Any) -> Any:
        """Return the text; blanks alone are no text, so that a required field asks for one."""
        if isinstance(value, (list, tuple)):
            value = [part.strip() if isinstance(part, str) else part for part in value]
        return super().clean(value)

    def compress(self, data_list: list[str]) -> MultilingualText:
        """Put the languages' texts together."""
        return MultilingualText(dict(zip(installation_languages(), data_list, strict=False)))


def in_readers_language(field: str) -> Coalesce:
    """Return what a list is sorted by: a text in the reader's language, or in one that stands in.

    ``field`` may follow foreign keys: ``dossier__title``.
    """
    spoken = dict.fromkeys((get_language() or settings.LANGUAGE_CODE, *installation_languages()))
    texts = [KeyTextTransform(code, field) for code in spoken]
    return Coalesce(*texts, models.Value("", models.TextField()))


class _TextAttribute:
    """Turns whatever is assigned to a multilingual field into a MultilingualText."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, record: models.Model | None, owner: type | None = None) -> Any:
        if record is None:
            return self
        if self.name not in record.__dict__:
            record.refresh_from_db(fields=[self.name])
        return record.__dict__[self.name]

    def __set__(self, record: models.Model, value: Any) -> None:
        record.__dict__[self.name] = (
            MultilingualText(value) if isinstance(value, Mapping) or value is None else value
        )


class MultilingualField(models.JSONField):
    """Model field for a text in any set of languages.

    Look-ups by language work on both databases: ``filter(name__ar="…")``.
    """

    _pyi_private_set_type: Mapping[str, str] | None
    _pyi_private_get_type: MultilingualText

    default_error_messages = {  # noqa: RUF012 - Django's own way of declaring messages
        "not_a_text": _("A text in several languages was expected."),
    }

    def __init__(self, *args: Any, is_long: bool = False, **kwargs: Any) -> None:
        self.is_long = is_long
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Describe the field for migrations."""
        name, path, args, kwargs = super().deconstruct()
        if self.is_long:
            kwargs["is_long"] = True
        return name, path, list(args), kwargs

    def contribute_to_class(self, cls: type[models.Model], name: str, *args: Any) -> None:
        """Make assignment turn mappings into texts."""
        super().contribute_to_class(cls, name, *args)
        setattr(cls, name, _TextAttribute(name))

    def get_prep_value(self, value: Any) -> Any:
        """Hand the database a plain mapping."""
        return super().get_prep_value(dict(value) if isinstance(value, Mapping) else value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Hand the database a plain mapping."""
        plain = dict(value) if isinstance(value, Mapping) else value
        return super().get_db_prep_value(plain, connection, prepared)

    def value_to_string(self, obj: models.Model) -> Any:
        """Serialise as a plain mapping."""
        return dict(self.value_from_object(obj))

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        """Accept only mappings from a language to a text; at least one unless blank."""
        is_text = isinstance(value, Mapping) and all(isinstance(t, str) for t in value.values())
        if not is_text:
            raise ValidationError(self.error_messages["not_a_text"], code="not_a_text")
        if not value and not self.blank:
            raise ValidationError(self.error_messages["blank"], code="blank")

    def formfield(self, **kwargs: Any) -> MultilingualFormField:
        """Return the form field with one input per language."""
        return MultilingualFormField(
            is_long=self.is_long,
            required=not self.blank,
            label=kwargs.get("label", self.verbose_name),
            help_text=kwargs.get("help_text", self.help_text),
        )
