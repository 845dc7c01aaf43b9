from __future__ import annotations

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    """Floor 9: the public face."""

    name = "hiwar.publishing"
    label = "publishing"

    def ready(self) -> None:
        """Register permissions, verbs, names, search, the menu and the first page's sections."""
        from django.utils.translation import pgettext_lazy

        from hiwar.accounts.actions.demo import Part, register_part
        from hiwar.accounts.rules import register_permissions
        from hiwar.common import navigation
        from hiwar.common.files import register_kind
        from hiwar.common.home_page import register_section
        from hiwar.common.models import Held
        from hiwar.common.pauses import register_waiting
        from hiwar.common.queries import register_names, register_verbs
        from hiwar.common.search.sources import register_source
        from hiwar.common.share_cards import register_cards
        from hiwar.common.tables.lending import register_public_tables
        from hiwar.publishing import desk, rules
        from hiwar.publishing.actions import copies, demo
        from hiwar.publishing.exports.public_tables import PUBLIC_PAGES, PUBLIC_TABLES
        from hiwar.publishing.queries import items, newsletter, pictures, search_documents
        from hiwar.publishing.views import items as views
        from hiwar.publishing.views import newsletter as newsletter_pages
        from hiwar.publishing.views.navigation import PUBLIC_MENU
        from hiwar.publishing.views.share_cards import card_address

        register_waiting(
            Held.SCHEDULES,
            pgettext_lazy("waiting in a pause", "items of the site whose hour came"),
            lambda now: len(items.due_items(now)),
        )
        register_part(Part(demo.load_demo_site, demo.remove_demo_site))
        register_permissions(rules.PERMISSIONS)
        register_names("publishing.item", items.names_of_items)
        register_names("publishing.issue", newsletter.names_of_issues)
        register_verbs(search_documents.VERBS)
        register_source(search_documents.SOURCE)
        register_kind(copies.COPY_FILE)
        register_kind(pictures.ORIGINAL)
        register_kind(pictures.RENDITION)
        register_names("publishing.picture", pictures.names_of_pictures)
        navigation.register(*desk.MENU)
        navigation.register_public(*PUBLIC_MENU)
        navigation.register_due(desk.due)
        navigation.register_due(desk.due_issues)
        navigation.register_risks(desk.risks)
        register_cards(card_address)
        register_section(views.NEWS)
        register_section(views.OPPORTUNITIES)
        register_public_tables(*PUBLIC_TABLES)
        navigation.register_public_pages(*PUBLIC_PAGES, newsletter_pages.ISSUES)
