"""What is filled in: procedures and their stages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hiwar.common.multilingual import MultilingualFormField
from hiwar.legislation.models import LegislativeStep

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hiwar.legislation.queries.procedures import ProcedureLine

LONGEST_CLOCK = 3650


class ProcedureForm(forms.Form):
    """A procedure: its name, and for a new one whose stages it begins with."""

    name = MultilingualFormField(label=_("Name"), max_length=200)
    like = forms.ChoiceField(label=_("Begin with the stages of"), required=False)

    def __init__(
        self, *args: Any, likes: Iterable[ProcedureLine] | None = None, **kw: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kw)
        like = self.fields["like"]
        assert isinstance(like, forms.ChoiceField)  # noqa: S101 - declared above
        if likes is None:
            del self.fields["like"]
            return
        like.choices = [("", _("none")), *((line.code, str(line.name)) for line in likes)]


class StageForm(forms.Form):
    """A stage: who decides, on what basis, how long, what proves it, and how it may be left."""

    name = MultilingualFormField(label=_("Name"), max_length=200)
    decided_by = MultilingualFormField(label=_("Who decides"), required=False, max_length=200)
    basis = MultilingualFormField(label=_("Legal basis"), required=False, max_length=300)
    document = MultilingualFormField(
        label=_("Document that comes out"), required=False, max_length=200
    )
    clock_days = forms.IntegerField(
        label=_("Days until the next stage"), required=False, min_value=1, max_value=LONGEST_CLOCK,
        help_text=_("Leave it empty where no time is set."),
    )  # fmt: skip
    counts_working_days = forms.BooleanField(label=_("Only working days count"), required=False)
    rolls = forms.BooleanField(
        label=_("Where the last day is a day off, the next working day is the last"), required=False
    )
    proofs = forms.MultipleChoiceField(
        label=_("What proves this stage"), required=False, choices=LegislativeStep.Evidence.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Anything else needs a note that says why it is believed. "
                    "None chosen: all do."),
    )  # fmt: skip
    may_repeat = forms.BooleanField(label=_("It may be repeated"), required=False)
    may_return = forms.BooleanField(
        label=_("A law may be sent back from here to an earlier stage"), required=False
    )
