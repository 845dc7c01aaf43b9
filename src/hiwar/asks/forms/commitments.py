"""What is filled in about promises: their words, proofs, what became of them, and a reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hiwar.asks.forms.points import day_field
from hiwar.asks.models import Addressee, AskPoint, Commitment, Proof
from hiwar.common.multilingual import MultilingualFormField
from hiwar.evidence.models import EvidenceItem
from hiwar.evidence.queries.library import items_for

if TYPE_CHECKING:
    from hiwar.accounts.models import User
    from hiwar.asks.models import Ask

AFTER = [(state.value, state.label) for state in Commitment.State if state != Commitment.State.MADE]


class CommitmentForm(forms.Form):
    """What a post promised on which point, by when, and from where it is known."""

    point = forms.ModelChoiceField(label=_("On which point"), queryset=AskPoint.objects.none())
    addressee = forms.ModelChoiceField(label=_("Who promised"), queryset=Addressee.objects.none())
    words = MultilingualFormField(label=_("What was promised"), is_long=True, max_length=1000)
    made_on = day_field(_("Promised on"))
    due_on = day_field(_("Due on"), required=False)
    due_precision = forms.ChoiceField(
        label=_("How exact the day is"), choices=Commitment.Precision.choices
    )
    origin = forms.ChoiceField(label=_("Known from"))

    def __init__(self, ask: Ask, origins: list[tuple[str, Any]], data: Any = None) -> None:
        super().__init__(data)
        points = AskPoint.objects.filter(ask=ask).order_by("number", "pk")
        addressees = Addressee.objects.filter(ask=ask).select_related("post").order_by("pk")
        self.fields["point"].queryset = points  # type: ignore[attr-defined]  # a field of records
        self.fields["addressee"].queryset = addressees  # type: ignore[attr-defined]  # as above
        self.fields["origin"].choices = origins  # type: ignore[attr-defined]  # a field of choices


class ProofForm(forms.Form):
    """Evidence for or against a promise being kept."""

    item = forms.ModelChoiceField(label=_("Evidence"), queryset=EvidenceItem.objects.none())
    says = forms.ChoiceField(label=_("It says"), choices=Proof.Says.choices)
    brought_on = day_field(_("Day"))
    brought_by = forms.CharField(label=_("Brought by"), required=False, max_length=200)
    note = forms.CharField(label=_("What it shows"), required=False, max_length=500)

    def __init__(self, reader: User, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["item"].queryset = items_for(reader)  # type: ignore[attr-defined]  # a field of records


class SettlingForm(forms.Form):
    """What became of a promise, why, and where that is known from."""

    state = forms.ChoiceField(label=_("What became of it"), choices=AFTER)
    day = day_field(_("Day"))
    reason = forms.CharField(label=_("Reason"), max_length=500)
    source = forms.CharField(label=_("Source"), max_length=300)


class ReplyForm(forms.Form):
    """What the post replied."""

    reply = forms.CharField(
        label=_("Their reply"), max_length=4000, widget=forms.Textarea(attrs={"dir": "auto"})
    )
    replied_on = day_field(_("Replied on"))
