from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.common.models import PrivateLink, Record
from hiwar.papers.models.blocks import Block
from hiwar.papers.models.papers import Paper


class Review(Record):
    """That a person is asked to read a paper until a day, and what they said in the end.

    A colleague reads the text as it stands; somebody from outside, by a private link, the draft
    that was sent to them, which is kept.
    """

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("reviewer"),
    )  # fmt: skip
    outsider = models.CharField(_("who reads it"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    sent = models.JSONField(default=dict, blank=True, editable=False)
    private_link = models.OneToOneField(
        PrivateLink, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    told_at = models.DateTimeField(null=True, blank=True, editable=False)
    due_on = models.DateField(_("until"))
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(editable=False)
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)
    verdict = models.TextField(_("what you think of it as a whole"), blank=True, max_length=2000)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["paper", "reviewer"], condition=models.Q(finished_at=None),
                name="papers_review_open",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewer__isnull=False, private_link=None)
                | models.Q(reviewer=None, private_link__isnull=False),
                name="papers_review_by_one",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.paper}: {self.by}"

    @property
    def by(self) -> str:
        """Who reviews, by name; a dash where the name was erased."""
        return str(self.reviewer) if self.reviewer is not None else self.outsider or "–"


class ReviewComment(Record):
    """What a reviewer says about words of a block, where these stand now, and what became of it."""

    class Disposition(models.TextChoices):
        TAKEN_UP = "taken_up", pgettext_lazy("comment", "taken up")
        IN_PART = "in_part", pgettext_lazy("comment", "taken up in part")
        NOT_TAKEN_UP = "not_taken_up", pgettext_lazy("comment", "not taken up")
        OUT_OF_SCOPE = "out_of_scope", pgettext_lazy("comment", "out of scope")

    review = models.ForeignKey(Review, models.CASCADE, related_name="comments")
    block = models.ForeignKey(Block, models.CASCADE, related_name="comments")
    revision = models.PositiveIntegerField(editable=False)
    language = models.CharField(max_length=12)
    quote = models.TextField(_("the words it is about"), blank=True, max_length=1000)
    before = models.CharField(max_length=200, blank=True, editable=False)
    after = models.CharField(max_length=200, blank=True, editable=False)
    text = models.TextField(_("comment"), max_length=4000)
    written_at = models.DateTimeField(editable=False)
    disposition = models.CharField(
        _("what became of it"), max_length=12, choices=Disposition, blank=True
    )
    answer = models.TextField(_("reason"), blank=True, max_length=2000)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(disposition__in=["in_part", "not_taken_up"])
                | ~models.Q(answer=""),
                name="papers_comment_reason",
            ),
        )

    def __str__(self) -> str:
        return self.text[:80]
