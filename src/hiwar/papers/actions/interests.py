"""Who paid for a paper and what ties authors to its subject: noted, taken out, none declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.common.actions import audit
from hiwar.common.numbering import next_number
from hiwar.common.refusals import Refused
from hiwar.papers.actions.papers import lock_paper, touch
from hiwar.papers.models import InterestNote
from hiwar.papers.queries.interests import NONE_FIELDS, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.papers.models import Paper


class NotesStand(Refused):
    """None is declared where none is noted."""

    code = "notes_stand"
    message = _("Something is stated here already. Take it out first.")


@transaction.atomic
def add_interest(
    *, actor: User, paper: Paper, kind: str, who: Mapping[str, str], text: Mapping[str, str],
    now: datetime,
) -> InterestNote:  # fmt: skip
    """Note who paid and for what, or the interest of an author.

    Raises ``NotAllowed``, ``PaperClosed`` and ``ValidationError``.
    """
    locked = lock_paper(actor=actor, paper=paper)
    note = InterestNote(
        paper=locked, kind=kind, who=who, text=text,
        position=next_number(locked.interest_notes, "position"),
    )  # fmt: skip
    note.full_clean()
    note.save()
    _declare(locked, kind, is_none=False)
    touch(locked, now)
    audit(actor, "papers.interest.add", locked, at=now, changed={"kind": kind})
    return note


@transaction.atomic
def remove_interest(*, actor: User, note: InterestNote, now: datetime) -> None:
    """Take a note out. Raises ``NotAllowed`` and ``PaperClosed``."""
    locked = lock_paper(actor=actor, paper=note.paper)
    kept = {"kind": note.kind, "who": [dict(note.who), {}], "text": [dict(note.text), {}]}
    InterestNote.objects.filter(pk=note.pk, paper=locked).delete()
    touch(locked, now)
    audit(actor, "papers.interest.remove", locked, at=now, changed=kept)


@transaction.atomic
def declare_none(*, actor: User, paper: Paper, kind: str, is_none: bool, now: datetime) -> None:
    """State that nobody paid beside the institution, or that no author has an interest.

    Raises ``NotAllowed``, ``PaperClosed`` and ``NotesStand``.
    """
    locked = lock_paper(actor=actor, paper=paper)
    if is_none and locked.interest_notes.filter(kind=kind).exists():
        raise NotesStand
    _declare(locked, kind, is_none=is_none)
    touch(locked, now)
    audit(actor, "papers.interest.declare", locked, at=now, changed={"kind": kind, "none": is_none})


def _declare(paper: Paper, kind: str, *, is_none: bool) -> None:
    name = NONE_FIELDS[Kind(kind)]
    setattr(paper, name, is_none)
    paper.save(update_fields=[name])
