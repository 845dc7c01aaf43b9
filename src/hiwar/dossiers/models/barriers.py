from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import Guarded
from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField
from hiwar.dossiers.models.dossiers import Dossier
from hiwar.dossiers.models.facts import Fact
from hiwar.places.models import Place


class Barrier(Guarded):
    """What stands in the way of somebody: of which kind, of whom, where, and how it is known."""

    class State(models.TextChoices):
        IDENTIFIED = "identified", pgettext_lazy("barrier", "identified")
        WORKED_ON = "worked_on", pgettext_lazy("barrier", "worked on")
        REMOVED_IN_PART = "part", pgettext_lazy("barrier", "removed in part")
        REMOVED = "removed", pgettext_lazy("barrier", "removed")

    title = MultilingualField(_("barrier"))
    kind = models.CharField(_("kind"), max_length=30)  # words are data
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place")
    )
    locality_kind = models.CharField(_("kind of locality"), max_length=30, blank=True)
    evidence = MultilingualField(_("how it is known"), is_long=True, blank=True)
    evidence_source = models.CharField(_("source"), max_length=300, blank=True)
    fact = models.ForeignKey(
        Fact, models.PROTECT, null=True, blank=True, related_name="barriers",
        verbose_name=_("fact it rests on"),
    )  # fmt: skip
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, null=True, blank=True, related_name="barriers",
        verbose_name=_("dossier"),
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.IDENTIFIED)
    identified_on = models.DateField(_("identified on"))
    state_on = models.DateField(_("in this state since"))
    state_reason = models.CharField(_("what changed"), max_length=300, blank=True)
    created_at = models.DateTimeField(editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        indexes = (
            models.Index(fields=["state", "kind"], name="dossiers_barrier_state"),
            models.Index(fields=["locality_kind"], name="dossiers_barrier_locality"),
        )

    def __str__(self) -> str:
        return str(self.title)


class AffectedGroup(Record):
    """A group of people who meet a barrier: women, youth, persons with disabilities."""

    barrier = models.ForeignKey(Barrier, models.CASCADE, related_name="groups")
    group = models.CharField(_("group"), max_length=30, db_index=True)  # words are data

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["barrier", "group"], name="dossiers_affectedgroup_once"
            ),
        )

    def __str__(self) -> str:
        return self.group
