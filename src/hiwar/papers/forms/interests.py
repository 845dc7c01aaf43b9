"""What is filled in on who paid for a paper, and on the interests of its authors."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hiwar.common.multilingual import MultilingualFormField


class FunderForm(forms.Form):
    """Who paid, and for what."""

    who = MultilingualFormField(label=_("Who paid"), max_length=200)
    text = MultilingualFormField(
        label=_("For what, and how much if it may be said"), max_length=600, is_long=True
    )


class InterestForm(forms.Form):
    """Which author, and what ties them to the subject."""

    who = MultilingualFormField(label=_("Which author"), max_length=200)
    text = MultilingualFormField(
        label=_("What ties them to the subject"), max_length=600, is_long=True
    )
