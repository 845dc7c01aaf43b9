from __future__ import annotations

from django.apps import AppConfig


class AsksConfig(AppConfig):
    """Floor 8: asks and positions."""

    name = "hiwar.asks"
    label = "asks"

    def ready(self) -> None:
        """Register permissions, verbs, names, the menu, the timeline and the demonstration."""
        from django.utils.translation import pgettext_lazy

        from hiwar.accounts.actions.demo import Part, register_part
        from hiwar.accounts.rules import register_permissions
        from hiwar.asks import desk, rules
        from hiwar.asks.actions import demo, erasure, letters, post_letters
        from hiwar.asks.exports.public_tables import PUBLIC_PAGES, PUBLIC_TABLES
        from hiwar.asks.exports.register import MEETING_PAGES
        from hiwar.asks.queries import files, plan, reminders, search_documents
        from hiwar.asks.queries.letters import ANSWER, answer_link_behind, language_of_link
        from hiwar.asks.queries.positions import OWN, position_link_behind
        from hiwar.asks.queries.records import records_in
        from hiwar.common import navigation, post
        from hiwar.common.files import register_kind
        from hiwar.common.links.purposes import Purpose, register
        from hiwar.common.models import Held
        from hiwar.common.pauses import register_waiting
        from hiwar.common.personal.holdings import register_holding
        from hiwar.common.queries import register_names, register_verbs
        from hiwar.common.search.sources import register_source
        from hiwar.common.tables.lending import register_public_tables
        from hiwar.dossiers.queries.extension_points import (
            register_facets,
            register_fact_uses,
            register_public,
            register_records,
            register_timeline,
        )

        register_waiting(
            Held.REMINDERS,
            pgettext_lazy("waiting in a pause", "reminders to posts"),
            reminders.reminders_due,
        )
        register_part(Part(demo.load_demo, demo.remove_demo_positions))
        register_permissions(rules.PERMISSIONS)
        register_names("asks.ask", search_documents.names_of_asks)
        register_verbs(search_documents.VERBS)
        register(
            Purpose(
                OWN,
                "public_asks:own",
                "/p/",
                find=position_link_behind,
                label=pgettext_lazy("private links", "Pages on which bodies state their position"),
                desk="asks:list",
            )
        )
        register(
            Purpose(
                ANSWER,
                "public_asks:answer",
                "/answer/",
                find=answer_link_behind,
                language=language_of_link,
                label=pgettext_lazy("private links", "Pages on which addressees answer"),
                desk="asks:list",
            )
        )
        register_kind(files.ANSWER_FILE)
        post.register_purpose(letters.POSITION, post_letters.ASK)
        post.on_message_state(post_letters.ASK.code, post_letters.hear_message_state)
        post.register_consent(post_letters.refuses)
        post.on_message_state(letters.POSITION.code, letters.hear_message_state)
        post.register_consent(letters.refuses)
        register_timeline(search_documents.timeline)
        register_facets(search_documents.facets)
        register_records(records_in)
        register_fact_uses(plan.uses_by_lines)
        register_public(search_documents.public_facet)
        for source in search_documents.SOURCES:
            register_source(source)
        register_holding(erasure.HOLDING)
        navigation.register(*desk.MENU)
        navigation.register_due(desk.due)
        navigation.register_risks(desk.risks)
        register_public_tables(*PUBLIC_TABLES)
        navigation.register_public_pages(PUBLIC_PAGES)
        navigation.register_public_pages(MEETING_PAGES)
