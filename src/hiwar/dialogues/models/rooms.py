from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField
from hiwar.dialogues.models.dialogues import Dialogue
from hiwar.events.models import Room


class VotingRoom(Record):
    """A room of an event in which people vote in a dialogue: votes know it, and never who is in it.

    Its name is a copy that becomes public with the dialogue, so that neither results nor walls read
    anything of an event.
    """

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="voting_rooms")
    room = models.ForeignKey(Room, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    label = MultilingualField(_("name"))
    code = models.CharField(_("code"), max_length=16, unique=True)
    is_open = models.BooleanField(default=True)
    added_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["dialogue", "room"], name="dialogues_votingroom_once"),
        )

    def __str__(self) -> str:
        return str(self.label)
