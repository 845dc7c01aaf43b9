from __future__ import annotations

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Ground floor: places, calendars and seasons."""

    name = "hiwar.places"
    label = "places"
