"""What is filled in about information requests and their clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.asks.actions.requests import Happened, OneClock
from hiwar.asks.forms.public_words import without_details
from hiwar.asks.models import Clock, RequestStep
from hiwar.common.desk.choosing import SearchChoiceField
from hiwar.common.desk.fields import day_field
from hiwar.common.multilingual import MultilingualFormField
from hiwar.contacts.models import Organisation
from hiwar.contacts.queries import organisations_for

if TYPE_CHECKING:
    from hiwar.accounts.models import User

LONGEST = 250


class RequestForm(forms.Form):
    """What is asked of which body, and by which clock it has to answer."""

    organisation = SearchChoiceField(
        Organisation.objects.none(), label=_("Of which body"), empty_label=_("choose")
    )
    subject = MultilingualFormField(
        label=_("What is asked for"), max_length=200,
        help_text=_("Everybody reads this line, where the request is shown."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("The request, word for word"), max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
    )  # fmt: skip
    filed_on = day_field(_("Filed on"))
    clock = forms.ModelChoiceField(
        Clock.objects.none(), label=_("By which clock"), required=False,
        empty_label=_("none: days of our own"),
    )  # fmt: skip
    days = forms.IntegerField(
        label=_("Or: working days we ask for"), required=False, min_value=1, max_value=LONGEST,
        help_text=_("Bound by no law: we never say that it is."),
    )  # fmt: skip

    def __init__(self, reader: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_for(reader)  # type: ignore[attr-defined]  # a field of records
        clocks = Clock.objects.filter(retired_at=None).order_by("pk")
        self.fields["clock"].queryset = clocks  # type: ignore[attr-defined]  # a field of records

    def clean(self) -> dict[str, Any]:
        """Ask for a clock or for days, one of the two."""
        cleaned: dict[str, Any] = super().clean() or {}
        clock, days = cleaned.pop("clock", None), cleaned.pop("days", None)
        if (clock is None) == (days is None):
            self.add_error("clock", str(OneClock.message))
        return {**cleaned, "by": clock or days}


class StepForm(forms.Form):
    """What happened with a request."""

    kind = forms.ChoiceField(label=_("What happened"), choices=RequestStep.Kind.choices)
    day = day_field(_("Day"))
    result = forms.ChoiceField(
        label=_("With what result"), required=False,
        choices=[("", pgettext_lazy("request", "no answer yet")), *RequestStep.Result.choices],
        help_text=_("Of an answer, and of the decision on an appeal."),
    )  # fmt: skip
    ground = forms.CharField(
        label=_("On which ground"), required=False, max_length=300,
        help_text=_("Of a refusal: as they name it. Everybody reads it, where it is shown."),
    )  # fmt: skip
    source = forms.CharField(
        label=_("Source"), required=False, max_length=300,
        help_text=_("A letter with its number, a stamp, a call. Read at the desk alone."),
    )  # fmt: skip

    def clean_ground(self) -> str:
        """Keep private details out of what everybody may read."""
        return without_details(self.cleaned_data["ground"])

    def happened(self) -> Happened:
        """Return what was filled in."""
        return Happened(**self.cleaned_data)


class ClockForm(forms.ModelForm):  # type: ignore[type-arg]  # of clocks
    """A clock, with the law it stands in if any."""

    name = MultilingualFormField(label=_("Name"), max_length=120)
    source_url = forms.URLField(
        label=_("where it can be read"), required=False, max_length=500, assume_scheme="https"
    )
    checked_on = day_field(_("Checked on"))

    class Meta:
        model = Clock
        fields = (
            "name", "legal_basis", "source_url", "checked_on", "length", "unit", "start_rule",
            "roll", "extension", "appeal",
        )  # fmt: skip
        help_texts = {  # noqa: RUF012 - Django reads it so
            "legal_basis": _("Empty where no law binds them; then nothing says “by law”."),
        }
