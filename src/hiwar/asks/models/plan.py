from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.models import User
from hiwar.asks.models.asks import Addressee
from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField
from hiwar.dossiers.models import Dossier, Fact


class TalkingLine(Record):
    """What we say of an issue to an audience or to one addressee, with the facts it rests on."""

    dossier = models.ForeignKey(
        Dossier, models.PROTECT, related_name="+", verbose_name=_("dossier")
    )
    addressee = models.ForeignKey(
        Addressee, models.CASCADE, null=True, blank=True, related_name="lines"
    )
    audience = models.CharField(_("to whom it is said"), max_length=120, blank=True)
    words = MultilingualField(_("what we say"), is_long=True)
    facts = models.ManyToManyField(Fact, related_name="+", blank=True)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    def __str__(self) -> str:
        return str(self.words)
