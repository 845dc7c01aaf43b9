from __future__ import annotations

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """Ground floor: registers the start-up checks."""

    name = "hiwar.common"
    label = "common"

    def ready(self) -> None:
        """Register the checks by import, the series of letters, and what is kept for a time."""
        from django.utils.translation import pgettext_lazy

        from hiwar.common import checks  # noqa: F401 - registration happens on import
        from hiwar.common.health import backups, keys, machine, service
        from hiwar.common.health.findings import register_look
        from hiwar.common.jobs.overview import other_jobs_waiting
        from hiwar.common.models import Held
        from hiwar.common.numbering import LETTERS, register_series
        from hiwar.common.pauses import register_waiting
        from hiwar.common.personal.kept import KEPT
        from hiwar.common.personal.retention import register_keeping

        register_look("service", service.look)
        register_look("backups", backups.look)
        register_look("machine", machine.look)
        register_look("keys", keys.look)
        register_series(LETTERS)
        register_waiting(
            Held.JOBS, pgettext_lazy("waiting in a pause", "jobs that wait"), other_jobs_waiting
        )
        register_keeping(*KEPT)
