"""What the desk and travellers fill in about visits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.accounts.queries import readable_by
from hiwar.common.desk.choosing import SearchMultipleChoiceField
from hiwar.common.desk.fields import day_field, instant_field, refuse_disorder, time_field
from hiwar.common.multilingual import MultilingualFormField
from hiwar.contacts.models import Organisation, Person
from hiwar.dossiers.models import Dossier
from hiwar.dossiers.queries import readable_dossiers
from hiwar.events.models import Event, Venue
from hiwar.visits.models import (
    Booking,
    Leg,
    MeetingNote,
    Permit,
    ThemeTag,
    Traveller,
    TravellerDocument,
    Visit,
    VisitItem,
)
from hiwar.visits.queries.templates import template_choices

if TYPE_CHECKING:
    from hiwar.accounts.rules import Somebody


def _zone(value: str) -> str:
    if value and value not in available_timezones():
        raise forms.ValidationError(_("There is no such time zone; an example: Europe/Brussels."))
    return value


class DaysForm(forms.Form):
    """Days in their order."""

    starts_on = day_field(_("First day"))
    ends_on = day_field(_("Last day"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        why = _("The last day is before the first.")
        refuse_disorder(self, "starts_on", "ends_on", why, may_be_equal=True)
        if first and last and (last - first).days > 60:
            self.add_error("ends_on", _("A visit lasts 60 days at most."))
        return cleaned


class NewVisitForm(DaysForm):
    template = forms.ChoiceField(label=_("What kind of visit?"), widget=forms.RadioSelect)
    title = MultilingualFormField(label=_("Title"), max_length=200)
    sender = MultilingualFormField(
        label=_("Who sends the delegation?"), max_length=200, required=False
    )
    zone = forms.CharField(label=_("Time zone here"), max_length=60, initial=settings.TIME_ZONE)
    home_zone = forms.CharField(
        label=_("Time zone at their home"),
        max_length=60,
        required=False,
        help_text=_("Both clocks are then printed where they differ. Example: Europe/Stockholm."),
    )
    field_order = ("template", "title", "sender", "starts_on", "ends_on", "zone", "home_zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = template_choices()
        self.fields["template"].choices = choices  # type: ignore[attr-defined]  # a choice
        self.fields["template"].initial = choices[0][0]
        for name in ("zone", "home_zone"):
            self.fields[name].widget.attrs["dir"] = "ltr"

    def clean_zone(self) -> str:
        return _zone(self.cleaned_data["zone"].strip())

    def clean_home_zone(self) -> str:
        return _zone(self.cleaned_data["home_zone"].strip())


class SettingsForm(forms.Form):
    """Facts of a visit that may change at any time."""

    title = MultilingualFormField(label=_("Title"), max_length=200)
    sender = MultilingualFormField(label=_("Who sends it"), max_length=200, required=False)
    home_zone = forms.CharField(label=_("Time zone at home"), max_length=60, required=False)
    dossiers = forms.ModelMultipleChoiceField(
        label=_("Dossiers it is about"),
        queryset=Dossier.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    vehicle = forms.CharField(label=_("Vehicle"), max_length=120, required=False)
    access_check = forms.CharField(
        label=_("When access is checked"), max_length=200, required=False
    )
    buffer_minutes = forms.IntegerField(
        label=_("Spare minutes for each way"), min_value=0, max_value=240
    )
    documents_kept_days = forms.IntegerField(
        label=_("Delete travel documents this many days after the visit"), min_value=0, max_value=90
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages of the pack"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: settings.LANGUAGES,
        help_text=_("With none chosen it is made in every language of the house."),
    )
    members_hidden = forms.BooleanField(
        label=_("Names of the delegation stay inside until arrival"), required=False
    )
    statement = MultilingualFormField(
        label=_("Holding statement"), is_long=True, max_length=2000, required=False
    )

    def __init__(self, *args: Any, user: Somebody, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dossiers = readable_dossiers(user).order_by("code", "pk")
        self.fields["dossiers"].queryset = dossiers  # type: ignore[attr-defined]  # a choice of records

    def clean_home_zone(self) -> str:
        return _zone(self.cleaned_data["home_zone"].strip())


class StepForm(forms.Form):
    """The next state of a visit, with a kind of reason where it is postponed."""

    state = forms.ChoiceField(label=_("Next step"), choices=Visit.State.choices)
    reason = forms.ChoiceField(
        label=_("Kind of reason"), choices=[("", "—"), *Visit.Reason.choices], required=False
    )


class ItemForm(forms.Form):
    title = MultilingualFormField(label=_("Title"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=Event.Kind.choices)
    day = day_field(_("Day"))
    starts = time_field(pgettext_lazy("time of day", "From"))
    ends = time_field(pgettext_lazy("time of day", "Until"))
    form = forms.ChoiceField(label=pgettext_lazy("of an item", "Form"), choices=Event.Form.choices)
    where = MultilingualFormField(
        label=_("Where"),
        max_length=200,
        required=False,
        help_text=_("The town first, then the house, with a comma between."),
    )
    venue = forms.ModelChoiceField(label=_("Venue"), queryset=Venue.objects.none(), required=False)
    organisations = SearchMultipleChoiceField(
        label=_("Hosts"), queryset=Organisation.objects.none(), required=False
    )
    speakers = SearchMultipleChoiceField(
        label=_("Who speaks"), queryset=Person.objects.none(), required=False
    )
    staff = forms.ModelMultipleChoiceField(
        label=_("Our colleagues there"), queryset=User.objects.none(), required=False
    )
    status = forms.ChoiceField(label=_("Status"), choices=VisitItem.Status.choices)
    phone = forms.CharField(label=_("Telephone on the day"), max_length=40, required=False)
    most_people = forms.IntegerField(
        label=_("At most, people"), min_value=1, max_value=9999, required=False
    )
    needs_interpreter = forms.BooleanField(label=_("Needs an interpreter"), required=False)
    interpreter = forms.CharField(label=_("Interpreter"), max_length=120, required=False)
    plan_b = MultilingualFormField(label=_("Plan B"), is_long=True, required=False)
    fallback = MultilingualFormField(
        label=_("Fall-back steps, one on each line"), is_long=True, required=False
    )
    note = forms.CharField(label=_("Note for staff"), max_length=300, required=False)
    override_reason = forms.CharField(
        label=_("If somebody is at two places at once: why is that right?"),
        max_length=300,
        required=False,
    )
    reason = forms.CharField(
        label=_("Why it changes"),
        max_length=300,
        required=False,
        help_text=_("Only staff read this."),
    )

    def __init__(self, *args: Any, user: Somebody, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        querysets = {
            "venue": Venue.objects.order_by("code", "pk"),
            "organisations": Organisation.objects.filter(
                readable_by(user, Organisation), merged_into=None
            ).order_by("code", "pk"),
            "speakers": Person.objects.filter(readable_by(user, Person), merged_into=None).order_by(
                "code", "pk"
            ),
            "staff": User.objects.filter(is_active=True).order_by("email", "pk"),
        }
        for name, queryset in querysets.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]  # a choice
        self.fields["phone"].widget.input_type = "tel"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        refuse_disorder(self, "starts", "ends", _("It ends before it begins."))
        return cleaned


class RowForm(forms.Form):
    """One item in a change of several."""

    day = day_field(_("Day"))
    starts = time_field(pgettext_lazy("time of day", "From"))
    ends = time_field(pgettext_lazy("time of day", "Until"))
    form = forms.ChoiceField(label=pgettext_lazy("of an item", "Form"), choices=Event.Form.choices)
    is_cancelled = forms.BooleanField(label=_("Cancelled"), required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"), max_length=300, required=False, help_text=_("Only staff read this.")
    )
    override_reason = forms.CharField(
        label=_("If somebody is at two places at once: why is that right?"),
        max_length=300,
        required=False,
    )


class LegForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    origin = MultilingualFormField(label=pgettext_lazy("place", "From"), max_length=120)
    crossing = MultilingualFormField(label=_("Crossing on the way"), max_length=120, required=False)
    opens = time_field(_("Opens at"), required=False)
    closes = time_field(_("Closes at"), required=False)

    class Meta:
        model = Leg
        fields = ("origin", "mode", "kilometres", "typical_minutes", "bad_day_minutes",
                  "buffer_minutes", "crossing", "opens", "closes", "permit")  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        usual, bad = cleaned.get("typical_minutes"), cleaned.get("bad_day_minutes")
        if usual is not None and bad is not None and bad < usual:
            self.add_error("bad_day_minutes", _("A bad day takes at least as long."))
        return cleaned


class TravellerForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    role = MultilingualFormField(label=_("Function"), max_length=160, required=False)
    bio = MultilingualFormField(label=_("About the person"), is_long=True, required=False)

    class Meta:
        model = Traveller
        fields = ("name", "other_name", "role", "party", "variant", "is_head", "phone", "diet",
                  "needs", "is_step_free", "bio")  # fmt: skip


class DocumentForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=TravellerDocument.Kind.choices)
    text = forms.CharField(
        label=_("Number, dates, place of issue"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3, "dir": "auto", "autocomplete": "off"}),
    )


class PermitForm(forms.Form):
    kind = forms.CharField(label=_("Permit"), max_length=60)
    state = forms.ChoiceField(label=_("State"), choices=Permit.State.choices)
    valid_from = day_field(_("Valid from"), required=False)
    valid_until = day_field(_("Valid until"), required=False)


class BookingForm(forms.Form):
    state = forms.ChoiceField(choices=Booking.State.choices)


class NoteForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=MeetingNote.Kind.choices)
    text = forms.CharField(
        label=_("Text"), max_length=6000, widget=forms.Textarea({"rows": 4, "dir": "auto"})
    )
    said_by = forms.CharField(
        label=_("Who said it"),
        max_length=160,
        required=False,
        help_text=_("Only staff read this."),
        widget=forms.TextInput({"dir": "auto"}),
    )
    at = instant_field(
        _("When it was said"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M"],
        help_text=_("Left empty, it is now."),
    )


class PeopleForm(forms.Form):
    female = forms.IntegerField(label=_("Women"), min_value=0, max_value=9999, required=False)
    male = forms.IntegerField(label=_("Men"), min_value=0, max_value=9999, required=False)
    other = forms.IntegerField(label=_("Others"), min_value=0, max_value=9999, required=False)


class ThemesForm(forms.Form):
    themes = forms.ModelMultipleChoiceField(
        label=_("Themes"),
        queryset=ThemeTag.objects.order_by("code", "pk"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class UndertakingForm(forms.Form):
    text = MultilingualFormField(label=_("What"), max_length=300)
    owner = forms.ModelChoiceField(
        label=_("Who sees to it"),
        queryset=User.objects.filter(is_active=True).order_by("email", "pk"),
    )
    due_on = day_field(_("By"))


class PublishForm(forms.Form):
    summary = MultilingualFormField(
        label=_("What the public may read"), is_long=True, max_length=2000, required=False
    )


class FeedbackForm(forms.Form):
    """What a traveller answers; one question is enough."""

    score = forms.TypedChoiceField(
        label=_("How useful was the visit for your work?"),
        coerce=int,
        choices=[(1, "1"), (2, "2"), (3, "3"), (4, "4"), (5, "5")],
        widget=forms.RadioSelect,
        help_text=_("1 is not useful, 5 is very useful."),
    )
    best = forms.CharField(
        label=_("What was worth most?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )
    better = forms.CharField(
        label=_("What should be better?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )
