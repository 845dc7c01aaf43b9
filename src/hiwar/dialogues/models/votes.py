from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from hiwar.common.models import Record
from hiwar.dialogues.models.dialogues import Round
from hiwar.dialogues.models.keys import RandomKeyField
from hiwar.dialogues.models.people import Participant
from hiwar.dialogues.models.statements import Statement


class Vote(models.Model):
    """What a participant says to a statement; the later one counts."""

    class Choice(models.IntegerChoices):
        AGREE = 1, pgettext_lazy("vote", "agree")
        PASS = 0, pgettext_lazy("vote", "pass")
        DISAGREE = -1, pgettext_lazy("vote", "disagree")

    # The unique constraint finds the votes of a participant and the one index those on a statement;
    # every further index would be another page to write for every vote. Keys are random, because
    # a key that counts is the rank in which people arrived.
    id = RandomKeyField()
    participant = models.ForeignKey(
        Participant, models.CASCADE, related_name="votes", db_index=False
    )
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="votes", db_index=False)
    choice = models.SmallIntegerField(choices=Choice)
    is_important = models.BooleanField(default=False)
    channel = models.CharField(max_length=10, default="web")
    sequence = models.BigIntegerField()  # a day and a counter, see `models.sequences`

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["participant", "statement"], name="dialogues_vote_once"
            ),
            models.CheckConstraint(
                condition=Q(choice__in=(-1, 0, 1)), name="dialogues_vote_choice"
            ),
        )
        indexes = (models.Index(fields=["statement"], name="dialogues_vote_statement"),)

    def __str__(self) -> str:
        return f"{self.participant_id:x} {self.choice:+d}"


class Exposure(models.Model):
    """Which statement was offered to whom, with which probability."""

    id = RandomKeyField()
    participant = models.ForeignKey(
        Participant, models.CASCADE, related_name="exposures", db_index=False
    )
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="+", db_index=False)
    probability = models.FloatField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["participant", "statement"], name="dialogues_exposure_once"
            ),
            models.CheckConstraint(
                condition=Q(probability__gt=0, probability__lte=1),
                name="dialogues_exposure_probability",
            ),
        )

    def __str__(self) -> str:
        return f"{self.statement_id}: {self.probability:.3f}"


class Recommendation(Record):
    """A draft recommendation put to the last round of a dialogue."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="recommendations")
    code = models.CharField(max_length=10)
    text = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["round", "code"], name="dialogues_recommendation_code"),
        )

    def __str__(self) -> str:
        return self.code


class Support(models.Model):
    """What a participant says to a recommendation: support, abstain or object, with a reason."""

    class Choice(models.TextChoices):
        SUPPORT = "support", pgettext_lazy("recommendation", "support")
        ABSTAIN = "abstain", pgettext_lazy("recommendation", "abstain")
        OBJECT = "object", pgettext_lazy("recommendation", "object")

    id = RandomKeyField()
    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="answers")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    choice = models.CharField(max_length=8, choices=Choice)
    reason = models.TextField(blank=True)
    sequence = models.BigIntegerField(default=0)  # an answer of a file has none and gives way

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["recommendation", "participant"], name="dialogues_support_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.recommendation_id}: {self.choice}"
