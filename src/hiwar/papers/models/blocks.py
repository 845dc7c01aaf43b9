from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField
from hiwar.papers.models.papers import Paper


class Block(Record):
    """A heading, paragraph, list, table or other part of a paper, in every language at once.

    Its key never changes. A deleted one stays, so that its history can bring it back.
    """

    class Kind(models.TextChoices):
        HEADING = "heading", pgettext_lazy("block", "heading")
        PARAGRAPH = "paragraph", pgettext_lazy("block", "paragraph")
        LIST = "list", pgettext_lazy("block", "list")
        QUOTE = "quote", pgettext_lazy("block", "quotation")
        TABLE = "table", pgettext_lazy("block", "table")
        FIGURE = "figure", pgettext_lazy("block", "figure in numbers")
        NOTE = "note", pgettext_lazy("block", "note")
        RECOMMENDATION = "recommendation", pgettext_lazy("block", "recommendation")

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="blocks")
    kind = models.CharField(_("kind"), max_length=14, choices=Kind, default=Kind.PARAGRAPH)
    part = models.SlugField(_("required part"), max_length=30, blank=True)
    texts = MultilingualField(_("text"), is_long=True, blank=True)
    position = models.PositiveIntegerField(editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    moves = models.PositiveIntegerField(default=0, editable=False)
    only_reason = models.CharField(_("why it stands in one language"), max_length=300, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        indexes = (models.Index(fields=["paper", "position"], name="papers_block_order"),)

    def __str__(self) -> str:
        return str(self.texts)[:80]


class BlockVersion(Record):
    """What a block said at one revision, who wrote it, and by which edit it came in."""

    class What(models.TextChoices):
        ADDED = "added", pgettext_lazy("block", "added")
        EDITED = "edited", pgettext_lazy("block", "edited")
        JOINED = "joined", pgettext_lazy("block", "joined with another edit")
        MOVED = "moved", pgettext_lazy("block", "moved")
        DELETED = "deleted", pgettext_lazy("block", "deleted")
        RESTORED = "restored", pgettext_lazy("block", "brought back")
        SETTLED = "settled", pgettext_lazy("block", "decided between two")

    block = models.ForeignKey(Block, models.CASCADE, related_name="versions")
    revision = models.PositiveIntegerField()
    what = models.CharField(max_length=10, choices=What)
    kind = models.CharField(max_length=14, choices=Block.Kind)
    texts = MultilingualField(is_long=True, blank=True)
    edited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    edited_at = models.DateTimeField(editable=False)
    edit_key = models.UUIDField(null=True, editable=False)  # an edit that comes twice is one

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["block", "revision"], name="papers_blockversion_once"),
            models.UniqueConstraint(fields=["block", "edit_key"], name="papers_blockversion_edit"),
        )

    def __str__(self) -> str:
        return f"{self.revision}: {self.get_what_display()}"


class BlockConflict(Record):
    """Two versions of a block that only a person can decide between, with what both began with.

    Until it is settled the block is marked, and its paper is not frozen.
    """

    block = models.ForeignKey(Block, models.CASCADE, related_name="conflicts")
    what = models.CharField(max_length=10)  # text, kind, deleted, order
    language = models.CharField(max_length=12, blank=True)
    base = models.JSONField(default=dict)
    current = models.JSONField(default=dict)
    mine = models.JSONField(default=dict)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(editable=False)
    edit_key = models.UUIDField(null=True, editable=False)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        indexes = (models.Index(fields=["block", "settled_at"], name="papers_conflict_open"),)

    def __str__(self) -> str:
        return f"{self.block}: {self.what}"


class LanguageCheck(Record):
    """That a person found a language of a block equal to the one it was written in, as both stood.

    Holds digests of both texts; it ends by itself when one of them changes.
    """

    block = models.ForeignKey(Block, models.CASCADE, related_name="checks")
    language = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, editable=False)
    checked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["block", "language"], name="papers_check_once"),
        )

    def __str__(self) -> str:
        return f"{self.block}: {self.language}"
