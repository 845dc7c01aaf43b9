from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.channels.models.ways import Address, Channel
from hiwar.common.models import Record


class Batch(Record):
    """One sending to many, looked at and approved by a person before it leaves."""

    class State(models.TextChoices):
        PREPARED = "prepared", pgettext_lazy("batch", "to be looked at")
        APPROVED = "approved", pgettext_lazy("batch", "on its way")
        PAUSED = "paused", pgettext_lazy("batch", "paused")
        STOPPED = "stopped", pgettext_lazy("batch", "stopped")

    title = models.CharField(_("title"), max_length=300)
    purpose = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State, default=State.PREPARED)
    left_out = models.JSONField(default=dict, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    # Of a sending to many the first approval lets nothing leave.
    first_approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    first_approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["-made_at"], name="channels_batch_made"),)

    def __str__(self) -> str:
        return self.title


class Message(Record):
    """What is sent to one recipient; its key is the key of the draft, its states only rise."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("message", "waiting")
        HELD = "held", pgettext_lazy("message", "held back")
        SENDING = "sending", pgettext_lazy("message", "being sent")
        UNKNOWN = "unknown", pgettext_lazy("message", "not known")
        HANDED_OVER = "handed_over", pgettext_lazy("message", "sent")
        STOPPED = "stopped", pgettext_lazy("message", "not sent")
        EXPIRED = "expired", pgettext_lazy("message", "too late")
        FAILED = "failed", pgettext_lazy("message", "failed")
        DELIVERED = "delivered", pgettext_lazy("message", "delivered")

    class Why(models.TextChoices):
        APPROVAL = "approval", pgettext_lazy("why held", "somebody must look at it first")
        QUIET = "quiet", pgettext_lazy("why held", "quiet hours")
        PAUSED = "paused", pgettext_lazy("why held", "paused")
        CONSENT = "consent", pgettext_lazy("why not sent", "no consent for this purpose")
        OPTED_OUT = "opted_out", pgettext_lazy("why not sent", "wants no messages")
        SUSPENDED = "suspended", pgettext_lazy("why not sent", "the address does not exist")
        BOUNCING = "bouncing", pgettext_lazy("why not sent", "the address takes no messages")
        PRACTICE = "practice", pgettext_lazy("why not sent", "practice: nothing is sent")
        BATCH = "batch", pgettext_lazy("why not sent", "the sending was stopped")
        STAFF = "staff", pgettext_lazy("why not sent", "stopped by a member of staff")
        NOBODY = "nobody", pgettext_lazy("why not sent", "there was nothing to send")
        AGAIN = "again", pgettext_lazy("why waiting", "tried, and will be tried again")
        REFUSED = "refused", pgettext_lazy("why failed", "the mail server refused it")
        UNREACHED = "unreached", pgettext_lazy("why failed", "tried for a day in vain")
        BOUNCED = "bounced", pgettext_lazy("why failed", "it came back")
        POLICY = "policy", pgettext_lazy("why failed", "the receiving server refuses us")
        BROKEN = "broken", pgettext_lazy("why not known", "the connection broke at hand-over")

    purpose = models.CharField(max_length=60)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="messages")
    address = models.ForeignKey(Address, models.PROTECT, related_name="messages")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="messages")
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=12)
    zone = models.CharField(max_length=60, blank=True)
    is_urgent = models.BooleanField(default=False)
    sealed = models.BinaryField(editable=False)
    sealed_secrets = models.BinaryField(editable=False, default=bytes)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    why = models.CharField(max_length=12, choices=Why, blank=True)
    said = models.CharField(_("what the server said"), max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    posted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["state", "-is_urgent", "due_at"], name="channels_message_due"),
            models.Index(fields=["batch", "state"], name="channels_message_batch"),
            models.Index(fields=["settled_at"], name="channels_message_settled"),
            models.Index(fields=["claimed_at"], name="channels_message_claimed"),
        )

    def __str__(self) -> str:
        return f"{self.pk}"


class MessageEvent(Record):
    """One thing that happened to a message: an attempt, a receipt, a return, an answer."""

    class Kind(models.TextChoices):
        POSTED = "posted", pgettext_lazy("message", "handed in")
        HELD = "held", pgettext_lazy("message", "held back")
        ATTEMPT = "attempt", pgettext_lazy("message", "tried")
        HANDED_OVER = "handed_over", pgettext_lazy("message", "taken by the mail server")
        RECEIPT = "receipt", pgettext_lazy("message", "delivery reported")
        DELAY = "delay", pgettext_lazy("message", "delay reported")
        BOUNCE = "bounce", pgettext_lazy("message", "came back")
        REPLY = "reply", pgettext_lazy("message", "answered")
        AUTOMATIC = "automatic", pgettext_lazy("message", "answered by a program")
        SETTLED = "settled", pgettext_lazy("message", "settled")

    message = models.ForeignKey(Message, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind)
    code = models.CharField(max_length=20, blank=True)
    text = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["message", "at"], name="channels_event_message"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.code}".strip()
