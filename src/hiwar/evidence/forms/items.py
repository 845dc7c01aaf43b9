"""What is filled in for evidence and testimony."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hiwar.common.desk.fields import day_field
from hiwar.common.multilingual import MultilingualFormField
from hiwar.dossiers.models import Dossier
from hiwar.dossiers.queries.dossiers import readable_dossiers
from hiwar.evidence.forms.library import readers
from hiwar.evidence.models import EvidenceItem, Source
from hiwar.evidence.queries.library import sources_for

if TYPE_CHECKING:
    from hiwar.accounts.models import User

KINDS = [choice for choice in EvidenceItem.Kind.choices if choice[0] != "testimony"]


class PlaceForm(forms.Form):
    """Where evidence stands, to which dossier it belongs, who may read it."""

    source = forms.ModelChoiceField(Source.objects.none(), label=_("Source"))
    locator = forms.CharField(
        label=_("Place in the source"), max_length=60, required=False,
        help_text=_("Page, table, paragraph."),
    )  # fmt: skip
    dossier = forms.ModelChoiceField(
        Dossier.objects.none(), label=_("Dossier"), required=False, empty_label=_("none")
    )
    visibility = readers()

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: dict[str, Any] = {
            "source": sources_for(reader), "dossier": readable_dossiers(reader),
        }  # fmt: skip
        for name, records in offered.items():
            if name in self.fields:
                self.fields[name].queryset = records  # type: ignore[attr-defined]  # a choice field


class ItemForm(PlaceForm):
    """Evidence of a source: a finding or a figure."""

    field_order = ("kind", "text", "figure", "source", "locator", "dossier", "visibility")
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    text = MultilingualFormField(label=_("What is known"), is_long=True, max_length=2000)
    figure = forms.CharField(
        label=_("Figure"), max_length=60, required=False,
        help_text=_("With what it is a part of: 41% (52 of 126)."),
    )  # fmt: skip


class TestimonyForm(PlaceForm):
    """What somebody testified, and what they agreed to."""

    field_order = (
        "text", "chosen_name", "name", "contact", "consent_on", "agreed_how", "agreed_to",
        "consent_ends_on", "dossier", "visibility",
    )  # fmt: skip
    source = None  # type: ignore[assignment]  # a testimony is its own source
    locator = None  # type: ignore[assignment]  # as above
    text = MultilingualFormField(
        label=_("What was said"), is_long=True, max_length=4000,
        help_text=_("Nothing that gives away who said it: no place, post or family."),
    )  # fmt: skip
    chosen_name = forms.CharField(
        label=_("Name they chose"), max_length=120,
        help_text=_("This is the name that colleagues and readers see."),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Real name"), max_length=200, required=False,
        help_text=_("Sealed; seen by those alone who may know who testified."),
    )  # fmt: skip
    contact = forms.CharField(
        label=_("How to reach them"), max_length=200, required=False, help_text=_("Sealed.")
    )
    consent_on = day_field(_("Agreed on"))
    agreed_how = forms.CharField(
        label=_("How they agreed"), max_length=300,
        help_text=_("In writing, on a recording, before whom. Sealed."),
    )  # fmt: skip
    agreed_to = forms.CharField(
        label=_("What they agreed to"), max_length=500,
        help_text=_("Papers, pages, sessions; with or without their words. Sealed."),
    )  # fmt: skip
    consent_ends_on = day_field(_("Agreed until"), required=False)


class CorrectForm(forms.Form):
    """What evidence says now, and why it is corrected."""

    text = MultilingualFormField(label=_("What is known"), is_long=True, max_length=4000)
    figure = forms.CharField(label=_("Figure"), max_length=60, required=False)
    reason = forms.CharField(label=_("Why it is corrected"), max_length=300)


class WithdrawForm(forms.Form):
    """On which day somebody took their consent back."""

    on = day_field(_("Withdrawn on"))
