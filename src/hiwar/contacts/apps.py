from __future__ import annotations

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """Floor 1: the register of people, organisations and posts."""

    name = "hiwar.contacts"
    label = "contacts"

    def ready(self) -> None:
        """Register permissions and the names of people, organisations and posts."""
        from hiwar.accounts.actions.demo import Part, register_part
        from hiwar.accounts.rules import register_permissions
        from hiwar.common.queries import register_names
        from hiwar.contacts import rules
        from hiwar.contacts.actions import demo
        from hiwar.contacts.queries import people

        register_part(Part(demo.load_demo_contacts, demo.remove_demo_contacts))
        register_permissions(rules.PERMISSIONS)
        register_names("contacts.person", people.names_of_people)
        register_names("contacts.organisation", people.names_of_organisations)
        register_names("contacts.post", people.names_of_posts)
