"""What is filled in for a consultation: its times, a comment by web, one at the desk, an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.common.desk.fields import day_field, time_field
from hiwar.common.files.uploads import UploadField
from hiwar.common.multilingual import MultilingualFormField
from hiwar.legislation.actions.consultations import ConsultationFacts, Said
from hiwar.legislation.models import Comment
from hiwar.legislation.queries.comment_files import ADDED, SENT

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_COMMENT = 10_000
LONGEST_ENTRY = 50_000


def _text(longest: int, rows: int = 6, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Comment"), max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}), **more,
    )  # fmt: skip


class ConsultationForm(forms.Form):
    """When a consultation opens and closes, and what it is about."""

    opens_on = day_field(_("Opens on"))
    opens = time_field(_("Opens at"), initial="09:00")
    closes_on = day_field(_("Closes on"))
    closes = time_field(_("Closes at"), initial="16:00")
    time_zone = forms.CharField(
        label=_("Time zone"), max_length=40, initial=settings.TIME_ZONE,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )  # fmt: skip
    intro = MultilingualFormField(
        label=_("What it is about"), required=False, is_long=True, max_length=2000,
        help_text=_("A few sentences in plain words. They stand above the form."),
    )  # fmt: skip

    def facts(self) -> ConsultationFacts:
        """Return what was filled in."""
        return ConsultationFacts(**self.cleaned_data)


class EndForm(forms.Form):
    """Another end of a consultation."""

    closes_on = day_field(_("Closes on"))
    closes = time_field(_("Closes at"), initial="16:00")


class _Commenter(forms.Form):
    submitter = forms.ChoiceField(label=_("Who comments"), choices=Comment.Submitter.choices)
    name = forms.CharField(
        label=_("Name"), max_length=120, required=False,
        help_text=_("Not needed. Any name that you choose will do."),
    )  # fmt: skip
    organisation = forms.CharField(label=_("Organisation"), max_length=200, required=False)
    contact = forms.EmailField(
        label=_("E-mail address"), required=False, max_length=200,
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "email"}),
        help_text=_("Only to send what became of the comment. It is sealed, and deleted after."),
    )  # fmt: skip
    may_publish = forms.BooleanField(label=_("The comment may be published"), required=False)
    may_name = forms.BooleanField(
        label=_("The name and the organisation may stand beside it"), required=False
    )


class CommentForm(_Commenter):
    """A comment by web."""

    eid = forms.ChoiceField(label=_("Article"), required=False)
    text = _text(LONGEST_COMMENT)
    stance = forms.ChoiceField(
        label=_("What you wish"), required=False, widget=forms.RadioSelect,
        choices=[
            ("amend", _("Change it")), ("support", _("Keep it as it is")),
            ("oppose", _("Take it out")),
        ],
    )  # fmt: skip
    key = forms.UUIDField(widget=forms.HiddenInput)

    field_order = ("eid", "text", "stance", "submitter", "name", "organisation", "contact")

    def __init__(self, articles: Sequence[tuple[str, str]], *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        _choose_article(self, articles)

    def said(self, language: str) -> Said:
        """Return what was said, in the language of the page."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        return Said(language=language, **values)


class EntryForm(_Commenter):
    """A comment that came by mail, on paper or in a session."""

    channel = forms.ChoiceField(label=pgettext_lazy("comment", "Channel"))
    eid = forms.ChoiceField(label=_("Article"), required=False)
    text = _text(LONGEST_ENTRY)
    language = forms.ChoiceField(label=_("Language"), choices=lambda: settings.LANGUAGES)
    received_on = day_field(_("Received on"))
    stance = forms.ChoiceField(
        label=_("Stance"), required=False, choices=[("", "—"), *Comment.Stance.choices]
    )
    reference = forms.CharField(label=_("Reference"), max_length=40, required=False)
    file = UploadField(ADDED, label=_("File"), required=False)

    field_order = ("channel", "received_on", "reference", "eid", "text", "file", "language",
                   "stance", "submitter", "name", "organisation", "contact")  # fmt: skip

    def __init__(self, articles: Sequence[tuple[str, str]], *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        _choose_article(self, articles)
        self.fields["channel"].choices = [  # type: ignore[attr-defined]  # a choice field
            choice for choice in Comment.Channel.choices if choice[0] != "web"
        ]

    def said(self) -> Said:
        """Return what was said."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "file"}
        return Said(**values)


class SentFileForm(forms.Form):
    """A file that an author sends to a comment that has arrived."""

    file = UploadField(SENT, label=_("File"))


class AddedFileForm(forms.Form):
    """A file that came on paper or by mail with a comment."""

    file = UploadField(ADDED, label=_("File"))


class SortForm(forms.Form):
    """What a comment is about, and what it wishes."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Comment.Kind.choices)
    stance = forms.ChoiceField(
        label=_("Stance"), required=False, choices=[("", "—"), *Comment.Stance.choices]
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=500, required=False,
        help_text=_("Needed where the kind is another one than suggested."),
    )  # fmt: skip


class DispositionForm(forms.Form):
    """What becomes of a comment, and why."""

    disposition = forms.ChoiceField(
        label=_("What becomes of it"), choices=Comment.Disposition.choices
    )
    why = forms.CharField(
        label=_("Reason"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Its author reads it. Needed where it is not taken up, or in part."),
    )  # fmt: skip
    whole_letter = forms.BooleanField(label=_("The same for all senders"), required=False)


def _choose_article(form: forms.Form, articles: Sequence[tuple[str, str]]) -> None:
    choices = [("", _("the whole draft")), *articles]
    form.fields["eid"].choices = choices  # type: ignore[attr-defined]  # a choice field
