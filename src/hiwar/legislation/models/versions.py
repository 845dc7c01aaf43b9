from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import Guarded, User
from hiwar.common.models import Record
from hiwar.common.multilingual import direction
from hiwar.legislation.models.laws import Law


class LawVersion(Guarded):
    """The text of a law in one language as it was obtained: day, source, authority, to the letter.

    Texts of one number are the same version in several languages. What was obtained in confidence
    is read by named colleagues or its owner alone.
    """

    class Authority(models.TextChoices):
        OFFICIAL = "official", _("official text")
        LEAKED = "leaked", pgettext_lazy("text", "leaked")
        COALITION = "coalition", _("proposal of a coalition")
        CONFIDENCE = "confidence", _("obtained in confidence")
        # Made here, by carrying out what amends a law.
        CONSOLIDATED = "consolidated", pgettext_lazy("text", "consolidated by us")

    law = models.ForeignKey(Law, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(editable=False)
    language = models.CharField(_("language"), max_length=12)
    is_unofficial = models.BooleanField(_("unofficial translation"), default=False)
    dated_on = models.DateField(_("day of the text"))
    authority = models.CharField(_("standing of the text"), max_length=12, choices=Authority)
    source = models.CharField(_("source"), max_length=300)
    # Exactly what was brought in; the provisions are what was read in it.
    text = models.TextField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    preface = models.TextField(blank=True, editable=False)
    preamble = models.TextField(blank=True, editable=False)
    conclusion = models.TextField(blank=True, editable=False)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(editable=False)
    # When everybody could read it first; a feed tells it then, whatever the day of the text.
    published_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["law", "number", "language"], name="legislation_version_language"
            ),
            models.CheckConstraint(
                condition=~models.Q(authority="confidence")
                | models.Q(visibility__in=["personal", "team"]),
                name="legislation_version_confidence",
            ),
        )

    def __str__(self) -> str:
        return f"{self.law} · {self.number}"

    @property
    def direction(self) -> str:
        """``"rtl"`` or ``"ltr"``, by its language."""
        return direction(self.language)


class Provision(Record):
    """A part of a version that has an address: chapter, article, paragraph, point, annex."""

    version = models.ForeignKey(LawVersion, models.CASCADE, related_name="provisions")
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    eid = models.CharField(max_length=120)
    label = models.TextField(blank=True)
    heading = models.TextField(blank=True)
    text = models.TextField(blank=True)
    closing = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["version", "eid"], name="legislation_provision_eid"),
        )

    def __str__(self) -> str:
        return self.label or self.eid
