"""What is filled in for an instrument and its articles."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hiwar.common.desk.fields import day_field
from hiwar.common.multilingual import MultilingualFormField
from hiwar.evidence.forms.library import readers
from hiwar.evidence.models import Instrument


class InstrumentForm(forms.Form):
    """An instrument of public law."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Instrument.Kind.choices)
    symbol = forms.CharField(
        label=_("Short name or symbol"), max_length=60, help_text=_("CEDAW, S/RES/1325 (2000)")
    )
    title = MultilingualFormField(label=_("Title"), max_length=400)
    body = MultilingualFormField(label=_("Adopted by"), max_length=200, required=False)
    year = forms.IntegerField(label=_("Year"), min_value=1800, max_value=2200)
    adopted_on = day_field(_("Adopted on"), required=False)
    in_force_on = day_field(_("In force since"), required=False)
    url = forms.URLField(
        label=_("Address of the text"), max_length=500, required=False, assume_scheme="https"
    )
    visibility = readers()


class ArticleForm(forms.Form):
    """An article of an instrument, or one of its paragraphs."""

    article = forms.CharField(label=_("Article"), max_length=20)
    paragraph = forms.CharField(label=_("Paragraph"), max_length=20, required=False)
    text = MultilingualFormField(label=_("What it says"), is_long=True, max_length=4000)
