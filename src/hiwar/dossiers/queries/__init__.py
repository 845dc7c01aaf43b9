"""Questions about dossiers, the strategy tree and barriers, and what rooms above add to them."""

from __future__ import annotations

from hiwar.dossiers.queries.dossiers import readable_dossiers
from hiwar.dossiers.queries.joint import Signatories, readable_statements, signatories
from hiwar.dossiers.queries.registries import (
    BarrierLink,
    Facet,
    Hanging,
    SpineEntry,
    Use,
    register_barrier_links,
    register_facets,
    register_fact_uses,
    register_spine,
)

__all__ = [
    "BarrierLink",
    "Facet",
    "Hanging",
    "Signatories",
    "SpineEntry",
    "Use",
    "readable_dossiers",
    "readable_statements",
    "register_barrier_links",
    "register_facets",
    "register_fact_uses",
    "register_spine",
    "signatories",
]
