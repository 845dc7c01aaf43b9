"""Lists of activities and attendance: sent, and what their columns stand for; what is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.contacts.forms import FIELD_NAMES
from hiwar.events.models import Event
from hiwar.events.queries.figures import definitions
from hiwar.events.queries.sheets import ACTIVITIES
from hiwar.places.queries import units_of_report

if TYPE_CHECKING:
    from hiwar.events.models import Series

COLUMNS = {
    "activity": _("code of the activity"),
    "kind": _("kind of activity"),
    "title": _("title"),
    "date": _("date"),
    "starts": _("begins at"),
    "hours": _("hours"),
    "place": _("place"),
    "women_only": _("for women only"),
    "donors": _("donors"),
}


class SheetForm(forms.Form):
    """One list or both, as they come from the field."""

    activities = forms.FileField(
        label=_("List of activities"),
        required=False,
        help_text=_("XLSX or CSV, one activity in each row: a code and a date at least."),
    )
    attendance = forms.FileField(
        label=_("Attendance sheet"),
        required=False,
        help_text=_("One row for each person at each activity: the code of the activity, a name."),
    )
    starts = forms.TimeField(
        label=_("Activities begin at"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}),
        help_text=_("For activities whose row says no hour. 10:00 where this is empty."),
    )


class ColumnsForm(forms.Form):
    """What each column of one list stands for."""

    def __init__(self, part: str, facts: dict[str, Any], data: Any = None) -> None:
        super().__init__(data, prefix=part)
        names = COLUMNS if part == ACTIVITIES else FIELD_NAMES
        options = [("", _("leave out")), *names.items()]
        for at, title in enumerate(facts["header"]):
            self.fields[f"column-{at}"] = forms.ChoiceField(
                label=title or f"{at + 1}",
                choices=options,
                required=False,
                initial=facts["mapping"].get(str(at), ""),
            )

    def mapping(self) -> dict[str, str]:
        """Return what was chosen, by column number."""
        return {
            name.removeprefix("column-"): code for name, code in self.cleaned_data.items() if code
        }


class SelectionForm(forms.Form):
    """Which events are counted, and by which definition of age."""

    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=pgettext_lazy("day", "Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    place = forms.ChoiceField(label=_("Place"), required=False)
    series = forms.ChoiceField(label=_("Series"), required=False)
    donor = forms.ChoiceField(label=_("Donor"), required=False)
    bands = forms.ChoiceField(label=_("Age by"), required=False)

    def __init__(self, *args: Any, donors: list[str], series: list[Series], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", _("all"))]
        self._offer("kind", [*every, *Event.Kind.choices])
        self._offer(
            "place", [*every, *((str(place.pk), str(place.name)) for place in units_of_report())]
        )
        self._offer("series", [*every, *((str(entry.pk), str(entry)) for entry in series)])
        self._offer("donor", [*every, *((donor, donor) for donor in donors)])
        self._offer(
            "bands", [(definition["code"], str(definition["name"])) for definition in definitions()]
        )

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- declared above
        field.choices = choices
