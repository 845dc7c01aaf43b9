"""What all who took part are told, and where somebody wants to be told."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hiwar.common.multilingual import MultilingualFormField


class TellingForm(forms.Form):
    """One text for all: a letter, and a text message of at most two parts."""

    subject = MultilingualFormField(
        label=_("Subject of the letter"),
        max_length=120,
        required=False,
        help_text=_("Others read it on a locked screen: it names neither dialogue nor opinion."),
    )
    text = MultilingualFormField(
        label=_("Letter by e-mail"), is_long=True, max_length=20_000, required=False
    )
    short = MultilingualFormField(
        label=_("Text message"),
        is_long=True,
        max_length=600,
        required=False,
        help_text=_("At most two parts: 134 characters in Arabic, 306 in plain Latin letters."),
    )


class ToldForm(forms.Form):
    """Where somebody wants to be told what came of it."""

    address = forms.CharField(
        label=_("Your telephone number or e-mail address"),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    is_agreed = forms.BooleanField(
        label=_("I agree that it is kept for this one message, and destroyed after it")
    )
