from __future__ import annotations

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Floor 4: sessions, briefings and meetings."""

    name = "hiwar.events"
    label = "events"
