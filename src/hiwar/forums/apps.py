from __future__ import annotations

from django.apps import AppConfig


class ForumsConfig(AppConfig):
    """Floor 6: from a question to a paper."""

    name = "hiwar.forums"
    label = "forums"

    def ready(self) -> None:
        """Register the demonstration, permissions, names, lists, search, dossiers and the menu."""
        from hiwar.accounts.actions.demo import Part, register_part
        from hiwar.accounts.rules import register_permissions
        from hiwar.common import navigation
        from hiwar.common.queries import register_names, register_verbs
        from hiwar.common.search.sources import register_source
        from hiwar.common.tables.lending import register_public_tables
        from hiwar.common.vocabularies.lists import register_vocabularies
        from hiwar.dossiers.queries.extension_points import register_facets, register_timeline
        from hiwar.forums import desk, rules
        from hiwar.forums.actions import demo
        from hiwar.forums.exports import PUBLIC_PAGES, PUBLIC_TABLES
        from hiwar.forums.queries import forums, search_documents, templates

        register_part(Part(demo.load_demo_forums, demo.remove_demo_forums))
        register_permissions(rules.PERMISSIONS)
        register_vocabularies(*templates.VOCABULARIES)
        register_names("forums.forum", forums.names_of_forums)
        register_verbs(search_documents.VERBS)
        register_timeline(search_documents.timeline)
        register_facets(search_documents.facets)
        for source in search_documents.SOURCES:
            register_source(source)
        navigation.register(*desk.MENU)
        navigation.register_due(desk.due)
        register_public_tables(*PUBLIC_TABLES)
        navigation.register_public_pages(PUBLIC_PAGES)
