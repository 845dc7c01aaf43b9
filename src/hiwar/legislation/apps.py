from __future__ import annotations

from django.apps import AppConfig


class LegislationConfig(AppConfig):
    """Floor 3: laws."""

    name = "hiwar.legislation"
    label = "legislation"

    def ready(self) -> None:
        """Register permissions, verbs, names, the menu, the timeline and the search."""
        from django.utils.translation import pgettext_lazy

        from hiwar.accounts.actions.demo import Part, register_part
        from hiwar.accounts.rules import register_permissions
        from hiwar.common import navigation, post
        from hiwar.common.home_page import register_section
        from hiwar.common.imports import register_importer
        from hiwar.common.links.purposes import Purpose, register
        from hiwar.common.personal.holdings import register_holding, register_subject
        from hiwar.common.personal.retention import register_keeping
        from hiwar.common.queries import register_names, register_verbs
        from hiwar.common.search.sources import register_source
        from hiwar.common.tables.lending import register_public_tables
        from hiwar.common.vocabularies.lists import register_vocabularies
        from hiwar.dossiers.queries.extension_points import (
            register_facets,
            register_public,
            register_records,
            register_timeline,
        )
        from hiwar.legislation import desk, handlers, rules
        from hiwar.legislation.actions import demo, erasure
        from hiwar.legislation.desk import amendment_imports, comment_imports, timeline
        from hiwar.legislation.exports.public_tables import PUBLIC_PAGES, PUBLIC_TABLES
        from hiwar.legislation.queries import (
            consultations,
            memoranda,
            procedures,
            search_documents,
            vocabularies,
        )
        from hiwar.legislation.queries.records import records_in
        from hiwar.legislation.views import home_page
        from hiwar.signatures.rules import register_kind

        register_permissions(rules.PERMISSIONS)
        register_part(Part(demo.load_demo_laws, demo.remove_demo_laws))
        register_names("legislation.law", search_documents.names_of_laws)
        register_names("legislation.procedure", procedures.names_of_procedures)
        _register_letters()
        register_importer(comment_imports.IMPORTER)
        register_importer(amendment_imports.IMPORTER)
        register_vocabularies(*vocabularies.VOCABULARIES)
        register_kind(memoranda.KIND)
        _register_files()
        post.register_unasked(handlers.take_mail)
        register(
            Purpose(
                consultations.BY_LINK,
                "public_laws:own_comment",
                "/comment/",
                find=consultations.comment_behind_link,
                language=lambda comment: str(comment.language),
                label=pgettext_lazy("private links", "Comments on drafts, for their authors"),
                desk="legislation:list",
                is_read_later=True,
            )
        )
        register_subject(erasure.SUBJECT)
        register_holding(erasure.HOLDING)
        register_keeping(*erasure.KEPT)
        register_verbs(search_documents.VERBS)
        register_timeline(timeline.timeline)
        register_facets(search_documents.facets)
        register_records(records_in)
        register_public(search_documents.public_facet)
        register_source(search_documents.SOURCE)
        navigation.register(*desk.MENU)
        navigation.register_due(desk.due)
        register_section(home_page.CONSULTATIONS)
        register_section(home_page.LAWS)
        register_public_tables(*PUBLIC_TABLES)
        navigation.register_public_pages(PUBLIC_PAGES)


def _register_files() -> None:
    """Register what is kept of files, and the look at what reads them."""
    from hiwar.common.files import register_kind
    from hiwar.common.health.findings import register_look
    from hiwar.legislation.queries import comment_files, drafts, scans

    for kind in (drafts.KIND, comment_files.SENT_KIND, comment_files.ADDED_KIND):
        register_kind(kind)
    register_look("scans", scans.look_at_scans)


def _register_letters() -> None:
    """Register what consultations send."""
    from hiwar.common import post
    from hiwar.common.mailings import register_mailing
    from hiwar.legislation.actions.answer_letters import ANSWER, MAILING, write_portion

    post.register_purpose(ANSWER)
    register_mailing(MAILING, lambda portion: write_portion(portion=portion))
