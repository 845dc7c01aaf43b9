from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField
from hiwar.dialogues.models.results import Publication
from hiwar.dialogues.models.statements import Statement


class Finding(Record):
    """What a version of the results found, with the statements it rests on; never changed."""

    class Kind(models.TextChoices):
        SHARED = "shared", pgettext_lazy("finding", "shared")
        DIVIDING = "dividing", pgettext_lazy("finding", "dividing")

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="findings")
    kind = models.CharField(max_length=10, choices=Kind)
    text = MultilingualField(is_long=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["publication", "kind"], name="dialogues_finding_once"),
        )

    def __str__(self) -> str:
        return str(self.text)


class FindingStatement(Record):
    """That a finding rests on a statement."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="rests_on")
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["finding", "statement"], name="dialogues_findingstatement_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.finding_id}: {self.statement_id}"
