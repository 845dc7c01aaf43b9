from __future__ import annotations

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Floor 4: sessions, briefings and meetings."""

    name = "hiwar.events"
    label = "events"

    def ready(self) -> None:
        """Register permissions, names and verbs."""
        from hiwar.accounts.rules import register_permissions
        from hiwar.common.queries import register_names, register_verbs
        from hiwar.events import rules
        from hiwar.events.queries import events, log

        register_permissions(rules.PERMISSIONS)
        register_names("events.event", events.names_of_events)
        register_verbs(log.VERBS)
