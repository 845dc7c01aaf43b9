"""What is filled in: laws, their steps, the texts that are brought in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from babel import Locale
from django import forms
from django.conf import settings
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hiwar.common.desk.fields import day_field
from hiwar.common.models import Visibility
from hiwar.common.multilingual import MultilingualFormField
from hiwar.engine.law.lexicon import JURISDICTIONS
from hiwar.legislation.models import Law, LawVersion, LegislativeStep, Stage
from hiwar.legislation.queries.procedures import all_procedures

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_TEXT = 400_000
# The lexicons that are of no single country.
_OF_SEVERAL = {
    "ar": _("Arabic"),
    "maghreb": _("of the Maghreb"),
    "en": _("English"),
    "fr": _("French"),
}
READERS = ((Visibility.INSTITUTION, Visibility.INSTITUTION.label),
           (Visibility.PERSONAL, Visibility.PERSONAL.label))  # fmt: skip


def writings() -> list[tuple[str, str]]:
    """Return the lexicons that the reader has, those of the country and the languages first."""
    locale = Locale.parse((get_language() or settings.LANGUAGE_CODE).replace("-", "_"))
    own = {
        settings.COUNTRY.lower(),
        *(code.partition("-")[0] for code, _name in settings.LANGUAGES),
    }
    named = [
        (code, str(_OF_SEVERAL.get(code) or locale.territories.get(code.upper(), code)))
        for code in JURISDICTIONS
    ]
    return sorted(named, key=lambda pair: (pair[0] != settings.COUNTRY.lower(), pair[0] not in own))


class LawForm(forms.Form):
    """A law as it is entered."""

    title = MultilingualFormField(label=_("Title"), max_length=300)
    sort = forms.ChoiceField(label=_("Sort of instrument"), choices=Law.Sort.choices)
    procedure = forms.ChoiceField(label=_("Procedure"))
    country = forms.RegexField(
        r"^[A-Za-z]{2}$", label=_("Country code"), help_text=_("Two letters, such as FR.")
    )
    jurisdiction = forms.ChoiceField(label=_("Way of writing laws"), choices=writings)
    visibility = forms.ChoiceField(label=_("Who may read it"), choices=READERS)

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        procedure = self.fields["procedure"]
        assert isinstance(procedure, forms.ChoiceField)  # noqa: S101 - declared above
        procedure.choices = [(line.code, str(line.name)) for line in all_procedures()]


class SummaryForm(forms.Form):
    """What a law is about, in plain words."""

    summary = MultilingualFormField(
        label=_("Plain-language summary"), required=False, is_long=True, max_length=4000,
        help_text=_("At most 250 words in each language. It stands above the articles."),
    )  # fmt: skip


class StepForm(forms.Form):
    """What happened to a law, when, and how that is known."""

    what = forms.ChoiceField(label=_("What happened"))
    happened_on = day_field(
        _("Day"), required=False, help_text=_("Leave it empty where the day is not known.")
    )
    evidence = forms.ChoiceField(
        label=_("What proves it"), choices=LegislativeStep.Evidence.choices
    )
    source = forms.CharField(label=_("Source"), max_length=300, required=False)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, stages: Iterable[Stage], *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.stages = {str(stage.pk): stage for stage in stages}
        what = self.fields["what"]
        assert isinstance(what, forms.ChoiceField)  # noqa: S101 - declared above
        kinds = [choice for choice in LegislativeStep.Kind.choices if choice[0] != "stage"]
        # What is left out of a procedure is offered no more.
        offered = {key: stage for key, stage in self.stages.items() if not stage.is_retired}
        what.choices = [*((key, str(stage)) for key, stage in offered.items()), *kinds]

    def step(self) -> tuple[str, Stage | None]:
        """Return the kind of step and its stage."""
        what = self.cleaned_data["what"]
        stage = self.stages.get(what)
        return ("stage" if stage else what), stage


class TextForm(forms.Form):
    """A text as it is pasted, and what is known of it."""

    text = forms.CharField(
        label=_("Text"), strip=False, max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 16, "dir": "auto"}),
        help_text=_("The whole text, with one heading or paragraph a line."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), choices=lambda: settings.LANGUAGES)
    other_language_of = forms.ChoiceField(
        label=_("The same version in another language"), required=False
    )
    is_unofficial = forms.BooleanField(label=_("Unofficial translation"), required=False)
    dated_on = day_field(_("Day of the text"))
    authority = forms.ChoiceField(
        label=_("Standing of the text"), choices=LawVersion.Authority.choices
    )
    source = forms.CharField(label=pgettext_lazy("text", "Where it comes from"), max_length=300)
    visibility = forms.ChoiceField(
        label=_("Who may read it"), choices=READERS,
        help_text=_("A text obtained in confidence is read by you alone."),
    )  # fmt: skip

    def __init__(self, versions: Iterable[LawVersion], *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.versions = {str(version.pk): version for version in versions}
        other = self.fields["other_language_of"]
        assert isinstance(other, forms.ChoiceField)  # noqa: S101 - declared above
        names = dict(settings.LANGUAGES)
        other.choices = [
            ("", "–"),
            *((key, f"{version.number} · {names.get(version.language, version.language)}")
              for key, version in self.versions.items()),
        ]  # fmt: skip

    def clean_text(self) -> str:
        """Return the text with the ends of lines that it had before the browser sent it."""
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        if not text.strip():
            raise forms.ValidationError(_("There is no text."))
        return text
