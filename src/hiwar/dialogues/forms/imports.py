"""What is filled in about messages that a file brought."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class SettleForm(forms.Form):
    """A message read by a person: a vote on a statement, or no vote."""

    number = forms.IntegerField(label=_("Statement number"), required=False, min_value=0)
    choice = forms.TypedChoiceField(
        label=_("Answer"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("no vote")), ("1", _("agree")), ("-1", _("disagree")), ("0", _("pass"))],
    )
    ends_messages = forms.BooleanField(
        label=_("The sender wants no more messages"),
        required=False,
        help_text=_("No room of the house writes to this telephone then. Votes stay."),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a number without an answer, and an answer without a number."""
        cleaned = super().clean() or {}
        if (cleaned.get("number") is None) != (cleaned.get("choice") is None):
            msg = _("A vote needs both the number of a statement and an answer.")
            raise forms.ValidationError(msg)
        return cleaned
