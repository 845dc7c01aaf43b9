"""What the lists are filtered by, and what all records of the library are asked alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.common.desk.fields import day_field
from hiwar.common.models import Visibility
from hiwar.common.multilingual import installation_languages
from hiwar.common.scripts import language_in_words
from hiwar.evidence.models import Check, EvidenceItem, Instrument, MediaItem, Source
from hiwar.evidence.models.sources import Judged

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import Model

READERS = ((Visibility.INSTITUTION, Visibility.INSTITUTION.label),
           (Visibility.PERSONAL, Visibility.PERSONAL.label))  # fmt: skip


def readers() -> forms.ChoiceField:
    """Return the field that says who may read a record."""
    return forms.ChoiceField(label=_("Who may read it"), choices=READERS)


def written_in() -> list[tuple[str, str]]:
    """Return the languages that something of the library may be written in."""
    codes = dict.fromkeys((*installation_languages(), "fr"))
    return [(code, language_in_words(code)) for code in codes]


def language() -> forms.ChoiceField:
    """Return the field for the language that something is written in."""
    return forms.ChoiceField(
        label=_("Language"),
        choices=lambda: [*written_in(), ("und", pgettext_lazy("language", "other"))],
    )  # fmt: skip


ANY = pgettext_lazy("filter", "all")
# `language` in an address chooses the language of the page itself.
LANGUAGES = ("written_in", _("Language"), written_in)
QUALITY = ("quality", _("Quality"), Judged.Quality.choices)
OFFERED: Mapping[type[Model], tuple[tuple[str, Any, Any], ...]] = {
    Source: (("kind", _("Kind"), Source.Kind.choices), LANGUAGES, QUALITY),
    EvidenceItem: (("kind", _("Kind"), EvidenceItem.Kind.choices), QUALITY),
    Instrument: (("kind", _("Kind"), Instrument.Kind.choices),),
    MediaItem: (
        ("medium", _("Kind of medium"), MediaItem.Medium.choices), LANGUAGES,
        ("tone", _("Tone"), MediaItem.Tone.choices),
        ("cites", _("Cites the institution"), (("yes", _("yes")), ("no", _("no")))),
    ),
}  # fmt: skip
OLD = (Source, Instrument)


class LibraryFilterForm(forms.Form):
    """Which records of a list are asked for."""

    q = forms.CharField(label=_("Words"), required=False, max_length=200)

    def __init__(
        self, model: type[Model], *args: Any, topics: Iterable[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, label, choices in OFFERED[model]:
            self.fields[name] = forms.ChoiceField(
                label=label,
                required=False,
                choices=[("", ANY), *(choices() if callable(choices) else choices)],
            )
        if listed := [(topic, topic) for topic in topics]:
            self.fields["topic"] = forms.ChoiceField(
                label=_("Topic"), required=False, choices=[("", ANY), *listed]
            )
        if model in OLD:
            self.fields["stale"] = forms.BooleanField(
                label=_("Not looked at for 12 months"), required=False
            )

    def wish(self) -> dict[str, str]:
        """Return what is asked for; what makes no sense is left out."""
        self.is_valid()
        values = {name: self.cleaned_data.get(name) for name in self.fields}
        return {name: str(value) for name, value in values.items() if value}


class JudgeForm(forms.Form):
    """How good something is, and why."""

    quality = forms.ChoiceField(label=_("Quality"), choices=Judged.Quality.choices)
    reason = forms.CharField(
        label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Who asked whom, how many, when, who paid: what the next reader has to know."),
    )  # fmt: skip


class CheckForm(forms.Form):
    """That somebody looked at it, and what it says now."""

    on = day_field(_("Looked at on"))
    result = forms.ChoiceField(label=_("What it says"), choices=Check.Result.choices)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)
