"""What is filled in: asks, positions, and an organisation's own answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.asks.models import Position
from hiwar.common.desk.fields import day_field
from hiwar.common.multilingual import MultilingualFormField

if TYPE_CHECKING:
    from hiwar.asks.queries.positions import Cell

SOURCES = [
    (value, label) for value, label in Position.Source.choices if value != Position.Source.LINK
]


class AskForm(forms.Form):
    """What is asked, in a sentence and in a few words."""

    text = MultilingualFormField(label=_("What is asked"), max_length=400)
    short = MultilingualFormField(
        label=_("In a few words"),
        max_length=60,
        help_text=_("As it stands above a column of the table of positions."),
    )


class PositionLetterForm(forms.Form):
    """To whom the letter with a link goes, and in which language."""

    email = forms.EmailField(max_length=254)
    language = forms.ChoiceField(choices=lambda: settings.LANGUAGES)


class PositionForm(forms.Form):
    """What an organisation said, when, and how that is known."""

    stance = forms.ChoiceField(
        label=pgettext_lazy("ask", "Position"),
        choices=Position.Stance.choices,
        widget=forms.RadioSelect,
    )
    words = MultilingualFormField(
        label=_("In their words"), is_long=True, max_length=800, required=False
    )
    said_on = day_field(_("Said on"))
    said_by = forms.CharField(label=_("Who said it"), required=False, max_length=200)
    source_kind = forms.ChoiceField(label=_("Kind of source"), choices=SOURCES)
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        help_text=_("The meeting, the letter, the page or the paper, so that it can be found."),
    )
    confirmed_by = forms.CharField(
        label=_("Confirmed by"), required=False, max_length=200,
        help_text=_("Who of the organisation confirmed it, if anybody did."),
    )  # fmt: skip
    confirmed_on = day_field(_("Confirmed on"), required=False)


class RetractionForm(forms.Form):
    """Why a position is taken back."""

    reason = forms.CharField(label=_("Why is it taken back?"), max_length=300)


class DayForm(forms.Form):
    """As of which day the table is read."""

    on = day_field(_("As of"), required=False)


class OwnForm(forms.Form):
    """What an organisation says of itself: a stance and words for each ask, and who says it."""

    said_by = forms.CharField(label=_("Your name and function"), max_length=200)

    def __init__(self, cells: list[Cell], language: str, data: Any = None) -> None:
        super().__init__(data)
        self.cells, self.language = cells, language
        for cell in cells:
            key, said = str(cell.ask.pk), cell.position
            self.fields[f"stance-{key}"] = forms.ChoiceField(
                label=pgettext_lazy("ask", "Position"), required=False,
                initial=said.stance if said else "",
                choices=[("", _("no answer")), *Position.Stance.choices],
            )  # fmt: skip
            self.fields[f"words-{key}"] = forms.CharField(
                label=_("In your own words"), required=False, max_length=800,
                initial=str(said.words) if said and said.words else "",
                widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
            )  # fmt: skip

    def rows(self) -> list[tuple[Cell, forms.BoundField, forms.BoundField]]:
        """Return each ask with its two fields."""
        return [
            (cell, self[f"stance-{cell.ask.pk}"], self[f"words-{cell.ask.pk}"])
            for cell in self.cells
        ]

    def said(self, cell: Cell) -> tuple[str, dict[str, str]]:
        """Return stance and words for an ask; words of another language stay beside new ones."""
        cleaned = self.cleaned_data
        text = cleaned.get(f"words-{cell.ask.pk}", "").strip()
        before = dict(cell.position.words) if cell.position else {}
        if cell.position and text == str(cell.position.words).strip():
            return cleaned.get(f"stance-{cell.ask.pk}", ""), before
        return cleaned.get(f"stance-{cell.ask.pk}", ""), {self.language: text} if text else {}
