"""What the first page of the site tells of dialogues: those open to everybody, and results."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q

from hiwar.dialogues.models import Dialogue, Publication, Round
from hiwar.dialogues.queries.results import is_public

if TYPE_CHECKING:
    from datetime import datetime

MOST_OPEN = 5
MOST_RESULTS = 3


def dialogues_open_to_everybody(today: date) -> list[tuple[Dialogue, Round]]:
    """Return the dialogues in which whoever comes may take part now, each with its open round.

    The one that closes next comes first. A dialogue that asks for a code, one whose people are at
    high risk, and one whose last day is over are not shown to passers-by.
    """
    open_rounds = Round.objects.filter(state=Round.State.OPEN).filter(
        Q(ends_on=None) | Q(ends_on__gte=today)
    )
    dialogues = (
        Dialogue.objects.filter(
            state=Dialogue.State.OPEN, accepts_open_link=True, rounds__in=open_rounds
        )
        .exclude(risk=Dialogue.Risk.HIGH)
        .distinct()
        .prefetch_related(Prefetch("rounds", open_rounds.order_by("number"), "open_rounds"))
    )
    pairs: list[tuple[Dialogue, Round]] = [
        (dialogue, dialogue.open_rounds[0]) for dialogue in dialogues
    ]
    pairs.sort(key=lambda pair: (pair[1].ends_on or date.max, pair[0].code))
    return pairs[:MOST_OPEN]


def open_by_address(today: date) -> int:
    """Return how many dialogues whoever knows the address may join, those at risk too."""
    open_rounds = Round.objects.filter(state=Round.State.OPEN).filter(
        Q(ends_on=None) | Q(ends_on__gte=today)
    )
    joined = Dialogue.objects.filter(state=Dialogue.State.OPEN, accepts_open_link=True)
    return joined.filter(rounds__in=open_rounds).distinct().count()


def is_any_open() -> bool:
    """Tell whether there is a dialogue that somebody with a code may enter."""
    return Dialogue.objects.filter(state=Dialogue.State.OPEN).exists()


def published_results(now: datetime) -> list[Publication]:
    """Return the newest version of the results of each dialogue, newest first, without documents.

    A dialogue whose newest version was withdrawn has none.
    """
    publications = Publication.objects.select_related("dialogue").defer("bundle", "document")
    newest: dict[object, Publication] = {}
    for publication in publications.order_by("-version", "pk"):
        was_public = publication.state == Publication.State.WITHDRAWN or is_public(publication, now)
        if was_public:
            newest.setdefault(publication.dialogue_id, publication)
    shown = [publication for publication in newest.values() if is_public(publication, now)]
    shown.sort(key=lambda publication: publication.published_at or now, reverse=True)
    return shown


def latest_results(now: datetime) -> list[Publication]:
    """Return the results published last, the newest version of each dialogue, newest first."""
    return published_results(now)[:MOST_RESULTS]
