from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.common.models import Record
from hiwar.contacts.models import ContactFile


class AttendanceSheet(Record):
    """A list of activities and of who attended them, brought in as one step, undone as one."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("being looked at")
        DONE = "done", _("brought in")
        UNDONE = "undone", pgettext_lazy("file", "undone")

    state = models.CharField(_("state"), max_length=12, choices=State, default=State.PREVIEW)
    # Of each part: name, sha256, header, rows and mapping; empty where there is no such file.
    activities = models.JSONField(default=dict)
    attendance = models.JSONField(default=dict)
    starts = models.TimeField(_("they begin at"))
    zone = models.CharField(max_length=64)
    problems = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    people = models.ForeignKey(ContactFile, models.PROTECT, null=True, blank=True, related_name="+")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(editable=False)

    class Meta:
        indexes = (models.Index(fields=["-made_at"], name="events_sheet_made"),)

    def __str__(self) -> str:
        names = [part.get("name", "") for part in (self.activities, self.attendance)]
        return " · ".join(filter(None, names))
