"""How lists of comments come in: their columns, and how a page tells of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hiwar.common.imports import Home, Importer, Part
from hiwar.legislation import rules
from hiwar.legislation.actions import comment_imports as act
from hiwar.legislation.actions import consultations
from hiwar.legislation.queries.comment_imports import (
    COMMENTS,
    heading_words,
    lacks_columns,
    plan_comments,
)
from hiwar.legislation.queries.consultations import consultations_for

if TYPE_CHECKING:
    from uuid import UUID

    from hiwar.accounts.models import User
    from hiwar.legislation.models import Consultation

KIND = "legislation.comments"
COLUMNS = {
    "reference": _("reference"), "date": _("received on"), "article": _("article"),
    "text": _("comment"), "kind": _("kind"), "stance": _("stance"),
    "submitter": _("who comments"), "channel": _("channel"), "name": _("name"),
    "organisation": _("organisation"),
}  # fmt: skip
LEFT_OUT = _("The row is left out.")
PROBLEMS = {
    "text_missing": (_("There is no comment in this row"), LEFT_OUT),
    "date_unreadable": (_("This is no date"), LEFT_OUT),
    "date_to_come": (_("This day is still to come"), LEFT_OUT),
    "article_unknown": (_("The version has no such article"), LEFT_OUT),
    "there": (_("A comment has this reference already"), LEFT_OUT),
    "kind_unknown": (_("This kind is not known"), _("A kind is suggested from its words.")),
    "stance_unknown": (_("This stance is not known"), _("The row comes in without it.")),
    "submitter_unknown": (_("Who comments is not known"), _("It comes in as “other”.")),
    "channel_unknown": (_("This channel is not known"), _("It comes in as paper.")),
}


def _subject(user: User, subject: UUID | None) -> Consultation | None:
    return consultations_for(user).filter(pk=subject).first() if subject else None


def _may(user: User, subject: UUID | None) -> bool:
    if subject is None:
        return rules.can_edit_laws(user)
    consultation = _subject(user, subject)
    return consultation is not None and rules.can_edit_law(user, consultation.law)


def _home(user: User, subject: UUID | None) -> Home:
    consultation = _subject(user, subject)
    if consultation is None:
        raise Http404
    address = reverse("legislation:consultation", args=[consultation.pk])
    return Home(str(consultation), address)


IMPORTER = Importer(
    kind=KIND,
    title=_("List of comments"),
    parts=(
        Part(
            COMMENTS,
            _("List of comments"),
            words=lambda _options: heading_words(),
            fields=lambda _options: COLUMNS,
            shown=(_("Reference"), _("Article"), _("Comment")),
            help_text=_("XLSX or CSV, one comment in each row: the comment and a date at least."),
        ),
    ),
    may=_may,
    home=_home,
    plan=plan_comments,
    apply=act.apply_comments,
    undo=act.undo_comments,
    figures={"comments": _("Comments")},
    problems=PROBLEMS,
    refusals=(
        act.ListInUse, consultations.AlreadyAnswered, consultations.FutureDay,
        consultations.UnknownArticle,
    ),
    lacks=lacks_columns,
    needs_columns=_("Say which column holds the comments."),
    is_for_records=True,
)  # fmt: skip
