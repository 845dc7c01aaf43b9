"""What is filled in for a joint statement at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hiwar.common.desk.choosing import SearchChoiceField
from hiwar.common.desk.fields import day_field
from hiwar.common.models import Visibility
from hiwar.common.multilingual import MultilingualFormField
from hiwar.contacts.models import Post
from hiwar.contacts.queries.people import posts_for
from hiwar.dossiers.forms.dossiers import CLOSEST
from hiwar.dossiers.queries.vocabularies import choices

if TYPE_CHECKING:
    from hiwar.accounts.models import User

TITLE, TEXT = 200, 20_000


class _PostField(SearchChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title} · {obj.organisation}"


class SettingsForm(forms.Form):
    """Until when a joint statement is signed, whom signatories ask, and who reads it."""

    kind = forms.ChoiceField(label=_("Kind"))
    sign_by = day_field(
        _("Last day for signing"), required=False,
        help_text=_("Needed before the text is opened for signature."),
    )  # fmt: skip
    contact_line = forms.CharField(
        label=_("How signatories reach you"), required=False, max_length=200,
        help_text=_("A telephone number or an address; whoever is asked to sign reads it."),
    )  # fmt: skip
    contact_post = _PostField(
        Post.objects.none(), label=_("Post that answers questions"), required=False,
        empty_label=_("none"),
    )  # fmt: skip
    visibility = forms.ChoiceField(
        label=_("Who may read it before it is published?"),
        choices=[(visibility.value, visibility.label) for visibility in CLOSEST],
        initial=Visibility.INSTITUTION,
    )

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = choices("joint_kind", also=[self.initial.get("kind", "")])  # type: ignore[attr-defined]
        self.fields["contact_post"].queryset = posts_for(reader)  # type: ignore[attr-defined]


class NewStatementForm(SettingsForm):
    """A new joint statement: its words first, then the terms of signing."""

    title = MultilingualFormField(label=_("Title"), max_length=TITLE)
    text = MultilingualFormField(
        label=_("Text"), is_long=True, max_length=TEXT,
        help_text=_("An empty line begins a paragraph; paragraphs are numbered by themselves."),
    )  # fmt: skip
    code = forms.CharField(
        label=_("Address"), required=False, max_length=40,
        help_text=_("Small letters, digits and dashes. It stays. Left empty, one is given."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )  # fmt: skip
    field_order = ("title", "text", "kind", "code", "sign_by")


class TextForm(forms.Form):
    """The words of a version that is still a draft."""

    title = MultilingualFormField(label=_("Title"), max_length=TITLE)
    text = MultilingualFormField(
        label=_("Text"), is_long=True, max_length=TEXT,
        help_text=_("An empty line begins a paragraph; paragraphs are numbered by themselves."),
    )  # fmt: skip
    change = MultilingualFormField(
        label=_("What changed, and why"), max_length=500, required=False,
        help_text=_("Signatories are told, and readers of a correction."),
    )  # fmt: skip

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_first:
            del self.fields["change"]


class WithdrawalForm(forms.Form):
    """Why a whole joint statement is withdrawn, as readers will see it."""

    reason = MultilingualFormField(
        label=_("The reason, as readers will see it"), is_long=True, max_length=800
    )
