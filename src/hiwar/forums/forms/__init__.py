"""What is filled in for a forum, its stages and its floors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.common.desk.choosing import SearchChoiceField
from hiwar.common.desk.fields import day_field, time_field
from hiwar.common.models import Visibility
from hiwar.common.multilingual import MultilingualFormField
from hiwar.contacts.models import Post
from hiwar.contacts.queries.people import posts_for
from hiwar.dialogues.models import Round
from hiwar.dialogues.queries.templates import target_choices
from hiwar.dialogues.rules import can_see_dialogue
from hiwar.dossiers.models import Dossier
from hiwar.dossiers.queries.dossiers import readable_dossiers
from hiwar.events.models import Event
from hiwar.events.queries.events import events_for
from hiwar.events.rules import can_see_events
from hiwar.forums.models import Stage
from hiwar.forums.queries.forums import is_address_taken
from hiwar.forums.queries.templates import template_choices

if TYPE_CHECKING:
    from hiwar.accounts.models import User

READERS = ((Visibility.INSTITUTION, Visibility.INSTITUTION.label),
           (Visibility.PERSONAL, Visibility.PERSONAL.label),
           (Visibility.PUBLIC, Visibility.PUBLIC.label))  # fmt: skip


def _address() -> forms.CharField:
    return forms.CharField(
        label=_("Address"), max_length=60,
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$",
                                   _("Small Latin letters, digits and hyphens."))],
        widget=forms.TextInput(attrs={"dir": "ltr"}),
        help_text=_("Small Latin letters, digits and hyphens. It stays for as long as the forum."),
    )  # fmt: skip


def _named_post(post: Any) -> str:
    return f"{post.title} · {post.organisation}"


class _AddressForm(forms.Form):
    """What gives a forum an address that no other has."""

    code = _address()

    def clean_code(self) -> str:
        """Return an address that no other forum has."""
        code: str = self.cleaned_data["code"]
        if is_address_taken(code):
            raise forms.ValidationError(_("Another forum has this address."))
        return code


class ForumForm(forms.Form):
    """The question of a forum, who decides on it and by when, and who may read it."""

    title = MultilingualFormField(label=_("Title"), max_length=200)
    question = MultilingualFormField(label=_("Question"), max_length=400)
    on_the_table = MultilingualFormField(
        label=_("What is on the table"), required=False, is_long=True, max_length=1000,
        help_text=_("What can become of it, and what cannot: people are told first."),
    )  # fmt: skip
    deciding_post = SearchChoiceField(
        Post.objects.none(), label=_("Post that decides"), required=False, empty_label=_("none yet")
    )
    who_decides = MultilingualFormField(
        label=_("Who decides, in words"), required=False, max_length=300
    )
    decision_on = day_field(_("Decision by"), required=False)
    options = MultilingualFormField(
        label=_("Options, one a line"), required=False, is_long=True, max_length=2000
    )
    background = MultilingualFormField(
        label=_("Background"), required=False, is_long=True, max_length=4000
    )
    budget_head = MultilingualFormField(
        label=_("Budget head it touches"), required=False, max_length=200
    )
    dossier = forms.ModelChoiceField(
        Dossier.objects.none(), label=_("Dossier"), required=False, empty_label=_("none")
    )
    visibility = forms.ChoiceField(
        label=_("Who may read it"), choices=READERS,
        help_text=_("What is for everybody opens once the forum is approved."),
    )  # fmt: skip

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dossier"].queryset = readable_dossiers(reader)  # type: ignore[attr-defined]  # a choice field
        posts = posts_for(reader).filter(abolished_on=None)
        self.fields["deciding_post"].queryset = posts  # type: ignore[attr-defined]  # as above
        self.fields["deciding_post"].label_from_instance = _named_post  # type: ignore[attr-defined]  # as above


class NewForumForm(ForumForm, _AddressForm):
    """A new forum: its template, its first day, and whether its dialogue is made at once."""

    field_order = ("template", "title", "question", "code", "first_day", "with_dialogue",
                   "on_the_table", "deciding_post", "who_decides", "decision_on", "dossier",
                   "visibility", "options", "background", "budget_head")  # fmt: skip
    template = forms.ChoiceField(label=_("Template"))
    first_day = day_field(
        _("First day"),
        required=False,
        help_text=_("The stages are laid from this day on; each can be moved."),
    )
    with_dialogue = forms.BooleanField(
        label=_("Make its dialogue too, as a draft"), required=False, initial=True
    )

    def __init__(self, *args: Any, may_run: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = template_choices()  # type: ignore[attr-defined]  # a choice field
        if not may_run:
            del self.fields["with_dialogue"]


class RestartForm(_AddressForm):
    """Under which address a question is taken up again, and from which day on."""

    field_order = ("code", "first_day", "with_dialogues")
    first_day = day_field(
        _("First day"),
        required=False,
        help_text=_("The stages are laid from this day on; each can be moved."),
    )
    with_dialogues = forms.BooleanField(
        label=_("Put the same statements to the vote again, in a draft"), required=False,
        initial=True,
    )  # fmt: skip

    def __init__(self, *args: Any, may_run: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_run:
            del self.fields["with_dialogues"]


class StageForm(forms.Form):
    """The kind of a stage, its days, and what it points at."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Stage.Kind.choices)
    title = MultilingualFormField(label=_("Title"), required=False, max_length=200)
    starts_on = day_field(_("First day"), required=False)
    ends_on = day_field(_("Last day"), required=False)
    starts = time_field(pgettext_lazy("time", "From"), required=False)
    ends = time_field(pgettext_lazy("time", "Until"), required=False)
    despite = forms.CharField(
        label=_("Why then all the same"), required=False, max_length=300,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("Only where the calendar has a weekly pause at that time."),
    )  # fmt: skip
    round = forms.ModelChoiceField(
        Round.objects.none(), label=_("Round of a dialogue"), required=False, empty_label=_("none")
    )
    event = SearchChoiceField(
        Event.objects.none(), label=_("Event"), required=False, empty_label=_("none")
    )

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rounds = Round.objects.none()
        if can_see_dialogue(reader):
            rounds = Round.objects.select_related("dialogue").order_by(
                "-dialogue__created_at", "dialogue", "number"
            )
        self.fields["round"].queryset = rounds  # type: ignore[attr-defined]  # a choice field
        self.fields["round"].label_from_instance = _named_round  # type: ignore[attr-defined]  # as above
        events = events_for(reader) if can_see_events(reader) else Event.objects.none()
        self.fields["event"].queryset = events.order_by("-starts_at", "pk")  # type: ignore[attr-defined]  # as above
        self.fields["event"].label_from_instance = _named_event  # type: ignore[attr-defined]  # as above


def _named_round(part: Any) -> str:
    return f"{part.dialogue.title} · {part}"


def _named_event(event: Any) -> str:
    return f"{event.title} · {event.starts_on:%Y-%m-%d}"


class FloorForm(forms.Form):
    """For which group a floor is set, and how high."""

    group = forms.ChoiceField(label=_("Group"), choices=target_choices)
    wanted = forms.IntegerField(
        label=_("At least"), min_value=1, max_value=1000,
        help_text=_("Percent of people; for places their number."),
    )  # fmt: skip
