"""What is filled in when a text opens by the clock, and when it is lent before."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hiwar.common.desk.fields import day_field, time_field, zone_field


class OpeningForm(forms.Form):
    """When a paper or an item of the site opens, on the clock of a place."""

    day = day_field(_("Day"))
    at = time_field(_("Time"))
    zone = zone_field(_("On the clock of"))

    @property
    def wall(self) -> datetime:
        """The day and the time on the clock of the place."""
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["at"])


class PressLinkForm(forms.Form):
    """Who reads a text under embargo before it opens."""

    name = forms.CharField(
        label=_("Who reads it"), max_length=120, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    outlet = forms.CharField(
        label=_("For which paper, station or organisation"), max_length=160, required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=_("E-mail address"), required=False,
        help_text=_("With an address the link is sent by mail; without one you hand it over."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), choices=lambda: settings.LANGUAGES)
