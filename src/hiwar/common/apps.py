from __future__ import annotations

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """Ground floor: registers the start-up checks."""

    name = "hiwar.common"
    label = "common"

    def ready(self) -> None:
        """Register the checks by importing them."""
        from hiwar.common import checks  # noqa: F401 - registration happens on import
