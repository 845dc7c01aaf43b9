from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.channels.models.messages import Message
from hiwar.channels.models.ways import Channel
from hiwar.common.models import Record


class InboundMessage(Record):
    """What came in, kept before anything is done with it: the same message twice is one."""

    class State(models.TextChoices):
        ARRIVED = "arrived", pgettext_lazy("inbound message", "just arrived")
        OPEN = "open", pgettext_lazy("inbound message", "for a person")
        DONE = "done", pgettext_lazy("inbound message", "done")

    class Kind(models.TextChoices):
        UNREAD = "unread", pgettext_lazy("inbound message", "not read yet")
        MESSAGE = "message", pgettext_lazy("inbound message", "message")
        ANSWER = "answer", pgettext_lazy("inbound message", "answer to an invitation")
        OPT_OUT = "opt_out", pgettext_lazy("inbound message", "wants no messages")
        OPT_IN = "opt_in", pgettext_lazy("inbound message", "wants messages again")
        BOUNCE = "bounce", pgettext_lazy("inbound message", "came back")
        AUTOMATIC = "automatic", pgettext_lazy("inbound message", "automatic reply")
        UNREADABLE = "unreadable", pgettext_lazy("inbound message", "cannot be read")

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+")
    external_key = models.CharField(max_length=64, unique=True, editable=False)
    answers = models.ForeignKey(
        Message, models.SET_NULL, null=True, blank=True, related_name="answers"
    )
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.UNREAD)
    state = models.CharField(max_length=8, choices=State, default=State.ARRIVED)
    note = models.CharField(_("why a person looks at it"), max_length=200, blank=True)
    sealed = models.BinaryField(editable=False)
    received_at = models.DateTimeField()
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    tries = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["state", "received_at"], name="channels_inbound_state"),)

    def __str__(self) -> str:
        return f"{self.pk}"
