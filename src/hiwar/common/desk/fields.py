"""Fields of forms that every room asks for: a day, a time of day, an instant, a zone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def day_field(label: Any, **more: Any) -> forms.DateField:
    """Return a field for a day, written as browsers read it in every language."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **more)


def time_field(label: Any, **more: Any) -> forms.TimeField:
    """Return a field for a time of day, to the minute."""
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, **more)


def instant_field(label: Any, **more: Any) -> forms.DateTimeField:
    """Return a field for a day with its time, to the minute."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, **more)


def refuse_disorder(
    form: forms.BaseForm,
    first: str,
    last: str,
    why: str | _StrPromise,
    *,
    may_be_equal: bool = False,
) -> None:
    """Say at the field ``last`` why it is refused where it comes before the field ``first``.

    Two that are equal are refused as well, unless they may be.
    """
    begins, ends = form.cleaned_data.get(first), form.cleaned_data.get(last)
    if begins and ends and (ends < begins or (ends == begins and not may_be_equal)):
        form.add_error(last, why)


def zone_field(label: Any) -> forms.ChoiceField:
    """Return a field for the time zone of a place; it begins with that of the installation."""
    return forms.ChoiceField(label=label, choices=_zones, initial=lambda: settings.TIME_ZONE)


def _zones() -> list[tuple[str, str]]:
    others = {name for name in available_timezones() if "/" in name} - {settings.TIME_ZONE}
    return [(name, name.replace("_", " ")) for name in (settings.TIME_ZONE, *sorted(others))]
