from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.common.models import Record, StoredFile
from hiwar.papers.models.papers import PaperVersion


class PaperFile(Record):
    """A frozen text as a file to print or to work on, in one language, made beside the requests."""

    class Form(models.TextChoices):
        PDF = "pdf", "PDF"
        DOCX = "docx", "DOCX"

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("print", "waiting")
        DONE = "done", pgettext_lazy("print", "made")
        FAILED = "failed", pgettext_lazy("print", "failed")

    version = models.ForeignKey(PaperVersion, models.CASCADE, related_name="files")
    language = models.CharField(max_length=12)
    form = models.CharField(max_length=4, choices=Form)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    file = models.OneToOneField(
        StoredFile, models.SET_NULL, null=True, related_name="+", editable=False
    )
    pages = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(editable=False)
    failures = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["version", "language", "form"], name="papers_paperfile_once"
            ),
        )
        indexes = (models.Index(fields=["state", "asked_at"], name="papers_file_waiting"),)

    def __str__(self) -> str:
        return f"{self.version} · {self.language} · {self.form}"
