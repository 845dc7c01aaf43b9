"""What is filled in for the barrier register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hiwar.common.desk.choosing import SearchChoiceField
from hiwar.common.desk.fields import day_field
from hiwar.common.multilingual import MultilingualFormField
from hiwar.dossiers.models import Barrier, Dossier, Fact
from hiwar.dossiers.queries.barriers import Wish
from hiwar.dossiers.queries.dossiers import readable_dossiers
from hiwar.dossiers.queries.facts import fact_choices
from hiwar.dossiers.queries.vocabularies import choices, filter_choices
from hiwar.places.models import Place

if TYPE_CHECKING:
    from hiwar.accounts.models import User

    FactChoice = forms.ModelChoiceField[Fact]
else:
    FactChoice = forms.ModelChoiceField


class _FactField(FactChoice):
    def label_from_instance(self, obj: Fact) -> str:
        return f"{obj.dossier.code}: {str(obj.text)[:90]}"


class BarrierForm(forms.Form):
    """A barrier: what, of which kind, whose, where, and how it is known."""

    title = MultilingualFormField(label=_("What stands in the way?"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"))
    groups = forms.MultipleChoiceField(
        label=_("Who meets it?"), widget=forms.CheckboxSelectMultiple
    )
    place = SearchChoiceField(
        Place.objects.none(), label=_("Place"), required=False, empty_label=_("everywhere")
    )
    locality_kind = forms.ChoiceField(
        label=_("Kind of locality"), required=False,
        help_text=_("Follows from the place, where it is a locality."),
    )  # fmt: skip
    fact = _FactField(
        Fact.objects.none(), label=_("Known by this fact"), required=False,
        empty_label=_("none: written below"),
    )  # fmt: skip
    evidence = MultilingualFormField(
        label=_("Or how it is known"), is_long=True, max_length=800, required=False
    )
    evidence_source = forms.CharField(label=_("Source of that"), required=False, max_length=300)
    dossier = forms.ModelChoiceField(
        Dossier.objects.none(), label=_("Dossier"), required=False, empty_label=_("none")
    )
    identified_on = day_field(_("Identified on"))

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What the record has stays choosable after the institution retired it.
        has = {name: self.get_initial_for_field(field, name) for name, field in self.fields.items()}
        offered: dict[str, Any] = {
            "kind": choices("barrier_kind", also=[has["kind"]]),
            "groups": choices("group", also=has["groups"] or []),
            "locality_kind": choices(
                "locality_kind", str(_("all kinds")), also=[has["locality_kind"]]
            ),
        }
        for name, words in offered.items():
            self.fields[name].choices = words  # type: ignore[attr-defined]  # a choice field
        records: dict[str, Any] = {
            "place": Place.objects.order_by("code", "pk"),
            "fact": fact_choices(reader),
            "dossier": readable_dossiers(reader),
        }
        for name, linked in records.items():
            self.fields[name].queryset = linked  # type: ignore[attr-defined]  # a choice field


class BarrierStateForm(forms.Form):
    """How far a barrier is removed."""

    state = forms.ChoiceField(label=_("State"), choices=Barrier.State.choices)
    on = day_field(_("Since which day?"))
    reason = forms.CharField(label=_("What changed?"), required=False, max_length=300)


class BarrierFilterForm(forms.Form):
    """Which barriers are asked for."""

    q = forms.CharField(label=_("Words"), required=False, max_length=200)
    group = forms.ChoiceField(label=_("Barriers of"), required=False)
    locality = forms.ChoiceField(label=_("Localities"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    link = forms.ChoiceField(label=_("What was done"), required=False)

    def __init__(self, *args: Any, links: list[tuple[str, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: dict[str, Any] = {
            "group": filter_choices("group", str(_("all groups"))),
            "locality": filter_choices("locality_kind", str(_("all localities"))),
            "kind": filter_choices("barrier_kind", str(_("all kinds"))),
            "state": [("", _("all states")), *Barrier.State.choices],
            "link": [("", _("anything")), *((c, f"{kind}: {state}") for c, kind, state in links)],
        }
        for name, words in offered.items():
            self.fields[name].choices = words  # type: ignore[attr-defined]  # a choice field
        if not links:
            del self.fields["link"]

    def wish(self) -> Wish:
        """Return what is asked for; what makes no sense is left out."""
        self.is_valid()
        values = {name: str(self.cleaned_data.get(name) or "") for name in self.fields}
        return Wish(words=values.pop("q"), **values)
