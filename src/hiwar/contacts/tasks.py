"""Work beside the requests: ids in, one action, safe to run twice."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.models import User
from hiwar.common import jobs
from hiwar.contacts import rules
from hiwar.contacts.actions import merges


@jobs.task(
    label=_("Compare everybody of the register"), slow=True, tries=None,
    budget=timedelta(minutes=10),
)  # fmt: skip
def compare_everybody(actor: str) -> None:
    """Look for records of one person among whom an account may read.

    An account that was closed, or may no longer decide about pairs, compares nobody.
    """
    user = User.objects.filter(pk=actor, is_active=True).first()
    if user is not None and rules.can_merge_person(user):
        merges.find_duplicates(actor=user, now=timezone.now())
