"""What is filled in about outcomes: what became of a point, and how that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.queries import readable_by
from hiwar.asks.actions.outcomes import Became, Shown
from hiwar.asks.forms.commitments import VersionField
from hiwar.asks.forms.public_words import without_details
from hiwar.asks.models import Commitment, Outcome
from hiwar.common.desk.fields import day_field
from hiwar.evidence.models import EvidenceItem
from hiwar.evidence.queries.library import items_for
from hiwar.legislation.models import LawVersion
from hiwar.legislation.queries.laws import laws_for

if TYPE_CHECKING:
    from datetime import date

    from hiwar.accounts.models import User
    from hiwar.asks.models import Addressee, AskPoint

PUBLIC = _("Public once another person verified it, where everybody may read the ask.")


class OutcomeForm(forms.Form):
    """What became of a point at a post, with its day, where it can be looked up, and our part."""

    result = forms.ChoiceField(
        label=_("What became of it"), choices=[("", _("not chosen")), *Outcome.Result.choices]
    )
    on = day_field(_("Known on"))
    note = forms.CharField(
        label=_("How it is known"), max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_(
            "Public once another person verified it, where everybody may read the ask. No names "
            "of people, no telephone numbers, nothing that was said in confidence."
        ),
    )  # fmt: skip
    link = forms.URLField(
        label=_("Public address"), required=False, max_length=500, assume_scheme="https",
        widget=forms.URLInput(attrs={"dir": "ltr"}), help_text=PUBLIC,
    )  # fmt: skip
    version = VersionField(
        label=_("Or a text of law"), queryset=LawVersion.objects.none(), required=False,
        help_text=_("Named to everybody where that text is public."),
    )  # fmt: skip
    item = forms.ModelChoiceField(
        label=_("Or evidence"), queryset=EvidenceItem.objects.none(), required=False,
        help_text=_("Read at the desk alone."),
    )  # fmt: skip
    commitment = forms.ModelChoiceField(
        label=_("On which promise"), queryset=Commitment.objects.none(), required=False
    )
    contribution = forms.CharField(
        label=_("Our contribution"), required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}), help_text=PUBLIC,
    )  # fmt: skip
    strength = forms.ChoiceField(
        label=_("How sure that is"), required=False, choices=Outcome.Strength.choices
    )

    def __init__(
        self, reader: User, point: AskPoint, addressee: Addressee, data: Any = None, **more: Any
    ) -> None:
        promises = Commitment.objects.filter(point=point, post=addressee.post).order_by(
            "made_on", "pk"
        )
        only = list(promises[:2])
        initial = {"commitment": only[0].pk if len(only) == 1 else None, **more.pop("initial", {})}
        super().__init__(data, initial=initial, **more)
        self.fields["commitment"].queryset = promises  # type: ignore[attr-defined]  # a field of records
        self.fields["item"].queryset = items_for(reader)  # type: ignore[attr-defined]  # as above
        laws = laws_for(reader).filter(dossier=point.ask.dossier)
        versions = LawVersion.objects.filter(
            readable_by(reader, LawVersion), law__in=laws.order_by(), is_unofficial=False
        ).select_related("law").order_by("law__created_at", "law", "-number", "pk")  # fmt: skip
        self.fields["version"].queryset = versions  # type: ignore[attr-defined]  # as above

    def clean_on(self) -> date:
        """Ask for a day that has come."""
        on: date = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError(
                _("This day is still to come. Enter the day on which it was known.")
            )
        return on

    def clean_note(self) -> str:
        """Keep private details out of what everybody will read."""
        return without_details(self.cleaned_data["note"])

    def clean_contribution(self) -> str:
        """Keep private details out of what everybody will read."""
        return without_details(self.cleaned_data["contribution"])

    def clean(self) -> dict[str, Any]:
        """Ask for a place where it can be looked up."""
        cleaned = super().clean() or {}
        places = ("item", "version", "link")
        if not self.errors and not any(cleaned.get(name) for name in places):
            self.add_error(
                "link",
                _("Say where it can be looked up: evidence, a text of law, or a public address."),
            )
        if bool(cleaned.get("contribution")) != bool(cleaned.get("strength")):
            self.add_error("strength", _("Say how sure our contribution is, or leave both empty."))
        return cleaned

    def became(self) -> Became:
        """Return what became of the point, as it was filled in."""
        names = ("result", "on", "note", "contribution", "strength")
        return Became(**{name: self.cleaned_data[name] for name in names})

    def shown(self) -> Shown:
        """Return by what it is shown, as it was filled in."""
        return Shown(**{name: self.cleaned_data[name] for name in ("item", "version", "link")})
