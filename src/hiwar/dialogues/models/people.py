from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hiwar.common.models import Record
from hiwar.dialogues.models.dialogues import Dialogue
from hiwar.dialogues.models.keys import RandomKeyField
from hiwar.dialogues.models.rooms import VotingRoom
from hiwar.places.models import Place


class Participant(models.Model):
    """Somebody who takes part, known by a chosen or generated name and by nothing else."""

    class Trust(models.IntegerChoices):
        OPEN_LINK = 0, _("open link")
        CHANNEL_CODE = 1, _("one-time code")
        PRINTED_CODE = 2, _("printed code or membership list")

    id = RandomKeyField()
    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="participants")
    name = models.CharField(_("chosen name"), max_length=60, blank=True)
    trust = models.PositiveSmallIntegerField(choices=Trust, default=Trust.OPEN_LINK)
    channel = models.CharField(_("first channel"), max_length=10, default="web")
    last_channel = models.CharField(_("last channel"), max_length=10, default="web")
    language = models.CharField(max_length=10, blank=True)
    registration = models.CharField(max_length=40, blank=True)
    contact_key = models.CharField(max_length=64, blank=True, db_index=True)
    is_blocked = models.BooleanField(default=False)
    # That an address was left with the wish to be told what came of it; nothing says which.
    is_to_be_told = models.BooleanField(default=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    sex = models.CharField(max_length=12, blank=True)
    age_band = models.CharField(max_length=12, blank=True)
    disability = models.CharField(max_length=12, blank=True)
    locality_kind = models.CharField(max_length=30, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    sectors = models.JSONField(default=list, blank=True)
    # The first room in which somebody votes; nothing else of an event is known here.
    room = models.ForeignKey(
        VotingRoom, models.SET_NULL, null=True, blank=True, related_name="participants",
        db_index=False,
    )  # fmt: skip
    is_frozen = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=["dialogue", "is_blocked"], name="dialogues_participant_blocked"),
        )

    def __str__(self) -> str:
        return self.name or f"{self.pk:x}"[:6]

    @property
    def reference(self) -> str:
        """The text key by which audit entries name this participant."""
        return f"dialogues.participant:{self.pk}"


class CodeBatch(Record):
    """A batch of printed or sent one-time codes, with a label for who hands them out."""

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="code_batches")
    label = models.CharField(_("label"), max_length=100)
    trust = models.PositiveSmallIntegerField(
        choices=Participant.Trust, default=Participant.Trust.PRINTED_CODE
    )
    room = models.ForeignKey(
        VotingRoom, models.SET_NULL, null=True, blank=True, related_name="code_batches"
    )
    size = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    is_revoked = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.label


class JoinCode(Record):
    """One code of a batch, kept as a hash; it lets one person in, once."""

    batch = models.ForeignKey(CodeBatch, models.CASCADE, related_name="codes")
    code_hash = models.CharField(max_length=64, unique=True)
    participant = models.OneToOneField(
        Participant, models.SET_NULL, null=True, blank=True, related_name="join_code"
    )

    def __str__(self) -> str:
        return self.code_hash[:8]
