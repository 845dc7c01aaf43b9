from __future__ import annotations

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Ground floor: places, calendars and seasons."""

    name = "hiwar.places"
    label = "places"

    def ready(self) -> None:
        """Register the pack of the demonstration, names, verbs, lists, files and the menu."""
        from hiwar.accounts.actions.demo import Part, register_part
        from hiwar.common import navigation
        from hiwar.common.imports import register_importer
        from hiwar.common.queries import register_names, register_verbs
        from hiwar.common.vocabularies.lists import register_vocabularies
        from hiwar.places import actions, desk, queries
        from hiwar.places.desk.files import IMPORTER
        from hiwar.places.queries import tree, vocabularies

        register_part(Part(actions.load_demo_pack, actions.remove_demo_pack))
        register_names("places.calendar", queries.names_of_calendars)
        register_names("places.place", tree.names_of_places)
        register_verbs(queries.VERBS)
        register_vocabularies(*vocabularies.VOCABULARIES)
        register_importer(IMPORTER)
        navigation.register(*desk.MENU)
        navigation.register_first_steps(*desk.FIRST_STEPS)
