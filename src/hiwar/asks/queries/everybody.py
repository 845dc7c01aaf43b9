"""Asks as everybody reads them: where they stand, promises with verified states, disputes.

What is returned here holds what is public and nothing else: templates are given no rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from hiwar.asks.models import Ask, Commitment, Dispute, Outcome, StateChange
from hiwar.asks.queries.disputes import DISPUTES
from hiwar.asks.queries.posts import name_readable_posts
from hiwar.asks.queries.standing import is_late, is_public, standing_of
from hiwar.common.models import Visibility
from hiwar.common.personal.details import masked
from hiwar.legislation.queries.public import public_laws

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.db.models import QuerySet

    from hiwar.asks.models import AskPoint
    from hiwar.asks.queries.disputes import Disputable
    from hiwar.asks.queries.standing import AskStanding, Standing
    from hiwar.common.multilingual import MultilingualText
    from hiwar.contacts.models import Post


@dataclass(frozen=True, slots=True)
class Disputed:
    """That a post disputes what was noted: its words, the decision and its reason once decided."""

    post: Post
    on: date
    due: date
    is_open: bool
    is_by_link: bool
    decision: str = ""
    words: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verified state of a promise or an outcome: what, when, why; the post's reply above it.

    ``counts`` is false where a dispute of it was upheld. ``law`` is the key of a public law whose
    text shows it, ``text`` what stands there now.
    """

    label: str
    on: date
    words: str
    source: str = ""
    reply: str = ""
    replied_on: date | None = None
    disputes: tuple[Disputed, ...] = ()
    counts: bool = True
    link: str = ""
    law: str = ""
    law_name: str = ""
    text: str = ""
    contribution: str = ""
    strength: str = ""


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise for everybody, with its verified states, the latest day first."""

    words: MultilingualText
    made_on: date
    due_on: date | None
    precision: str
    label: str
    is_late: bool
    verdicts: tuple[Verdict, ...]
    disputes: tuple[Disputed, ...] = ()
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Told:
    """An answer that may be published: its verdict on the point, day, words, and its label."""

    verdict: str
    on: date
    words: str
    label: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A point at a post, as everybody reads it."""

    post: Post
    label: str
    tone: str
    due: date | None
    answers: tuple[Told, ...]
    promises: tuple[Promised, ...]
    outcomes: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A point with what is in force where it is on a provision of a public law."""

    number: int
    act: MultilingualText
    in_force: str
    cells: tuple[Cell, ...]


def public_asks() -> QuerySet[Ask]:
    """Return the asks that everybody may read, the latest first."""
    asks = Ask.objects.filter(visibility=Visibility.PUBLIC, state=Ask.State.APPROVED)
    return asks.select_related("dossier").order_by("-created_at", "pk")


def public_ask(key: str) -> Ask | None:
    """Return one of the asks that everybody may read; None for any other key."""
    return public_asks().filter(pk=UUID(key)).first()


def points_of(ask: Ask, today: date) -> tuple[AskStanding, list[Point]]:
    """Return where a public ask stands for everybody, and its points at their posts."""
    standing = standing_of(None, ask, today)
    laws = {str(key) for key in public_laws().order_by().values_list("pk", flat=True)}
    changes: dict[UUID, list[Verdict]] = {}
    for change in (
        StateChange.objects.filter(
            commitment__point__ask=ask, commitment__is_public=True, verified_by__isnull=False
        ).prefetch_related(DISPUTES).order_by("-day", "-recorded_at", "pk")
    ):  # fmt: skip
        if change.commitment_id is not None:
            changes.setdefault(change.commitment_id, []).append(_of_change(change))
    outcomes: dict[tuple[UUID, UUID | None], list[Verdict]] = {}
    for outcome in (
        Outcome.objects.filter(point__ask=ask, confirmed_by__isnull=False)
        .select_related("version__law", "provision").prefetch_related(DISPUTES)
        .order_by("-on", "-recorded_at", "pk")
    ):  # fmt: skip
        at = outcome.point_id, outcome.addressee_id
        outcomes.setdefault(at, []).append(_of_outcome(outcome, laws))
    points = [
        Point(
            point.number, point.act, _in_force(point, laws),
            tuple(_cell(cell, changes, outcomes, today) for cell in row),
        )
        for point, row in standing.rows
    ]  # fmt: skip
    return standing, points


def _cell(
    cell: Standing,
    changes: Mapping[UUID, list[Verdict]],
    outcomes: Mapping[tuple[UUID, UUID | None], list[Verdict]],
    today: date,
) -> Cell:
    addressee, key = cell.addressee, cell.point.pk
    answers = tuple(
        Told(
            str(verdict.get_verdict_display()), answer.answered_on, masked(answer.words),
            str(answer.get_confirmed_as_display()) if answer.link_id else "",
        )
        for answer in cell.answers if is_public(answer)
        for verdict in answer.answer_points.all() if verdict.point_id == key
    )  # fmt: skip
    became = [*outcomes.get((key, addressee.pk), ()), *outcomes.get((key, None), ())]
    promises = tuple(_promise(row, changes, today) for row in cell.commitments)
    due = addressee.needs_time_until or addressee.answer_due
    return Cell(addressee.post, cell.label, cell.tone, due, answers, promises, tuple(became))


def _promise(
    commitment: Commitment, changes: Mapping[UUID, list[Verdict]], today: date
) -> Promised:
    is_exact = commitment.due_precision == Commitment.Precision.DAY
    return Promised(
        commitment.words, commitment.made_on, commitment.due_on,
        "" if is_exact else str(commitment.get_due_precision_display()),
        str(commitment.get_state_display()), is_late(commitment, today) and commitment.counts,
        tuple(changes.get(commitment.pk, ())), _disputes(commitment), commitment.counts,
    )  # fmt: skip


def _of_change(change: StateChange) -> Verdict:
    disputes = _disputes(change)
    return Verdict(
        change.words_after, change.day, masked(change.reason), masked(change.source),
        masked(change.reply), change.replied_on, disputes, _counts(change),
    )  # fmt: skip


def _of_outcome(outcome: Outcome, laws: set[str]) -> Verdict:
    version = outcome.version
    is_open = (
        version is not None
        and version.visibility == Visibility.PUBLIC
        and str(version.law_id) in laws
    )
    return Verdict(
        str(outcome.get_result_display()), outcome.on, masked(outcome.note),
        reply=masked(outcome.reply), replied_on=outcome.replied_on, disputes=_disputes(outcome),
        counts=_counts(outcome), link=outcome.link,
        law=str(version.law_id) if version is not None and is_open else "",
        law_name=str(version) if is_open else "",
        text=outcome.provision.text if outcome.provision is not None and is_open else "",
        contribution=masked(outcome.contribution),
        strength=str(outcome.get_strength_display()) if outcome.strength else "",
    )  # fmt: skip


def _counts(verdict: StateChange | Outcome) -> bool:
    return all(dispute.state != Dispute.State.UPHELD for dispute in verdict.disputes.all())


def _disputes(verdict: Disputable) -> tuple[Disputed, ...]:
    """Return the disputes of a promise or a verified verdict: the post alone until decided."""
    shown, disputes = [], list(verdict.disputes.all())
    name_readable_posts(None, disputes)
    for dispute in disputes:
        is_open = dispute.state == Dispute.State.OPEN
        if dispute.post is not None:
            shown.append(
                Disputed(
                    dispute.post, dispute.made_on, dispute.reply_due, is_open,
                    dispute.link_id is not None,
                    "" if is_open else str(dispute.get_state_display()),
                    "" if is_open else masked(dispute.words),
                    "" if is_open else masked(dispute.reply),
                )
            )  # fmt: skip
    return tuple(shown)


def _in_force(point: AskPoint, laws: set[str]) -> str:
    provision = point.provision
    if provision is None or provision.version.visibility != Visibility.PUBLIC:
        return ""
    return provision.text if str(provision.version.law_id) in laws else ""
