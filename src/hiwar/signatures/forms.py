"""What is filled in about signing: by who signs for an organisation, and at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.common.desk.choosing import SearchChoiceField
from hiwar.common.desk.fields import instant_field
from hiwar.contacts.models import Organisation
from hiwar.signatures.actions.signing import Terms
from hiwar.signatures.models import Signature
from hiwar.signatures.queries.requests import coalitions

if TYPE_CHECKING:
    from hiwar.accounts.models import User

SIGN, RESERVE, DECLINE = "sign", "reserve", "decline"
RESERVATION = 2_000
STAFF_WAYS = [(way.value, way.label) for way in Signature.Way if way != Signature.Way.LINK]


class TermsFields(forms.Form):
    """Who signs, in which function, and on what terms."""

    # What is asked depends on the answer; a field that is not shown must not hold a form back.
    use_required_attribute = False

    answer = forms.ChoiceField(
        label=pgettext_lazy("of an organisation asked to sign", "Answer"),
        widget=forms.RadioSelect,
        choices=[
            (SIGN, pgettext_lazy("answer to a request to sign", "We sign")),
            (RESERVE, pgettext_lazy("answer to a request to sign", "We sign with reservation")),
            (DECLINE, pgettext_lazy("answer to a request to sign", "We do not sign")),
        ],
    )
    signer = forms.CharField(label=_("Who signs for the organisation?"), max_length=120)
    function = forms.CharField(label=_("In which function?"), max_length=120)
    reservation = forms.CharField(
        label=_("The reservation, in words"), max_length=RESERVATION, required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("Only where you sign with reservation. It is printed under the list."),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language of the reservation"), choices=lambda: settings.LANGUAGES, required=False
    )
    paragraph = forms.TypedChoiceField(
        label=_("Paragraph that it concerns"), coerce=int, empty_value=None, required=False
    )
    why = forms.CharField(
        label=_("Why you do not sign, if you wish to say so"), max_length=500, required=False
    )
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=1, max_value=32_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, paragraphs: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.paragraphs = paragraphs
        numbers = [(number, str(number)) for number in range(1, paragraphs + 1)]
        self.fields["paragraph"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", _("the whole text")),
            *numbers,
        ]

    @property
    def is_refusal(self) -> bool:
        """Whether the organisation does not sign."""
        return self.data.get(self.add_prefix("answer")) == DECLINE

    def full_clean(self) -> None:
        """Ask nobody who declines for a name and a function."""
        if self.is_bound and self.is_refusal:
            self.fields["signer"].required = self.fields["function"].required = False
        super().full_clean()

    def clean(self) -> dict[str, Any]:
        """Refuse a reservation without words."""
        clean = super().clean() or self.cleaned_data
        if clean.get("answer") == RESERVE and not clean.get("reservation", "").strip():
            self.add_error("reservation", _("Write the reservation in words."))
        return clean

    def terms(self) -> Terms:
        """Return what is put under the text."""
        cleaned = self.cleaned_data
        return Terms(
            signer=cleaned["signer"],
            function=cleaned["function"],
            is_reserved=cleaned["answer"] == RESERVE,
            reservation=cleaned["reservation"],
            language=cleaned["language"],
            paragraph=cleaned["paragraph"],
            seen=cleaned["seen"],
        )


class SigningForm(TermsFields):
    """The answer of an organisation by its link."""


class WithdrawForm(forms.Form):
    """Why a signature is withdrawn, if somebody wishes to say so."""

    why = forms.CharField(
        label=_("Why, if you wish to say so"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )  # fmt: skip


class AskForm(forms.Form):
    """Which organisations of those found are asked to sign."""

    organisations = forms.ModelMultipleChoiceField(
        Organisation.objects.none(), label=_("Organisations"),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, offered: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisations"].queryset = offered  # type: ignore[attr-defined]


class CoalitionForm(forms.Form):
    """Which coalition's members are asked to sign."""

    coalition = SearchChoiceField(
        Organisation.objects.none(), label=_("Coalition or working group")
    )

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["coalition"].queryset = coalitions(reader)  # type: ignore[attr-defined]


class RequestForm(forms.Form):
    """Where and in which language an organisation is written to."""

    email = forms.EmailField(label=_("E-mail address"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=lambda: settings.LANGUAGES)


class TypedForm(TermsFields):
    """An answer that came by mail, telephone or on paper."""

    way = forms.ChoiceField(label=_("How it came"), choices=STAFF_WAYS)
    source = forms.CharField(
        label=_("Source"), max_length=300,
        help_text=_("Who called, which letter, which day: whoever asks later can look it up."),
    )  # fmt: skip
    signed_at = instant_field(
        _("Signed at"),
        help_text=_("The list stands in the order of signing."),
    )


class WhyForm(forms.Form):
    """A reason in a line or two."""

    why = forms.CharField(label=_("Why?"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
