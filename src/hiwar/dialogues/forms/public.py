"""What somebody who takes part fills in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.dialogues.actions.statements import LONGEST
from hiwar.dialogues.queries.attributes import offered
from hiwar.places.queries import units_of_report

if TYPE_CHECKING:
    from hiwar.dialogues.models import Dialogue, Participant

QUESTIONS = {
    "sex": pgettext_lazy("question about a participant", "Sex"),
    "age_band": pgettext_lazy("question about a participant", "Age"),
    "place": pgettext_lazy("question about a participant", "District or town"),
    "locality_kind": pgettext_lazy("question about a participant", "You live in"),
    "disability": pgettext_lazy("question about a participant", "Disability"),
    "sector": pgettext_lazy("question about a participant", "You work or study in"),
}
NO_ANSWER = pgettext_lazy("question about a participant", "No answer")


class CodeForm(forms.Form):
    """A code from a poster, a letter or a message."""

    code = forms.CharField(
        label=_("Your code"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"dir": "ltr", "autocomplete": "off", "autocapitalize": "characters",
                   "spellcheck": "false"}
        ),
    )  # fmt: skip


class StatementForm(forms.Form):
    """One idea in one's own words."""

    text = forms.CharField(
        label=_("Your statement"),
        max_length=2 * LONGEST,
        strip=True,
        widget=forms.Textarea(attrs={"dir": "auto", "rows": 4, "maxlength": LONGEST}),
    )


class AppealForm(forms.Form):
    """Why a decision was wrong."""

    text = forms.CharField(
        label=_("Why should it be put to the vote?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"dir": "auto", "rows": 3}),
    )


class AboutMeForm(forms.Form):
    """Voluntary questions; those that the dialogue asks, each with "no answer" first."""

    def __init__(self, *args: Any, dialogue: Dialogue, person: Participant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = [asked_about for asked_about in QUESTIONS if asked_about in dialogue.asks_about]
        if "place" in asked:
            asked.insert(asked.index("place") + 1, "locality_kind")
        for attribute in asked:
            self.fields[attribute] = _question(attribute, person)

    def answers(self) -> dict[str, object]:
        """Return what was answered, by attribute."""
        return dict(self.cleaned_data)


def _question(attribute: str, person: Participant) -> forms.Field:
    nothing = ("", NO_ANSWER)
    if attribute == "place":
        chosen = person.place.code if person.place else ""
        options = [(place.code, str(place.name)) for place in units_of_report()]
        return forms.ChoiceField(
            label=QUESTIONS[attribute], choices=[nothing, *options], required=False, initial=chosen
        )
    if attribute == "sector":
        return forms.MultipleChoiceField(
            label=QUESTIONS[attribute],
            choices=offered(attribute, person.sectors),
            required=False,
            initial=person.sectors,
            widget=forms.CheckboxSelectMultiple,
        )
    answered = getattr(person, attribute)
    return forms.ChoiceField(
        label=QUESTIONS[attribute],
        choices=[nothing, *offered(attribute, [answered])],
        required=False,
        initial=answered,
    )
