from __future__ import annotations

from django.apps import AppConfig


class DialoguesConfig(AppConfig):
    """Floor 4: statements, votes and opinion maps."""

    name = "hiwar.dialogues"
    label = "dialogues"
