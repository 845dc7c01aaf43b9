"""What is filled in for an amendment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hiwar.common.multilingual import MultilingualFormField
from hiwar.common.vocabularies import entries
from hiwar.legislation.actions.amendments import AmendmentFacts
from hiwar.legislation.models import Amendment
from hiwar.legislation.queries.vocabularies import LENSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hiwar.legislation.queries.amendments import SourceLetter

LONGEST = 20_000
LONGEST_LABEL = 140


class AmendmentForm(forms.Form):
    """What is proposed, why, for whom, and from which comments it comes."""

    eid = forms.ChoiceField(label=_("Provision"))
    kind = forms.ChoiceField(label=_("What changes"), choices=Amendment.Kind.choices)
    words = MultilingualFormField(
        label=_("Words in force"), required=False, max_length=500,
        help_text=_("Only where other words come in their place, to the letter."),
    )  # fmt: skip
    text = MultilingualFormField(
        label=_("New text"), required=False, is_long=True, max_length=LONGEST,
        help_text=_("The whole new text, or the words that come in the place of those in force."),
    )  # fmt: skip
    reason = MultilingualFormField(label=_("Reason"), is_long=True, max_length=4000)
    affected = MultilingualFormField(label=_("Who is affected"), required=False, max_length=300)
    lenses = forms.MultipleChoiceField(
        label=_("Whom it touches"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Each needs an equity note. Lenses that words of the text touch are added."),
    )  # fmt: skip
    letters = forms.MultipleChoiceField(
        label=_("Source comments"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, provisions: Sequence[tuple[str, str]], letters: Sequence[SourceLetter], *args: Any,
        **kw: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kw)
        self.sources = {str(letter.leader.pk): letter for letter in letters}
        choices = {
            "eid": provisions, "lenses": entries.choices(LENSES),
            "letters": [(key, _label(letter)) for key, letter in self.sources.items()],
        }  # fmt: skip
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]  # choice fields
        if not letters:
            del self.fields["letters"]

    def facts(self) -> AmendmentFacts:
        """Return what was filled in; of a letter, every sender's comment is a source."""
        cleaned = dict(self.cleaned_data)
        chosen = [self.sources[key] for key in cleaned.pop("letters", ())]
        comments = [comment for letter in chosen for comment in letter.comments]
        return AmendmentFacts(**cleaned, comments=comments)


def _label(letter: SourceLetter) -> str:
    text = " ".join(letter.leader.shown.split())
    text = text if len(text) <= LONGEST_LABEL else f"{text[:LONGEST_LABEL]}…"
    count = len(letter.comments)
    if count == 1:
        return f"{letter.leader} · {text}"
    senders = ngettext("%(count)s sender", "%(count)s senders", count) % {"count": count}
    return f"{letter.leader} · {text} ({senders})"


class EquityNoteForm(forms.Form):
    """What an amendment does to a group."""

    lens = forms.CharField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Equity note"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )  # fmt: skip
