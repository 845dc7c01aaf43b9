from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.models import User
from hiwar.common.models import ImportRun, Record
from hiwar.contacts.models.people import Person


class DuplicatePair(Record):
    """Two people that may be one, with the reasons, until somebody decides."""

    class State(models.TextChoices):
        OPEN = "open", _("to decide")
        MERGED = "merged", _("one person")
        APART = "apart", _("two people")

    first = models.ForeignKey(Person, models.CASCADE, related_name="pairs_first")
    second = models.ForeignKey(Person, models.CASCADE, related_name="pairs_second")
    verdict = models.CharField(max_length=12)
    score = models.FloatField()
    reasons = models.JSONField(default=list)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN)
    found_at = models.DateTimeField(editable=False)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["first", "second"], name="contacts_duplicate_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="contacts_dup_order"),
        )
        indexes = (models.Index(fields=["state", "-score"], name="contacts_duplicate_state"),)

    def __str__(self) -> str:
        return f"{self.first} · {self.second}"


class Merge(Record):
    """The decision that two records are one person, with both as they were before."""

    kept = models.ForeignKey(Person, models.CASCADE, related_name="merges_kept")
    other = models.ForeignKey(Person, models.CASCADE, related_name="merges_other")
    reason = models.CharField(_("why"), max_length=300, blank=True)
    choices = models.JSONField(default=dict)
    before = models.JSONField(default=list)
    added = models.JSONField(default=list)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(editable=False)
    undone_at = models.DateTimeField(null=True, blank=True, editable=False)

    def __str__(self) -> str:
        return f"{self.kept} + {self.other}"


class FileRow(Record):
    """A row of a file and the person it became or was found to be."""

    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="+")
    line = models.PositiveIntegerField(_("row"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="file_rows")
    is_new = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["run", "line"], name="contacts_filerow_once"),
        )

    def __str__(self) -> str:
        return f"{self.run} {self.line}"
