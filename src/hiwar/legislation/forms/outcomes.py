"""What is filled in when a new version has arrived: outcomes, answers of authorities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hiwar.common.desk.fields import day_field
from hiwar.common.multilingual import MultilingualFormField
from hiwar.legislation.actions.outcomes import AnswerFacts
from hiwar.legislation.models import AmendmentOutcome

if TYPE_CHECKING:
    from collections.abc import Sequence


class OutcomeForm(forms.Form):
    """What became of one proposal."""

    number = forms.IntegerField(min_value=1, max_value=32767, widget=forms.HiddenInput)
    result = forms.ChoiceField(
        label=_("What became of it"), choices=AmendmentOutcome.Result.choices
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)


class AnswerForm(forms.Form):
    """What an authority answered."""

    eid = forms.ChoiceField(label=_("Article"), required=False)
    body = forms.CharField(label=_("Who answered"), max_length=200)
    answered_on = day_field(_("Day"))
    text = MultilingualFormField(
        label=_("Answer"), is_long=True, max_length=10_000,
        help_text=_("In the words of who answered; a translation in the other language."),
    )  # fmt: skip
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        help_text=_("A letter with its number, a link, a gazette."),
    )
    is_published = forms.BooleanField(label=_("Everybody may read it"), required=False)

    def __init__(self, articles: Sequence[tuple[str, str]], *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        choices = [("", _("the whole law")), *articles]
        self.fields["eid"].choices = choices  # type: ignore[attr-defined]  # a choice field

    def facts(self) -> AnswerFacts:
        """Return what was filled in."""
        return AnswerFacts(**self.cleaned_data)
