"""What is filled in about segments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hiwar.common.desk.choosing import SearchChoiceField
from hiwar.common.desk.fields import day_field
from hiwar.common.multilingual import MultilingualFormField
from hiwar.contacts.forms.register import PeopleField, ReaderForm
from hiwar.contacts.models import Organisation, Segment
from hiwar.contacts.queries import organisations_for
from hiwar.contacts.queries.segments import segments_for

if TYPE_CHECKING:
    from hiwar.accounts.models import User
    from hiwar.contacts.queries.conditions import Kind

# More options than this are chosen from a list that opens, not from boxes.
MANY = 30


class SegmentForm(ReaderForm):
    """A segment: what it is called, what it is for, how its conditions are joined."""

    name = MultilingualFormField(label=_("Name"), max_length=120)
    purpose = MultilingualFormField(
        label=_("What it is for"), max_length=300,
        help_text=_("People are selected for a purpose, and the purpose stands beside the list."),
    )  # fmt: skip
    join = forms.ChoiceField(
        label=_("Who is in it"), choices=Segment.Join, widget=forms.RadioSelect, initial="all"
    )


class ConditionForm(forms.Form):
    """A condition of one kind, with its values."""

    def __init__(self, *args: Any, kind: Kind, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for parameter in kind.parameters:
            if parameter.options is None:
                self.fields[parameter.name] = day_field(parameter.label, required=True)
                continue
            options = list(parameter.options(user))
            if parameter.is_single:
                self.fields[parameter.name] = forms.ChoiceField(
                    label=parameter.label, choices=options
                )
                continue
            is_long = len(options) > MANY
            widget = forms.SelectMultiple(attrs={"size": 12}) if is_long else None
            self.fields[parameter.name] = forms.MultipleChoiceField(
                label=parameter.label,
                choices=options,
                widget=widget or forms.CheckboxSelectMultiple(),
                help_text=_("One of those marked is enough.") if not is_long else
                _("One of those marked is enough. Hold Ctrl to mark several."),
            )  # fmt: skip
        self.fields["is_denied"] = forms.BooleanField(
            label=_("The opposite: those to whom this does not apply"), required=False
        )

    def values(self) -> dict[str, list[str]]:
        """Return what was chosen, by parameter."""
        values: dict[str, list[str]] = {}
        for parameter in self.kind.parameters:
            cleaned = self.cleaned_data[parameter.name]
            if parameter.options is None:
                values[parameter.name] = [cleaned.isoformat()]
            else:
                values[parameter.name] = [cleaned] if parameter.is_single else list(cleaned)
        return values


class PickForm(ReaderForm):
    """Somebody put in or left out by hand."""

    person = PeopleField(is_one=True, label=_("Person"), required=False)
    organisation = SearchChoiceField(
        Organisation.objects.none(), label=_("or an organisation"), required=False
    )
    is_in = forms.TypedChoiceField(
        label=_("What is decided"),
        choices=[("yes", _("Put in")), ("no", _("Leave out"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="yes",
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def offer(self) -> None:
        """Offer the organisations the user may read."""
        if self.user is not None:
            self.pick("organisation", organisations_for(self.user))

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one."""
        cleaned = super().clean() or {}
        if bool(cleaned.get("organisation")) == bool(cleaned.get("person")) and not self.errors:
            self.add_error("person", _("Choose either a person or an organisation."))
        return cleaned


class PutInForm(ReaderForm):
    """Several people put into a segment that is there, or into a new one."""

    segment = forms.ModelChoiceField(
        Segment.objects.none(),
        label=_("Segment"),
        required=False,
        empty_label=_("New segment"),
    )
    name = MultilingualFormField(label=_("Name of the new segment"), max_length=120, required=False)
    reason = forms.CharField(
        label=_("Reason"), max_length=300,
        help_text=_("It stands beside each of them in the segment."),
    )  # fmt: skip

    def offer(self) -> None:
        """Offer the segments the user may read."""
        if self.user is not None:
            self.pick("segment", segments_for(self.user))

    def clean(self) -> dict[str, Any]:
        """Ask for a name where the segment is new."""
        cleaned = super().clean() or {}
        if not cleaned.get("segment") and not any((cleaned.get("name") or {}).values()):
            self.add_error("name", _("Choose a segment, or name a new one."))
        return cleaned
