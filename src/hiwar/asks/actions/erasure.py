"""What asks hold on a person of the register: who spoke for an organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.asks.models import Position
from hiwar.common.personal.holdings import Holding
from hiwar.contacts.queries.holders import organisations_of

if TYPE_CHECKING:
    from hiwar.common.personal.holdings import Traces


def _erase(traces: Traces) -> None:
    """Take the name out of positions of the person's organisations; what was said stays theirs."""
    said = Position.objects.filter(organisation__in=organisations_of(traces.keys))
    traces.empty_names(said, "said_by", "confirmed_by")


HOLDING = Holding("contacts.person", "asks", ("asks.Position",), _erase)
