from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField, MultilingualText
from hiwar.common.personal.details import masked, masked_text
from hiwar.dialogues.models.dialogues import Dialogue
from hiwar.dialogues.models.people import Participant
from hiwar.events.models import Event


class Statement(models.Model):
    """One idea put to the vote, in one row with its wording in every language."""

    class State(models.TextChoices):
        HELD = "held", _("held for review")
        OPEN = "open", pgettext_lazy("statement", "open")
        REJECTED = "rejected", _("not accepted")
        MERGED = "merged", _("merged")
        SPLIT = "split", _("split")
        WITHDRAWN = "withdrawn", _("withdrawn by its author")

    class Source(models.TextChoices):
        SEED = "seed", _("from the institution")
        PARTICIPANT = "participant", _("from a participant")
        SESSION = "session", _("from a session")

    id = models.BigAutoField(primary_key=True)
    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="statements")
    number = models.PositiveIntegerField(_("number"))
    text = MultilingualField(_("text"), is_long=True)
    language = models.CharField(_("written in"), max_length=10)
    source = models.CharField(max_length=12, choices=Source, default=Source.PARTICIPANT)
    state = models.CharField(max_length=10, choices=State, default=State.HELD)
    theme = models.CharField(max_length=60, blank=True)
    is_meta = models.BooleanField(_("about the participant"), default=False)
    author = models.ForeignKey(
        Participant, models.SET_NULL, null=True, blank=True, related_name="statements"
    )
    was_reworded = models.BooleanField(_("reworded by its author"), default=False)
    derived_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="derived"
    )
    event = models.ForeignKey(
        Event, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("session in which it was said"),
    )  # fmt: skip
    added_at = models.DateTimeField()
    weight = models.FloatField(default=1.0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["dialogue", "number"], name="dialogues_statement_number"
            ),
        )
        indexes = (models.Index(fields=["dialogue", "state"], name="dialogues_statement_state"),)

    def __str__(self) -> str:
        return str(self.shown)

    @property
    def reference(self) -> str:
        """The text key by which audit entries name this statement."""
        return f"dialogues.statement:{self.pk}"

    @property
    def shown(self) -> MultilingualText:
        """The words as staff read them: private details are masked unless put to the vote."""
        is_as_written = self.source == self.Source.SEED or self.state == self.State.OPEN
        return self.text if is_as_written else masked_text(self.text)


class Wording(Record):
    """An earlier wording of a statement."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="wordings")
    text = MultilingualField(is_long=True)
    replaced_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.shown)

    @property
    def shown(self) -> MultilingualText:
        """The words as staff read them, without private details."""
        return masked_text(self.text)


class ModerationDecision(Record):
    """What a moderator decided about a statement, with the reason its author is given."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        PROPOSED = "proposed", _("accepted by the first of two")
        REJECTED = "rejected", _("not accepted")
        MERGED = "merged", _("merged")
        SPLIT = "split", _("split")
        ASKED = "asked", _("author asked to reword")
        REOPENED = "reopened", _("put back for review")

    class Reason(models.TextChoices):
        INSULT = "insult", _("insult or threat")
        PRIVATE = "private", _("private details of somebody")
        OFF_TOPIC = "off_topic", _("not about the question")
        SEVERAL = "several", _("several ideas in one")
        REPEATED = "repeated", _("says what is said already")
        UNCLEAR = "unclear", _("cannot be understood")

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="decisions")
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.CharField(max_length=12, choices=Reason, blank=True)
    reply = models.TextField(_("reply to the author"), blank=True)
    language = models.CharField(max_length=10, blank=True)
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField()
    before = models.JSONField(default=dict)  # state and votes as they were, for undoing
    batch = models.ForeignKey(
        "ReviewBatch", models.SET_NULL, null=True, blank=True, related_name="decisions"
    )

    def __str__(self) -> str:
        return f"{self.statement_id}: {self.outcome}"


class ReviewBatch(Record):
    """Decisions about several statements that a moderator took at once and that go back as one."""

    outcome = models.CharField(max_length=10, choices=ModerationDecision.Outcome)
    count = models.PositiveIntegerField()
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.count}"


class ModerationLease(models.Model):
    """A statement that one moderator has open, so that nobody else is served it."""

    statement = models.OneToOneField(
        Statement, models.CASCADE, primary_key=True, related_name="lease"
    )
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.statement_id} until {self.until:%H:%M}"


class Appeal(Record):
    """An author's objection to a decision, and what became of it."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("appeal", "open")
        UPHELD = "upheld", _("decision changed")
        DISMISSED = "dismissed", _("decision stands")

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="appeals")
    text = models.TextField(_("objection"))
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    answer = models.TextField(_("answer"), blank=True)
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.statement_id}: {self.state}"

    @property
    def shown(self) -> str:
        """The objection as staff read it, without private details."""
        return masked(self.text)
