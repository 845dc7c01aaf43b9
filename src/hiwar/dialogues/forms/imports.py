"""What is filled in to bring a file into a dialogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hiwar.common.disk import need_room
from hiwar.dialogues.models import ImportBatch
from hiwar.dialogues.queries.imports import roles_of
from hiwar.dialogues.queries.surveys import ANSWERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROLES = {
    ANSWERS: _("answers to the statement in the heading"),
    "text": _("statement or message"),
    "text_ar": _("statement in Arabic"),
    "text_en": _("statement in English"),
    "language": _("language"),
    "number": _("number"),
    "theme": _("theme"),
    "source": _("where it comes from"),
    "moderated": _("result of review"),
    "registration": _("registration number"),
    "channel": _("channel"),
    "contact": _("telephone or e-mail (not kept)"),
    "sex": _("sex"),
    "age_band": _("age band"),
    "disability": _("disability"),
    "locality_kind": _("kind of locality"),
    "place": _("place"),
    "statement": _("statement number"),
    "vote": _("answer"),
    "time": _("day and time"),
    "important": _("important to me"),
    "form": _("form number"),
    "entered_by": _("entered by"),
    "recommendation": _("recommendation"),
    "reason": _("reason"),
    "room": _("room in which somebody votes"),
}


MEANINGS = [
    ("", _("not said yet")),
    ("agree", _("agree")),
    ("disagree", _("disagree")),
    ("pass", _("pass")),
    ("missing", _("no answer")),
]


class UploadForm(forms.Form):
    """A file, and what it holds."""

    file = forms.FileField(
        label=_("File"),
        validators=[need_room],
        help_text=_("CSV or XLSX, at most 20 MB. Nothing is saved before you have seen it."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )
    kind = forms.ChoiceField(
        label=_("What does it hold?"),
        required=False,
        choices=[("", _("tell from its headings")), *ImportBatch.Kind.choices],
    )


class MappingForm(forms.Form):
    """What each column of a file stands for, and each answer where statements are headings.

    Every meaning has one column, but for answers.
    """

    def __init__(
        self,
        kind: str,
        titles: Sequence[str],
        mapping: dict[str, str],
        *args: Any,
        answers: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.titles, self.cells = list(titles), list(answers or ())
        roles = [*roles_of(kind), *([ANSWERS] if kind == "votes" else [])]
        choices = [("", _("not used")), *((role, ROLES[role]) for role in roles)]
        for at, title in enumerate(titles):
            self.fields[f"column-{at}"] = forms.ChoiceField(
                label=title, required=False, choices=choices, initial=mapping.get(title, "")
            )

        for at, cell in enumerate(self.cells):
            self.fields[f"answer-{at}"] = forms.ChoiceField(
                label=_("“%(answer)s” means") % {"answer": cell},
                required=False,
                choices=MEANINGS,
                initial=(answers or {}).get(cell, ""),
            )

    def clean(self) -> dict[str, Any]:
        """Refuse two columns of one meaning."""
        cleaned = super().clean() or {}
        seen: set[str] = set()
        for name, role in list(cleaned.items()):
            if not name.startswith("column-") or role == ANSWERS:
                continue
            if role and role in seen:
                self.add_error(name, _("Another column has this meaning already."))
            seen.add(role)
        return cleaned

    def mapping(self) -> dict[str, str]:
        """Return the meaning of each column that has one."""
        named = {title: self.cleaned_data[f"column-{i}"] for i, title in enumerate(self.titles)}
        return {title: role for title, role in named.items() if role}

    def answers(self) -> dict[str, str]:
        """Return what each answer means, as it was said."""
        said = {cell: self.cleaned_data[f"answer-{i}"] for i, cell in enumerate(self.cells)}
        return {cell: means for cell, means in said.items() if means}


class SettleForm(forms.Form):
    """A message read by a person: a vote on a statement, or no vote."""

    number = forms.IntegerField(label=_("Statement number"), required=False, min_value=0)
    choice = forms.TypedChoiceField(
        label=_("Answer"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("no vote")), ("1", _("agree")), ("-1", _("disagree")), ("0", _("pass"))],
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a number without an answer, and an answer without a number."""
        cleaned = super().clean() or {}
        if (cleaned.get("number") is None) != (cleaned.get("choice") is None):
            msg = _("A vote needs both the number of a statement and an answer.")
            raise forms.ValidationError(msg)
        return cleaned
