from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField


class Issue(Record):
    """An issue of the newsletter: public items of a period, in an order, in every language.

    While it is written its entries are read where they stand; what was approved is frozen in its
    content. It names nobody to whom it goes: the list is of the room that sends.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("issue", "draft")
        REVIEW = "review", pgettext_lazy("issue", "in review")
        APPROVED = "approved", pgettext_lazy("issue", "approved")

    code = models.CharField(_("address"), max_length=8, unique=True, editable=False)
    title = MultilingualField(_("title"))
    intro = MultilingualField(_("introduction"), blank=True, is_long=True)
    from_day = models.DateField(_("from"))
    until_day = models.DateField(_("until"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    content = models.JSONField(default=dict, editable=False)
    remark = models.TextField(_("what the second person says"), blank=True, max_length=2000)
    # Whoever wrote any of it approves none of it.
    writers = models.ManyToManyField(User, related_name="+")
    changed_at = models.DateTimeField(editable=False)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        indexes = (models.Index(fields=["-approved_at"], name="publishing_issue_approved"),)

    def __str__(self) -> str:
        return str(self.title)


class IssueEntry(Record):
    """A public page that an issue names, by the kind and the key under which its room lends it."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(_("order"))

    class Meta:
        verbose_name_plural = "issue entries"
        constraints = (
            models.UniqueConstraint(fields=["issue", "kind", "key"], name="publishing_entry_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
