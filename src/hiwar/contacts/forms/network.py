"""What of a network is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.common.desk.fields import day_field
from hiwar.contacts.queries.network import Question, tie_kinds

if TYPE_CHECKING:
    from datetime import date


class NetworkForm(forms.Form):
    """The day, how far, which kinds, and whether what has ended is shown too."""

    on = day_field(_("As it stood on"), required=False)
    steps = forms.TypedChoiceField(
        label=_("How far"),
        choices=[
            (1, pgettext_lazy("steps of a network", "connected directly")),
            (2, pgettext_lazy("steps of a network", "up to two steps away")),
        ],
        coerce=int,
        required=False,
        empty_value=None,
    )
    kind = forms.MultipleChoiceField(
        label=_("Kinds of connections"),
        choices=tie_kinds,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None marked: all kinds."),
    )
    ended = forms.BooleanField(label=_("Show what had ended as well, in dashes"), required=False)

    def question(self, today: date) -> Question:
        """Return what is asked for; what is filled in wrongly is as if it were empty."""
        self.full_clean()
        values = self.cleaned_data if self.is_bound else {}
        return Question(
            day=values.get("on") or today,
            steps=values.get("steps") or 1,
            kinds=frozenset(values.get("kind") or ()),
            with_ended=bool(values.get("ended")),
        )
