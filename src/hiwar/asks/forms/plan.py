"""What is filled in for the plan of an issue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hiwar.asks.models import Addressee
from hiwar.asks.queries.posts import addressees_for
from hiwar.common.multilingual import MultilingualFormField
from hiwar.dossiers.models import Fact
from hiwar.dossiers.queries.facts import facts_of

if TYPE_CHECKING:
    from hiwar.accounts.models import User
    from hiwar.dossiers.models import Dossier

    AddresseeChoice = forms.ModelChoiceField[Addressee]
    FactChoices = forms.ModelMultipleChoiceField[Fact]
else:
    AddresseeChoice = forms.ModelChoiceField
    FactChoices = forms.ModelMultipleChoiceField


class _AddresseeField(AddresseeChoice):
    def label_from_instance(self, obj: Addressee) -> str:
        """Name an addressee by its post and by what it is asked."""
        return f"{obj.post} · {obj.ask}"


class LineForm(forms.Form):
    """What we say, to whom, and on which facts it rests."""

    words = MultilingualFormField(
        label=_("What we say"), is_long=True, max_length=800,
        help_text=_("One thought that can be said aloud in a minute."),
    )  # fmt: skip
    audience = forms.CharField(
        label=_("To whom"), required=False, max_length=120,
        help_text=_("An audience, such as members of a committee, the press or the coalition."),
    )  # fmt: skip
    addressee = _AddresseeField(
        Addressee.objects.none(), label=_("Or to one addressee"), required=False,
        empty_label=_("nobody by name"),
    )  # fmt: skip
    facts = FactChoices(
        Fact.objects.none(), label=_("Facts it rests on"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, reader: User, dossier: Dossier, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        addressees = addressees_for(reader).filter(ask__dossier=dossier)
        self.fields["addressee"].queryset = addressees.select_related("post", "ask")  # type: ignore[attr-defined]  # a field of records
        self.fields["facts"].queryset = facts_of(dossier)  # type: ignore[attr-defined]  # a field of records
