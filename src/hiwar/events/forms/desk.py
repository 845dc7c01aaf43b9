"""What is filled in at the desk about events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.accounts.queries import readable_by
from hiwar.common.desk.choosing import SearchChoiceField
from hiwar.common.desk.fields import day_field, time_field, zone_field
from hiwar.common.models import Visibility
from hiwar.common.multilingual import MultilingualFormField
from hiwar.contacts.models import Person, Post, Segment
from hiwar.dossiers.models import Dossier
from hiwar.dossiers.queries import readable_dossiers
from hiwar.events.models import (
    Conclusion,
    Event,
    EventRole,
    Invitation,
    Note,
    Room,
    Series,
    Venue,
)
from hiwar.events.queries.proceedings import BANDS
from hiwar.events.queries.templates import template_choices
from hiwar.evidence.models import EvidenceItem
from hiwar.evidence.queries.library import items_for
from hiwar.places.models import Place

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hiwar.accounts.rules import Somebody

NOTHING = "–"


def staff_field(label: Any) -> forms.ModelChoiceField[User]:
    users = User.objects.filter(is_active=True).order_by("joined_at", "pk")
    return forms.ModelChoiceField(users, label=label, required=False, empty_label=NOTHING)


class MomentForm(forms.Form):
    """When an event is."""

    day = day_field(_("Day"))
    starts = time_field(_("Begins at"))
    zone = zone_field(_("On the clock of"))


class NewEventForm(MomentForm):
    """The few decisions that make an event from a template."""

    template = forms.ChoiceField(label=_("1. What kind of event?"), widget=forms.RadioSelect)
    title = MultilingualFormField(label=_("2. What is it about?"), max_length=160)
    dossier = forms.ModelChoiceField(
        Dossier.objects.none(), label=_("Dossier"), required=False, empty_label=NOTHING
    )
    series = forms.ModelChoiceField(
        Series.objects.order_by("pk"), label=_("Series"), required=False, empty_label=NOTHING
    )

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dossier"].queryset = readable_dossiers(reader)  # type: ignore[attr-defined]  # a choice field
        choices = template_choices()
        field = self.fields["template"]
        field.choices = choices  # type: ignore[attr-defined]  # a choice field
        field.initial = choices[0][0]


class EventForm(forms.Form):
    """What can be changed of an event."""

    title = MultilingualFormField(label=_("Title"), max_length=160)
    purpose = MultilingualFormField(
        label=_("Purpose"), is_long=True, max_length=1200, required=False
    )
    starts_on = day_field(_("Day"))
    starts = time_field(_("Begins at"))
    ends_on = day_field(_("Last day"))
    ends = time_field(_("Ends at"))
    zone = zone_field(_("On the clock of"))
    form = forms.ChoiceField(label=_("Form"), choices=Event.Form.choices)
    where = MultilingualFormField(label=_("Where"), max_length=200, required=False)
    venue = forms.ModelChoiceField(
        Venue.objects.order_by("code", "pk"), label=_("Venue"), required=False, empty_label=NOTHING
    )
    safety_note = MultilingualFormField(
        label=_("Safety note"),
        is_long=True,
        max_length=1200,
        required=False,
        help_text=_("What is done so that nobody is put in danger. The team reads it."),
    )
    visibility = forms.ChoiceField(
        label=_("Who may read it"),
        choices=[pair for pair in Visibility.choices if pair[0] != Visibility.PUBLIC],
    )
    capacity = forms.IntegerField(
        label=pgettext_lazy("seats", "Places"), required=False, min_value=1, max_value=9999
    )
    reply_by = day_field(_("Answer until"), required=False)
    quota = forms.IntegerField(
        label=_("Share of women speaking, at least, in percent"),
        min_value=0,
        max_value=100,
        help_text=_("The chair gets a quiet notice after twenty minutes below it. 0: no notice."),
    )
    allows_plus_one = forms.BooleanField(label=_("Invitees may bring one person"), required=False)


class AttributionForm(forms.Form):
    """The rule of attribution of an event."""

    attribution = forms.ChoiceField(
        label=_("Rule of attribution"),
        choices=[pair for pair in Event.Attribution.choices if pair[0]],
        widget=forms.RadioSelect,
    )


class ItemForm(forms.Form):
    """An item of an agenda."""

    title = MultilingualFormField(label=_("Title"), max_length=160)
    minutes = forms.IntegerField(
        label=pgettext_lazy("of time", "Minutes"), min_value=1, max_value=600
    )
    purpose = MultilingualFormField(label=_("Purpose"), max_length=300, required=False)
    role = forms.ChoiceField(
        label=_("Led by"), choices=[("", NOTHING), *EventRole.Code.choices], required=False
    )
    owner = staff_field(_("Prepared by"))
    attribution = forms.ChoiceField(
        label=_("Rule of attribution"),
        choices=[("", _("as for the whole event")), *Event.Attribution.choices[1:]],
        required=False,
    )


class RoomForm(forms.Form):
    """A room of an event."""

    label = MultilingualFormField(label=_("Name"), max_length=80)
    kind = forms.ChoiceField(label=_("Who it is for"), choices=Room.Kind.choices)
    facilitator = staff_field(_("Led by"))
    place = SearchChoiceField(
        Place.objects.order_by("code"), label=_("Place"), required=False, empty_label=NOTHING
    )
    capacity = forms.IntegerField(
        label=pgettext_lazy("seats", "Places"), required=False, min_value=1, max_value=9999
    )


class RoleForm(forms.Form):
    """Who does what at an event."""

    code = forms.ChoiceField(label=_("Role"), choices=EventRole.Code.choices)
    user = staff_field(_("Colleague"))
    name = forms.CharField(label=_("or somebody else"), max_length=120, required=False)


class InviteForm(forms.Form):
    """Somebody to be invited."""

    post = SearchChoiceField(
        Post.objects.none(), label=_("Post"), required=False, empty_label=NOTHING
    )
    name = forms.CharField(label=_("or a name"), max_length=200, required=False)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=lambda: settings.LANGUAGES)
    sex = forms.ChoiceField(label=_("Sex"), choices=Person.Sex.choices, required=False)

    def __init__(self, *args: Any, reader: Somebody, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = Post.objects.filter(readable_by(reader, Post), abolished_on=None)
        field = self.fields["post"]
        field.queryset = posts.order_by("position", "pk")  # type: ignore[attr-defined]  # a choice


class SegmentInviteForm(forms.Form):
    """A segment whose people and organisations are to be invited."""

    segment = forms.ModelChoiceField(
        Segment.objects.none(), label=_("Segment"), empty_label=NOTHING
    )

    def __init__(self, *args: Any, segments: QuerySet[Segment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["segment"].queryset = segments  # type: ignore[attr-defined]  # a choice


class AnswerForm(forms.Form):
    """An answer that reached the house by another way than the link."""

    answer = forms.ChoiceField(
        label=_("Answer"),
        choices=[
            (state.value, state.label)
            for state in (
                Invitation.State.ACCEPTED,
                Invitation.State.TENTATIVE,
                Invitation.State.DECLINED,
                Invitation.State.DELEGATED,
            )
        ],
    )
    channel = forms.ChoiceField(
        label=pgettext_lazy("of an answer", "Came"), choices=Invitation.Channel.choices[1:]
    )
    delegated_to = forms.CharField(label=_("Who comes instead"), max_length=120, required=False)
    plus_one = forms.CharField(label=_("Who comes along"), max_length=120, required=False)


class CheckInForm(forms.Form):
    """Somebody at the door: a code, or a name and what they want to say about themselves."""

    code = forms.CharField(label=_("Code"), max_length=12, required=False)
    name = forms.CharField(label=_("Name, as the person wishes"), max_length=120, required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=Person.Sex.choices, required=False)
    age_band = forms.ChoiceField(
        label=_("Age"), choices=[("", _("not stated")), *((b, b) for b in BANDS)], required=False
    )
    disability = forms.ChoiceField(
        label=_("Disability"),
        choices=[("", _("not stated")), ("yes", _("yes")), ("no", _("no"))],
        required=False,
    )
    may_contact = forms.BooleanField(label=_("May be invited again"), required=False)
    on_paper = forms.BooleanField(label=_("From a paper list"), required=False)


class FollowUpForm(forms.Form):
    """An action: what, who, until when."""

    text = forms.CharField(label=_("What is to be done"), max_length=500)
    owner = staff_field(_("Owner"))
    owner_name = forms.CharField(label=_("or somebody else"), max_length=120, required=False)
    due_on = day_field(_("By"))


class NoteForm(forms.Form):
    """A note as it comes from the console."""

    key = forms.UUIDField()
    text = forms.CharField(max_length=4000)
    kind = forms.ChoiceField(choices=Note.Kind.choices)
    item = forms.UUIDField(required=False)
    room = forms.UUIDField(required=False)
    speaker = forms.UUIDField(required=False)
    based_on = forms.CharField(max_length=4000, required=False)


class ParagraphForm(forms.Form):
    """A paragraph of minutes in every language."""

    text = MultilingualFormField(label=_("Text"), is_long=True, max_length=4000)


class StatedForm(forms.Form):
    """By which evidence a conclusion is stated."""

    item = forms.ModelChoiceField(
        EvidenceItem.objects.none(), label=_("Evidence that states it"), required=False,
        empty_label=_("none"),
    )  # fmt: skip

    def __init__(self, *args: Any, reader: Somebody, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = items_for(reader)  # type: ignore[attr-defined]  # a choice field


class PointForm(forms.Form):
    """A point of one of the three lists."""

    kind = forms.ChoiceField(label=_("List"), choices=Conclusion.Kind.choices)
    text = MultilingualFormField(label=_("Point"), max_length=600)
