"""What is filled in about letters, their receipt, and an official's own answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hiwar.asks.actions.answer_links import FILE, MOST_FILES
from hiwar.asks.forms.points import VerdictsForm
from hiwar.asks.models import Answer, AnswerPoint, Delivery
from hiwar.common.desk.fields import day_field
from hiwar.common.files.uploads import UploadField
from hiwar.common.multilingual import MultilingualFormField

if TYPE_CHECKING:
    from hiwar.asks.models import AskPoint


class LetterForm(forms.Form):
    """The text of a letter in each of its languages; what stands around it is added at issue."""

    subject = MultilingualFormField(label=_("Subject"), max_length=200)
    body = MultilingualFormField(
        label=_("Text of the letter"), is_long=True, max_length=8000,
        help_text=_("Salutation, closing and signature are added as they stand on the day."),
    )  # fmt: skip
    copies = forms.CharField(label=_("Copies to"), required=False, max_length=300)
    annexes = forms.CharField(label=_("Annexes"), required=False, max_length=300)


class IssueForm(forms.Form):
    """How a letter leaves, and in which language."""

    way = forms.ChoiceField(label=_("How it leaves"), choices=Delivery.Way.choices)
    language = forms.ChoiceField(label=_("Language"), choices=lambda: settings.LANGUAGES)
    recipient = forms.EmailField(
        label=_("E-mail address"), required=False, max_length=254,
        help_text=_("Needed where it leaves by e-mail."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Ask for an address where one is needed."""
        cleaned = super().clean() or {}
        if cleaned.get("way") == Delivery.Way.MAIL and not cleaned.get("recipient"):
            self.add_error("recipient", _("Enter the address it is to be sent to."))
        return cleaned


class ReceiptForm(forms.Form):
    """Who received a letter, when, under which number of theirs."""

    received_on = day_field(_("Received on"))
    received_by = forms.CharField(label=_("Received by"), required=False, max_length=200)
    their_stamp = forms.CharField(label=_("Number of their stamp"), required=False, max_length=60)
    is_acknowledged = forms.BooleanField(label=_("They confirmed it in writing"), required=False)


class OfficialForm(VerdictsForm):
    """What a post answers: a verdict for each point, words, a day, and who says it."""

    words = forms.CharField(
        label=_("In your own words"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )  # fmt: skip
    until = day_field(
        _("Until when, where time is needed or something is promised"), required=False
    )
    giver_name = forms.CharField(label=_("Your name"), max_length=200)
    giver_function = forms.CharField(label=_("Your function"), max_length=200)
    capacity = forms.ChoiceField(
        label=_("You answer"), choices=Answer.Capacity.choices, widget=forms.RadioSelect,
        initial=Answer.Capacity.HOLDER,
    )  # fmt: skip
    may_publish = forms.BooleanField(
        label=_("This answer may be published in full"), required=False,
        help_text=_("Otherwise it is read by us alone, and only that you answered is public."),
    )  # fmt: skip

    def __init__(self, points: list[AskPoint], preset: dict[str, str], data: Any = None) -> None:
        super().__init__(data)
        self.points = points
        for point in points:
            self.fields[f"verdict-{point.pk}"] = forms.ChoiceField(
                label=str(point.act), required=False, widget=forms.RadioSelect,
                choices=AnswerPoint.Verdict.choices, initial=preset.get(str(point.pk), ""),
            )  # fmt: skip

    def rows(self) -> list[tuple[AskPoint, forms.BoundField]]:
        """Return each point with its field."""
        return [(point, self[f"verdict-{point.pk}"]) for point in self.points]

    def others(self) -> list[forms.BoundField]:
        """Return the fields that belong to no point."""
        return [field for field in self if not field.name.startswith("verdict-")]


class AnswerFilesForm(forms.Form):
    """Files that go with an answer, asked for where it is shown back."""

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        for number in range(1, MOST_FILES + 1):
            self.fields[f"file-{number}"] = UploadField(
                FILE, label=_("File %(number)s") % {"number": number}, required=False
            )

    def sent(self) -> list[Any]:
        """Return the files that were sent."""
        return [file for file in self.cleaned_data.values() if file]


class HandOnForm(forms.Form):
    """To whom an ask is handed on."""

    handed_to = forms.CharField(label=_("Name or function of who should answer"), max_length=200)
