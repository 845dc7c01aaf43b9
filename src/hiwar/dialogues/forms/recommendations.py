"""What a facilitator fills in to put recommendations to people."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hiwar.common.multilingual import MultilingualFormField


class RecommendationForm(forms.Form):
    """A draft recommendation with the code by which people speak of it."""

    code = forms.RegexField(
        r"^[A-Za-z0-9]{1,10}$",
        label=_("Code"),
        help_text=_("Latin letters and digits, such as R1. A code that is there gets these words."),
        widget=forms.TextInput({"dir": "ltr", "autocomplete": "off"}),
    )
    text = MultilingualFormField(
        label=_("Recommendation"),
        is_long=True,
        max_length=600,
        help_text=_("Who should do what, in a sentence or two."),
    )
