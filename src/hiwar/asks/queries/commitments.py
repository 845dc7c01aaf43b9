"""Promises of posts: which there are, from where they are known, and counts of their states."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from hiwar.accounts.queries import readable_by
from hiwar.asks.models import Answer, AnswerPoint, Commitment, Proof, StateChange
from hiwar.asks.queries.disputes import DISPUTES
from hiwar.asks.queries.positions import asks_for
from hiwar.asks.queries.posts import addressees_for
from hiwar.asks.queries.standing import is_late
from hiwar.contacts.queries.log import promises_for, with_post
from hiwar.events.models import Conclusion
from hiwar.events.queries.events import events_for
from hiwar.evidence.queries.library import items_for
from hiwar.legislation.models import LawVersion
from hiwar.legislation.queries.laws import laws_for

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from hiwar.accounts.models import User
    from hiwar.asks.models import Ask
    from hiwar.contacts.models import Organisation, Promise
    from hiwar.evidence.models import EvidenceItem

    Origin = Answer | Conclusion | Promise | EvidenceItem

SHARES_FROM = 5


def commitments_for(user: User) -> QuerySet[Commitment]:
    """Return the promises on asks that a user may read, the one due first at the top."""
    commitments = Commitment.objects.filter(point__ask__in=asks_for(user).order_by())
    return commitments.select_related(
        "point__ask__dossier", "post__organisation", "answer", "conclusion__event", "promise",
        "item", "recorded_by",
    ).order_by("due_on", "made_on", "pk")  # fmt: skip


def origins_for(user: User, ask: Ask) -> dict[str, tuple[str, Origin]]:
    """Return from where a promise on an ask can be known, by key, each with its words."""
    origins: dict[str, tuple[str, Origin]] = {}
    answer_word, session_word, contact_word = _("Answer"), _("Session"), _("Contact")
    evidence_word = _("Evidence")
    addressees = addressees_for(user).filter(ask=ask).select_related("post")
    answers = Answer.objects.filter(addressee__in=addressees.order_by().values("pk"))
    answers = answers.select_related("addressee__post")
    for answer in answers.order_by("-answered_on", "pk"):
        origins[f"answer:{answer.pk}"] = (f"{answer_word}: {answer}", answer)
    events = events_for(user).filter(dossier=ask.dossier).order_by()
    conclusions = Conclusion.objects.filter(event__in=events.values("pk")).select_related("event")
    for conclusion in conclusions.order_by("-event__starts_at", "position", "pk"):
        words = f"{session_word}: {conclusion.event} · {conclusion}"
        origins[f"conclusion:{conclusion.pk}"] = (words[:140], conclusion)
    for addressee in addressees:
        talks = with_post(user, addressee.post).order_by().values("pk")
        promises = promises_for(user).filter(interaction__in=talks, is_ours=False)
        for promise in promises.order_by("-due_on", "pk"):
            origins[f"promise:{promise.pk}"] = (f"{contact_word}: {promise}"[:140], promise)
    for item in items_for(user).filter(dossier=ask.dossier):
        origins[f"item:{item.pk}"] = (f"{evidence_word}: {item}"[:140], item)
    return origins


def verdict_on(commitment: Commitment) -> AnswerPoint | None:
    """Return what the answer from which a promise is known says to its point."""
    verdicts = AnswerPoint.objects.filter(answer=commitment.answer_id, point=commitment.point_id)
    return verdicts.first() if commitment.answer_id is not None else None


def proofs_for(user: User, commitment: Commitment) -> list[Proof]:
    """Return the proofs of a promise, the latest first, without what the reader may not read."""
    proofs = commitment.proofs.select_related("item", "version__law").order_by("-brought_on", "pk")
    items, shown = items_for(user).order_by(), []
    versions = LawVersion.objects.filter(
        readable_by(user, LawVersion), law__in=laws_for(user).order_by().values("pk")
    )
    for proof in proofs:
        if proof.item is not None and proof.item not in items:
            proof.item = None
        if proof.version is not None and proof.version not in versions:
            proof.version = None
        shown.append(proof)
    return shown


def changes_of(commitment: Commitment) -> list[StateChange]:
    """Return what was recorded of a promise with what was disputed of it, the latest first."""
    changes = commitment.changes.select_related("recorded_by", "verified_by").prefetch_related(
        DISPUTES
    )
    return list(changes.order_by("-day", "-recorded_at", "pk"))


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of the promises of a body; shares of those that were due, from five on.

    ``counts`` are by state, ``late`` and ``due`` by the clock; ``share`` is kept ÷ due, or None.
    ``disputed`` are those that the body says it never promised, and nobody has decided. Where it
    was right the promise counts nowhere.
    """

    organisation: Organisation
    counts: dict[str, int]
    late: int
    due: int
    share: float | None
    disputed: int = 0


def scorecard(commitments: list[Commitment], today: date) -> list[Score]:
    """Return counts for each body, by its name: no rank, no score, no order by merit."""
    by_body: dict[Any, list[Commitment]] = {}
    prefetch_related_objects(commitments, "disputes")
    for commitment in (row for row in commitments if row.counts):
        by_body.setdefault(commitment.post.organisation, []).append(commitment)
    scores = []
    for body, rows in by_body.items():
        due = [row for row in rows if row.due_on is not None and row.due_on < today]
        kept = sum(row.state == Commitment.State.KEPT for row in due)
        scores.append(
            Score(
                body,
                dict(Counter(str(row.get_state_display()) for row in rows)),
                sum(is_late(row, today) for row in rows),
                len(due),
                kept / len(due) if len(due) >= SHARES_FROM else None,
                sum(row.is_disputed for row in rows),
            )
        )
    return sorted(scores, key=lambda score: str(score.organisation))
