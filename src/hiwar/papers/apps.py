from __future__ import annotations

from django.apps import AppConfig


class PapersConfig(AppConfig):
    """Floor 7: what the institution writes."""

    name = "hiwar.papers"
    label = "papers"

    def ready(self) -> None:
        """Register permissions, verbs, names, lists, search, uses, menu and the demonstration."""
        from django.utils.translation import pgettext_lazy

        from hiwar.accounts.actions.demo import Part, register_part
        from hiwar.accounts.rules import register_permissions
        from hiwar.common import navigation, post
        from hiwar.common.files import register_kind
        from hiwar.common.links.purposes import Purpose
        from hiwar.common.links.purposes import register as register_link
        from hiwar.common.models import Held
        from hiwar.common.pauses import register_waiting
        from hiwar.common.personal.holdings import register_holding
        from hiwar.common.queries import register_names, register_verbs
        from hiwar.common.search.sources import register_source
        from hiwar.common.tables.lending import register_public_tables
        from hiwar.common.vocabularies.lists import register_vocabularies
        from hiwar.dossiers.queries.extension_points import (
            register_facets,
            register_fact_uses,
            register_public,
            register_records,
        )
        from hiwar.evidence.queries.uses import register_uses
        from hiwar.papers import desk, rules
        from hiwar.papers.actions import demo, embargo, erasure, telling
        from hiwar.papers.exports.public_tables import PUBLIC_PAGES, PUBLIC_TABLES
        from hiwar.papers.queries import embargo as queries
        from hiwar.papers.queries import (
            files,
            outside,
            papers,
            search_documents,
            signing,
            vocabularies,
        )
        from hiwar.papers.queries.records import records_in
        from hiwar.signatures.rules import register_kind as register_document

        register_waiting(
            Held.SCHEDULES,
            pgettext_lazy("waiting in a pause", "papers whose embargo ended"),
            lambda now: len(queries.due_versions(now)),
        )
        register_part(Part(demo.load_demo_papers, demo.remove_demo_papers))
        register_permissions(rules.PERMISSIONS)
        register_kind(files.KIND)
        register_document(signing.KIND)
        for letter in (embargo.LETTER, telling.REQUEST, telling.ANSWERS):
            post.register_purpose(letter)
        register_holding(erasure.HOLDING)
        register_link(
            Purpose(
                outside.REVIEW, "public_papers:review", "/review/", find=outside.review_behind,
                language=lambda review: str(review.language),
            )
        )  # fmt: skip
        register_link(
            Purpose(
                queries.PRESS, "public_papers:press", "/press/", find=queries.press_behind,
                language=lambda lent: str(lent.language),
            )
        )  # fmt: skip
        register_vocabularies(*vocabularies.VOCABULARIES)
        register_names("papers.paper", papers.names_of_papers)
        register_verbs(search_documents.VERBS)
        register_facets(search_documents.facets)
        register_records(records_in)
        register_public(search_documents.public_facet)
        register_fact_uses(search_documents.uses_of_facts)
        register_uses(search_documents.uses_of_library)
        register_source(search_documents.SOURCE)
        navigation.register(*desk.MENU)
        navigation.register_due(desk.due)
        navigation.register_risks(desk.risks)
        register_public_tables(*PUBLIC_TABLES)
        navigation.register_public_pages(PUBLIC_PAGES)
