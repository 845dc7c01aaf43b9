"""Lists of comments written, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.common.refusals import Refused
from hiwar.legislation.actions.comment_files import erase_files_of
from hiwar.legislation.actions.consultations import Said, enter_list
from hiwar.legislation.models import Comment, Consultation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.common.imports import Plan, Source
    from hiwar.common.models import ImportRun


class ListInUse(Refused):
    """Comments of the list were answered or published since."""

    code = "list_in_use"
    message = _("Comments of this list were answered or published since. Nothing was undone.")


@transaction.atomic
def apply_comments(*, source: Source, plan: Plan) -> dict[str, Any]:
    """Write the comments of a list. Raises as ``enter_list`` does."""
    rows = plan.data
    assert isinstance(rows, list)  # noqa: S101 - as plan_comments made it
    consultation = Consultation.objects.get(pk=str(source.run.subject))
    enter_list(
        actor=source.actor, consultation=consultation, said=[Said(**row) for row in rows],
        run=source.run, now=source.now,
    )  # fmt: skip
    return {"comments": len(rows)}


@transaction.atomic
def undo_comments(
    *, run: ImportRun, actor: User, journal: Mapping[str, Any], now: datetime
) -> None:  # fmt: skip
    """Take back the comments of a list; raises ``ListInUse``."""
    comments = Comment.objects.filter(import_run=run)
    if comments.exclude(disposition="", is_published=False).exists():
        raise ListInUse
    erase_files_of(actor=actor, comments=comments, now=now)
    comments.delete()
