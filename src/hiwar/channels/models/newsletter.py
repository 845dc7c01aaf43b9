from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.channels.models.messages import Batch
from hiwar.common.models import ImportRun, PrivateLink, Record


class ConsentWording(Record):
    """The words that people agreed to when they asked for the newsletter; never changed."""

    language = models.CharField(max_length=12)
    number = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    since = models.DateField(_("since"))

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["language", "number"], name="channels_wording_number"),
        )

    def __str__(self) -> str:
        return f"{self.language} {self.number}"


class Subscriber(Record):
    """Somebody who gets the newsletter, or asked for it: an address that they proved themselves.

    What they do keeps its day; an hour is kept only while a confirmation is waited for. The
    address is destroyed when they leave.
    """

    class State(models.TextChoices):
        PENDING = "pending", pgettext_lazy("subscriber", "to be confirmed")
        CONFIRMED = "confirmed", pgettext_lazy("subscriber", "confirmed")
        RESTING = "resting", pgettext_lazy("subscriber", "rests")
        LEFT = "left", pgettext_lazy("subscriber", "left")

    class Rest(models.TextChoices):
        HARD = "hard", pgettext_lazy("why an address rests", "the address does not exist")
        SOFT = "soft", pgettext_lazy("why an address rests", "three issues in a row came back")

    class Source(models.TextChoices):
        SITE = "site", pgettext_lazy("where a subscriber came from", "the site")
        FILE = "file", pgettext_lazy("where a subscriber came from", "a file")

    digest = models.CharField(max_length=64, unique=True, editable=False)
    sealed = models.BinaryField(editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    language = models.CharField(_("language"), max_length=12)
    source = models.CharField(_("from"), max_length=4, choices=Source, default=Source.SITE)
    evidence = models.CharField(_("evidence of consent"), max_length=300, blank=True)
    import_run = models.ForeignKey(
        ImportRun, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    wording = models.ForeignKey(
        ConsentWording, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    rest = models.CharField(_("why it rests"), max_length=4, choices=Rest, blank=True)
    rests_since = models.DateField(_("rests since"), null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What waits to be confirmed: in which language, on which words, until 48 hours after.
    link = models.ForeignKey(
        PrivateLink, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    asked_language = models.CharField(max_length=12, blank=True, editable=False)
    asked_wording = models.ForeignKey(
        ConsentWording, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        indexes = (
            models.Index(fields=["state", "language"], name="channels_subscriber_state"),
            models.Index(fields=["asked_at"], name="channels_subscriber_asked"),
        )

    def __str__(self) -> str:
        return self.digest[:8]


class IssueSending(Record):
    """An issue of the newsletter on its way: its key is that of the issue, its words are frozen.

    `words` hold subject, text and HTML by language, as they were approved.
    """

    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")
    words = models.JSONField(default=dict, editable=False)
    begun_at = models.DateTimeField()
    # Failures before this instant were looked at by whoever let it go on.
    watched_from = models.DateTimeField()
    halted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.pk}"


class IssueCopy(Record):
    """That an issue goes to a subscriber, once; `message` is the key of the letter."""

    class State(models.TextChoices):
        FROZEN = "frozen", pgettext_lazy("copy of an issue", "not written yet")
        POSTED = "posted", pgettext_lazy("copy of an issue", "waits in the outbox")
        SENT = "sent", pgettext_lazy("copy of an issue", "sent")
        HARD = "hard", pgettext_lazy("copy of an issue", "the address does not exist")
        SOFT = "soft", pgettext_lazy("copy of an issue", "came back")
        REFUSED = "refused", pgettext_lazy("copy of an issue", "our server was refused")
        UNKNOWN = "unknown", pgettext_lazy("copy of an issue", "not known")
        LEFT_OUT = "left_out", pgettext_lazy("copy of an issue", "not sent")

    sending = models.ForeignKey(IssueSending, models.CASCADE, related_name="copies")
    subscriber = models.ForeignKey(Subscriber, models.SET_NULL, null=True, related_name="copies")
    language = models.CharField(max_length=12)
    message = models.UUIDField(unique=True, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.FROZEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    # Whether its recipient took the way out that stands in it.
    has_left = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "issue copies"
        constraints = (
            models.UniqueConstraint(fields=["sending", "subscriber"], name="channels_copy_once"),
        )
        indexes = (
            models.Index(fields=["sending", "state"], name="channels_copy_state"),
            models.Index(fields=["sending", "-settled_at"], name="channels_copy_settled"),
        )

    def __str__(self) -> str:
        return f"{self.message}"
