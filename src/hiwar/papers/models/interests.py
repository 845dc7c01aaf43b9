from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField
from hiwar.papers.models.papers import Paper


class InterestNote(Record):
    """Who paid for a paper and for what, or what ties one of its authors to its subject."""

    class Kind(models.TextChoices):
        FUNDER = "funder", pgettext_lazy("interest note", "who paid")
        INTEREST = "interest", pgettext_lazy("interest note", "interest of an author")

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="interest_notes")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    who = MultilingualField(pgettext_lazy("interest note", "who"))
    text = MultilingualField(pgettext_lazy("interest note", "what"), is_long=True)
    position = models.PositiveSmallIntegerField(editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["paper", "position"], name="papers_interestnote_position"
            ),
        )

    def __str__(self) -> str:
        return str(self.who)
