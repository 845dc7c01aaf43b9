from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import Guarded, User
from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField
from hiwar.dossiers.models import Dossier
from hiwar.legislation.models.procedures import Procedure, Stage


class Law(Guarded):
    """An instrument or its draft, with every version of its text and the way it goes."""

    class Sort(models.TextChoices):
        DECREE_LAW = "decree-law", _("decree-law")
        LAW = "law", _("law")
        REGULATION = "regulation", pgettext_lazy("instrument", "regulation")
        DECREE = "decree", _("decree")
        BY_LAW = "by-law", _("by-law")
        CONSTITUTION = "constitution", _("constitution")
        OTHER = "other", pgettext_lazy("instrument", "other instrument")

    dossier = models.ForeignKey(
        Dossier, models.PROTECT, related_name="+", verbose_name=_("dossier")
    )
    title = MultilingualField(_("title"))
    sort = models.CharField(_("sort of instrument"), max_length=20, choices=Sort)
    country = models.CharField(_("country code"), max_length=2)
    # The lexicon by which its Arabic texts are read, a code of `engine.law.JURISDICTIONS`.
    jurisdiction = models.CharField(_("way of writing laws"), max_length=12)
    procedure = models.ForeignKey(Procedure, models.PROTECT, verbose_name=_("procedure"))
    # What it is about in plain words, for everybody.
    summary = MultilingualField(_("plain-language summary"), blank=True, is_long=True)
    created_at = models.DateTimeField(editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    def __str__(self) -> str:
        return str(self.title)


class LegislativeStep(Record):
    """That a law came to a stage, or was suspended or resumed: when, and how that is known.

    A step without a day is known to have happened and not when, which is ordinary.
    """

    class Kind(models.TextChoices):
        STAGE = "stage", _("came to a stage")
        SUSPENDED = "suspended", pgettext_lazy("law", "suspended")
        RESUMED = "resumed", pgettext_lazy("law", "resumed")
        WITHDRAWN = "withdrawn", pgettext_lazy("law", "withdrawn")
        LAPSED = "lapsed", pgettext_lazy("law", "lapsed")

    class Evidence(models.TextChoices):
        OFFICIAL_TEXT = "official_text", _("official text")
        OFFICIAL_STATEMENT = "official_statement", _("official statement")
        PRESS = "press", _("press")
        CIVIL_SOCIETY = "civil_society", _("report of civil society")
        LEAK = "leak", _("leak")
        UNKNOWN = "unknown", pgettext_lazy("evidence", "unknown")

    law = models.ForeignKey(Law, models.CASCADE, related_name="steps")
    kind = models.CharField(_("what happened"), max_length=12, choices=Kind, default=Kind.STAGE)
    stage = models.ForeignKey(
        Stage, models.PROTECT, null=True, blank=True, verbose_name=_("stage"), related_name="+"
    )
    happened_on = models.DateField(_("day"), null=True, blank=True)
    evidence = models.CharField(_("what proves it"), max_length=20, choices=Evidence)
    source = models.CharField(_("source"), max_length=300, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(editable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind="stage", stage__isnull=False)
                | (~models.Q(kind="stage") & models.Q(stage=None)),
                name="legislation_step_stage",
            ),
        )

    def __str__(self) -> str:
        return str(self.stage or self.get_kind_display())
