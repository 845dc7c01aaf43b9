"""What is filled in for the newsletter: who wants it, an issue, what stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.common.desk.fields import day_field
from hiwar.common.multilingual import MultilingualFormField

if TYPE_CHECKING:
    from django.http import QueryDict

LONGEST_ADDRESS = 254


class SubscribeForm(forms.Form):
    """Somebody asks for the newsletter: an address, a language, the words that were agreed to."""

    address = forms.EmailField(
        label=_("E-mail address"), max_length=LONGEST_ADDRESS,
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "email"}),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=pgettext_lazy("of the newsletter", "Language"), choices=lambda: settings.LANGUAGES
    )
    agreed = forms.CharField(max_length=64, widget=forms.HiddenInput)


class IssueForm(forms.Form):
    """An issue: its words in every language, and the days whose public items it may name."""

    title = MultilingualFormField(label=_("Title"), max_length=200)
    intro = MultilingualFormField(
        label=_("Introduction"), required=False, is_long=True, max_length=2000,
        help_text=_("Some sentences above the items. Empty lines part paragraphs."),
    )  # fmt: skip
    from_day = day_field(pgettext_lazy("first day", "From"))
    until_day = day_field(pgettext_lazy("last day", "Until"))


def entries_of(data: QueryDict) -> list[tuple[str, str]]:
    """Return kind and key of what has a number in the order, the lowest first."""
    placed = []
    for value, place in zip(data.getlist("entry"), data.getlist("place"), strict=False):
        kind, _gap, key = value.partition(" ")
        if place.strip().isdecimal() and int(place) > 0:
            placed.append((int(place), kind[:40], key[:80]))
    return [(kind, key) for _place, kind, key in sorted(placed, key=lambda each: each[0])]
