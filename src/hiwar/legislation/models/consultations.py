from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.common.models import PrivateLink, Record, StoredFile
from hiwar.common.multilingual import MultilingualField, direction
from hiwar.common.personal.details import masked
from hiwar.legislation.models.laws import Law
from hiwar.legislation.models.versions import LawVersion

if TYPE_CHECKING:
    from datetime import date, time


class Consultation(Record):
    """That everybody may comment on a version of a law, between two times on a zone's clock.

    Day and hour are those of the clock on the wall: where the rules of a zone change, they stay.
    """

    law = models.ForeignKey(Law, models.CASCADE, related_name="consultations")
    version = models.ForeignKey(LawVersion, models.PROTECT, related_name="consultations")
    intro = MultilingualField(_("what it is about"), blank=True, is_long=True)
    opens_on = models.DateField(_("opens on"))
    opens = models.TimeField(_("opens at"))
    closes_on = models.DateField(_("closes on"))
    closes = models.TimeField(_("closes at"))
    time_zone = models.CharField(_("time zone"), max_length=40)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(editable=False)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(closes_on__gt=models.F("opens_on"))
                | models.Q(closes_on=models.F("opens_on"), closes__gt=models.F("opens")),
                name="legislation_consultation_order",
            ),
        )

    def __str__(self) -> str:
        return str(self.law)

    @property
    def opens_at(self) -> datetime:
        """The instant from which comments are taken."""
        return _instant(self.opens_on, self.opens, self.time_zone)

    @property
    def closes_at(self) -> datetime:
        """The instant from which none is taken any more."""
        return _instant(self.closes_on, self.closes, self.time_zone)

    @property
    def days(self) -> int:
        """How many days lie between opening and closing."""
        return (self.closes_on - self.opens_on).days

    def state(self, now: datetime) -> str:
        """Return ``coming``, ``open``, ``closed`` or ``answered``."""
        if self.answered_at is not None:
            return "answered"
        if now < self.opens_at:
            return "coming"
        return "open" if now < self.closes_at else "closed"


def _instant(day: date, hour: time, zone: str) -> datetime:
    return datetime.combine(day, hour, ZoneInfo(zone))


class Comment(Record):
    """What somebody said about a draft: by which channel, about which article, what became of it.

    An address for the answer is sealed, is shown to nobody, and is forgotten when the answer
    has left.
    """

    class Channel(models.TextChoices):
        WEB = "web", pgettext_lazy("channel", "web")
        EMAIL = "email", pgettext_lazy("channel", "e-mail")
        PAPER = "paper", pgettext_lazy("channel", "paper")
        SESSION = "session", pgettext_lazy("channel", "session")

    class Submitter(models.TextChoices):
        CITIZEN = "citizen", pgettext_lazy("commenter", "citizen")
        WORKER = "worker", pgettext_lazy("commenter", "worker")
        EMPLOYER = "employer", pgettext_lazy("commenter", "employer")
        UNION = "union", pgettext_lazy("commenter", "trade union")
        ORGANISATION = "organisation", pgettext_lazy("commenter", "organisation")
        LAWYER = "lawyer", pgettext_lazy("commenter", "lawyer")
        OTHER = "other", pgettext_lazy("commenter", "other")

    class Kind(models.TextChoices):
        SUBSTANTIVE = "substantive", pgettext_lazy("comment", "substance")
        DRAFTING = "drafting", pgettext_lazy("comment", "drafting")

    class Stance(models.TextChoices):
        AMEND = "amend", pgettext_lazy("comment", "amend")
        SUPPORT = "support", pgettext_lazy("comment", "support")
        OPPOSE = "oppose", pgettext_lazy("comment", "oppose")

    class Disposition(models.TextChoices):
        TAKEN_UP = "taken_up", pgettext_lazy("comment", "taken up")
        IN_PART = "in_part", pgettext_lazy("comment", "taken up in part")
        NOT_TAKEN_UP = "not_taken_up", pgettext_lazy("comment", "not taken up")
        OUT_OF_SCOPE = "out_of_scope", pgettext_lazy("comment", "out of scope")

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="comments")
    number = models.PositiveIntegerField(editable=False)
    # Its number in the list that it came in with.
    reference = models.CharField(_("reference"), max_length=40, blank=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    # The address of an article in the version; empty for the draft as a whole.
    eid = models.CharField(_("article"), max_length=120, blank=True)
    text = models.TextField(_("comment"))
    language = models.CharField(_("language"), max_length=12)
    received_on = models.DateField(_("received on"))
    submitter = models.CharField(_("who comments"), max_length=12, choices=Submitter)
    name = models.CharField(_("name"), max_length=120, blank=True)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    may_publish = models.BooleanField(_("may be published"), default=False)
    may_name = models.BooleanField(_("with the name"), default=False)
    contact = models.BinaryField(editable=False, default=bytes)
    link = models.OneToOneField(
        PrivateLink, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    stance = models.CharField(_("stance"), max_length=10, choices=Stance, blank=True)
    suggested_kind = models.CharField(max_length=12, choices=Kind, editable=False)
    suggested_reason = models.CharField(max_length=200, blank=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, blank=True)
    kind_reason = models.CharField(_("reason"), max_length=500, blank=True)
    disposition = models.CharField(
        _("what becomes of it"), max_length=12, choices=Disposition, blank=True
    )
    disposition_reason = models.CharField(_("reason"), max_length=1000, blank=True)
    is_published = models.BooleanField(default=False, editable=False)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    import_run = models.ForeignKey(
        "common.ImportRun", models.SET_NULL, null=True, editable=False, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["consultation", "number"], name="legislation_comment_number"
            ),
            models.CheckConstraint(
                condition=~models.Q(disposition="not_taken_up") | ~models.Q(disposition_reason=""),
                name="legislation_comment_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(is_published=False) | models.Q(may_publish=True),
                name="legislation_comment_published",
            ),
        )

    @property
    def shown(self) -> str:
        """The words as staff and the public read them: private details are masked."""
        return masked(self.text, self.language)

    def __str__(self) -> str:
        return self.reference or str(self.number)

    @property
    def direction(self) -> str:
        """``"rtl"`` or ``"ltr"``, by its language."""
        return direction(self.language)

    @property
    def is_late(self) -> bool:
        """Whether it came after the closing day."""
        return self.received_on > self.consultation.closes_on


class CommentFile(Record):
    """A file that came with a comment; it is for staff alone and never shown in a page.

    ``added_by`` is who added it at the desk; nobody, where the author sent it.
    """

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="files")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(editable=False)

    def __str__(self) -> str:
        return str(self.file)
