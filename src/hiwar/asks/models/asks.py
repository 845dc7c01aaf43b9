from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import Guarded
from hiwar.common.multilingual import MultilingualField
from hiwar.dossiers.models import Dossier


class Ask(Guarded):
    """What the institution wants decided, in one sentence that stays while texts change."""

    class State(models.TextChoices):
        DRAFTED = "drafted", pgettext_lazy("ask", "drafted")
        APPROVED = "approved", pgettext_lazy("ask", "approved")
        DROPPED = "dropped", pgettext_lazy("ask", "dropped")

    dossier = models.ForeignKey(
        Dossier, models.PROTECT, related_name="+", verbose_name=_("dossier")
    )
    number = models.PositiveSmallIntegerField(editable=False)
    text = MultilingualField(_("ask"))
    short = MultilingualField(_("in a few words"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFTED)
    created_at = models.DateTimeField(editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["dossier", "number"], name="asks_ask_number"),
        )

    def __str__(self) -> str:
        return str(self.short)
