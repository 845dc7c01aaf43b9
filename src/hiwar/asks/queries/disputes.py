"""What posts dispute, what of them waits for somebody, and who may decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from django.db.models import Prefetch, Q

from hiwar.asks.models import Commitment, Dispute, Outcome, StateChange
from hiwar.asks.queries.positions import asks_for
from hiwar.asks.queries.posts import name_readable_posts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import QuerySet

    from hiwar.accounts.models import User
    from hiwar.asks.models import Addressee

# What a post may dispute: that it promised, what became of that, what became of a point.
Disputable: TypeAlias = Commitment | StateChange | Outcome
# The disputes of promises, states or outcomes, each with its post, the latest first.
DISPUTES = Prefetch(
    "disputes",
    Dispute.objects.select_related("post__organisation").order_by("-made_on", "-recorded_at"),
)


def disputes_for(user: User) -> QuerySet[Dispute]:
    """Return the disputes of promises, states and outcomes that a user may read, latest first."""
    asks = asks_for(user).order_by().values("pk")
    disputes = Dispute.objects.filter(
        Q(commitment__point__ask__in=asks)
        | Q(change__commitment__point__ask__in=asks)
        | Q(change__addressee__ask__in=asks)
        | Q(outcome__point__ask__in=asks)
    )
    return disputes.select_related(
        "post__organisation", "commitment__point__ask__dossier", "commitment__post",
        "change__commitment__point__ask__dossier",
        "change__addressee__ask__dossier", "outcome__point__ask__dossier", "outcome__addressee",
        "change__verified_by", "outcome__confirmed_by", "recorded_by", "replied_by",
    ).order_by("-made_on", "-recorded_at", "pk")  # fmt: skip


def name_posts_of(user: User | None, verdicts: Iterable[StateChange | Outcome]) -> None:
    """Put a word in place of posts that the reader may not read, of verdicts and their disputes."""
    held: list[Any] = []
    for verdict in verdicts:
        held += [verdict.commitment] if isinstance(verdict, StateChange) else [verdict.addressee]
        held += verdict.disputes.all()
    name_readable_posts(user, [row for row in held if row is not None and row.post_id])


def involved_in(dispute: Dispute) -> set[UUID]:
    """Return the keys of who recorded or verified what is disputed, or wrote the dispute down."""
    verdict = dispute.disputed
    people = {dispute.recorded_by_id}
    if verdict is not None:
        second = None if isinstance(verdict, Commitment) else verdict.second_person
        people |= {verdict.recorded_by_id, second.pk if second is not None else None}
    return {key for key in people if key is not None}


def promises_at(addressee: Addressee) -> list[Commitment]:
    """Return the promises of a post on an ask that it may dispute by its link, the latest first.

    Those that everybody reads, and those of which something was noted that it reads there.
    """
    noted = Q(changes__verified_by__isnull=False) | Q(changes__put_on__isnull=False)
    promises = Commitment.objects.filter(
        noted | Q(is_public=True), point__ask=addressee.ask_id, post=addressee.post_id
    ).select_related("point__ask", "post").distinct()  # fmt: skip
    return list(promises.prefetch_related(DISPUTES).order_by("-made_on", "-recorded_at", "pk"))


def verdicts_at(addressee: Addressee) -> list[StateChange | Outcome]:
    """Return what was noted of a post on an ask that it may reply to or dispute, latest first.

    What nobody verified is there only where it was put to the post.
    """
    changes = StateChange.objects.filter(
        Q(verified_by__isnull=False) | Q(put_on__isnull=False),
        commitment__point__ask=addressee.ask_id, commitment__post=addressee.post_id,
    ).select_related("commitment__point", "commitment__post")  # fmt: skip
    outcomes = Outcome.objects.filter(
        Q(confirmed_by__isnull=False) | Q(put_on__isnull=False), addressee=addressee
    ).select_related("point", "addressee__post", "version__law")
    verdicts: list[StateChange | Outcome] = [
        *changes.prefetch_related(DISPUTES), *outcomes.prefetch_related(DISPUTES)
    ]  # fmt: skip
    return sorted(verdicts, key=lambda verdict: (verdict.recorded_at, verdict.pk), reverse=True)
