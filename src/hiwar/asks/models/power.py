from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.common.models import Record
from hiwar.contacts.models import Organisation, Post
from hiwar.dossiers.models import Dossier

ONE_TO_FIVE = (MinValueValidator(1), MaxValueValidator(5))


class PowerEntry(Record):
    """How much a post or body decides on an issue, how much it cares, and where it stands.

    Private: it stands in no search, trace, feed, file or log, and nobody reads it outside the map.
    """

    class Stance(models.IntegerChoices):
        STRONGLY_FOR = 2, pgettext_lazy("stance", "strongly for")
        FOR = 1, pgettext_lazy("stance", "rather for")
        UNDECIDED = 0, pgettext_lazy("stance", "undecided")
        AGAINST = -1, pgettext_lazy("stance", "rather against")
        STRONGLY_AGAINST = -2, pgettext_lazy("stance", "strongly against")

    class Confidence(models.TextChoices):
        LOW = "low", pgettext_lazy("confidence", "a guess")
        MEDIUM = "medium", pgettext_lazy("confidence", "likely")
        HIGH = "high", pgettext_lazy("confidence", "known")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    power = models.PositiveSmallIntegerField(_("power"), validators=ONE_TO_FIVE)
    interest = models.PositiveSmallIntegerField(_("interest"), validators=ONE_TO_FIVE)
    # None: not known.
    stance = models.SmallIntegerField(_("stance"), choices=Stance, null=True, blank=True)
    confidence = models.CharField(
        _("how sure"), max_length=8, choices=Confidence, default=Confidence.LOW
    )
    evidence = models.CharField(_("how it is known"), max_length=500, blank=True)
    seen_on = models.DateField(_("as of"))
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(editable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(post__isnull=False, organisation=None)
                | Q(post=None, organisation__isnull=False),
                name="asks_power_of_one",
            ),
            models.UniqueConstraint(fields=["dossier", "post"], name="asks_power_post"),
            models.UniqueConstraint(
                fields=["dossier", "organisation"], name="asks_power_organisation"
            ),
        )

    def __str__(self) -> str:
        return str(self.post or self.organisation)


class Influence(Record):
    """Who on the power map of an issue reaches whom, and how."""

    source = models.ForeignKey(PowerEntry, models.CASCADE, related_name="reaches")
    target = models.ForeignKey(PowerEntry, models.CASCADE, related_name="reached_by")
    how = models.CharField(_("how"), max_length=200)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["source", "target"], name="asks_influence_once"),
            models.CheckConstraint(
                condition=~Q(source=models.F("target")), name="asks_influence_on_another"
            ),
        )

    def __str__(self) -> str:
        return self.how


class MapReader(Record):
    """That a colleague is named to read the power map of an issue; then no other does."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("colleague"))
    named_at = models.DateTimeField(editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["dossier", "user"], name="asks_mapreader_once"),
        )

    def __str__(self) -> str:
        return str(self.user)
