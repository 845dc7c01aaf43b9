from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.asks.models.asks import Addressee
from hiwar.common.models import IssuedNumber, PrivateLink, Record, StoredFile
from hiwar.common.multilingual import MultilingualField
from hiwar.contacts.models import Person, Post


class Letter(Record):
    """A letter to a post or from one: numbered when it is issued, its words frozen from then on.

    One number stands for it in all its languages. One that came in bears their number besides.
    """

    class Direction(models.TextChoices):
        OUT = "out", pgettext_lazy("letter", "outgoing")
        IN = "in", pgettext_lazy("letter", "incoming")

    direction = models.CharField(max_length=3, choices=Direction, default=Direction.OUT)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name=_("post"))
    number = models.OneToOneField(
        IssuedNumber, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    dated_on = models.DateField(_("day of the letter"), null=True, blank=True)
    their_number = models.CharField(_("their number"), max_length=60, blank=True)
    their_day = models.DateField(_("their day"), null=True, blank=True)
    languages = models.JSONField(_("languages"), default=list)
    subject = MultilingualField(_("subject"))
    body = MultilingualField(_("text of the letter"), is_long=True, blank=True)
    # As they stood on the day of issue, by language.
    envelope = MultilingualField(is_long=True, blank=True, editable=False)
    salutation = MultilingualField(blank=True, editable=False)
    closing = MultilingualField(blank=True, editable=False)
    signature = MultilingualField(is_long=True, blank=True, editable=False)
    copies = models.CharField(_("copies to"), max_length=300, blank=True)
    annexes = models.CharField(_("annexes"), max_length=300, blank=True)
    in_reply_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replies"
    )
    scan = models.OneToOneField(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(editable=False)
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    issued_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Who held the post on the day of issue: another holder gets another letter.
    holder = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(number=None, issued_at=None)
                | Q(number__isnull=False, issued_at__isnull=False),
                name="asks_letter_numbered_at_issue",
            ),
        )

    def __str__(self) -> str:
        return str(self.subject)


class LetterAddressee(Record):
    """That a letter carries an ask to its addressee; one letter may carry several asks."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="letter_addressees")
    addressee = models.ForeignKey(Addressee, models.CASCADE, related_name="letter_addressees")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["letter", "addressee"], name="asks_letter_carries"),
        )

    def __str__(self) -> str:
        return f"{self.letter} · {self.addressee}"


class Delivery(Record):
    """One way a letter went, and how far it came: nothing is delivered without a receipt."""

    class Way(models.TextChoices):
        MAIL = "mail", pgettext_lazy("delivery", "e-mail")
        HAND = "hand", pgettext_lazy("delivery", "by hand")
        COURIER = "courier", pgettext_lazy("delivery", "by courier")
        FAX = "fax", pgettext_lazy("delivery", "fax")
        PORTAL = "portal", pgettext_lazy("delivery", "their portal")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("delivery", "in the outbox")
        SENT = "sent", pgettext_lazy("delivery", "sent")
        DELIVERED = "delivered", pgettext_lazy("delivery", "delivered")
        ACKNOWLEDGED = "acknowledged", pgettext_lazy("delivery", "receipt confirmed")
        FAILED = "failed", pgettext_lazy("delivery", "did not arrive")

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="deliveries")
    way = models.CharField(_("way"), max_length=8, choices=Way)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.SENT)
    recipient = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    handed_on = models.DateField(_("given out on"))
    received_on = models.DateField(_("received on"), null=True, blank=True)
    received_by = models.CharField(_("received by"), max_length=200, blank=True)
    their_stamp = models.CharField(_("number of their stamp"), max_length=60, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.get_way_display()}: {self.get_state_display()}"


class AnswerLink(Record):
    """A private address by which a post answers an ask without an account, or hands it on."""

    addressee = models.ForeignKey(Addressee, models.CASCADE, related_name="links")
    letter = models.ForeignKey(
        Letter, models.PROTECT, null=True, blank=True, related_name="answer_links"
    )
    private_link = models.OneToOneField(
        PrivateLink, models.PROTECT, related_name="+", editable=False
    )
    language = models.CharField(_("language"), max_length=12, blank=True)
    # Where it was handed on: from which link, and to whom as the giver named them.
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="handed_on"
    )
    handed_to = models.CharField(_("handed on to"), max_length=200, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(made_by__isnull=False) | Q(parent__isnull=False),
                name="asks_answerlink_made_by",
            ),
        )

    def __str__(self) -> str:
        return str(self.private_link)
