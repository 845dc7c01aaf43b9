"""Work beside the requests that concerns the whole house."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions import house_exports
from hiwar.common import jobs


@jobs.task(
    label=_("Write everything of the house into one file"), slow=True, tries=2,
    budget=timedelta(hours=3), give_up=house_exports.give_up_export,
)  # fmt: skip
def write_house_export(key: str) -> None:
    """Write the export that two people let go."""
    house_exports.write_export(key=UUID(key), now=timezone.now())


@jobs.duty(every=timedelta(hours=1))
@jobs.task(label=_("Destroy exports of the house whose day is over"), held="")
def end_house_exports() -> None:
    """Destroy what lies there longer than a day, and requests that nobody agreed to."""
    house_exports.end_old_exports(now=timezone.now())
