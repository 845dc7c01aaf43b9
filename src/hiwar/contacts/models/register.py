from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.common.models import Record
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


class ColumnMapping(Record):
    """What the columns of files with these headings stand for, as somebody once said."""

    headings = models.CharField(max_length=64, unique=True)
    mapping = models.JSONField(default=dict)
    used_at = models.DateTimeField(editable=False)

    def __str__(self) -> str:
        return self.headings


class ContactFile(Record):
    """A spreadsheet of people that was brought in as one step, and can be undone as one."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("being looked at")
        DONE = "done", _("brought in")
        UNDONE = "undone", pgettext_lazy("file", "undone")

    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.PREVIEW)
    header = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(editable=False)

    class Meta:
        indexes = (models.Index(fields=["-made_at"], name="contacts_file_made"),)

    def __str__(self) -> str:
        return self.file_name


class FileRow(Record):
    """A row of a file and the person it became or was found to be."""

    file = models.ForeignKey(ContactFile, models.CASCADE, related_name="people_rows")
    line = models.PositiveIntegerField(_("row"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="file_rows")
    is_new = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["file", "line"], name="contacts_filerow_once"),
        )

    def __str__(self) -> str:
        return f"{self.file} {self.line}"
