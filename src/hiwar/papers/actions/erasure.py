"""What papers hold on a person of the register: who read one from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.common.personal.holdings import Holding
from hiwar.papers.models import PressLink, Review

if TYPE_CHECKING:
    from hiwar.common.personal.holdings import Traces


def _erase(traces: Traces) -> None:
    """Take out names and addresses of who read by a link sent to an address of the person."""
    for rows, name in ((PressLink.objects.all(), "name"), (Review.objects.all(), "outsider")):
        written = [row.pk for row in rows.exclude(email="") if traces.is_named(row.email)]
        values = {name: "", "email": ""} | ({"outlet": ""} if name == "name" else {})
        traces.empty(rows.filter(pk__in=written), **values)


HOLDING = Holding("contacts.person", "papers", ("papers.PressLink", "papers.Review"), _erase)
