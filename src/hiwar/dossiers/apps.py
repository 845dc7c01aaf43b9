from __future__ import annotations

from django.apps import AppConfig


class DossiersConfig(AppConfig):
    """Floor 2: issue files, the strategy tree and barriers."""

    name = "hiwar.dossiers"
    label = "dossiers"

    def ready(self) -> None:
        """Register permissions, names, verbs, the menu and what the morning page is told."""
        from hiwar.accounts.actions.demo import Part, register_part
        from hiwar.accounts.rules import register_permissions
        from hiwar.common import navigation
        from hiwar.common.files import register_kind as register_file_kind
        from hiwar.common.home_page import register_section
        from hiwar.common.personal.holdings import register_holding
        from hiwar.common.queries import register_names, register_verbs
        from hiwar.common.search.sources import register_source
        from hiwar.common.tables.lending import register_public_tables
        from hiwar.common.vocabularies.lists import register_vocabularies
        from hiwar.dossiers import desk, rules
        from hiwar.dossiers.actions import demo, demo_joint, erasure
        from hiwar.dossiers.exports.public_tables import PUBLIC_PAGES, PUBLIC_TABLES
        from hiwar.dossiers.queries import (
            extension_points,
            facts,
            files,
            log,
            search_documents,
            signing,
            vocabularies,
        )
        from hiwar.dossiers.views import STATEMENTS
        from hiwar.signatures.exports.letters import compose
        from hiwar.signatures.rules import register_kind

        register_part(Part(demo.load_demo_dossiers, demo.remove_demo_dossiers))
        register_part(
            Part(
                lambda folder, at: demo_joint.load_demo_statements(folder, at, compose),
                demo_joint.remove_demo_statements,
            )
        )
        register_permissions(rules.PERMISSIONS)
        register_vocabularies(*vocabularies.VOCABULARIES)
        for kind, names in log.NAMERS.items():
            register_names(kind, names)
        register_verbs(log.VERBS)
        register_holding(erasure.HOLDING)
        register_kind(signing.KIND)
        register_file_kind(files.KIND)
        extension_points.register_fact_uses(facts.uses_by_barriers)
        for source in search_documents.SOURCES:
            register_source(source)
        navigation.register(*desk.MENU)
        navigation.register_due(desk.due)
        navigation.register_due(desk.statements_due)
        navigation.register_risks(desk.risks)
        register_section(STATEMENTS)
        register_public_tables(*PUBLIC_TABLES)
        navigation.register_public_pages(*PUBLIC_PAGES)
