"""What is filled in for the strategy tree."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hiwar.common.desk.fields import day_field
from hiwar.common.multilingual import MultilingualFormField
from hiwar.dossiers.forms.dossiers import CODE, colleague
from hiwar.dossiers.models import Pillar, Programme, Project
from hiwar.dossiers.queries.strategy import pillars, programmes


class BranchForm(forms.Form):
    """A pillar, programme or project; the last two hang on what stands above them."""

    name = MultilingualFormField(label=_("Name"), max_length=120)
    code = forms.CharField(label=_("Code"), max_length=20, validators=[CODE])
    owner = colleague(_("Who answers for it?"), required=False)
    starts_on = day_field(_("First day"), required=False)
    ends_on = day_field(_("Last day"), required=False)
    position = forms.IntegerField(
        label=_("Order"), min_value=0, max_value=999, initial=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip

    def __init__(self, *args: Any, kind: type[Pillar | Programme | Project], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        from hiwar.accounts.queries import staff

        self.fields["owner"].queryset = staff().filter(is_active=True)  # type: ignore[attr-defined]  # a choice
        if kind is Programme:
            self.fields["above"] = forms.ModelChoiceField(
                pillars(), label=_("Pillar"), empty_label=None
            )
        elif kind is Project:
            self.fields["above"] = forms.ModelChoiceField(
                programmes(), label=_("Programme"), empty_label=None
            )
