from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField
from hiwar.dossiers.models import Dossier
from hiwar.evidence.models.sources import Judged, Source

if TYPE_CHECKING:
    from datetime import date


class EvidenceItem(Judged):
    """One thing that can be cited: what a study found, a figure, what somebody testified."""

    class Kind(models.TextChoices):
        STUDY = "study", pgettext_lazy("evidence", "finding of a study")
        STATISTIC = "statistic", pgettext_lazy("evidence", "statistic")
        TESTIMONY = "testimony", _("testimony")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    text = MultilingualField(_("what is known"), is_long=True)
    figure = models.CharField(_("figure"), max_length=60, blank=True)
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="items",
        verbose_name=_("source"),
    )  # fmt: skip
    locator = models.CharField(_("place in the source"), max_length=60, blank=True)
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("dossier"),
    )  # fmt: skip
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(editable=False)
    corrected_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind="testimony") | models.Q(source__isnull=False),
                name="evidence_item_source",
            ),
        )

    def __str__(self) -> str:
        return str(self.text)


class ItemVersion(Record):
    """What an evidence item said before it was corrected, and why it was."""

    item = models.ForeignKey(EvidenceItem, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = MultilingualField(_("what was known"), is_long=True)
    figure = models.CharField(_("figure"), max_length=60, blank=True)
    replaced_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField(editable=False)
    reason = models.CharField(_("why it is corrected"), max_length=300)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["item", "number"], name="evidence_version_number"),
        )

    def __str__(self) -> str:
        return str(self.text)


class Testimony(Record):
    """Who testified, under which chosen name, and what they agreed to.

    Name, contact and consent lie sealed; they are destroyed when the consent is withdrawn.
    """

    item = models.OneToOneField(EvidenceItem, models.CASCADE, related_name="testimony")
    chosen_name = models.CharField(_("chosen name"), max_length=120)
    sealed_person = models.BinaryField(editable=False, default=bytes)
    consent_on = models.DateField(_("agreed on"))
    consent_ends_on = models.DateField(_("agreed until"), null=True, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True, editable=False)

    def __str__(self) -> str:
        return self.chosen_name

    def is_living(self, today: date) -> bool:
        """Return whether the consent holds on a day."""
        ended = self.consent_ends_on is not None and self.consent_ends_on < today
        return self.withdrawn_on is None and not ended
