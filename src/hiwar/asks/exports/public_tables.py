"""What asks lend to the open data: asks for everybody, and what was answered, promised and done.

It is what the public pages of asks show, without the posts and the disputes, which are read there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.asks.models import (
    Answer,
    AnswerPoint,
    Ask,
    AskPoint,
    Commitment,
    Dispute,
    Outcome,
    StateChange,
)
from hiwar.common.models import Visibility
from hiwar.common.navigation import PageSource, PublicPage, paths_of
from hiwar.common.personal.details import masked
from hiwar.common.tables.lending import (
    DOSSIER,
    KEY,
    PAGE,
    Column,
    Holds,
    PublicTable,
    Theme,
    page_address,
)
from hiwar.dossiers.queries.public import public_codes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.db.models import QuerySet

POINT = Column("point", _("Key of the point of an ask."))


def _asks() -> QuerySet[Ask]:
    return Ask.objects.filter(visibility=Visibility.PUBLIC, state=Ask.State.APPROVED)


def _of_points() -> QuerySet[AskPoint]:
    return AskPoint.objects.filter(ask__in=_asks().values("pk"))


def asks(_now: datetime) -> Iterator[list[object]]:
    """Yield the approved asks that everybody may read, oldest first."""
    codes = public_codes()
    for ask in _asks().order_by("created_at", "pk"):
        yield [
            ask.pk, ask.text, ask.short, codes.get(ask.dossier_id),
            page_address("public_asks:ask", ask.pk.hex),
        ]  # fmt: skip


def points(_now: datetime) -> Iterator[list[object]]:
    """Yield the acts that these asks want."""
    listed = _of_points().order_by("ask__created_at", "ask", "number", "pk")
    for key, ask, number, act in listed.values_list("pk", "ask", "number", "act"):
        yield [key, ask, number, act]


def answers(_now: datetime) -> Iterator[list[object]]:
    """Yield the verdicts on these points that may be published and that somebody confirmed."""
    listed = AnswerPoint.objects.filter(
        point__in=_of_points().values("pk"), answer__corrected_by=None,
        answer__kind=Answer.Kind.ANSWER, answer__may_publish=True,
    ).exclude(answer__way=Answer.Way.LINK, answer__confirmed_as="")  # fmt: skip
    for row in listed.select_related("answer").order_by("answer__answered_on", "pk"):
        words = masked(row.answer.words)
        yield [row.pk, row.point_id, row.verdict, words, row.answer.answered_on]


def commitments(_now: datetime) -> Iterator[list[object]]:
    """Yield the promises on these points that everybody may read.

    Beside the state stands what the post replied to the latest that a second person verified;
    a promise or a verdict that a post disputed with success does not count.
    """
    verified = {
        change.commitment_id: change
        for change in StateChange.objects.exclude(verified_by=None)
        .filter(commitment__is_public=True)
        .exclude(disputes__state=Dispute.State.UPHELD)
        .order_by("day", "recorded_at")
    }
    listed = Commitment.objects.filter(point__in=_of_points().values("pk"), is_public=True)
    listed = listed.exclude(disputes__state=Dispute.State.UPHELD)
    for row in listed.order_by("made_on", "pk"):
        change = verified.get(row.pk)
        yield [
            row.pk, row.point_id, row.words, row.made_on, row.due_on, row.due_precision,
            row.state, change.day if change else None,
            masked(change.reply) if change else None,
        ]  # fmt: skip


def outcomes(_now: datetime) -> Iterator[list[object]]:
    """Yield what became of these points, as a second person confirmed and no dispute undid."""
    listed = Outcome.objects.filter(point__in=_of_points().values("pk")).exclude(confirmed_by=None)
    for row in listed.exclude(disputes__state=Dispute.State.UPHELD).order_by("on", "pk"):
        yield [row.pk, row.point_id, row.result, row.on, masked(row.note)]


def ask_pages(_now: datetime) -> Iterator[PublicPage]:
    """Yield the asks that everybody may read; an ask itself is no news."""
    codes = public_codes()
    for ask in _asks().order_by("created_at", "pk"):
        yield PublicPage(
            str(ask.pk), ask.short, paths_of("public_asks:ask", ask.pk.hex),
            dossier=codes.get(ask.dossier_id, ""),
        )  # fmt: skip


PUBLIC_PAGES = PageSource("asks", 91, _("Asks"), ask_pages)


PUBLIC_TABLES = (
    PublicTable(
        "asks", 80, _("Asks"), _("What the institution wants decided, where everybody may read "
                                 "it."),
        Theme.GOVERNMENT,
        (
            KEY, Column("text", _("What is asked for."), Holds.TEXTS),
            Column("short", _("The same in a few words."), Holds.TEXTS), DOSSIER, PAGE,
        ),
        asks,
    ),
    PublicTable(
        "ask-points", 81, _("Points of asks"), _("The single acts that these asks want."),
        Theme.GOVERNMENT,
        (
            KEY, Column("ask", _("Key of the ask.")),
            Column("number", _("Number of the point in its ask."), Holds.INTEGER),
            Column("act", _("What is wanted."), Holds.TEXTS),
        ),
        points,
    ),
    PublicTable(
        "ask-answers", 82, _("Answers to asks"),
        _("What was answered to each point, where the answer may be published."),
        Theme.GOVERNMENT,
        (
            KEY, POINT, Column("verdict", _("The answer, as a code.")),
            Column("words", _("The answer in their words.")),
            Column("answered_on", _("The day."), Holds.DAY),
        ),
        answers,
    ),
    PublicTable(
        "commitments", 83, _("Commitments"),
        _("What was promised on points of asks, by when, and what became of it."),
        Theme.GOVERNMENT,
        (
            KEY, POINT, Column("words", _("What was promised."), Holds.TEXTS),
            Column("made_on", _("When it was promised."), Holds.DAY),
            Column("due_on", _("By when."), Holds.DAY),
            Column("due_precision", _("How exact that day is, as a code.")),
            Column("state", _("The last state that a second person verified, as a code.")),
            Column("state_on", _("The day of that state."), Holds.DAY),
            Column("reply", _("What the office replied to it.")),
        ),
        commitments,
    ),
    PublicTable(
        "outcomes", 84, _("Outcomes"),
        _("What became of points of asks, as a second person confirmed; that the one came of the "
          "other is not claimed."),
        Theme.GOVERNMENT,
        (
            KEY, POINT, Column("result", _("What became of it, as a code.")),
            Column("on", _("The day."), Holds.DAY), Column("note", _("How it is known.")),
        ),
        outcomes,
    ),
)  # fmt: skip
