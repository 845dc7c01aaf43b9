"""Promises of bodies in counts, as everybody reads them: no rank, no score, shares of those due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hiwar.asks.models import Commitment
from hiwar.asks.queries.commitments import scorecard
from hiwar.asks.queries.everybody import public_asks
from hiwar.asks.queries.posts import name_readable_posts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from hiwar.asks.queries.commitments import Score


def public_scores(today: date) -> list[Score]:
    """Return counts by body of the promises that everybody reads, by the name of the body.

    Only what a second person verified is in the states; a post that is closed counts nowhere.
    """
    promises = Commitment.objects.filter(
        is_public=True, point__ask__in=public_asks().order_by().values("pk")
    ).select_related("post__organisation")
    return scorecard(name_readable_posts(None, promises.order_by("pk")), today)


def lines_of(scores: list[Score], today: date) -> Iterator[list[str]]:
    """Yield the counts as lines of a file: body, state, number; of those due, late and kept."""
    yield [_("Organisation"), _("State"), pgettext("promises", "Number"), _("As of")]
    for score in scores:
        body, day = str(score.organisation), today.isoformat()
        for state, count in score.counts.items():
            yield [body, state, str(count), day]
        yield [body, pgettext("promises", "Due"), str(score.due), day]
        yield [body, pgettext("promises", "Late"), str(score.late), day]
        yield [body, pgettext("promises", "Disputed"), str(score.disputed), day]
