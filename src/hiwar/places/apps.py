from __future__ import annotations

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Ground floor: places, calendars and seasons."""

    name = "hiwar.places"
    label = "places"

    def ready(self) -> None:
        """Register the pack of the demonstration, and how calendars are called."""
        from hiwar.accounts.actions.demo import Part, register_part
        from hiwar.common.queries import register_names, register_verbs
        from hiwar.places import actions, queries

        register_part(Part(actions.load_demo_pack, actions.remove_demo_pack))
        register_names("places.calendar", queries.names_of_calendars)
        register_verbs(queries.VERBS)
