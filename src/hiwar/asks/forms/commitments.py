"""What is filled in about promises: their words, proofs, what became of them, and a reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.queries import readable_by
from hiwar.asks.forms.public_words import without_details
from hiwar.asks.models import Addressee, AskPoint, Commitment, Proof
from hiwar.common.dates import day
from hiwar.common.desk.fields import day_field
from hiwar.common.multilingual import MultilingualFormField
from hiwar.evidence.models import EvidenceItem
from hiwar.evidence.queries.library import items_for
from hiwar.legislation.models import LawVersion
from hiwar.legislation.queries.laws import laws_for

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hiwar.accounts.models import User
    from hiwar.asks.models import Ask
    from hiwar.dossiers.models import Dossier

PUBLIC = _("Everybody reads this once it is verified, where the promise is for everybody.")
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

    def __init__(
        self, ask: Ask, readable: QuerySet[Addressee], origins: list[tuple[str, Any]],
        data: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(data)
        points = AskPoint.objects.filter(ask=ask).order_by("number", "pk")
        addressees = readable.filter(ask=ask).select_related("post")
        self.fields["point"].queryset = points  # type: ignore[attr-defined]  # a field of records
        self.fields["addressee"].queryset = addressees  # type: ignore[attr-defined]  # as above
        self.fields["origin"].choices = origins  # type: ignore[attr-defined]  # a field of choices


class VersionField(forms.ModelChoiceField["LawVersion"]):
    """A version of a law, with its day."""

    def label_from_instance(self, obj: LawVersion) -> str:
        """Name a version by its law, number and day."""
        return f"{obj} · {day(obj.dated_on)}"


class ProofForm(forms.Form):
    """Evidence or a text of law for or against a promise being kept."""

    item = forms.ModelChoiceField(
        label=_("Evidence"), queryset=EvidenceItem.objects.none(), required=False
    )
    version = VersionField(
        label=_("Or a text of law"), queryset=LawVersion.objects.none(), required=False
    )
    says = forms.ChoiceField(label=_("It says"), choices=Proof.Says.choices)
    brought_on = day_field(_("Day"))
    brought_by = forms.CharField(label=_("Brought by"), required=False, max_length=200)
    note = forms.CharField(label=_("What it shows"), required=False, max_length=500)

    def proof(self) -> dict[str, Any]:
        """Return what is filled in, with the one thing that shows it; None for neither or both."""
        values = dict(self.cleaned_data)
        chosen = [each for each in (values.pop("item"), values.pop("version")) if each is not None]
        return {**values, "shown_by": chosen[0] if len(chosen) == 1 else None}

    def __init__(self, reader: User, dossier: Dossier, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["item"].queryset = items_for(reader)  # type: ignore[attr-defined]  # a field of records
        laws = laws_for(reader).filter(dossier=dossier)
        versions = LawVersion.objects.filter(
            readable_by(reader, LawVersion), law__in=laws.order_by(), is_unofficial=False
        ).select_related("law").order_by("law__created_at", "law", "-number", "pk")  # fmt: skip
        self.fields["version"].queryset = versions  # type: ignore[attr-defined]  # a field of records


class SettlingForm(forms.Form):
    """What became of a promise, why, and where that is known from."""

    state = forms.ChoiceField(label=_("What became of it"), choices=AFTER)
    day = day_field(_("Day"))
    reason = forms.CharField(label=_("Reason"), max_length=500, help_text=PUBLIC)
    source = forms.CharField(label=_("Source"), max_length=300, help_text=PUBLIC)

    def clean_reason(self) -> str:
        """Keep private details out of what everybody may read."""
        return without_details(self.cleaned_data["reason"])

    def clean_source(self) -> str:
        """Keep private details out of what everybody may read."""
        return without_details(self.cleaned_data["source"])


class ReplyForm(forms.Form):
    """What the post replied."""

    reply = forms.CharField(
        label=_("Their reply"), max_length=4000, widget=forms.Textarea(attrs={"dir": "auto"})
    )
    replied_on = day_field(_("Replied on"))
