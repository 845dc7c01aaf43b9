"""Asks, and who stands where: as of any day, with all that was said before."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from hiwar.accounts.queries import WIDE, readable_by
from hiwar.asks import rules
from hiwar.asks.models import Ask, AskPoint, Position, PositionLink
from hiwar.common.vocabularies.lists import words_in
from hiwar.contacts.models import ContactPoint
from hiwar.contacts.queries import organisations_for, points_for
from hiwar.dossiers.queries.dossiers import all_readable, plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from django.db.models import QuerySet

    from hiwar.accounts.models import User
    from hiwar.common.models import PrivateLink
    from hiwar.contacts.models import Organisation
    from hiwar.dossiers.models import Dossier
    from hiwar.papers.models import Paper

OWN = "asks.positions"
WORDS = Path(__file__).resolve().parents[1] / "words.json"


@dataclass(frozen=True, slots=True)
class Cell:
    """Where one organisation stands on one ask; ``position`` None where nothing is known.

    ``earlier`` tells how often it was said before, ``is_old`` that it was said long ago.
    """

    ask: Ask
    position: Position | None
    earlier: int = 0
    is_old: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """An organisation and where it stands on every ask, in the order of the asks."""

    organisation: Organisation
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The positions of a dossier as of a day."""

    asks: tuple[Ask, ...]
    rows: tuple[Row, ...]
    on: date

    def counts(self) -> dict[str, dict[str, int]]:
        """Return for each ask how many organisations hold each stance; "" is nothing known."""
        counts: dict[str, dict[str, int]] = {}
        for row in self.rows:
            for cell in row.cells:
                by_stance = counts.setdefault(str(cell.ask.pk), {})
                stance = cell.position.stance if cell.position else ""
                by_stance[stance] = by_stance.get(stance, 0) + 1
        return counts


def asks_for(user: User) -> QuerySet[Ask]:
    """Return the asks a user may read, in dossiers they may read, by dossier and number."""
    if not rules.can_see_asks(user):
        return Ask.objects.none()
    asks = Ask.objects.filter(readable_by(user, Ask), dossier__in=all_readable(user).order_by())
    return asks.select_related("dossier").order_by("dossier__code", "number", "pk")


def asks_resting_on(user: User, papers: QuerySet[Paper]) -> QuerySet[Ask]:
    """Return the asks a user may read with a point on a recommendation of some papers."""
    recommended = AskPoint.objects.filter(
        recommendation__block__paper__in=papers.order_by().values("pk")
    )
    asks = asks_for(user).exclude(state=Ask.State.DROPPED)
    return asks.filter(pk__in=recommended.values("ask"))


def dossiers_with_asks(user: User) -> QuerySet[Dossier]:
    """Return the readable dossiers that have asks, by code."""
    return all_readable(user).filter(pk__in=asks_for(user).order_by().values("dossier"))


def search_asks(
    user: User, words: str = "", *, dossier: str = "", state: str = ""
) -> QuerySet[Ask]:
    """Return the asks a user may read that hold all words, of a dossier (its code), in a state."""
    asks = asks_for(user)
    asks = asks.filter(dossier__code=dossier) if dossier else asks
    asks = asks.filter(state=state) if state else asks
    wanted = plain(words).split()
    if not wanted:
        return asks
    keys = [
        key
        for key, *texts in asks.values_list("pk", "short", "text")
        if all(
            word in plain(" ".join(value for text in texts for value in dict(text).values()))
            for word in wanted
        )
    ]
    return asks.filter(pk__in=keys)


def next_number(dossier: Dossier) -> int:
    """Return the number of the next ask of a dossier."""
    last = Ask.objects.filter(dossier=dossier).aggregate(last=Max("number"))["last"]
    return int(last or 0) + 1


def parties_of(user: User, dossier: Dossier) -> list[Organisation]:
    """Return whose positions are asked for: parties, and who has said something already."""
    readable = organisations_for(user)
    speaking = Position.objects.filter(ask__dossier=dossier).values("organisation")
    organisations = readable.filter(kind__in=kinds()) | readable.filter(pk__in=speaking)
    return list(organisations.distinct().order_by("code", "pk"))


def table_of(user: User, dossier: Dossier, on: date) -> Table:
    """Return where each party stood on each live ask on a day.

    What was said last counts, among what was not taken back; of two sayings of one day the one
    recorded later. An organisation that said nothing has an empty cell, which is not "against".
    """
    asks = tuple(asks_for(user).filter(dossier=dossier).exclude(state=Ask.State.DROPPED))
    said: dict[tuple[Any, Any], list[Position]] = {}
    for position in _standing().filter(ask__in=asks, said_on__lte=on):
        said.setdefault((position.organisation_id, position.ask_id), []).append(position)
    rows = tuple(
        Row(
            organisation,
            tuple(_cell(ask, said.get((organisation.pk, ask.pk), []), on) for ask in asks),
        )
        for organisation in parties_of(user, dossier)
    )
    return Table(asks, rows, on)


def history_of(ask: Ask, organisation: Organisation) -> QuerySet[Position]:
    """Return everything an organisation said to an ask, the latest first, taken back or not."""
    positions = Position.objects.filter(ask=ask, organisation=organisation)
    return positions.select_related("recorded_by", "retracted_by", "seen_by").order_by(
        "-said_on", "-recorded_at", "pk"
    )


def positions_on(user: User, ask: Ask, on: date) -> list[tuple[Organisation, Cell]]:
    """Return where each party stands on one ask."""
    table = table_of(user, ask.dossier, on)
    return [(row.organisation, cell) for row in table.rows for cell in row.cells if cell.ask == ask]


def unseen(user: User) -> QuerySet[Position]:
    """Return what came in by a link and nobody has looked at, the oldest first."""
    positions = Position.objects.filter(
        source_kind=Position.Source.LINK, seen_by=None, retracted_at=None,
        ask__in=asks_for(user).order_by(),
    )  # fmt: skip
    positions = positions.filter(organisation__in=organisations_for(user).order_by())
    return positions.select_related("ask__dossier", "organisation").order_by("recorded_at", "pk")


def position_link_behind(link: PrivateLink) -> PositionLink | None:
    """Return whose positions a private link opens."""
    links = PositionLink.objects.select_related("dossier", "organisation", "private_link")
    return links.filter(private_link=link).first()


def links_of(dossier: Dossier) -> dict[Any, PositionLink]:
    """Return the latest link of each organisation on a dossier."""
    links = PositionLink.objects.filter(dossier=dossier).select_related(
        "private_link", "number__series"
    )
    return {link.organisation_id: link for link in links.order_by("private_link__made_at", "pk")}


def mails_of(user: User, organisations: Sequence[Organisation]) -> dict[Any, str]:
    """Return the mail address of each organisation that the user may see one of."""
    points = points_for(user).filter(organisation__in=organisations, kind=ContactPoint.Kind.EMAIL)
    first = points.order_by("-is_private", "-label", "-pk")  # the last of these is kept
    return dict(first.values_list("organisation", "value"))


def own_positions(link: PositionLink, on: date) -> list[Cell]:
    """Return where the holder of a link stands: on approved asks, and its own positions alone."""
    asks = Ask.objects.filter(dossier=link.dossier, state=Ask.State.APPROVED)
    asks = asks.filter(visibility__in=WIDE)
    said: dict[Any, list[Position]] = {}
    for position in _standing().filter(
        ask__in=asks, organisation=link.organisation, said_on__lte=on
    ):
        said.setdefault(position.ask_id, []).append(position)
    return [_cell(ask, said.get(ask.pk, []), on) for ask in asks.order_by("number", "pk")]


def kinds() -> list[str]:
    """Return the kinds of organisations whose positions are asked for."""
    return list(words_in(WORDS)["kinds"])


def days_until_old() -> int:
    """Return after how many days a position is shown as old."""
    return int(words_in(WORDS)["days_until_old"])


def link_days() -> int:
    """Return how many days a link stays open."""
    return int(words_in(WORDS)["link_days"])


def answer_link_days() -> int:
    """Return how many days after the day for an answer a post's link stays open."""
    return int(words_in(WORDS)["answer_link_days"])


def reply_days() -> int:
    """Return how many working days a post has to reply to a verdict on it."""
    return int(words_in(WORDS)["reply_days"])


def dispute_days() -> int:
    """Return within how many working days a dispute is decided."""
    return int(words_in(WORDS)["dispute_days"])


def register_days() -> int:
    """Return how many working days before everybody a post reads what is told of a meeting."""
    return int(words_in(WORDS)["register_days"])


def reminder_days() -> dict[str, int]:
    """Return in working days when an answer is near, and when a reminder and a letter are due."""
    days: dict[str, int] = words_in(WORDS)["reminders"]
    return days


def _standing() -> QuerySet[Position]:
    positions = Position.objects.filter(retracted_at=None).select_related("ask", "organisation")
    return positions.order_by("-said_on", "-recorded_at", "pk")


def _cell(ask: Ask, said: list[Position], on: date) -> Cell:
    if not said:
        return Cell(ask, None)
    is_old = (on - said[0].said_on).days > days_until_old()
    return Cell(ask, said[0], len(said) - 1, is_old)
