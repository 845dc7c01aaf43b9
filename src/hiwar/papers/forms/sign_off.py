"""What is filled in when a frozen text is put to organisations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hiwar.common.desk.fields import day_field
from hiwar.signatures.models import SigningVersion


class RoundForm(forms.Form):
    """Until when a frozen text is signed, and who of those who sign is named in public."""

    sign_by = day_field(_("Last day for signing"))
    named = forms.ChoiceField(
        label=_("Who is named in public?"), choices=SigningVersion.Named.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "Everybody who is asked reads this before signing. It can be narrowed afterwards,"
            " never widened."
        ),
    )  # fmt: skip
    contact_line = forms.CharField(
        label=_("How signatories reach you"), required=False, max_length=200,
        help_text=_("A telephone number or an address; whoever is asked to sign reads it."),
    )  # fmt: skip


class NarrowForm(forms.Form):
    """That fewer are named in public than was said."""

    named = forms.ChoiceField(label=_("Who is named in public?"))

    def __init__(self, *args: Any, named: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        values = SigningVersion.Named.values
        narrower = values[values.index(named) + 1 :] if named in values else []
        self.fields["named"].choices = [  # type: ignore[attr-defined]  # a choice field
            (code, label) for code, label in SigningVersion.Named.choices if code in narrower
        ]

    @property
    def is_possible(self) -> bool:
        """Whether anything narrower is left."""
        return bool(self.fields["named"].choices)  # type: ignore[attr-defined]  # a choice field
