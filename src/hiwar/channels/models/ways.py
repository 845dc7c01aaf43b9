from __future__ import annotations

from datetime import time

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.common.models import Record
from hiwar.contacts.models import Person


class Channel(Record):
    """A way by which messages leave and come in, with its pace, its quiet hours and its switch."""

    class State(models.TextChoices):
        ON = "on", pgettext_lazy("channel", "on")
        PAUSED = "paused", pgettext_lazy("channel", "paused")
        OFF = "off", pgettext_lazy("channel", "off")

    code = models.SlugField(_("code"), unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.ON)
    # The key of the installation that turned it on: a copy of the database elsewhere has another.
    installation = models.CharField(max_length=64, blank=True, editable=False)
    per_hour = models.PositiveIntegerField(_("messages an hour"), default=3600)
    per_domain_hour = models.PositiveIntegerField(
        _("messages an hour to one mail service"), null=True, blank=True
    )
    second_above = models.PositiveIntegerField(
        _("more recipients than this need a second approval"), null=True, blank=True
    )
    price = models.DecimalField(
        _("price of a message"), max_digits=8, decimal_places=4, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    priced_on = models.DateField(_("price list of"), null=True, blank=True)
    # What the names of the own domain said when somebody last asked: check and state by code.
    dns = models.JSONField(default=list, blank=True, editable=False)
    dns_checked_at = models.DateTimeField(null=True, editable=False)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True, default=time(20))
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True, default=time(9))
    tokens = models.FloatField(default=0, editable=False)
    refilled_at = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(_("last sent"), null=True, editable=False)
    heard_at = models.DateTimeField(_("last heard"), null=True, editable=False)
    trouble = models.CharField(_("trouble"), max_length=300, blank=True, editable=False)
    trouble_at = models.DateTimeField(null=True, editable=False)
    # Where reading the mailbox stopped: IMAP's UIDVALIDITY and the last UID that was kept.
    mailbox = models.BigIntegerField(default=0, editable=False)
    last_uid = models.BigIntegerField(default=0, editable=False)

    def __str__(self) -> str:
        return self.code


class Address(Record):
    """Where somebody is reached by one kind of way: a keyed digest, and the address itself sealed.

    The person of the register is named where there is one, and never for a participant.
    """

    class Kind(models.TextChoices):
        MAIL = "mail", _("e-mail")
        PHONE = "phone", _("telephone")

    class State(models.TextChoices):
        GOOD = "good", pgettext_lazy("address", "in use")
        SUSPENDED = "suspended", pgettext_lazy("address", "does not exist")
        BOUNCING = "bouncing", pgettext_lazy("address", "does not take messages")

    kind = models.CharField(max_length=8, choices=Kind, default=Kind.MAIL)
    digest = models.CharField(max_length=64)
    # A keyed digest of what stands after the @: the pace of one mail service needs it.
    domain = models.CharField(max_length=64, blank=True, editable=False)
    sealed = models.BinaryField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=12, choices=State, default=State.GOOD)
    proven_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "digest"], name="channels_address_digest"),
        )
        indexes = (models.Index(fields=["domain"], name="channels_address_domain"),)

    def __str__(self) -> str:
        return self.digest[:8]


class Suppression(Record):
    """That an address is not to be written to, for one purpose or all; it outlives erasure.

    The purpose is one of messages, or a word that the register asks people about.
    """

    class Why(models.TextChoices):
        WORD = "word", pgettext_lazy("suppression", "wrote that nothing more is wanted")
        LINK = "link", pgettext_lazy("suppression", "opened the way out in a message")
        STAFF = "staff", pgettext_lazy("suppression", "told a member of staff")
        CARD = "card", pgettext_lazy("suppression", "refused on the card of the register")
        ERASURE = "erasure", pgettext_lazy("suppression", "was erased")

    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, choices=Address.Kind, default=Address.Kind.MAIL)
    purpose = models.CharField(max_length=60, blank=True)
    why = models.CharField(max_length=8, choices=Why)
    since = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["digest", "kind", "purpose"], name="channels_suppression_once"
            ),
        )

    def __str__(self) -> str:
        return self.digest[:8]


class Practice(Record):
    """That a member of staff, or with no user the whole house, practises: nothing is sent."""

    # "house", or the key of the user: a database takes two empty references for different ones.
    holder = models.CharField(max_length=40, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    since = models.DateTimeField()

    def __str__(self) -> str:
        return self.holder
