"""Looking at the private details in a comment, on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.legislation import rules

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.legislation.models import Comment


@transaction.atomic
def unmask_comment(*, actor: User, comment: Comment, now: datetime) -> str:
    """Return the words of a comment with the private details in them, and record who read them.

    Raises ``NotAllowed``.
    """
    law = comment.consultation.law
    if not rules.can_edit_law(actor, law):
        raise NotAllowed
    audit(actor, "legislation.comment.unmask", law, at=now, changed={
        f"comment {comment.number}": ["", "unmasked"],
    })  # fmt: skip
    return comment.text
