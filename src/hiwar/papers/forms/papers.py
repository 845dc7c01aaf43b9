"""What is filled in for a paper, a recommendation, a review, a version."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.common.desk.choosing import SearchChoiceField
from hiwar.common.desk.fields import day_field
from hiwar.common.models import Visibility
from hiwar.common.multilingual import MultilingualFormField
from hiwar.contacts.models import Post
from hiwar.contacts.queries.people import posts_for
from hiwar.dialogues.models import Recommendation as DraftRecommendation
from hiwar.dialogues.rules import can_see_dialogue
from hiwar.dossiers.models import Barrier, Dossier
from hiwar.dossiers.queries.dossiers import readable_dossiers
from hiwar.dossiers.queries.vocabularies import words
from hiwar.forums.models import Forum
from hiwar.forums.queries.forums import forums_for
from hiwar.legislation.models import Amendment
from hiwar.papers.actions.evidence import Equity
from hiwar.papers.models import Recommendation, ReviewComment
from hiwar.papers.queries.papers import is_address_taken
from hiwar.papers.queries.picker import proposals_for
from hiwar.papers.queries.vocabularies import kind_choices

READERS = ((Visibility.INSTITUTION, Visibility.INSTITUTION.label),
           (Visibility.PERSONAL, Visibility.PERSONAL.label))  # fmt: skip
EQUITY = (("gains", _("%(group)s: who gains, and what")),
          ("loses", _("%(group)s: who may lose, and what softens it")))  # fmt: skip


class PaperForm(forms.Form):
    """Title, authors, languages, dossier and readers of a paper."""

    title = MultilingualFormField(label=_("Title"), max_length=300)
    byline = forms.CharField(
        label=_("Who wrote it"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Names as they are printed, one a line."),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=_("Languages of the paper"), choices=lambda: settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple, initial=[code for code, _n in settings.LANGUAGES],
    )  # fmt: skip
    dossier = forms.ModelChoiceField(
        Dossier.objects.none(), label=_("Dossier"), required=False, empty_label=_("none")
    )
    forum = forms.ModelChoiceField(
        Forum.objects.none(), label=_("Policy forum"), required=False, empty_label=_("none")
    )
    visibility = forms.ChoiceField(label=_("Who may read it"), choices=READERS)

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dossier"].queryset = readable_dossiers(reader)  # type: ignore[attr-defined]  # a choice field
        self.fields["forum"].queryset = forums_for(reader)  # type: ignore[attr-defined]  # as above


class NewPaperForm(PaperForm):
    """A new paper: its template and its address too."""

    field_order = ("kind", "title", "code", "language", "languages", "dossier", "forum", "byline",
                   "visibility")  # fmt: skip
    kind = forms.ChoiceField(label=_("Kind"))
    code = forms.CharField(
        label=_("Address"), max_length=60,
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$",
                                   _("Small Latin letters, digits and hyphens."))],
        widget=forms.TextInput(attrs={"dir": "ltr"}),
        help_text=_("Small Latin letters, digits and hyphens. It stays for as long as the paper."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Written in"), choices=lambda: settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kind_choices()  # type: ignore[attr-defined]  # as above

    def clean_code(self) -> str:
        """Return an address that no other paper has."""
        code: str = self.cleaned_data["code"]
        if is_address_taken(code):
            raise forms.ValidationError(_("Another paper has this address."))
        return code


class RecommendationForm(forms.Form):
    """To which post a recommendation goes, whom it serves by group, what it costs."""

    post = SearchChoiceField(
        Post.objects.none(), required=False, empty_label=_("none yet"),
        label=pgettext_lazy("recommendation", "To which post"),
    )  # fmt: skip
    barrier = forms.ModelChoiceField(
        Barrier.objects.none(), label=_("Barrier it removes"), required=False,
        empty_label=_("none"),
    )  # fmt: skip
    draft = forms.ModelChoiceField(
        DraftRecommendation.objects.none(), label=_("Draft that was put to people"),
        required=False, empty_label=_("none"),
    )  # fmt: skip
    amendment = forms.ModelChoiceField(
        Amendment.objects.none(), label=_("Proposal that puts it into words of law"),
        required=False, empty_label=_("none"),
    )  # fmt: skip
    touches_money = forms.BooleanField(label=_("It touches public money"), required=False)
    budget = MultilingualFormField(
        label=_("What it costs, and from which head"), required=False, is_long=True,
        max_length=1000,
    )  # fmt: skip
    gender_marker = forms.TypedChoiceField(
        label=_("Gender marker"), required=False, coerce=int, empty_value=None,
        choices=[("", _("not stated")), *Recommendation.GenderMarker.choices],
    )  # fmt: skip

    def __init__(self, *args: Any, reader: User, barriers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = posts_for(reader).filter(abolished_on=None).select_related("organisation")
        self.fields["post"].queryset = posts  # type: ignore[attr-defined]  # a choice field
        self.fields["post"].label_from_instance = _named_post  # type: ignore[attr-defined]  # as above
        self.fields["barrier"].queryset = barriers  # type: ignore[attr-defined]  # as above
        if can_see_dialogue(reader):
            drafts = DraftRecommendation.objects.select_related("round__dialogue")
            self.fields["draft"].queryset = drafts.order_by(  # type: ignore[attr-defined]  # as above
                "-round__dialogue__created_at", "round__dialogue", "code", "pk"
            )
        self.fields["draft"].label_from_instance = _named_draft  # type: ignore[attr-defined]  # as above
        self.fields["amendment"].queryset = proposals_for(reader)  # type: ignore[attr-defined]  # as above
        self.fields["amendment"].label_from_instance = _named_proposal  # type: ignore[attr-defined]  # as above
        self.groups = [(code, str(name)) for code, name in words("group").items()]
        for code, name in self.groups:
            for field, label in EQUITY:
                self.fields[f"{field}_{code}"] = MultilingualFormField(
                    label=label % {"group": name}, required=False, is_long=True, max_length=1000
                )

    def main_fields(self) -> list[forms.BoundField]:
        """Return the fields beside the equity note."""
        return [self[name] for name in ("post", "barrier", "draft", "amendment", "touches_money",
                                        "budget", "gender_marker")]  # fmt: skip

    def equity_fields(self) -> list[tuple[str, bool, list[forms.BoundField]]]:
        """Return the fields of the equity note by group, and whether something stands there."""
        return [
            (name, any(self[f"{part}_{code}"].value() for part in ("gains", "loses")),
             [self[f"{part}_{code}"] for part in ("gains", "loses")])
            for code, name in self.groups
        ]  # fmt: skip

    def equity(self) -> list[Equity]:
        """Return the equity note."""
        cleaned = self.cleaned_data
        return [
            Equity(code, cleaned[f"gains_{code}"], cleaned[f"loses_{code}"])
            for code, _name in self.groups
        ]


def _named_draft(draft: Any) -> str:
    return f"{draft.round.dialogue.title} · {draft.code}"


def _named_proposal(amendment: Any) -> str:
    return f"{amendment.law} · {amendment.number} · {amendment.eid}"


def _named_post(post: Any) -> str:
    return f"{post.title} · {post.organisation}"


class AskReviewForm(forms.Form):
    """Whom a review is asked of, and until when."""

    reviewer = forms.ModelChoiceField(User.objects.none(), label=_("Reviewer"))
    due_on = day_field(_("Until"))

    def __init__(self, *args: Any, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reviewer"].queryset = colleagues  # type: ignore[attr-defined]  # a choice field


class OutsiderForm(forms.Form):
    """Who from outside reads a draft, and until when."""

    outsider = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    email = forms.EmailField(
        label=_("E-mail address"), required=False,
        help_text=_("With an address the link is sent by mail; without one you hand it over."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), choices=lambda: settings.LANGUAGES)
    due_on = day_field(_("Until"))


class CommentForm(forms.Form):
    """What a reviewer says about words of a block."""

    quote = forms.CharField(
        label=_("The words it is about"), required=False, max_length=1000,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("Copied from the block; empty for all of it."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Comment"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )  # fmt: skip


class AnswerForm(forms.Form):
    """What became of a comment."""

    disposition = forms.ChoiceField(
        label=_("What became of it"), choices=ReviewComment.Disposition.choices,
        widget=forms.RadioSelect,
    )  # fmt: skip
    answer = forms.CharField(
        label=_("Reason"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )  # fmt: skip


class WordsForm(forms.Form):
    """Why something published is corrected or withdrawn."""

    words = MultilingualFormField(label=_("Why"), is_long=True, max_length=2000)
