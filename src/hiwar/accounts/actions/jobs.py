"""What people may do with work beside the requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts import rules
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common import jobs
from hiwar.common.actions import audit
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from hiwar.accounts.models import User


class NothingToRetry(Refused):
    """The job is gone, or is under way already."""

    code = "nothing_to_retry"
    message = _("This job is no longer there, or it is under way already.")


@transaction.atomic
def retry_job(*, actor: User, key: UUID, now: datetime) -> None:
    """Let a job that failed begin now."""
    if not rules.can_see_activity(actor):
        raise NotAllowed
    if not jobs.retry(key=key, now=now):
        raise NothingToRetry
    audit(actor, "accounts.job.retry", actor, at=now, changed={"job": str(key)})
