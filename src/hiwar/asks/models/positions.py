from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.asks.models.asks import Ask
from hiwar.common.models import IssuedNumber, PrivateLink, Record
from hiwar.common.multilingual import MultilingualField
from hiwar.contacts.models import Organisation
from hiwar.dossiers.models import Dossier


class Position(Record):
    """What an organisation said to an ask on a day, with its source; never overwritten."""

    class Stance(models.TextChoices):
        FOR = "for", pgettext_lazy("stance", "for")
        PART = "part", pgettext_lazy("stance", "for in part")
        AGAINST = "against", pgettext_lazy("stance", "against")
        UNDECIDED = "undecided", pgettext_lazy("stance", "undecided")
        UNSAID = "unsaid", pgettext_lazy("stance", "asked, and did not say")

    class Source(models.TextChoices):
        MEETING = "meeting", _("said in a meeting")
        STATEMENT = "statement", _("published statement")
        LETTER = "letter", _("letter")
        PRESS = "press", _("press")
        LINK = "link", _("written by the organisation itself")

    ask = models.ForeignKey(Ask, models.CASCADE, related_name="positions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    stance = models.CharField(_("position"), max_length=10, choices=Stance)
    words = MultilingualField(_("in their words"), is_long=True, blank=True)
    said_on = models.DateField(_("said on"))
    said_by = models.CharField(_("who said it"), max_length=200, blank=True)
    source_kind = models.CharField(_("kind of source"), max_length=10, choices=Source)
    source = models.CharField(_("source"), max_length=300, blank=True)
    confirmed_by = models.CharField(_("confirmed by"), max_length=200, blank=True)
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(editable=False)
    # What came in by a link waits for a look, and counts meanwhile.
    seen_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    retracted_at = models.DateTimeField(null=True, blank=True, editable=False)
    retracted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    retraction = models.CharField(_("why it was taken back"), max_length=300, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(source_kind="link") | Q(recorded_by__isnull=False),
                name="asks_position_recorded",
            ),
        )
        indexes = (
            models.Index(fields=["ask", "organisation", "-said_on"], name="asks_position_current"),
        )

    def __str__(self) -> str:
        return f"{self.organisation} · {self.get_stance_display()}"


class PositionLink(Record):
    """A private address by which one organisation corrects its own positions on a dossier.

    Its letter leaves by the outbox under the link's own key, or somebody hands the address on.
    """

    class Letter(models.TextChoices):
        NONE = "", pgettext_lazy("letter", "handed on by a person")
        WAITING = "waiting", pgettext_lazy("letter", "in the outbox")
        SENT = "sent", pgettext_lazy("letter", "sent")
        FAILED = "failed", pgettext_lazy("letter", "did not arrive")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    private_link = models.OneToOneField(
        PrivateLink, models.PROTECT, related_name="+", editable=False
    )
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    address = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    letter = models.CharField(max_length=10, choices=Letter, blank=True, default=Letter.NONE)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    number = models.OneToOneField(
        IssuedNumber, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        indexes = (models.Index(fields=["dossier", "organisation"], name="asks_link_of"),)

    def __str__(self) -> str:
        return str(self.private_link)
