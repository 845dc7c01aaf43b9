from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.models import User
from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField


class Branch(Record):
    """Base of what the strategy tree is made of: a code, a name, an owner, days and an order."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = MultilingualField(_("name"))
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                condition=models.Q(starts_on=None)
                | models.Q(ends_on=None)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="%(app_label)s_%(class)s_order",
            ),
        )

    def __str__(self) -> str:
        return str(self.name)


class Pillar(Branch):
    """One of the lines along which the institution works for years; programmes stand on it."""


class Programme(Branch):
    """Work of some years under one pillar; every dossier hangs on exactly one programme."""

    pillar = models.ForeignKey(
        Pillar, models.PROTECT, related_name="programmes", verbose_name=_("pillar")
    )


class Project(Branch):
    """Work with a beginning and an end under one programme, often with money of its own."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="projects", verbose_name=_("programme")
    )
