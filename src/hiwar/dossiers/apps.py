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
        from hiwar.common import navigation, post
        from hiwar.common.links.purposes import Purpose, register
        from hiwar.common.numbering import register_series
        from hiwar.common.personal.holdings import register_holding
        from hiwar.common.queries import register_names, register_verbs
        from hiwar.common.search.sources import register_source
        from hiwar.common.vocabularies.lists import register_vocabularies
        from hiwar.dossiers import desk, rules
        from hiwar.dossiers.actions import demo, demo_joint, erasure, letters, numbers
        from hiwar.dossiers.exports.letters import compose
        from hiwar.dossiers.queries import (
            extension_points,
            facts,
            log,
            search_documents,
            signing,
            vocabularies,
        )

        register_part(Part(demo.load_demo_dossiers, demo.remove_demo_dossiers))
        register_part(
            Part(
                lambda folder, at: demo_joint.load_demo_statements(folder, at, compose),
                demo_joint.remove_demo_statements,
            )
        )
        register(
            Purpose(
                signing.SIGN,
                "public_dossiers:sign",
                "/sign/",
                find=signing.letter_behind,
                language=lambda letter: str(letter.request.language),
            )
        )
        register_permissions(rules.PERMISSIONS)
        register_vocabularies(*vocabularies.VOCABULARIES)
        for kind, names in log.NAMERS.items():
            register_names(kind, names)
        register_verbs(log.VERBS)
        register_holding(erasure.HOLDING)
        register_series(numbers.LETTERS)
        post.register_purpose(letters.SIGNING)
        post.on_message_state(letters.SIGNING.code, letters.hear_message_state)
        post.register_consent(letters.refuses)
        extension_points.register_fact_uses(facts.uses_by_barriers)
        for source in search_documents.SOURCES:
            register_source(source)
        navigation.register(*desk.MENU)
        navigation.register_due(desk.due)
        navigation.register_due(desk.statements_due)
        navigation.register_risks(desk.risks)
