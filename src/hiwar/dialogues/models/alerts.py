from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hiwar.common.models import Record
from hiwar.dialogues.models.dialogues import Dialogue
from hiwar.dialogues.models.statements import Statement


class Alert(Record):
    """Something unusual that a facilitator should look at; it counts people and names none."""

    class Kind(models.TextChoices):
        NEWCOMERS = "newcomers", _("many people by the open link")
        STATEMENT = "statement", _("many votes on one statement")
        CODES = "codes", _("many wrong codes")
        STATEMENTS = "statements", _("many statements")
        COPIES = "copies", _("the same words again and again")

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="alerts")
    kind = models.CharField(max_length=10, choices=Kind)
    statement = models.ForeignKey(
        Statement, models.CASCADE, null=True, blank=True, related_name="+"
    )
    count = models.PositiveIntegerField()
    usual = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()  # to ten minutes: it must not say when somebody voted
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.count}"
