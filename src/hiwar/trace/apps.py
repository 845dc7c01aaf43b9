from __future__ import annotations

from django.apps import AppConfig


class TraceConfig(AppConfig):
    """Floor 9: the way from what was heard to what was changed, read and never stored."""

    name = "hiwar.trace"
    label = "trace"

    def ready(self) -> None:
        """Register what stands alone for the morning page, and the river of a dossier."""
        from hiwar.common import navigation
        from hiwar.dossiers.queries.extension_points import register_river
        from hiwar.trace import desk

        navigation.register_risks(desk.risks)
        register_river(desk.river_in_dossier)
