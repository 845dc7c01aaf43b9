"""What is filled in about the power map of an issue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.asks.actions.power import Assessment
from hiwar.asks.forms.points import PostField
from hiwar.asks.models import PowerEntry
from hiwar.common.desk.choosing import SearchChoiceField
from hiwar.common.desk.fields import day_field
from hiwar.contacts.models import Organisation, Post
from hiwar.contacts.queries import organisations_for
from hiwar.contacts.queries.people import posts_for

if TYPE_CHECKING:
    from collections.abc import Sequence

POWER = [(n, str(n)) for n in range(1, 6)]
UNKNOWN = ("", pgettext_lazy("stance", "not known"))


class AssessmentForm(forms.Form):
    """What is thought of a post or body."""

    power = forms.TypedChoiceField(
        label=_("Power on this issue"), choices=POWER, coerce=int,
        help_text=_("1 decides nothing, 5 decides alone."),
    )  # fmt: skip
    interest = forms.TypedChoiceField(
        label=_("Interest in this issue"), choices=POWER, coerce=int,
        help_text=_("1 does not care, 5 cares most."),
    )  # fmt: skip
    stance = forms.TypedChoiceField(
        label=pgettext_lazy("stance", "Stance"), required=False, coerce=int, empty_value=None,
        choices=[UNKNOWN, *PowerEntry.Stance.choices],
    )  # fmt: skip
    confidence = forms.ChoiceField(label=_("How sure"), choices=PowerEntry.Confidence.choices)
    evidence = forms.CharField(label=_("How it is known"), required=False, max_length=500)
    seen_on = day_field(_("As of"))

    def assessment(self) -> Assessment:
        """Return what was filled in."""
        names = ("power", "interest", "stance", "confidence", "evidence", "seen_on")
        return Assessment(**{name: self.cleaned_data[name] for name in names})


class PlaceForm(AssessmentForm):
    """Which post or body is put on the map, and what is thought of it."""

    post = PostField(
        label=pgettext_lazy("power map", "Post"), queryset=Post.objects.none(), required=False
    )
    organisation = SearchChoiceField(
        Organisation.objects.none(), label=_("Or a body"), required=False
    )
    field_order = ("post", "organisation")

    def __init__(self, reader: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = posts_for(reader).filter(abolished_on=None)
        self.fields["post"].queryset = posts  # type: ignore[attr-defined]  # a field of records
        self.fields["organisation"].queryset = organisations_for(reader)  # type: ignore[attr-defined]  # as above

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one: a post, or a body."""
        cleaned: dict[str, Any] = super().clean() or {}
        if bool(cleaned.get("post")) == bool(cleaned.get("organisation")):
            self.add_error("post", _("Choose a post or a body, one of the two."))
        return cleaned


class InfluenceForm(forms.Form):
    """Who reaches whom, and how."""

    source = forms.ChoiceField(label=_("Who"))
    target = forms.ChoiceField(label=_("reaches whom"))
    how = forms.CharField(label=pgettext_lazy("influence", "How"), max_length=200)

    def __init__(self, entries: Sequence[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        for name in ("source", "target"):
            self.fields[name].choices = entries  # type: ignore[attr-defined]  # a choice field


class MapReadersForm(forms.Form):
    """Who alone reads the map."""

    users = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Named colleagues"), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "They alone read the map, beside the owner of the dossier. Nobody named: everybody who"
            " may read maps and this dossier."
        ),
    )  # fmt: skip

    def __init__(self, colleagues: Sequence[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        users = User.objects.filter(pk__in=[user.pk for user in colleagues]).order_by("email")
        self.fields["users"].queryset = users  # type: ignore[attr-defined]  # a field of records
