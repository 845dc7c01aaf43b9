from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Your answer"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 8})
    )


class ChannelForm(forms.Form):
    per_hour = forms.IntegerField(label=_("messages an hour"), min_value=1, max_value=100_000)
    quiet_from = forms.TimeField(label=_("quiet from"), required=False, widget=TIME)
    quiet_until = forms.TimeField(label=_("quiet until"), required=False, widget=TIME)
