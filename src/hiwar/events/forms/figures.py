"""Which events are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.common.desk.fields import day_field
from hiwar.events.models import Event
from hiwar.events.queries.figures import definitions
from hiwar.places.queries import units_of_report

if TYPE_CHECKING:
    from hiwar.events.models import Series


class SelectionForm(forms.Form):
    """Which events are counted, and by which definition of age."""

    since = day_field(_("From"), required=False)
    until = day_field(pgettext_lazy("day", "Until"), required=False)
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
