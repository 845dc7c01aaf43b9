from __future__ import annotations

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """Floor 1: the register of people, organisations and posts."""

    name = "hiwar.contacts"
    label = "contacts"

    def ready(self) -> None:
        """Register permissions, names, verbs, the demonstration, the menu and what is due."""
        from hiwar.accounts.actions.demo import Part, register_part
        from hiwar.accounts.rules import register_permissions
        from hiwar.common import navigation
        from hiwar.common.desk.choosing import register_finder
        from hiwar.common.imports import register_importer
        from hiwar.common.personal.holdings import register_holding, register_subject
        from hiwar.common.personal.retention import register_keeping
        from hiwar.common.post import register_consent
        from hiwar.common.queries import register_names, register_verbs
        from hiwar.common.search.sources import register_source
        from hiwar.common.vocabularies.lists import register_vocabularies
        from hiwar.contacts import desk, rules
        from hiwar.contacts.actions import demo, erasure, retention
        from hiwar.contacts.desk.imports import IMPORTER
        from hiwar.contacts.models import Organisation, Person
        from hiwar.contacts.queries import (
            condition_kinds,
            contact_points,
            people,
            search_documents,
            segments,
            verbs,
            vocabularies,
        )

        register_part(Part(demo.load_demo_contacts, demo.remove_demo_contacts))
        register_permissions(rules.PERMISSIONS)
        register_vocabularies(*vocabularies.VOCABULARIES)
        register_finder(Person, people.people_named)
        register_finder(Organisation, people.organisations_named)
        register_names("contacts.person", people.names_of_people)
        register_names("contacts.organisation", people.names_of_organisations)
        register_names("contacts.post", people.names_of_posts)
        register_names("contacts.segment", segments.names_of_segments)
        register_verbs(verbs.VERBS)
        register_importer(IMPORTER)
        register_subject(erasure.SUBJECT)
        register_keeping(*retention.KEPT)
        register_holding(erasure.HOLDING)
        register_consent(contact_points.refuses)
        condition_kinds.register_kinds()
        for source in search_documents.sources():
            register_source(source)
        navigation.register(*desk.MENU)
        navigation.register_first_steps(*desk.FIRST_STEPS)
        navigation.register_due(desk.due)
