from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import Guarded, User
from hiwar.common.models import Record
from hiwar.legislation.models.laws import Law
from hiwar.legislation.models.versions import LawVersion


class AmendingInstrument(Guarded):
    """An instrument that amends a law: its text to the letter, and the orders that were read in it.

    It is laid on one version, in the language of that version. What was obtained in confidence is
    read by named colleagues or its owner alone.
    """

    class State(models.TextChoices):
        PENDING = "pending", pgettext_lazy("amending instrument", "pending")
        CARRIED_OUT = "carried_out", pgettext_lazy("amending instrument", "carried out")
        WITHDRAWN = "withdrawn", pgettext_lazy("amending instrument", "withdrawn")

    law = models.ForeignKey(Law, models.CASCADE, related_name="instruments")
    version = models.ForeignKey(LawVersion, models.PROTECT, related_name="instruments")
    title = models.CharField(_("title"), max_length=300)
    authority = models.CharField(
        _("standing of the text"), max_length=12, choices=LawVersion.Authority
    )
    source = models.CharField(_("source"), max_length=300)
    text = models.TextField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    in_force_on = models.DateField(_("in force on"), null=True, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.PENDING, editable=False)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(editable=False)
    carried_out_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    carried_out_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What carrying it out made, one version for each day on which something takes effect.
    versions = models.ManyToManyField(
        LawVersion, related_name="made_by", blank=True, editable=False
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["version", "sha256"], name="legislation_instrument_text"
            ),
            models.CheckConstraint(
                condition=~models.Q(authority="confidence")
                | models.Q(visibility__in=["personal", "team"]),
                name="legislation_instrument_confidence",
            ),
        )

    def __str__(self) -> str:
        return self.title


class InstrumentOrder(Record):
    """One order of an amending instrument beside the sentence that it was read in.

    Where the sentence was not understood, ``kind`` is empty and ``reason`` says why; it changes
    nothing until a person writes the order by hand.
    """

    class Kind(models.TextChoices):
        SUBSTITUTION = "substitution", _("a new text in its place")
        INSERTION = "insertion", _("a new article behind it")
        ADDITION = "addition", _("a new paragraph in it")
        REPEAL = "repeal", _("it is repealed")
        PHRASE = "phrase", _("other words wherever they stand")
        SUSPENSION = "suspension", _("it does not apply for a time")
        RENUMBERING = "renumbering", _("numbers change: shown, never applied")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("order of an instrument", "to be decided")
        ACCEPTED = "accepted", pgettext_lazy("order of an instrument", "accepted")
        LEFT = "left", pgettext_lazy("order of an instrument", "left out")

    instrument = models.ForeignKey(AmendingInstrument, models.CASCADE, related_name="orders")
    position = models.PositiveSmallIntegerField(editable=False)
    # The article of the instrument that orders it, and its sentence.
    by = models.CharField(max_length=120, editable=False)
    source = models.TextField(editable=False)
    # Why it was not understood, a reason of `engine.law.Unread`.
    reason = models.CharField(max_length=12, blank=True, editable=False)
    kind = models.CharField(_("what it does"), max_length=12, choices=Kind, blank=True)
    # The address that changes, of an article or paragraph that comes in the new one.
    target = models.CharField(max_length=120, blank=True)
    after = models.CharField(max_length=120, blank=True)
    label = models.CharField(_("number as printed"), max_length=60, blank=True)
    text = models.TextField(_("new text"), blank=True)
    old_words = models.CharField(_("words in force"), max_length=500, blank=True)
    new_words = models.CharField(_("words in their place"), max_length=500, blank=True)
    effective_on = models.DateField(_("takes effect on"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    is_by_hand = models.BooleanField(default=False, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN, editable=False)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["instrument", "position"], name="legislation_order_position"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="accepted") | ~models.Q(kind=""),
                name="legislation_order_understood",
            ),
        )

    def __str__(self) -> str:
        return f"{self.position}"
