"""Work beside the requests: what opens by the clock opens by itself."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hiwar.common import jobs
from hiwar.publishing.actions import openings


@jobs.duty(every=timedelta(minutes=1))
@jobs.task(label=_("Publish what opens by the clock"))
def open_due_items() -> None:
    """Publish what opens by the clock of its place and whose time has come."""
    openings.open_due_items(now=timezone.now())
