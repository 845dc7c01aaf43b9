from __future__ import annotations

from django.apps import AppConfig


class LegislationConfig(AppConfig):
    """Floor 3: laws."""

    name = "hiwar.legislation"
    label = "legislation"

    def ready(self) -> None:
        """Register permissions, verbs, names, the menu, the timeline and the search."""
        from hiwar.accounts.rules import register_permissions
        from hiwar.common import navigation
        from hiwar.common.queries import register_names, register_verbs
        from hiwar.common.search.sources import register_source
        from hiwar.dossiers.queries.extension_points import register_facets, register_timeline
        from hiwar.legislation import desk, rules
        from hiwar.legislation.queries import search_documents

        register_permissions(rules.PERMISSIONS)
        register_names("legislation.law", search_documents.names_of_laws)
        register_verbs(search_documents.VERBS)
        register_timeline(search_documents.timeline)
        register_facets(search_documents.facets)
        register_source(search_documents.SOURCE)
        navigation.register(*desk.MENU)
