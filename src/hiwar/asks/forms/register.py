"""What is filled in for the register of meetings; every word of it is for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.asks.actions.register import Shown
from hiwar.asks.forms.public_words import without_details
from hiwar.asks.models import AskPoint, MeetingEntry
from hiwar.asks.queries.positions import asks_for
from hiwar.common.desk.fields import day_field
from hiwar.common.multilingual import MultilingualFormField, MultilingualText
from hiwar.contacts.queries import vocabularies

if TYPE_CHECKING:
    from hiwar.accounts.models import User

PUBLIC_WORDS = ("correction", "theme", "place", "ours", "because")


class PointField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for the checker alone
    """A point with the ask it belongs to."""

    def label_from_instance(self, obj: AskPoint) -> str:
        """Name a point with its ask."""
        return f"{obj.ask.short} · {obj}"


class _PublicWords(forms.Form):
    def clean(self) -> dict[str, Any]:
        """Keep numbers to call, to pay or to identify out of what everybody reads."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in PUBLIC_WORDS:
            try:
                for words in (cleaned.get(name) or MultilingualText()).values():
                    without_details(words)
            except forms.ValidationError as wrong:
                self.add_error(name, wrong)
        return cleaned


class EntryForm(_PublicWords):
    """What everybody is to read of one contact."""

    theme = MultilingualFormField(
        label=pgettext_lazy("meeting", "Theme"), max_length=200,
        help_text=_("In words for everybody, not those of the contact log; no names of persons."),
    )  # fmt: skip
    is_off_record = forms.BooleanField(
        label=_("Off the record"), required=False,
        help_text=_("Then everybody reads the theme and the month, and nothing of what follows."),
    )  # fmt: skip
    precision = forms.ChoiceField(
        label=_("What is told of the day"), choices=MeetingEntry.Precision.choices
    )
    manner = forms.ChoiceField(label=_("How we met"), choices=MeetingEntry.Manner.choices)
    place = MultilingualFormField(
        label=pgettext_lazy("meeting", "Place"), required=False, max_length=120,
        help_text=_("Empty where it is not told."),
    )  # fmt: skip
    ours = MultilingualFormField(
        label=_("Who of us"), required=False, max_length=200,
        help_text=_("Functions, not names: the director, two researchers."),
    )  # fmt: skip
    point = PointField(
        AskPoint.objects.none(), label=_("On which point of an ask"), required=False,
        empty_label=pgettext_lazy("meeting", "none"),
        help_text=_("Everybody reads the ask only where the ask itself is for everybody."),
    )  # fmt: skip

    def __init__(self, reader: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asks = asks_for(reader).order_by().values("pk")
        points = AskPoint.objects.filter(ask__in=asks).select_related("ask")
        points = points.order_by("ask__created_at", "ask", "number")
        self.fields["point"].queryset = points  # type: ignore[attr-defined]  # a field of records

    def shown(self) -> Shown:
        """Return what was filled in."""
        names = ("theme", "is_off_record", "precision", "manner", "place", "ours", "point")
        return Shown(**{name: self.cleaned_data[name] for name in names})


class CorrectionForm(EntryForm):
    """What everybody is to read instead, and what of it is different."""

    correction = MultilingualFormField(
        label=_("What is corrected"), max_length=200,
        help_text=_("Everybody reads this, above what stood there before."),
    )  # fmt: skip
    field_order = ("correction",)


class ToldForm(forms.Form):
    """When and how the other side was told what everybody will read."""

    on = day_field(_("Told on"))
    how = forms.CharField(
        label=_("How"), max_length=300,
        help_text=_("A letter with its number, a call. Read at the desk alone."),
    )  # fmt: skip


class WithdrawalForm(_PublicWords):
    """Why an entry is taken out."""

    because = MultilingualFormField(
        label=pgettext_lazy("meeting", "Why"), max_length=200,
        help_text=_("Everybody reads this in place of the entry."),
    )  # fmt: skip


class KindsForm(forms.Form):
    """For which kinds of bodies the register is open."""

    codes = forms.MultipleChoiceField(
        label=_("Open for meetings with"), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Without any there is no register, and its address leads nowhere."),
    )  # fmt: skip

    def __init__(self, also: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["codes"].choices = vocabularies.choices("kinds", also)  # type: ignore[attr-defined]  # a field of choices
