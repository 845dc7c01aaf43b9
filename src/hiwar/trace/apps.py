from __future__ import annotations

from django.apps import AppConfig


class TraceConfig(AppConfig):
    """Floor 9: the way from what was heard to what was changed, read and never stored."""

    name = "hiwar.trace"
    label = "trace"

    def ready(self) -> None:
        """Register what stands alone, the river of a dossier, what was done about barriers."""
        from hiwar.common import navigation
        from hiwar.dossiers.queries.extension_points import (
            register_barrier_links,
            register_public_river,
            register_river,
        )
        from hiwar.trace import desk, views
        from hiwar.trace.queries.barriers import links_of_barriers

        navigation.register_risks(desk.risks)
        register_barrier_links(links_of_barriers)
        register_river(desk.river_in_dossier)
        register_public_river(views.river_in_dossier)
