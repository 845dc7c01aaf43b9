from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.models import User
from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField
from hiwar.dossiers.models.dossiers import Dossier

# A fact that nobody has looked at for a year is not relied on.
CHECKED_EVERY = timedelta(days=365)


class Told(Record):
    """Base of what a fact says at one time: the text, a value, the source and its day."""

    text = MultilingualField(_("what is known"), is_long=True)
    value = models.CharField(_("figure"), max_length=60, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    url = models.URLField(_("address of the source"), max_length=500, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.text)


class Fact(Told):
    """Something known about a dossier, with its source and the day it was last checked."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="facts")
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    next_check_on = models.DateField(_("next check"), null=True, blank=True)
    added_at = models.DateTimeField(editable=False)
    corrected_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    def is_stale(self, today: date) -> bool:
        """Return whether the fact waits to be checked: never, a year ago, or its day has come."""
        if self.checked_on is None or self.checked_on < today - CHECKED_EVERY:
            return True
        return self.next_check_on is not None and self.next_check_on < today


class FactVersion(Told):
    """What a fact said before it was corrected, and why it was."""

    fact = models.ForeignKey(Fact, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    checked_on = models.DateField(null=True, blank=True)
    replaced_at = models.DateTimeField()
    replaced_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("why it is corrected"), max_length=300, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["fact", "number"], name="dossiers_factversion_number"),
        )
