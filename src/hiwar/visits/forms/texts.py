"""What the desk fills in about the contents of a pack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hiwar.common.desk.fields import day_field
from hiwar.common.multilingual import MultilingualFormField
from hiwar.contacts.models import Interaction
from hiwar.evidence.models import Source
from hiwar.evidence.queries.library import sources_for
from hiwar.evidence.rules import can_see_evidence
from hiwar.visits.models import PackText

if TYPE_CHECKING:
    from hiwar.accounts.models import User
    from hiwar.visits.queries.packs import Host

LONGEST = 12_000


class ReadersForm(forms.Form):
    """Whose pack something stands in; staff read everything."""

    is_for_members = forms.BooleanField(label=_("In the pack for members"), required=False)
    is_for_press = forms.BooleanField(
        label=_("In the pack for the press"),
        required=False,
        help_text=_("The pack for staff holds it in any case."),
    )
    position = forms.IntegerField(
        label=_("Place in the order"),
        min_value=0,
        max_value=999,
        help_text=_("Lower numbers come first."),
    )


class PackTextForm(ReadersForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=PackText.Kind.choices)
    title = MultilingualFormField(label=_("Title"), max_length=200)
    body = MultilingualFormField(
        label=_("Text"),
        is_long=True,
        max_length=LONGEST,
        help_text=_(
            "An empty line begins a paragraph. A glossary has a term on each line, then a long dash"
            " and its meaning. A language left empty is marked “not yet translated” in the pack."
        ),
    )
    field_order = ("kind", "title", "body", "is_for_members", "is_for_press", "position")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == PackText.Kind.RISK and cleaned.get("is_for_press"):
            self.add_error("is_for_press", _("The press reads no risk note."))
        return cleaned


class TalkingPointForm(ReadersForm):
    text = MultilingualFormField(label=_("Point"), is_long=True, max_length=1000)
    reference = MultilingualFormField(
        label=_("What it rests on"),
        max_length=300,
        help_text=_("The text and the place in it, so that a reader finds it."),
    )
    address = forms.URLField(
        label=_("Address"),
        required=False,
        assume_scheme="https",
        widget=forms.URLInput({"dir": "ltr"}),
    )
    checked_on = day_field(
        _("Looked up on"),
        required=False,
        help_text=_("After twelve months the pack says that nobody has looked since."),
    )
    source = forms.ModelChoiceField(
        Source.objects.none(), label=_("Source of the library"), required=False,
        empty_label=_("the one that these words name"),
        help_text=_(
            "When the source is looked at, or a figure of it is corrected, this shows here."
        ),
    )  # fmt: skip
    field_order = (
        "text", "reference", "address", "source", "checked_on", "is_for_members", "is_for_press",
        "position",
    )  # fmt: skip

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        readable = sources_for(reader)
        chosen = self.initial.get("source")
        if not can_see_evidence(reader) or (chosen and not readable.filter(pk=chosen.pk).exists()):
            del self.fields["source"]
        else:
            self.fields["source"].queryset = readable  # type: ignore[attr-defined]  # a choice


class HostForm(forms.Form):
    about = MultilingualFormField(
        label=_("About the host, for this visit"), is_long=True, max_length=3000, required=False
    )
    is_for_press = forms.BooleanField(label=_("In the pack for the press"), required=False)
    contacts = forms.ModelMultipleChoiceField(
        label=_("Last contacts that the pack names"),
        queryset=Interaction.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    risk = forms.CharField(
        label=_("Risk note"),
        max_length=2000,
        required=False,
        help_text=_("Only the pack for staff holds this."),
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )

    def __init__(self, data: Any, *, host: Host, offered: Any) -> None:
        written = host.written
        initial = {
            "about": written.about if written else None,
            "is_for_press": written.is_for_press if written else False,
            "risk": written.risk if written else "",
            "contacts": [interaction.pk for interaction in host.contacts],
        }
        super().__init__(data, initial=initial)
        field = self.fields["contacts"]
        field.queryset = offered  # type: ignore[attr-defined]  # a choice of records
        field.label_from_instance = _contact  # type: ignore[attr-defined]  # as above
        if not offered:
            field.widget = forms.MultipleHiddenInput()


def _contact(interaction: Interaction) -> str:
    kind = interaction.get_kind_display()
    return f"{kind} · {interaction.happened_on:%Y-%m-%d} · {interaction.subject}"
