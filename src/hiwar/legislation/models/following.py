from __future__ import annotations

from django.db import models

from hiwar.accounts.models import User
from hiwar.common.models import Record
from hiwar.legislation.models.laws import Law


class LawFollower(Record):
    """That a member of staff follows a law, and until when they have seen what happened to it."""

    law = models.ForeignKey(Law, models.CASCADE, related_name="followers")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["law", "user"], name="legislation_follower_once"),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.law}"
