"""What is red and whom it is told: once for each change, each day while it lasts, once when well.

What was told last stands in the log of activity, so that every node and every restart knows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from hiwar.accounts.queries import people_holding
from hiwar.channels.queries.ways import (
    has_carrier,
    is_practising,
    mail_channel,
    trouble_of,
)
from hiwar.common.health.findings import State, examine
from hiwar.common.jobs.overview import late_duties
from hiwar.common.models import AuditEntry

if TYPE_CHECKING:
    from datetime import datetime

TOLD = "common.alarm.tell"
# Changes within an hour are one letter; what stays red is said again after a day.
GATHERED, AGAIN = timedelta(hours=1), timedelta(days=1)
MOST = 2
DUTY = "duty."


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is to be told: the stable codes of what is red now, and of what was told last."""

    codes: tuple[str, ...]
    last_codes: tuple[str, ...]

    @property
    def is_over(self) -> bool:
        """Whether all is well again."""
        return not self.codes

    @property
    def reference(self) -> str:
        """The text key by which the log of activity names it."""
        return "common.alarm:house"


def red_now(now: datetime) -> tuple[str, ...]:
    """Return the codes of what is red, and of the duties that are late."""
    codes = {finding.code for finding in examine(now) if finding.state == State.RED}
    return tuple(sorted(codes | {f"{DUTY}{duty.name}" for duty in late_duties(now)}))


def due_alarm(now: datetime) -> Alarm | None:
    """Return what is to be told at this moment; None where nothing changed, or too soon."""
    last = AuditEntry.objects.filter(verb=TOLD).order_by("-at", "-pk").first()
    last_codes = tuple(last.changed.get("red", ())) if last else ()
    if last is not None and now - last.at < GATHERED:
        return None
    codes = red_now(now)
    if codes == last_codes and (not codes or last is None or now - last.at < AGAIN):
        return None
    return Alarm(codes, last_codes)


def may_tell(now: datetime) -> bool:
    """Tell whether letters may leave at all: a house that practises or was copied writes nobody."""
    channel = mail_channel()
    return has_carrier() and not is_practising(None) and not trouble_of(channel, now)


def is_outbox_stuck() -> bool:
    """Tell whether the outbox itself could not hand over when it last tried."""
    channel = mail_channel()
    return channel is not None and bool(channel.trouble)


def alarm_recipients() -> list[str]:
    """Return whom alarms go to: the addresses of the settings, else two who look after the house.

    Of these, who joined first.
    """
    if settings.ALARM_TO:
        return list(settings.ALARM_TO)
    return [user.email for user in people_holding("accounts.see_second_factors")[:MOST]]
