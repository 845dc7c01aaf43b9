from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField
from hiwar.events.models.events import Event
from hiwar.events.models.proceedings import Attendance
from hiwar.events.models.programme import AgendaItem
from hiwar.evidence.models import EvidenceItem


class OpenQuestion(Record):
    """A question that an event leaves open and the next one of its series takes up."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="questions")
    text = MultilingualField(_("question"))
    position = models.PositiveSmallIntegerField(default=0)
    carried_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="carried_to"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.text)


class Conclusion(Record):
    """A point an event agreed on, did not agree on, or left to be studied."""

    class Kind(models.TextChoices):
        AGREED = "agreed", pgettext_lazy("conclusion", "agreed")
        NOT_AGREED = "not_agreed", pgettext_lazy("conclusion", "not agreed")
        TO_STUDY = "to_study", pgettext_lazy("conclusion", "to study")

    event = models.ForeignKey(Event, models.CASCADE, related_name="conclusions")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    text = MultilingualField(_("point"))
    item = models.ForeignKey(
        EvidenceItem, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("evidence that states it"),
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.text)


class Minutes(Record):
    """What is written about an event afterwards, for staff or for everybody."""

    class Audience(models.TextChoices):
        INTERNAL = "internal", pgettext_lazy("minutes", "for staff")
        PUBLIC = "public", pgettext_lazy("minutes", "for everybody")

    event = models.ForeignKey(Event, models.CASCADE, related_name="minutes")
    audience = models.CharField(max_length=10, choices=Audience)
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "minutes"
        constraints = (
            models.UniqueConstraint(fields=["event", "audience"], name="events_minutes_once"),
        )

    def __str__(self) -> str:
        return f"{self.event} · {self.get_audience_display()}"


class Paragraph(Record):
    """A paragraph of minutes, the same one in every language."""

    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="paragraphs")
    position = models.PositiveSmallIntegerField()
    item = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, blank=True, related_name="+")
    text = MultilingualField(_("text"), is_long=True)

    def __str__(self) -> str:
        return str(self.text)[:60]


class SpeakerConsent(Record):
    """That a speaker agrees to a looser rule of attribution than the one they spoke under."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="consents")
    speaker = models.ForeignKey(Attendance, models.CASCADE, related_name="consents")
    attribution = models.CharField(max_length=16, choices=Event.Attribution)
    how = models.CharField(_("how it was given"), max_length=200)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["speaker", "attribution"], name="events_consent_once"),
        )

    def __str__(self) -> str:
        return f"{self.speaker_id}"
