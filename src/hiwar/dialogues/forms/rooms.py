"""What a facilitator fills in for voting in rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.common import dates
from hiwar.common.desk.choosing import SearchChoiceField
from hiwar.common.multilingual import MultilingualFormField
from hiwar.dialogues.models import Vote
from hiwar.dialogues.queries.rooms import events_with_rooms
from hiwar.events.models import Event

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hiwar.accounts.models import User
    from hiwar.dialogues.models import Statement

BLANK = pgettext_lazy("an answer on paper", "left blank")


def _with_day(event: Event) -> str:
    return f"{event.title} · {dates.day(event.starts_on)}"


class EventForm(forms.Form):
    """The event in whose rooms people vote."""

    event = SearchChoiceField(
        Event.objects.none(),
        label=_("Event"),
        empty_label=_("Choose an event"),
        help_text=_("The names of its rooms become public with the dialogue."),
    )

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["event"]
        field.queryset = events_with_rooms(reader)  # type: ignore[attr-defined]  # a choice
        field.label_from_instance = _with_day  # type: ignore[attr-defined]  # a choice


class RoomForm(forms.Form):
    """How a room is called in the dialogue, and whether people can come in."""

    label = MultilingualFormField(
        label=_("Name shown to everybody"),
        max_length=80,
        help_text=_("Choose a name that endangers nobody: it stands on the wall and in results."),
    )
    is_open = forms.BooleanField(label=_("People can come in by this room"), required=False)


class PaperForm(forms.Form):
    """The answers of one paper form, each as marked or left blank."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, statements: Sequence[Statement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.statements = statements
        order = (Vote.Choice.AGREE, Vote.Choice.DISAGREE, Vote.Choice.PASS)  # as on the form
        choices = [*((str(choice.value), choice.label) for choice in order), ("", BLANK)]
        for statement in statements:
            self.fields[f"s{statement.number}"] = forms.ChoiceField(
                choices=choices, required=False, widget=forms.RadioSelect
            )

    def asked(self) -> Iterator[tuple[Statement, forms.BoundField]]:
        """Give each statement with the field for its answer."""
        for statement in self.statements:
            yield statement, self[f"s{statement.number}"]

    def answers(self) -> dict[int, int]:
        """Return the choices by number of statement, without blanks."""
        values = {
            statement.number: self.cleaned_data.get(f"s{statement.number}")
            for statement in self.statements
        }
        return {number: int(choice) for number, choice in values.items() if choice}
