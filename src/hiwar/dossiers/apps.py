from __future__ import annotations

from django.apps import AppConfig


class DossiersConfig(AppConfig):
    """Floor 2: issue files, the strategy tree and barriers."""

    name = "hiwar.dossiers"
    label = "dossiers"
