from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField
from hiwar.dialogues.models.dialogues import Dialogue
from hiwar.dialogues.models.keys import RandomKeyField


class Telling(Record):
    """What all who took part in a dialogue are told in the end: one text for everybody."""

    dialogue = models.OneToOneField(Dialogue, models.CASCADE, related_name="telling")
    subject = MultilingualField(_("subject of the letter"), blank=True)
    text = MultilingualField(_("letter by e-mail"), is_long=True, blank=True)
    short = MultilingualField(_("text message"), is_long=True, blank=True)
    # The sending in which it left, or waits for its last look.
    batch = models.UUIDField(null=True, blank=True, editable=False)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.subject)


class ToldAddress(models.Model):
    """Where somebody asked to be told what came of a dialogue, sealed under the key apart.

    Nothing leads from it to a participant. While the dialogue is open its owner can be recognised
    by a keyed digest, to take it back; with the close that digest and its key are gone.
    """

    class State(models.TextChoices):
        KEPT = "kept", pgettext_lazy("address to be told", "kept")
        POSTED = "posted", pgettext_lazy("address to be told", "in the outbox")
        TOLD = "told", pgettext_lazy("address to be told", "told")
        OUT = "out", pgettext_lazy("address to be told", "wants no messages")
        FAILED = "failed", pgettext_lazy("address to be told", "not reached")
        UNKNOWN = "unknown", pgettext_lazy("address to be told", "not known")

    # Its place in the table tells neither who came when nor in which order.
    id = RandomKeyField()
    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="told_addresses")
    owner = models.CharField(max_length=64, blank=True, editable=False)
    kind = models.CharField(max_length=8)
    language = models.CharField(max_length=12, blank=True)
    sealed = models.BinaryField(default=bytes, editable=False)
    state = models.CharField(max_length=8, choices=State, default=State.KEPT)
    message = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["dialogue", "owner"], condition=~Q(owner=""), name="dialogues_told_owner"
            ),
        )
        indexes = (models.Index(fields=["dialogue", "state"], name="dialogues_told_state"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
