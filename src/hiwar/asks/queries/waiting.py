"""What of promises and outcomes waits: for a reply, for a second person, for a decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from hiwar.asks import rules
from hiwar.asks.models import Commitment, Dispute, Outcome, StateChange
from hiwar.asks.queries.disputes import disputes_for, involved_in
from hiwar.asks.queries.positions import asks_for
from hiwar.asks.queries.posts import name_readable_posts

if TYPE_CHECKING:
    from datetime import date

    from hiwar.accounts.models import User
    from hiwar.asks.models import Ask
    from hiwar.asks.queries.disputes import Disputable


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for somebody.

    Attributes
    ----------
    kind : str
        "reply" for the post, "second" for a second person, "decision" for somebody uninvolved.
    ask, title, url
        To what it belongs, what it is in words, and where it is done.
    on : date or None
        The last day for it.
    is_for_me : bool
        Whether the reader is one of those who may do it.
    """

    kind: str
    ask: Ask
    title: str
    url: str
    on: date | None
    is_for_me: bool

    @property
    def label(self) -> str:
        """For what it waits, in words."""
        return {
            "reply": _("waits for the reply of the post"),
            "second": _("waits for a second person"),
            "decision": _("disputed, waits for a decision"),
        }[self.kind]


def waiting_for(user: User, today: date) -> list[Waiting]:
    """Return what waits in the asks that a user may read, what the user may do first."""
    asks = asks_for(user).order_by().values("pk")
    may_verify = rules.can_verify_asks(user)
    changes = StateChange.objects.filter(
        commitment__point__ask__in=asks, verified_by=None, recorded_by__isnull=False
    ).select_related("commitment__point__ask__dossier", "commitment__post")  # fmt: skip
    outcomes = Outcome.objects.filter(point__ask__in=asks, confirmed_by=None).select_related(
        "point__ask__dossier", "addressee__post"
    )
    rows = []
    verdicts: list[StateChange | Outcome] = [*changes, *outcomes]
    disputes = list(disputes_for(user).filter(state=Dispute.State.OPEN))
    everything = [*verdicts, *(row.disputed for row in disputes)]
    held = [
        row
        if isinstance(row, Commitment)
        else row.commitment
        if isinstance(row, StateChange)
        else row.addressee
        for row in everything
        if row is not None
    ]
    name_readable_posts(user, [row for row in held if row is not None])
    for verdict in verdicts:
        is_open = verdict.reply_due is not None and today <= verdict.reply_due and not verdict.reply
        rows.append(
            Waiting(
                "reply" if is_open else "second", verdict.ask, _title(verdict), _page(verdict),
                verdict.reply_due if is_open else None,
                may_verify and not is_open and verdict.recorded_by_id != user.pk,
            )
        )  # fmt: skip
    for dispute in disputes:
        verdict_of = dispute.disputed
        if verdict_of is not None:
            rows.append(
                Waiting(
                    "decision", verdict_of.ask, _title(verdict_of),
                    reverse("asks:dispute", args=[dispute.pk]), dispute.reply_due,
                    may_verify and user.pk not in involved_in(dispute),
                )
            )  # fmt: skip
    return sorted(
        rows, key=lambda row: (not row.is_for_me, row.on is None, row.on or today, row.title)
    )


def _title(verdict: Disputable) -> str:
    """Return a promise or a verdict in words: what of, which post, what it became."""
    if isinstance(verdict, Commitment):
        return f"{verdict} · {verdict.post}"
    if isinstance(verdict, Outcome):
        return f"{verdict.point} · {verdict.post or ''}: {verdict.get_result_display()}"
    return f"{verdict.commitment} · {verdict.post}: {verdict.words_after}"


def _page(verdict: StateChange | Outcome) -> str:
    if isinstance(verdict, Outcome):
        return reverse("asks:outcome", args=[verdict.pk])
    return reverse("asks:commitment", args=[verdict.commitment_id])
