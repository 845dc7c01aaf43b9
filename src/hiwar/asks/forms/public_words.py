"""Words that everybody will read: nothing by which somebody is called, paid or identified."""

from __future__ import annotations

from django import forms
from django.utils.translation import pgettext_lazy

from hiwar.common.personal.details import private_details


def without_details(words: str) -> str:
    """Return words that hold no number to call, to pay or to identify; raise on any."""
    for detail in private_details(words):
        if detail.kind != "name":
            part = words[detail.start : detail.end]
            raise forms.ValidationError(
                pgettext_lazy("asks", "Everybody will read this: take out “%(part)s”."),
                params={"part": part},
            )
    return words
