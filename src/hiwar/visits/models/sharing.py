from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.common.models import PrivateLink, Record, StoredFile
from hiwar.visits.models.visits import Traveller, Visit


class PackBuild(Record):
    """The making of a pack: every variant in every language, as one piece of work."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("pack", "waiting")
        DONE = "done", pgettext_lazy("pack", "made")
        FAILED = "failed", pgettext_lazy("pack", "failed")

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="packs")
    version = models.PositiveIntegerField()
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    wanted = models.JSONField(default=list)  # pairs of variant and language
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = (models.Index(fields=["state", "asked_at"], name="visits_pack_waiting"),)

    def __str__(self) -> str:
        return f"{self.visit} · {self.version}"


class PackFile(Record):
    """One printed file of a pack."""

    build = models.ForeignKey(PackBuild, models.CASCADE, related_name="files")
    variant = models.CharField(max_length=8, choices=Traveller.Variant)
    language = models.CharField(max_length=12)
    pages = models.PositiveSmallIntegerField()
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+", editable=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["build", "variant", "language"], name="visits_packfile_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.variant} · {self.language}"


class ShareLink(Record):
    """An address that only its holder knows: programme and calendar, or the feedback form.

    It ends by date and can be withdrawn at once.
    """

    class Kind(models.TextChoices):
        PROGRAMME = "programme", _("programme and calendar")
        FEEDBACK = "feedback", _("feedback form")

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="links")
    traveller = models.ForeignKey(
        Traveller, models.CASCADE, null=True, blank=True, related_name="links"
    )
    colleague = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("colleague")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    private_link = models.OneToOneField(
        PrivateLink, models.PROTECT, related_name="+", editable=False
    )
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(traveller__isnull=False) | Q(colleague__isnull=False),
                name="visits_sharelink_holder",
            ),
        )

    def __str__(self) -> str:
        return f"{self.visit} · {self.get_kind_display()}"


class Feedback(Record):
    """What a traveller thought of the visit; nobody is named."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="feedback")
    score = models.PositiveSmallIntegerField(_("how useful, from 1 to 5"))
    best = models.TextField(_("what was worth most"), blank=True)
    better = models.TextField(_("what should be better"), blank=True)
    language = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(score__gte=1, score__lte=5), name="visits_feedback_score"
            ),
        )

    def __str__(self) -> str:
        return str(self.score)
