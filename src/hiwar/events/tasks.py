"""Work beside the requests: one action each, safe to run twice."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hiwar.common import jobs
from hiwar.common.models import Held
from hiwar.events.actions import events, invitations
from hiwar.events.exports.letters import compose


@jobs.duty(every=timedelta(minutes=15))
@jobs.task(label=_("Write reminders and thanks of events, delete needs"), held=Held.REMINDERS)
def send_event_reminders() -> None:
    """Remind, thank and forget, as `tend` does."""
    tend()


@jobs.duty(every=timedelta(days=1))
@jobs.task(label=_("Read times of events with the newest zone data"))
def recompute_instants() -> None:
    """Read future times with the zone data installed now."""
    recompute()


def tend() -> tuple[int, int]:
    """Remind, thank and forget; return how many letters were written and needs deleted."""
    now = timezone.now()
    invitations.forget_links(now=now)
    return invitations.remind(compose=compose, now=now), invitations.forget_needs(now=now)


def recompute() -> list[str]:
    """Read future times with the zone data installed now; return a line for each that moved."""
    moved = events.recompute_instants(now=timezone.now())
    return [
        f"{event.code}: {event.starts_on} {event.starts:%H:%M} {event.zone}, "
        f"{before:%Y-%m-%d %H:%M} -> {event.starts_at:%Y-%m-%d %H:%M} UTC"
        for event, before in moved
    ]
