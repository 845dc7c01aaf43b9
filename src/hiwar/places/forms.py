"""Forms of places, calendars and seasons."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hiwar.common.desk.fields import day_field, refuse_disorder, time_field, zone_field
from hiwar.common.multilingual import MultilingualFormField
from hiwar.common.search.folding import fold
from hiwar.places.models import Place, Season
from hiwar.places.queries.tree import places_by_name
from hiwar.places.queries.vocabularies import kind_choices, level_choices

NONE = [("", gettext_lazy("none"))]


def _weekdays() -> list[tuple[int, str]]:
    """Return the days of the week by their ISO number, Monday first."""
    return [(number + 1, str(name)) for number, name in WEEKDAYS.items()]


class PlaceForm(forms.Form):
    """A place: its name, what it is, and what it belongs to."""

    name = MultilingualFormField(label=gettext_lazy("Name"), max_length=200)
    parent = forms.CharField(
        label=pgettext_lazy("of a place", "Belongs to"), required=False, max_length=200,
        help_text=gettext_lazy("The name or the code of the larger place."),
    )  # fmt: skip
    level = forms.ChoiceField(label=gettext_lazy("Level"), choices=())
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of locality"), choices=(), required=False,
        help_text=gettext_lazy("Only for towns and villages: tables name the places above them."),
    )  # fmt: skip
    code = forms.CharField(
        label=pgettext_lazy("of a place", "Code"), max_length=40,
        help_text=gettext_lazy("As statistics or maps have it; lists are matched by it."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, place: Place | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        level, kind = (place.level, place.kind) if place else ("", "")
        self.fields["level"].choices = level_choices(level)  # type: ignore[attr-defined]  # a choice
        self.fields["kind"].choices = NONE + kind_choices(kind)  # type: ignore[attr-defined]  # a choice

    @staticmethod
    def initial_of(place: Place) -> dict[str, Any]:
        """Return what the form shows of a place."""
        parent = place.parent.code if place.parent else ""
        return {
            "name": place.name, "parent": parent, "level": place.level, "kind": place.kind,
            "code": place.code, "note": place.note,
        }  # fmt: skip

    def clean_parent(self) -> Place | None:
        """Return the place of this code or name."""
        text = self.cleaned_data["parent"]
        if not text:
            return None
        called = places_by_name().get(fold(text), [])
        exact = [place for place in called if place.code == text]
        called = exact or called
        if not called:
            raise forms.ValidationError(_("No place has this name or code."))
        if len(called) > 1:
            codes = ", ".join(place.code for place in called)
            message = _("Several places have this name: write a code (%(codes)s).")
            raise forms.ValidationError(message % {"codes": codes})
        return called[0]


class CalendarForm(forms.Form):
    """A calendar: whose it is, its clock, its week."""

    name = MultilingualFormField(label=gettext_lazy("Name"), max_length=120)
    code = forms.SlugField(
        label=pgettext_lazy("of a place", "Code"),
        max_length=40,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    time_zone = zone_field(gettext_lazy("Time zone"))
    weekend = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Weekend"), choices=_weekdays, coerce=int, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    opens = time_field(gettext_lazy("Work begins"), required=False)
    closes = time_field(gettext_lazy("Work ends"), required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for both hours or for none, in their order."""
        values = super().clean() or {}
        opens, closes = values.get("opens"), values.get("closes")
        if bool(opens) != bool(closes) or (opens and closes and closes <= opens):
            self.add_error("closes", _("Work ends after it begins."))
        return values


class SeasonForm(forms.Form):
    """A stretch of days that plans have to know of."""

    name = MultilingualFormField(label=gettext_lazy("Name"), max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Season.Kind.choices)
    starts_on = day_field(gettext_lazy("First day"))
    ends_on = day_field(gettext_lazy("Last day"))
    is_estimated = forms.BooleanField(label=gettext_lazy("Calculated, may move"), required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the days in their order."""
        values = super().clean() or {}
        why = _("The last day is not before the first.")
        refuse_disorder(self, "starts_on", "ends_on", why, may_be_equal=True)
        return values


class PauseForm(forms.Form):
    """A part of the week in which nothing is scheduled without asking."""

    name = MultilingualFormField(label=gettext_lazy("Name"), max_length=120)
    weekday = forms.TypedChoiceField(label=gettext_lazy("Weekday"), choices=_weekdays, coerce=int)
    starts = time_field(pgettext_lazy("time", "From"))
    ends = time_field(pgettext_lazy("time", "Until"))

    def clean(self) -> dict[str, Any]:
        """Ask for the hours in their order."""
        values = super().clean() or {}
        refuse_disorder(self, "starts", "ends", _("The pause ends after it begins."))
        return values
