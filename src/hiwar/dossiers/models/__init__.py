"""The nouns of dossiers."""

from __future__ import annotations

from hiwar.dossiers.models.barriers import AffectedGroup, Barrier
from hiwar.dossiers.models.dossiers import (
    NEXT_STATES,
    Document,
    Dossier,
    DossierPerson,
    NextStep,
    StateChange,
)
from hiwar.dossiers.models.facts import Fact, FactVersion
from hiwar.dossiers.models.joint import JointPrint, JointStatement, JointText
from hiwar.dossiers.models.strategy import Pillar, Programme, Project

__all__ = [
    "NEXT_STATES",
    "AffectedGroup",
    "Barrier",
    "Document",
    "Dossier",
    "DossierPerson",
    "Fact",
    "FactVersion",
    "JointPrint",
    "JointStatement",
    "JointText",
    "NextStep",
    "Pillar",
    "Programme",
    "Project",
    "StateChange",
]
