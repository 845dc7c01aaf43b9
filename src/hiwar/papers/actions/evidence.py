"""Citations of a paper, and what its recommendations owe: post, equity note, money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.queries import is_readable_by
from hiwar.common.actions import audit, update_record
from hiwar.common.refusals import Refused
from hiwar.dialogues.rules import can_see_dialogue
from hiwar.papers.actions.papers import lock_paper, touch
from hiwar.papers.models import Citation, EquityNote, Recommendation
from hiwar.papers.queries.citations import Readings
from hiwar.papers.queries.picker import citable, proposals_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.papers.models import Paper

FIELDS = (
    "post", "barrier", "draft", "amendment", "touches_money", "budget", "gender_marker",
)  # fmt: skip


class NotCitable(Refused):
    """What a paper cites is for everybody, and holds."""

    code = "not_citable"
    message = _("This cannot be cited: it is closed, was withdrawn, or is not published.")


@dataclass(frozen=True, slots=True)
class Equity:
    """What a group gains by a recommendation and may lose, in words by language."""

    group: str
    gains: Mapping[str, str]
    loses: Mapping[str, str]


@transaction.atomic
def cite(
    *, actor: User, paper: Paper, target: str, record: Any, now: datetime,
    recommendation: Recommendation | None = None, locator: str = "",
) -> Citation:  # fmt: skip
    """Cite one thing that is known, in a paper or for one of its recommendations.

    The same thing for the same recommendation is one citation. Raises ``NotAllowed``,
    ``PaperClosed`` and ``NotCitable``.
    """
    locked = lock_paper(actor=actor, paper=paper)
    if not citable(actor, target).filter(pk=record.pk).exists():
        raise NotAllowed
    if recommendation is not None and recommendation.block.paper_id != locked.pk:
        raise NotAllowed
    known = Citation.objects.filter(
        paper=locked, dropped_at=None, recommendation=recommendation, locator=locator,
        **{target: record},
    ).first()  # fmt: skip
    if known is not None:
        return known
    last = Citation.objects.filter(paper=locked).aggregate(last=Max("number"))["last"] or 0
    citation = Citation(
        paper=locked, number=last + 1, recommendation=recommendation, locator=locator,
        seen_by=actor, seen_at=now, added_by=actor, added_at=now, **{target: record},
    )  # fmt: skip
    reading = Readings(now).of(citation)
    if reading.ended:
        raise NotCitable
    citation.seen = dict(reading.value)
    citation.full_clean()
    citation.save()
    audit(actor, "papers.citation.add", citation, at=now)
    touch(locked, now)
    return citation


@transaction.atomic
def drop_citation(*, actor: User, citation: Citation, now: datetime) -> None:
    """Take a citation out of a paper; its number is not given again.

    Raises ``NotAllowed`` and ``PaperClosed``.
    """
    paper = lock_paper(actor=actor, paper=citation.paper)
    dropped = Citation.objects.filter(pk=citation.pk, dropped_at=None)
    if dropped.update(dropped_at=now, recommendation=None):
        audit(actor, "papers.citation.drop", citation, at=now)
        touch(paper, now)


@transaction.atomic
def see_value(*, actor: User, citation: Citation, value: Mapping[str, Any], now: datetime) -> bool:
    """Note that somebody read the sentences with a citation, with the value that they were shown.

    False where it has moved again since. Raises ``NotAllowed`` and ``PaperClosed``.
    """
    lock_paper(actor=actor, paper=citation.paper)
    locked = Citation.objects.select_for_update(of=("self",)).get(pk=citation.pk)
    reading = Readings(now).of(locked)
    if reading.ended or dict(reading.value) != dict(value):
        return False
    before, locked.seen = locked.seen, dict(reading.value)
    locked.seen_by, locked.seen_at = actor, now
    locked.save(update_fields=["seen", "seen_by", "seen_at"])
    audit(actor, "papers.citation.see", locked, at=now, changed={"seen": [before, locked.seen]})
    return True


@transaction.atomic
def update_recommendation(
    *, actor: User, recommendation: Recommendation, values: Mapping[str, Any],
    equity: Sequence[Equity], now: datetime,
) -> None:  # fmt: skip
    """Say to which post a recommendation goes, whom it serves, and what it costs.

    ``equity`` replaces the equity note. Raises ``NotAllowed``, ``PaperClosed`` and
    ``ValidationError``.
    """
    paper = lock_paper(actor=actor, paper=recommendation.block.paper)
    for name in ("post", "barrier"):
        record = values.get(name)
        if record is not None and not is_readable_by(actor, record):
            raise NotAllowed
    if values.get("draft") is not None and not can_see_dialogue(actor):
        raise NotAllowed
    amendment = values.get("amendment")
    if amendment is not None and not proposals_for(actor).filter(pk=amendment.pk).exists():
        raise NotAllowed
    locked = Recommendation.objects.select_for_update(of=("self",)).get(pk=recommendation.pk)
    changes = {name: values[name] for name in FIELDS if name in values}
    update_record(actor=actor, record=locked, changes=changes, at=now)
    locked.equity_notes.all().delete()
    notes = [
        EquityNote(recommendation=locked, group=each.group, gains=dict(each.gains),
                   loses=dict(each.loses))
        for each in equity if any(each.gains.values()) or any(each.loses.values())
    ]  # fmt: skip
    for note in notes:
        note.full_clean(exclude=["recommendation"])
    EquityNote.objects.bulk_create(notes)
    audit(actor, "papers.recommendation.equity", locked, at=now)
    touch(paper, now)
