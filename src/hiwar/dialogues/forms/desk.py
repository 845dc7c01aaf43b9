"""What a facilitator fills in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hiwar.common.desk.choosing import SearchChoiceField
from hiwar.common.desk.fields import day_field, refuse_disorder, time_field
from hiwar.common.multilingual import MultilingualFormField, MultilingualText
from hiwar.dialogues.models import Dialogue, ModerationDecision, Participant, VotingRoom
from hiwar.dialogues.queries.rooms import rooms_of_dialogue
from hiwar.dialogues.queries.templates import target_choices, template_choices
from hiwar.dossiers.models import Dossier
from hiwar.dossiers.queries import readable_dossiers
from hiwar.events.models import Event
from hiwar.events.queries.events import events_for
from hiwar.events.rules import can_see_events

if TYPE_CHECKING:
    from hiwar.accounts.models import User
    from hiwar.accounts.rules import Somebody


class NewDialogueForm(forms.Form):
    """The first three decisions of a new dialogue."""

    template = forms.ChoiceField(label=_("1. What kind of dialogue?"), widget=forms.RadioSelect)
    title = MultilingualFormField(label=_("2. What is it called?"), max_length=120)
    question = MultilingualFormField(
        label=_("3. Which question is put to people?"),
        is_long=True,
        max_length=400,
        help_text=_("One open question in everyday words. It stands above every statement."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = template_choices()
        field = self.fields["template"]
        field.choices = choices  # type: ignore[attr-defined]  # a choice field
        field.initial = choices[0][0]


class RoundForm(forms.Form):
    """When a round takes place, who decides on what it brings, by when and on what."""

    starts_on = day_field(_("First day"), required=False)
    ends_on = day_field(_("Last day"), required=False)
    closing_time = time_field(
        _("Hour of closing"),
        required=False,
        help_text=_("The round closes by itself at this hour, or else when the last day ends."),
    )
    who_decides = MultilingualFormField(label=_("Who decides?"), max_length=200)
    decision_on = day_field(_("Decision by"))
    on_the_table = MultilingualFormField(
        label=_("What is on the table?"),
        is_long=True,
        max_length=600,
        help_text=_("What can change through this dialogue, and what cannot."),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order."""
        cleaned = super().clean() or {}
        why = _("The last day is before the first.")
        refuse_disorder(self, "starts_on", "ends_on", why, may_be_equal=True)
        if cleaned.get("closing_time") and not cleaned.get("ends_on"):
            self.add_error("ends_on", _("Say on which day the round closes at this hour."))
        why = _("The decision is before the round begins.")
        refuse_disorder(self, "starts_on", "decision_on", why, may_be_equal=True)
        return cleaned


class PlanForm(RoundForm):
    """The last four decisions of a new dialogue."""

    publication_tier = forms.ChoiceField(
        label=_("7. What is published in the end?"),
        choices=Dialogue.Tier.choices,
        widget=forms.RadioSelect,
        help_text=_("This is promised to participants and cannot change after the opening."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on_the_table"].label = _("6. What is on the table?")


class SettingsForm(forms.Form):
    """What can be changed of a dialogue; what was promised only before it opens."""

    title = MultilingualFormField(label=_("Title"), max_length=120)
    question = MultilingualFormField(label=_("Question"), is_long=True, max_length=400)
    introduction = MultilingualFormField(
        label=_("Introduction"), is_long=True, max_length=2000, required=False
    )
    moderation = forms.ChoiceField(
        label=_("Statements of participants are"), choices=Dialogue.Moderation.choices
    )
    accepts_open_link = forms.BooleanField(
        label=_("Anybody with the link may take part, without a code"), required=False
    )
    risk = forms.ChoiceField(
        label=_("Risk for who takes part"),
        choices=Dialogue.Risk.choices,
        help_text=_("Where taking part can be dangerous, only counts are published."),
    )
    publication_tier = forms.ChoiceField(
        label=_("What is published in the end"), choices=Dialogue.Tier.choices
    )
    room_threshold = forms.IntegerField(
        label=_("Smallest room shown alone"),
        required=False,
        min_value=5,
        max_value=500,
        help_text=_("Rooms with fewer people are told together with others."),
    )
    bridging_share = forms.IntegerField(
        label=_("Bridging statement: percent that agree in every room and group"),
        required=False,
        min_value=50,
        max_value=100,
    )

    dossier = forms.ModelChoiceField(
        Dossier.objects.none(), label=_("Dossier"), required=False, empty_label=_("none"),
        help_text=_("The issue that this dialogue belongs to."),
    )  # fmt: skip

    def __init__(self, *args: Any, reader: User, is_promised: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("risk", "publication_tier", "room_threshold", "bridging_share"):
            self.fields[name].disabled = is_promised
        offered = readable_dossiers(reader)
        current = self.initial.get("dossier")
        if current is not None and not offered.filter(pk=current.pk).exists():
            del self.fields["dossier"]  # closed to this reader: it stays as it is
        else:
            self.fields["dossier"].queryset = offered  # type: ignore[attr-defined]  # a choice

    def clean(self) -> dict[str, Any]:
        """Keep the numbers for rooms where they are left empty."""
        cleaned = super().clean() or {}
        kept = {"room_threshold", "bridging_share"}
        return {
            name: value for name, value in cleaned.items() if value is not None or name not in kept
        }


class StatementForm(forms.Form):
    """A statement in one or several languages, and its theme."""

    text = MultilingualFormField(
        label=_("Statement"),
        is_long=True,
        max_length=300,
        help_text=_("One idea in a sentence, with which people can agree or disagree."),
    )
    theme = forms.CharField(
        label=_("Theme"), max_length=60, required=False, widget=forms.TextInput({"dir": "auto"})
    )

    event = SearchChoiceField(
        Event.objects.none(), label=_("Session in which it was said"), required=False,
        empty_label=_("none"),
    )  # fmt: skip

    def __init__(self, *args: Any, reader: Somebody, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        events = events_for(reader) if can_see_events(reader) else Event.objects.none()
        self.fields["event"].queryset = events.order_by("-starts_at", "pk")  # type: ignore[attr-defined]  # a choice field

    @property
    def language(self) -> str:
        """The language the statement was written in: the reader's own where it has words."""
        text: MultilingualText = self.cleaned_data["text"]
        return text.shown_language(get_language()) or ""


class ReasonForm(forms.Form):
    """Why a statement is turned away, and what its author reads."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=ModerationDecision.Reason.choices, widget=forms.RadioSelect
    )
    reply = forms.CharField(
        label=_("Your own words to the author"),
        required=False,
        max_length=600,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
        help_text=_("Left empty, the author reads the sentence beside the reason."),
    )


class SharedReasonForm(forms.Form):
    """Why several statements are turned away; each author reads it in the own language."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=ModerationDecision.Reason.choices, widget=forms.RadioSelect
    )


class SplitForm(forms.Form):
    """Several statements out of one."""

    parts = forms.CharField(
        label=_("One statement on each line"),
        max_length=1500,
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
    )


class ObjectionForm(forms.Form):
    """The answer to an objection."""

    answer = forms.CharField(
        label=_("Answer to the author"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )


class CodesForm(forms.Form):
    """A batch of one-time codes."""

    label = forms.CharField(
        label=_("Who hands them out?"),
        max_length=100,
        widget=forms.TextInput({"dir": "auto"}),
        help_text=_("A place or an organisation, so that you know the batch again."),
    )
    size = forms.IntegerField(label=_("How many codes?"), min_value=1, max_value=5000, initial=50)
    trust = forms.TypedChoiceField(
        label=_("How they reach people"),
        coerce=int,
        choices=[
            (choice.value, choice.label)
            for choice in (Participant.Trust.PRINTED_CODE, Participant.Trust.CHANNEL_CODE)
        ],
    )
    room = forms.ModelChoiceField(
        VotingRoom.objects.none(),
        label=_("Handed out in the room"),
        required=False,
        empty_label=pgettext_lazy("room", "none"),
        help_text=_("Whoever uses one of these codes votes in this room."),
    )

    def __init__(self, *args: Any, dialogue: Dialogue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rooms = rooms_of_dialogue(dialogue)
        if rooms:
            self.fields["room"].queryset = rooms  # type: ignore[attr-defined]  # a choice
        else:
            del self.fields["room"]


class TargetForm(forms.Form):
    """What share of participants, or how many places, are meant to be reached."""

    group = forms.ChoiceField(label=_("Who"), choices=target_choices)
    wanted = forms.IntegerField(
        label=_("Target"),
        min_value=1,
        max_value=1000,
        help_text=_("Percent of participants; for places, how many places."),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a share of more than everybody."""
        cleaned = super().clean() or {}
        if cleaned.get("group") != "place" and (cleaned.get("wanted") or 0) > 100:
            self.add_error("wanted", _("A share is at most 100 percent."))
        return cleaned
