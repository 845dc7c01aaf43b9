from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.common.models import ImportRun, Record
from hiwar.common.personal.details import masked
from hiwar.dialogues.models.dialogues import Dialogue
from hiwar.dialogues.models.people import Participant


class OpinionMap(Record):
    """What the engine answered for the votes of a moment, kept as it was."""

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="opinion_maps")
    document = models.BinaryField()  # the JSON document of the analysis, compressed
    engine_version = models.CharField(max_length=20)
    input_hash = models.CharField(max_length=64)
    participants = models.PositiveIntegerField()
    votes = models.PositiveIntegerField()
    computed_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=["dialogue", "-computed_at"], name="dialogues_opinionmap_latest"),
        )

    def __str__(self) -> str:
        return f"{self.dialogue_id} {self.computed_at:%Y-%m-%d %H:%M}"


class MapRequest(models.Model):
    """The votes of which a dialogue's latest map was made, and until when the dialogue rests."""

    dialogue = models.OneToOneField(
        Dialogue, models.CASCADE, primary_key=True, related_name="map_request"
    )
    started_at = models.DateTimeField(null=True, blank=True)
    pause_until = models.DateTimeField(null=True, blank=True)  # after work, as long as it took
    mark = models.CharField(max_length=120, blank=True)  # the votes of the latest map

    def __str__(self) -> str:
        return f"{self.dialogue_id} {self.mark}"


class Publication(Record):
    """A version of the results as the public reads it; an older one stays readable."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("publication", "draft")
        EMBARGO = "embargo", _("embargo")
        PUBLISHED = "published", pgettext_lazy("publication", "published")
        WITHDRAWN = "withdrawn", pgettext_lazy("publication", "withdrawn")

    dialogue = models.ForeignKey(Dialogue, models.PROTECT, related_name="publications")
    version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    embargo_until = models.DateTimeField(null=True, blank=True)
    opinion_map = models.ForeignKey(OpinionMap, models.PROTECT, null=True, related_name="+")
    bundle_hash = models.CharField(max_length=64, blank=True)
    correction = models.TextField(_("what was corrected"), blank=True)
    withdrawal = models.TextField(_("why it was withdrawn"), blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    # The last columns of the table, so that the others are read without them.
    document = models.JSONField(default=dict)  # what the page shows, hidden cells already hidden
    bundle = models.BinaryField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["dialogue", "version"], name="dialogues_publication_version"
            ),
            models.CheckConstraint(
                condition=~Q(state="embargo") | Q(embargo_until__isnull=False),
                name="dialogues_publication_embargo",
            ),
        )

    def __str__(self) -> str:
        return f"{self.dialogue_id} v{self.version}"


class FormCheck(Record):
    """A paper form of a file that was drawn, for a second person to compare it with the paper."""

    class Result(models.TextChoices):
        WAITS = "", _("waits to be compared")
        SAME = "same", _("same as on paper")
        DIFFERS = "differs", _("differs from the paper")

    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="+")
    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="form_checks")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    form = models.CharField(_("form number"), max_length=60)
    result = models.CharField(max_length=10, choices=Result, default=Result.WAITS, blank=True)
    checked_by = models.CharField(max_length=100, blank=True)  # as in the audit log
    checked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.form


class MessageInQueue(Record):
    """An incoming text message that a person must read."""

    run = models.ForeignKey(ImportRun, models.PROTECT, null=True, related_name="+")
    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="message_queue")
    participant = models.ForeignKey(Participant, models.SET_NULL, null=True, related_name="+")
    text = models.CharField(max_length=500)
    problem = models.CharField(max_length=40)
    # Sealed under the key apart, until it is settled: it may say that nothing more is wanted.
    sealed_sender = models.BinaryField(default=bytes, editable=False)
    is_settled = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.shown[:40]

    @property
    def shown(self) -> str:
        """The message as staff read it, without private details."""
        return masked(self.text)


class MergeProposal(Record):
    """Two registrations that may be one person; joined only when somebody says so."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        ACCEPTED = "accepted", pgettext_lazy("merge", "accepted")
        REFUSED = "refused", pgettext_lazy("merge", "refused")
        UNDONE = "undone", pgettext_lazy("merge", "undone")

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="merge_proposals")
    kept = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    other = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    reason = models.CharField(max_length=20, default="same_phone")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    before = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kept", "other"], name="dialogues_mergeproposal_pair"),
        )

    def __str__(self) -> str:
        return f"{self.kept_id:x} + {self.other_id:x}"
