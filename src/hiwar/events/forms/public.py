"""What an invitee fills in behind the private link."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.events.models import Invitation

S = Invitation.State


class ReplyForm(forms.Form):
    """The answer of an invitee."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        widget=forms.RadioSelect,
        choices=[
            (S.ACCEPTED.value, pgettext_lazy("answer to an invitation", "I will come")),
            (S.TENTATIVE.value, pgettext_lazy("answer to an invitation", "Perhaps")),
            (S.DELEGATED.value, pgettext_lazy("answer to an invitation", "Somebody comes for me")),
            (S.DECLINED.value, pgettext_lazy("answer to an invitation", "I cannot come")),
        ],
    )
    delegated_to = forms.CharField(
        label=_("Name of the person who comes instead"), max_length=120, required=False
    )
    plus_one = forms.CharField(
        label=_("Name of the person who comes with you"), max_length=120, required=False
    )
    may_contact = forms.BooleanField(
        label=_("You may invite me again to sessions like this one"), required=False
    )


class NeedsForm(forms.Form):
    """What somebody who comes needs."""

    needs = forms.CharField(
        label=_("What do you need to take part well?"),
        help_text=_("Access, food, language, childcare, transport. Deleted after the event."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
