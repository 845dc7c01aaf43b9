"""Everything that happened with an ask, in the order of its days: letters, answers, promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from hiwar.asks.models import (
    Answer,
    Commitment,
    Delivery,
    Dispute,
    Letter,
    Outcome,
    Proof,
    StateChange,
)
from hiwar.asks.queries.posts import name_readable_posts

if TYPE_CHECKING:
    from datetime import date

    from hiwar.accounts.models import User
    from hiwar.asks.models import Ask


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: its day, its kind (the name of its model), and its record."""

    on: date
    kind: str
    record: Any


def record_of(user: User, ask: Ask) -> list[Entry]:
    """Return what happened with an ask, the latest first; posts as the reader may know them."""
    letters = Letter.objects.filter(letter_addressees__addressee__ask=ask).distinct()
    letters = letters.select_related("post", "number__series", "issued_by", "in_reply_to")
    answers = Answer.objects.filter(addressee__ask=ask).select_related(
        "addressee__post", "link", "confirmed_by", "corrects"
    )
    commitments = Commitment.objects.filter(point__ask=ask).select_related("point", "post")
    entries = [
        *(Entry(row.dated_on, "letter", row) for row in letters if row.dated_on),
        *(
            Entry(row.received_on or row.handed_on, "delivery", row)
            for row in Delivery.objects.filter(letter__in=letters.order_by().values("pk"))
        ),
        *(
            Entry(row.answered_on, "answer", row)
            for row in answers.prefetch_related("answer_points__point", "files__file")
        ),
        *(Entry(row.made_on, "commitment", row) for row in commitments),
        *(
            Entry(row.brought_on, "proof", row)
            for row in Proof.objects.filter(commitment__point__ask=ask).select_related("commitment")
        ),
        *(
            Entry(row.day, "change", row)
            for row in StateChange.objects.filter(addressee__ask=ask).select_related(
                "addressee__post", "recorded_by", "verified_by"
            )
        ),
        *(
            Entry(row.day, "change", row)
            for row in StateChange.objects.filter(commitment__point__ask=ask).select_related(
                "commitment", "recorded_by", "verified_by"
            )
        ),
        *(
            Entry(row.on, "outcome", row)
            for row in Outcome.objects.filter(point__ask=ask).select_related(
                "point", "addressee__post", "recorded_by", "confirmed_by"
            )
        ),
        *(
            Entry(row.made_on, "dispute", row)
            for row in Dispute.objects.filter(
                Q(answer__addressee__ask=ask)
                | Q(commitment__point__ask=ask)
                | Q(change__commitment__point__ask=ask)
                | Q(change__addressee__ask=ask)
                | Q(outcome__point__ask=ask)
                | Q(position__ask=ask)
            ).select_related("post")
        ),
    ]
    records = [entry.record for entry in entries]
    held = [*records, *(getattr(record, "addressee", None) for record in records)]
    name_readable_posts(user, [row for row in held if getattr(row, "post_id", None)])
    return sorted(entries, key=lambda entry: (entry.on, str(entry.record.pk)), reverse=True)
