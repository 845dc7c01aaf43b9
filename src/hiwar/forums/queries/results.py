"""Results of a forum side by side: its rounds, and statements then and now with what changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hiwar.common.dates import local_day
from hiwar.common.multilingual import MultilingualText
from hiwar.dialogues.models import Publication, Round, Statement
from hiwar.dialogues.queries.dialogues import counts_of
from hiwar.dialogues.queries.recommendations import (
    Answered,
    answered_recommendations,
    people_answering,
)
from hiwar.dialogues.queries.results import is_public, public_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from hiwar.dialogues.models import Dialogue
    from hiwar.forums.models import Forum, Stage


@dataclass(frozen=True, slots=True)
class RoundResult:
    """What one round of a forum brought, as staff count it.

    Attributes
    ----------
    stage : Stage
    statements : int or None
        Open statements, of a round that collects or votes.
    people, votes : int or None
        Who voted, and how often.
    returning : int or None
        Who answered recommendations, each once.
    recommendations : tuple of Answered
    """

    stage: Stage
    statements: int | None = None
    people: int | None = None
    votes: int | None = None
    returning: int | None = None
    recommendations: tuple[Answered, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """Published results of one dialogue: its title, version and day, and how many people."""

    title: MultilingualText
    code: str
    version: int
    day: date | None
    people: int
    is_past: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """What a statement got in one dialogue; counts are None where they are hidden.

    ``is_reworded`` marks words that are other ones than in the column before.
    """

    number: int
    text: MultilingualText
    agree: int | None
    seen: int | None
    is_reworded: bool

    @property
    def share(self) -> float | None:
        """Agreement among all who saw it, from 0 to 1; None where hidden."""
        return self.agree / self.seen if self.agree is not None and self.seen else None


@dataclass(frozen=True, slots=True)
class Row:
    """One statement over all dialogues that put it to the vote; None where one did not.

    ``change`` is the difference of the last two shares in points of a hundred, None without two.
    """

    cells: tuple[Cell | None, ...]
    change: int | None

    @property
    def newest(self) -> Cell | None:
        """The last cell there is."""
        return next((cell for cell in reversed(self.cells) if cell is not None), None)


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Results side by side, the oldest first."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def round_results(stages: Iterable[Stage]) -> list[RoundResult]:
    """Return what each round brought so far, in the order of the stages: for the desk."""
    results = []
    for stage in stages:
        part = stage.round
        if part is None or part.state == Round.State.PLANNED:
            continue
        dialogue = part.dialogue
        if part.kind == Round.Kind.RECOMMEND:
            answered = tuple(answered_recommendations(dialogue))
            results.append(
                RoundResult(stage, returning=people_answering(dialogue), recommendations=answered)
            )
            continue
        counts = counts_of(dialogue)
        is_vote = part.kind == Round.Kind.VOTE
        results.append(
            RoundResult(
                stage, statements=counts["statements"],
                people=counts["participants"] if is_vote else None,
                votes=counts["votes"] if is_vote else None,
            )
        )  # fmt: skip
    return results


def ancestors_of(forum: Forum) -> list[Forum]:
    """Return the forums whose question this one takes up again, the oldest first."""
    line: list[Forum] = []
    before = forum.restarts
    while before is not None and before not in line:
        line.insert(0, before)
        before = before.restarts
    return line


def side_by_side(
    stages: Sequence[Stage], past: Sequence[Stage], now: datetime
) -> SideBySide:  # fmt: skip
    """Return the published results of the dialogues of a forum and of those before it.

    Statements are one row where one was made out of the other. What everybody may read is shown
    and nothing else: small numbers are hidden in it already.
    """
    dialogues = _dialogues(past)
    before = len(dialogues)
    dialogues += [each for each in _dialogues(stages) if each not in dialogues]
    published = [
        (publication, at < before)
        for at, dialogue in enumerate(dialogues)
        if (publication := _publication(dialogue, now)) is not None
    ]
    columns = tuple(_column(publication, is_past=is_past) for publication, is_past in published)
    rows = _rows([publication for publication, _is_past in published])
    return SideBySide(columns, tuple(rows))


def _dialogues(stages: Iterable[Stage]) -> list[Dialogue]:
    return list(
        {stage.round.dialogue_id: stage.round.dialogue for stage in stages if stage.round}.values()
    )


def _publication(dialogue: Dialogue, now: datetime) -> Publication | None:
    try:
        publication = public_version(dialogue, now)
    except Publication.DoesNotExist:
        return None
    return publication if is_public(publication, now) else None


def _column(publication: Publication, *, is_past: bool) -> Column:
    document = publication.document
    published = publication.published_at or publication.embargo_until
    return Column(
        MultilingualText(document["title"]), document["code"], publication.version,
        local_day(published) if published else None, document["inputs"]["participants"], is_past,
    )  # fmt: skip


def _rows(publications: Sequence[Publication]) -> Iterator[Row]:
    """Yield the rows, those of the last dialogue first, in the order of their numbers."""
    roots = _roots([publication.dialogue_id for publication in publications])
    cells: dict[object, list[Cell | None]] = {}
    for at, publication in enumerate(publications):
        for line in publication.document.get("statements", []):
            key = roots.get((publication.dialogue_id, line["number"]), (at, line["number"]))
            row = cells.setdefault(key, [None] * len(publications))
            row[at] = _cell(line, next((c for c in reversed(row[:at]) if c), None))
    last = len(publications) - 1

    def order(row: list[Cell | None]) -> tuple[int, int]:
        newest = max(at for at, cell in enumerate(row) if cell)
        cell = row[newest]
        return last - newest, cell.number if cell else 0

    for row in sorted(cells.values(), key=order):
        shares = [cell.share for cell in row if cell is not None and cell.share is not None]
        change = round(100 * (shares[-1] - shares[-2])) if len(shares) > 1 else None
        yield Row(tuple(row), change)


def _cell(line: Mapping[str, Any], before: Cell | None) -> Cell:
    counts = line["counts"]
    text = MultilingualText(line["texts"])
    return Cell(
        line["number"], text, counts["agree"] if counts else None,
        counts["seen"] if counts else None,
        before is not None and dict(before.text) != dict(text),
    )  # fmt: skip


def _roots(dialogues: Sequence[UUID]) -> dict[tuple[UUID, int], int]:
    """Return the first statement from which each was made, by dialogue and number; one query."""
    rows = Statement.objects.filter(dialogue__in=dialogues).values_list(
        "pk", "dialogue", "number", "derived_from"
    )
    parent = {key: before for key, _dialogue, _number, before in rows}
    roots = {}
    for key, dialogue, number, _before in rows:
        root, steps = key, 0
        while (above := parent.get(root)) is not None and above in parent and steps < len(parent):
            root, steps = above, steps + 1
        roots[dialogue, number] = root
    return roots
