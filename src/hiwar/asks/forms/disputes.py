"""What is filled in about disputes: what a post says, at the desk or itself, and the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hiwar.asks.actions.disputes import Objection
from hiwar.asks.forms.public_words import without_details
from hiwar.asks.models import Dispute
from hiwar.common.desk.fields import day_field

if TYPE_CHECKING:
    from datetime import date

STATES = [(state.value, state.label) for state in Dispute.State if state != Dispute.State.OPEN]


class DisputeForm(forms.Form):
    """What a post disputes, in its words, as a colleague heard it."""

    words = forms.CharField(
        label=_("In their words"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("Everybody reads this once somebody decided, where the verdict is public."),
    )  # fmt: skip
    made_on = day_field(_("Day"))
    source = forms.CharField(
        label=_("Known from"), max_length=300,
        help_text=_("A letter with its number, a call, a session. Read at the desk alone."),
    )  # fmt: skip
    by_whom = forms.CharField(
        label=_("Who spoke for the post"), required=False, max_length=200,
        help_text=_("Read at the desk alone: everybody reads the name of the post."),
    )  # fmt: skip

    def clean_made_on(self) -> date:
        """Ask for a day that has come."""
        made_on: date = self.cleaned_data["made_on"]
        if made_on > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come. Enter when it happened."))
        return made_on

    def clean_words(self) -> str:
        """Keep private details out of what everybody will read."""
        return without_details(self.cleaned_data["words"])

    def objection(self) -> Objection:
        """Return what is disputed, as it was filled in."""
        cleaned = self.cleaned_data
        return Objection(cleaned["words"], cleaned["by_whom"], cleaned["source"])


class DecisionForm(forms.Form):
    """Whether what we noted stands, and why."""

    state = forms.ChoiceField(label=_("The decision"), choices=STATES, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"), max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("Everybody reads this, where the verdict is public."),
    )  # fmt: skip

    def clean_reason(self) -> str:
        """Keep private details out of what everybody will read."""
        return without_details(self.cleaned_data["reason"])


class OwnWordsForm(forms.Form):
    """What a post says itself to something that was noted of it, and who says it."""

    verdict = forms.CharField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("In your own words"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )  # fmt: skip
    by_whom = forms.CharField(label=_("Your name and function"), max_length=200)

    def clean_words(self) -> str:
        """Keep private details out of what everybody will read."""
        return without_details(self.cleaned_data["words"])
