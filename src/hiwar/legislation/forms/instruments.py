"""What is filled in for an amending instrument and for an order written by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hiwar.common.desk.fields import day_field
from hiwar.common.files.uploads import UploadField
from hiwar.legislation.actions.instruments import InstrumentFacts, OrderFacts
from hiwar.legislation.forms.laws import LONGEST_TEXT, READERS
from hiwar.legislation.models import InstrumentOrder, LawVersion
from hiwar.legislation.queries.drafts import FILE

if TYPE_CHECKING:
    from collections.abc import Sequence

STANDINGS = [choice for choice in LawVersion.Authority.choices if choice[0] != "consolidated"]


class InstrumentForm(forms.Form):
    """An instrument that amends a law: its text, pasted or from a file, and what is known of it."""

    title = forms.CharField(
        label=_("Title"), max_length=300, widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("As it is cited: number, year, on what. It stands where something is "
                    "repealed."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Text"), max_length=LONGEST_TEXT, required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto"}),
        help_text=_("The whole instrument with its articles."),
    )  # fmt: skip
    file = UploadField(
        FILE, label=_("Or a file"), required=False,
        help_text=_("It is read for its text and not kept."),
    )  # fmt: skip
    authority = forms.ChoiceField(label=_("Standing of the text"), choices=STANDINGS)
    source = forms.CharField(
        label=_("Source"), max_length=300, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    issued_on = day_field(_("Issued on"), required=False)
    published_on = day_field(_("Published on"), required=False)
    in_force_on = day_field(
        _("In force on"), required=False,
        help_text=_("Empty: it is reckoned from what the instrument says, where its day of "
                    "publication or issue is known."),
    )  # fmt: skip
    visibility = forms.ChoiceField(label=_("Who may read it"), choices=READERS)

    def clean(self) -> dict[str, Any]:
        """Ask for a text or a file, and not for both."""
        cleaned = super().clean() or {}
        has_text = bool((cleaned.get("text") or "").strip())
        if has_text == bool(cleaned.get("file")) and "file" not in self.errors:
            self.add_error("text", _("Paste the text or choose a file, one of the two."))
        return cleaned

    def facts(self) -> InstrumentFacts:
        """Return what was filled in, without the text."""
        named = {name: value for name, value in self.cleaned_data.items()
                 if name not in {"text", "file"}}  # fmt: skip
        return InstrumentFacts(**named)


class OrderForm(forms.Form):
    """What a sentence orders, by hand."""

    kind = forms.ChoiceField(label=_("What it does"), choices=InstrumentOrder.Kind.choices)
    target = forms.ChoiceField(
        label=_("Provision"), required=False,
        help_text=_("For a new article the one before it; for a new paragraph the one that it "
                    "stands in. Empty for words in the whole law."),
    )  # fmt: skip
    label = forms.CharField(
        label=_("Number as printed"), max_length=60, required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("Only of what is new."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("New text"), max_length=20_000, required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )  # fmt: skip
    old_words = forms.CharField(
        label=_("Words in force"), max_length=500, required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("Words that are replaced or taken out, to the letter."),
    )  # fmt: skip
    new_words = forms.CharField(
        label=_("Words in their place"), max_length=500, required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("Empty: the words in force are taken out."),
    )  # fmt: skip
    effective_on = day_field(
        _("Takes effect on"), required=False,
        help_text=_("Empty: with the whole instrument."),
    )  # fmt: skip
    until = day_field(
        _("Until"), required=False, help_text=_("The last day of what does not apply for a time.")
    )

    def __init__(self, provisions: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        target = self.fields["target"]
        assert isinstance(target, forms.ChoiceField)  # noqa: S101 - declared above
        target.choices = [("", _("the whole law")), *provisions]

    @staticmethod
    def initial_of(order: InstrumentOrder) -> dict[str, Any]:
        """Return what the form shows of an order: of what is new, where it stands."""
        names = ("kind", "label", "text", "old_words", "new_words", "effective_on", "until")
        chosen = order.after if order.kind == InstrumentOrder.Kind.INSERTION else order.target
        if order.kind == InstrumentOrder.Kind.ADDITION:
            chosen = order.target.rpartition("__")[0]
        return {**{name: getattr(order, name) for name in names}, "target": chosen}

    def facts(self) -> OrderFacts:
        """Return what was filled in."""
        return OrderFacts(**{**self.cleaned_data, "text": self.cleaned_data["text"].strip()})


class DayForm(forms.Form):
    """From which day an instrument is in force."""

    in_force_on = day_field(_("In force on"), required=False)


class OnDayForm(forms.Form):
    """The day on which a law is looked at."""

    day = day_field(_("Day"))
