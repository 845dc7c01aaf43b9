from __future__ import annotations

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Floor 4: sessions, briefings and meetings."""

    name = "hiwar.events"
    label = "events"

    def ready(self) -> None:
        """Register permissions, names, verbs, the menu and the events of the demonstration."""
        from django.utils.translation import pgettext_lazy

        from hiwar.accounts.actions.demo import Part, register_part
        from hiwar.accounts.rules import register_permissions
        from hiwar.common import navigation
        from hiwar.common.home_page import register_section
        from hiwar.common.imports import register_importer
        from hiwar.common.links.purposes import Purpose, register
        from hiwar.common.moving.parts import keep_secret
        from hiwar.common.personal.holdings import register_holding, register_subject
        from hiwar.common.personal.retention import register_keeping
        from hiwar.common.queries import register_names, register_verbs
        from hiwar.common.search.sources import register_source
        from hiwar.common.vocabularies.lists import register_vocabularies
        from hiwar.contacts.queries.conditions import register_condition
        from hiwar.dossiers.queries.extension_points import register_timeline
        from hiwar.events import desk, rules
        from hiwar.events.actions import demo, erasure, retention
        from hiwar.events.desk.attendance_imports import IMPORTER
        from hiwar.events.queries import (
            events,
            invitation_selection,
            invitations,
            log,
            search_documents,
            templates,
        )
        from hiwar.events.views import home_page

        register_part(Part(demo.load_demo_events, demo.remove_demo_events))
        register_permissions(rules.PERMISSIONS)
        register_names("events.event", events.names_of_events)
        register_verbs(log.VERBS)
        register_vocabularies(*templates.VOCABULARIES)
        register_importer(IMPORTER)
        register_subject(erasure.SUBJECT)
        register_keeping(*retention.KEPT)
        for holding in erasure.HOLDINGS:
            register_holding(holding)
        # Who said what is protected by the rule of attribution.
        keep_secret("events.Note.speaker", "events.Speech.attendance", "events.Speech.label")
        navigation.register(*desk.MENU)
        navigation.register_due(desk.due)
        navigation.register_today(desk.today)
        register_section(home_page.EVENTS)
        register(
            Purpose(
                invitations.BY_LINK,
                "public_events:invitation",
                "/e/",
                find=invitations.invitation_behind,
                language=lambda invitation: str(invitation.language),
                label=pgettext_lazy("private links", "Invitations to an event"),
                desk="events:list",
            )
        )
        register(
            Purpose(
                invitations.CALENDAR,
                "public_events:feed",
                "/calendar/",
                find=invitations.feed_behind,
                language=lambda feed: str(feed.user.language),
                label=pgettext_lazy("private links", "Calendars of colleagues"),
                desk="events:feed",
                is_read_later=True,
            )
        )
        register_timeline(search_documents.timeline)
        register_letters()
        for kind in invitation_selection.KINDS:
            register_condition(kind)
        for source in search_documents.SOURCES:
            register_source(source)
        lend_what_is_public()


def register_letters() -> None:
    """Register what events send, what of it waits in a pause, and who hears what became of it."""
    from django.utils.translation import pgettext_lazy

    from hiwar.common import post
    from hiwar.common.mailings import register_mailing
    from hiwar.common.models import Held
    from hiwar.common.pauses import register_waiting
    from hiwar.events import handlers
    from hiwar.events.actions.invitations import MAILING, PURPOSES, write_portion
    from hiwar.events.exports.letters import compose
    from hiwar.events.queries.invitations import owed_letters

    post.register_purpose(*PURPOSES)
    for purpose in PURPOSES:
        post.on_message_state(purpose.code, handlers.hear_message_state)
    post.register_inbound("calendar", handlers.take_calendar_answer)
    post.register_consent(handlers.refuses)
    register_mailing(MAILING, lambda portion: write_portion(portion=portion, compose=compose))
    register_waiting(
        Held.REMINDERS,
        pgettext_lazy("waiting in a pause", "reminders and thanks of events"),
        lambda now: sum(owed.count() for owed in owed_letters(now)),
    )


def lend_what_is_public() -> None:
    """Lend dossiers what is public of them, tables to the open data, pages to feeds and map."""
    from hiwar.common.navigation import register_public_pages
    from hiwar.common.tables.lending import register_public_tables
    from hiwar.dossiers.queries.extension_points import register_public
    from hiwar.events.exports.public_tables import PUBLIC_PAGES, PUBLIC_TABLES
    from hiwar.events.queries import search_documents

    register_public(search_documents.public_facet)
    register_public_tables(*PUBLIC_TABLES)
    register_public_pages(PUBLIC_PAGES)
