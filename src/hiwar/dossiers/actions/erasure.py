"""What dossiers hold on a person of the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.common.personal.holdings import Holding
from hiwar.dossiers.models import DossierPerson

if TYPE_CHECKING:
    from hiwar.common.personal.holdings import Traces


def _erase(traces: Traces) -> None:
    traces.drop(DossierPerson.objects.filter(person__in=traces.keys))


HOLDING = Holding("contacts.person", "dossiers", ("dossiers.DossierPerson",), _erase)
