from __future__ import annotations

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """The floor under legislation: the library that everything cites."""

    name = "hiwar.evidence"
    label = "evidence"

    def ready(self) -> None:
        """Register permissions, words, files, lists, search, uses, menu and demonstration."""
        from hiwar.accounts.actions.demo import Part, register_part
        from hiwar.accounts.rules import register_permissions
        from hiwar.common import navigation
        from hiwar.common.files import register_kind
        from hiwar.common.imports import register_importer
        from hiwar.common.personal.holdings import register_holding
        from hiwar.common.queries import register_names, register_verbs
        from hiwar.common.search.sources import register_source
        from hiwar.common.tables.lending import register_public_tables
        from hiwar.dossiers.queries.extension_points import (
            register_facets,
            register_fact_grounds,
            register_told,
        )
        from hiwar.evidence import desk, rules
        from hiwar.evidence.actions import demo, erasure, grounds
        from hiwar.evidence.desk.lists import IMPORTERS
        from hiwar.evidence.exports import PUBLIC_TABLES
        from hiwar.evidence.queries import files, search_documents, uses
        from hiwar.evidence.queries import grounds as grounds_of

        register_permissions(rules.PERMISSIONS)
        register_part(Part(demo.load_demo_evidence, demo.remove_demo_evidence))
        for kind, names in search_documents.NAMERS.items():
            register_names(kind, names)
        register_verbs(search_documents.VERBS)
        register_facets(search_documents.facets)
        register_kind(files.KIND)
        for importer in IMPORTERS:
            register_importer(importer)
        register_holding(erasure.HOLDING)
        uses.register_uses(uses.items_by_source)
        uses.register_uses(grounds_of.facts_by_source)
        register_fact_grounds(grounds_of.grounds_of_facts)
        register_told(grounds.ground_fact)
        for source in search_documents.SOURCES:
            register_source(source)
        navigation.register(*desk.MENU)
        navigation.register_risks(desk.risks)
        register_public_tables(*PUBLIC_TABLES)
