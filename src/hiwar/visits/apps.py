from __future__ import annotations

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Floor 6: delegations, their programme, their pack."""

    name = "hiwar.visits"
    label = "visits"

    def ready(self) -> None:
        """Register permissions, names, verbs, the menu and the visit of the demonstration."""
        from django.utils.translation import pgettext_lazy

        from hiwar.accounts.actions.demo import Part, register_part
        from hiwar.accounts.rules import register_permissions
        from hiwar.common import navigation
        from hiwar.common.files import register_kind
        from hiwar.common.imports import register_importer
        from hiwar.common.links.purposes import Purpose, register
        from hiwar.common.personal.holdings import register_holding, register_subject
        from hiwar.common.personal.retention import register_keeping
        from hiwar.common.queries import register_names, register_verbs
        from hiwar.common.search.sources import register_source
        from hiwar.common.vocabularies.lists import register_vocabularies
        from hiwar.dossiers.queries import register_facets, register_fact_uses, register_timeline
        from hiwar.evidence.actions.grounds import register_looked
        from hiwar.evidence.queries.uses import register_uses
        from hiwar.visits import desk, rules
        from hiwar.visits.actions import demo, erasure, retention, texts
        from hiwar.visits.desk.spreadsheets import IMPORTER
        from hiwar.visits.queries import files, grounds, links, search_documents, templates
        from hiwar.visits.queries.desk import VERBS, names_of_visits

        register_part(Part(demo.load_demo_visits, demo.remove_demo_visits))
        register_permissions(rules.PERMISSIONS)
        register_names("visits.visit", names_of_visits)
        register_verbs(VERBS)
        register_importer(IMPORTER)
        register_vocabularies(*templates.VOCABULARIES)
        register_kind(files.KIND)
        register_subject(erasure.SUBJECT)
        register_keeping(*retention.KEPT)
        for holding in erasure.HOLDINGS:
            register_holding(holding)
        navigation.register(*desk.MENU)
        navigation.register_due(desk.due)
        navigation.register_today(desk.today)
        navigation.register_moving(desk.moving)
        behind = links.share_link_behind
        register(
            Purpose(
                links.PROGRAMME,
                "public_visits:programme",
                "/v/",
                find=behind,
                label=pgettext_lazy("private links", "Programmes of delegations"),
                desk="visits:list",
            )
        )
        register(
            Purpose(
                links.FEEDBACK,
                "public_visits:feedback",
                "/v/feedback/",
                find=behind,
                label=pgettext_lazy("private links", "Feedback after a visit"),
                desk="visits:list",
            )
        )
        register_uses(grounds.points_by_source)
        register_fact_uses(grounds.points_by_fact)
        register_looked(texts.look_up_points)
        register_timeline(search_documents.timeline)
        register_facets(search_documents.facets)
        for source in search_documents.SOURCES:
            register_source(source)
