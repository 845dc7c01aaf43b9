from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.models import User
from hiwar.common.models import Record, StoredFile
from hiwar.common.multilingual import direction
from hiwar.legislation.models.laws import Law
from hiwar.legislation.models.versions import LawVersion


class LawDraft(Record):
    """A text read from a file, put right by whoever brought it in before it becomes a version.

    It is its keeper's alone. What the file said stays in ``read``; every repair stands in
    ``repairs``, so that each can be undone.
    """

    law = models.ForeignKey(Law, models.CASCADE, related_name="drafts")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("file"))
    # A kind of `analysis.laws.LawFile`.
    source_kind = models.CharField(max_length=12, editable=False)
    language = models.CharField(_("language"), max_length=12)
    # Whether it is the text before the changes that a file tracks.
    is_before_changes = models.BooleanField(default=False, editable=False)
    read = models.TextField(editable=False)
    text = models.TextField(editable=False)
    # Pages whose letters are not to be trusted: number and code.
    faults = models.JSONField(default=list, editable=False)
    set_aside = models.JSONField(default=list, editable=False)
    # Of a scan, page by page: its first line in ``read``, and which lines are not sure.
    pages = models.JSONField(default=list, editable=False)
    # In order: what was done, in which line, the lines before and after it.
    repairs = models.JSONField(default=list, editable=False)
    # How many headings are doubtful in the text as it is now.
    doubts = models.PositiveIntegerField(default=0, editable=False)
    kept_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    brought_at = models.DateTimeField(editable=False)
    version = models.OneToOneField(
        LawVersion, models.CASCADE, null=True, editable=False, related_name="draft"
    )

    def __str__(self) -> str:
        return str(self.file)

    @property
    def direction(self) -> str:
        """``"rtl"`` or ``"ltr"``, by its language."""
        return direction(self.language)

    @property
    def accepted(self) -> int:
        """How many doubts its keeper looked at and let stand."""
        return sum(repair["what"] == "accept" for repair in self.repairs)

    @property
    def changed(self) -> int:
        """How many times its keeper changed the text."""
        return len(self.repairs) - self.accepted


class DraftRemark(Record):
    """What a reviewer wrote beside the text in a file: as written, read by staff, never public."""

    draft = models.ForeignKey(LawDraft, models.CASCADE, related_name="remarks")
    position = models.PositiveIntegerField(editable=False)
    # As the file has it: a name that nobody checked.
    author = models.CharField(_("author"), max_length=200, blank=True)
    written_on = models.DateField(_("written on"), null=True, blank=True)
    text = models.TextField(_("remark"))
    # The words it stands on, the paragraph in which these begin, and its turn among equals.
    on_words = models.TextField(blank=True)
    paragraph = models.TextField(blank=True, editable=False)
    turn = models.PositiveIntegerField(default=0, editable=False)
    # The address of the provision in the version; empty where there is none.
    eid = models.CharField(max_length=120, blank=True, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["draft", "position"], name="legislation_remark_position"
            ),
        )

    def __str__(self) -> str:
        return self.text
