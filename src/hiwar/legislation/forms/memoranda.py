"""What is filled in for a memorandum."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hiwar.common.desk.fields import day_field
from hiwar.common.multilingual import MultilingualFormField
from hiwar.legislation.actions.memoranda import MemorandumFacts


class MemorandumForm(forms.Form):
    """The words of a memorandum; the annex is made of adopted proposals."""

    title = MultilingualFormField(label=_("Title"), max_length=300)
    addressee = MultilingualFormField(label=_("To whom"), max_length=300)
    letter = MultilingualFormField(
        label=_("Letter"), is_long=True, max_length=20_000,
        help_text=_("In each language in which it is sent. The adopted proposals are its annex."),
    )  # fmt: skip

    def facts(self) -> MemorandumFacts:
        """Return what was filled in."""
        return MemorandumFacts(**self.cleaned_data)


class FixForm(forms.Form):
    """Until when an edition is signed."""

    sign_by = day_field(
        _("Last day for signing"), required=False,
        help_text=_("Leave it empty where the institution sends it alone."),
    )  # fmt: skip
