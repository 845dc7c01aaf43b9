"""What asks hold on a person of the register: who spoke for a body, and to whom a letter went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.asks.models import Answer, Letter, Position
from hiwar.common.personal.holdings import Holding
from hiwar.contacts.queries.holders import organisations_of

if TYPE_CHECKING:
    from hiwar.common.personal.holdings import Traces


def _erase(traces: Traces) -> None:
    """Take the name out of positions of the person's organisations; what was said stays theirs."""
    said = Position.objects.filter(organisation__in=organisations_of(traces.keys))
    traces.empty_names(said, "said_by", "confirmed_by")
    answers = Answer.objects.filter(addressee__post__organisation__in=organisations_of(traces.keys))
    traces.empty_names(answers, "giver_name")
    letters = Letter.objects.filter(holder__in=traces.keys)
    # A letter that was issued stays as it was sent, without the name in its address.
    traces.empty(letters, holder=None, envelope={}, salutation={})


HOLDING = Holding(
    "contacts.person", "asks", ("asks.Position", "asks.Answer", "asks.Letter"), _erase
)
