from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import Guarded, User
from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField


class Instrument(Guarded):
    """A text of public law that is cited by article: a treaty, a resolution, a declaration."""

    class Kind(models.TextChoices):
        TREATY = "treaty", _("treaty")
        RESOLUTION = "resolution", pgettext_lazy("instrument", "resolution")
        DECLARATION = "declaration", _("declaration")
        COMMENT = "general_comment", _("general comment")
        OTHER = "other", pgettext_lazy("instrument", "other instrument")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.TREATY)
    symbol = models.CharField(_("short name or symbol"), max_length=60, unique=True)
    title = MultilingualField(_("title"))
    body = MultilingualField(_("adopted by"), blank=True)
    year = models.PositiveSmallIntegerField(_("year"))
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)
    in_force_on = models.DateField(_("in force since"), null=True, blank=True)
    url = models.URLField(_("address of the text"), max_length=500, blank=True)
    checked_on = models.DateField(_("last looked at"), null=True, blank=True, editable=False)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    def __str__(self) -> str:
        return str(self.title)

    def is_stale(self, today: date) -> bool:
        """Return whether nobody has looked at the text for a year."""
        return self.checked_on is None or self.checked_on < today - timedelta(days=365)


class InstrumentArticle(Record):
    """An article of an instrument, or one of its paragraphs, with what it obliges to."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="articles")
    article = models.CharField(_("article"), max_length=20)
    paragraph = models.CharField(_("paragraph"), max_length=20, blank=True)
    text = MultilingualField(_("what it says"), is_long=True)
    position = models.PositiveIntegerField(editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["instrument", "article", "paragraph"], name="evidence_article_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.article} {self.paragraph}".strip()
