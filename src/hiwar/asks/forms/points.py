"""What is filled in about points, addressees and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.asks.models import Addressee, Answer, AnswerPoint
from hiwar.common.desk.choosing import SearchChoiceField
from hiwar.common.desk.fields import day_field
from hiwar.common.multilingual import MultilingualFormField
from hiwar.contacts.models import Post
from hiwar.contacts.queries.people import posts_for

if TYPE_CHECKING:
    from hiwar.accounts.models import User
    from hiwar.asks.models import AskPoint

NEXT_STATES = [
    (state.value, state.label)
    for state in Addressee.State
    if state not in {Addressee.State.DRAFTED, Addressee.State.APPROVED}
]
WAYS = [(value, label) for value, label in Answer.Way.choices if value != Answer.Way.LINK]
CONFIRMED = [(value, label) for value, label in Answer.Confirmation.choices if value]


class PostField(SearchChoiceField):
    """A post with its organisation."""

    def label_from_instance(self, obj: Post) -> str:
        """Name a post with the body it belongs to."""
        return f"{obj.organisation} · {obj.title}"


class PointForm(forms.Form):
    """One act that is wanted, and what it rests on."""

    act = MultilingualFormField(
        label=_("What is wanted"), max_length=400, is_long=True,
        help_text=_("One act, in no more than 40 words: what they can do, so that a yes is clear."),
    )  # fmt: skip
    target = forms.ChoiceField(label=_("What it rests on"), required=False)

    def __init__(self, choices: list[tuple[str, Any]], data: Any = None) -> None:
        super().__init__(data)
        self.fields["target"].choices = choices  # type: ignore[attr-defined]  # a field of choices


class AddresseeForm(forms.Form):
    """A post, and until when it is to answer."""

    post = PostField(label=pgettext_lazy("ask", "To which post"), queryset=Post.objects.none())
    answer_due = day_field(_("Answer by"), required=False)
    due_after = forms.IntegerField(
        label=_("Or: working days for an answer"), required=False, min_value=1, max_value=250,
        help_text=_("Counted from the day on which the letter reached them."),
    )  # fmt: skip

    def __init__(self, reader: User, data: Any = None) -> None:
        super().__init__(data)
        posts = posts_for(reader).filter(abolished_on=None)
        self.fields["post"].queryset = posts  # type: ignore[attr-defined]  # a field of records


class AddresseeStateForm(forms.Form):
    """How far an ask has come at a post."""

    state = forms.ChoiceField(label=_("State"), choices=NEXT_STATES)
    closed_as = forms.ChoiceField(
        label=_("Closed how"), choices=Addressee.Closing.choices, required=False,
        help_text=_("Asked only where it is closed."),
    )  # fmt: skip
    day = day_field(_("Day"))
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=500,
        help_text=_("Needed where it came back, or goes back."),
    )  # fmt: skip
    source = forms.CharField(label=_("Source"), required=False, max_length=300)


class VerdictsForm(forms.Form):
    """What is answered to each of some points, in fields named after them."""

    points: list[AskPoint]

    def verdicts(self) -> dict[str, str]:
        """Return the verdicts that were chosen, by the key of their point."""
        chosen = {
            str(point.pk): self.cleaned_data.get(f"verdict-{point.pk}", "") for point in self.points
        }
        return {key: verdict for key, verdict in chosen.items() if verdict}


class AnswerForm(VerdictsForm):
    """What a post answered: a verdict for each point, words, a day, who said it."""

    way = forms.ChoiceField(label=_("How it came"), choices=WAYS)
    answered_on = day_field(_("Day of the answer"))
    words = forms.CharField(
        label=_("In their words"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )  # fmt: skip
    until = day_field(_("By when"), required=False)
    giver_name = forms.CharField(label=_("Name of who answered"), required=False, max_length=200)
    giver_function = forms.CharField(label=_("Function"), required=False, max_length=200)
    capacity = forms.ChoiceField(label=_("In what capacity"), choices=Answer.Capacity.choices)
    corrects = forms.ChoiceField(label=_("Corrects an earlier answer"), required=False)

    field_order = ("way", "answered_on")

    def __init__(
        self, points: list[AskPoint], answers: list[Answer], data: Any = None, **more: Any
    ) -> None:
        super().__init__(data, **more)
        self.points = points
        for point in points:
            self.fields[f"verdict-{point.pk}"] = forms.ChoiceField(
                label=str(point.act), required=False,
                choices=[("", _("no answer")), *AnswerPoint.Verdict.choices],
            )  # fmt: skip
        self.fields["corrects"].choices = [  # type: ignore[attr-defined]  # a field of choices
            ("", _("No, it is a new one")),
            *((str(answer.pk), str(answer)) for answer in answers),
        ]
        self.order_fields(["way", "answered_on", *(f"verdict-{point.pk}" for point in points)])


class ConfirmationForm(forms.Form):
    """How an answer that came by a link was confirmed."""

    confirmed_as = forms.ChoiceField(label=_("Confirmed how"), choices=CONFIRMED)
