"""The power and interest map of an issue: private, and placed on its square."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from math import hypot
from typing import TYPE_CHECKING

from django.db.models import Q

from hiwar.asks import rules
from hiwar.asks.models import Influence, MapReader, PowerEntry
from hiwar.contacts.queries import organisations_for
from hiwar.contacts.queries.people import posts_for
from hiwar.dossiers.queries.dossiers import all_readable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from hiwar.accounts.models import User
    from hiwar.dossiers.models import Dossier

OLD_AFTER = timedelta(days=180)
SIDE, CELL, EDGE = 500, 100, 30
# Between a mark and a line to it.
GAP = 13
# Nine marks fit into a cell without touching; more are drawn closer.
ROW = 3
MARKS = {1: "▲", -1: "▼", 0: "●", None: "○"}


@dataclass(frozen=True, slots=True)
class Mark:
    """An entry on the square: its number in the table, its sign, its place, and whether it is old.

    ``quadrant`` is what to do about it: close, satisfied, informed or watched.
    """

    number: int
    entry: PowerEntry
    sign: str
    x: int
    y: int
    is_old: bool
    quadrant: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """Who reaches whom, as a line between two marks."""

    influence: Influence
    source: Mark
    target: Mark

    @property
    def path(self) -> str:
        """The line as the path of an SVG, which ends beside the marks and not on them."""
        x, y = self.target.x - self.source.x, self.target.y - self.source.y
        length = hypot(x, y) or 1
        dx, dy = round(x / length * GAP), round(y / length * GAP)
        ends = self.source.x + dx, self.source.y + dy, self.target.x - dx, self.target.y - dy
        return "M{} {}L{} {}".format(*ends)


def may_read_map(user: User, dossier: Dossier) -> bool:
    """Return whether a user reads the map of a dossier: by permission, and by name if any is named.

    Whoever owns the dossier is always among those who are named.
    """
    if not rules.can_draw_maps(user) or not rules.can_see_asks(user):
        return False
    if not all_readable(user).filter(pk=dossier.pk).exists():
        return False
    named = set(MapReader.objects.filter(dossier=dossier).order_by().values_list("user", flat=True))
    return not named or user.pk in named or user.pk == dossier.owner_id


def marks_of(user: User, dossier: Dossier, today: date, *, mirrored: bool) -> list[Mark]:
    """Return the entries of a map that a user may read, by power, interest and name.

    Interest grows from where the reader begins to read: ``mirrored`` counts it from the other side.
    Entries on posts and bodies that the reader may not know of are left out.
    """
    entries = PowerEntry.objects.filter(
        Q(post=None) | Q(post__in=posts_for(user).order_by().values("pk")),
        Q(organisation=None) | Q(organisation__in=organisations_for(user).order_by().values("pk")),
        dossier=dossier,
    ).select_related("post__organisation", "organisation", "recorded_by")
    rows = sorted(entries, key=lambda row: (-row.power, -row.interest, str(row), str(row.pk)))
    cells: dict[tuple[int, int], list[PowerEntry]] = defaultdict(list)
    for row in rows:
        cells[row.power, row.interest].append(row)
    marks = []
    for number, row in enumerate(rows, 1):
        x, y = _place(row, cells[row.power, row.interest])
        marks.append(
            Mark(
                number, row, MARKS[None if row.stance is None else _sign(row.stance)],
                SIDE + 2 * EDGE - x if mirrored else x, y,
                row.seen_on < today - OLD_AFTER, _quadrant(row),
            )
        )  # fmt: skip
    return marks


def arrows_of(marks: Sequence[Mark]) -> list[Arrow]:
    """Return who reaches whom among the marks that are shown."""
    by_entry: dict[UUID, Mark] = {mark.entry.pk: mark for mark in marks}
    rows = Influence.objects.filter(source__in=by_entry, target__in=by_entry)
    return [
        Arrow(row, by_entry[row.source_id], by_entry[row.target_id])
        for row in rows.order_by("recorded_at", "pk")
    ]


def _sign(stance: int) -> int:
    return (stance > 0) - (stance < 0)


def _place(row: PowerEntry, cell: Sequence[PowerEntry]) -> tuple[int, int]:
    """Return the middle of a mark: power upward, interest along, several of a cell apart."""
    per_row = ROW
    while per_row * per_row < len(cell):
        per_row += 1
    at = cell.index(row)
    step = CELL // per_row
    x = (row.interest - 1) * CELL + step // 2 + (at % per_row) * step
    y = SIDE - row.power * CELL + step // 2 + (at // per_row) * step
    return EDGE + x, EDGE + y


def _quadrant(row: PowerEntry) -> str:
    middle = 3
    if row.power >= middle:
        return "close" if row.interest >= middle else "satisfied"
    return "informed" if row.interest >= middle else "watched"
