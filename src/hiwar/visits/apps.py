from __future__ import annotations

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Floor 6: delegations, their programme, their pack."""

    name = "hiwar.visits"
    label = "visits"
