"""Questions about dossiers, the strategy tree and barriers, and what rooms above add to them."""

from __future__ import annotations

from hiwar.dossiers.queries.dossiers import readable_dossiers
from hiwar.dossiers.queries.extension_points import (
    BarrierLink,
    Facet,
    LinkedRecord,
    TimelineEntry,
    Use,
    register_barrier_links,
    register_facets,
    register_fact_uses,
    register_timeline,
)
from hiwar.dossiers.queries.joint import readable_statements

__all__ = [
    "BarrierLink",
    "Facet",
    "LinkedRecord",
    "TimelineEntry",
    "Use",
    "readable_dossiers",
    "readable_statements",
    "register_barrier_links",
    "register_facets",
    "register_fact_uses",
    "register_timeline",
]
