from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.common.models import ImportRun, Record
from hiwar.contacts.models import Person
from hiwar.events.models.events import Event
from hiwar.events.models.invitations import Invitation
from hiwar.events.models.programme import AgendaItem, Room
from hiwar.places.models import Place


class Attendance(Record):
    """That somebody is there, under the name they chose, with what they said about themselves."""

    class Way(models.TextChoices):
        CODE = "code", pgettext_lazy("check-in", "by code")
        LIST = "list", pgettext_lazy("check-in", "from the list")
        DOOR = "door", pgettext_lazy("check-in", "at the door")
        PAPER = "paper", pgettext_lazy("check-in", "on paper")

    class Disability(models.TextChoices):
        YES = "yes", pgettext_lazy("disability", "yes")
        NO = "no", pgettext_lazy("disability", "no")
        UNSAID = "", _("not stated")

    event = models.ForeignKey(Event, models.CASCADE, related_name="attendances")
    room = models.ForeignKey(Room, models.CASCADE, related_name="attendances")
    invitation = models.ForeignKey(
        Invitation, models.SET_NULL, null=True, blank=True, related_name="attendances"
    )
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("name as chosen"), max_length=120, blank=True)
    way = models.CharField(max_length=8, choices=Way, default=Way.LIST)
    sex = models.CharField(_("sex"), max_length=12, choices=Person.Sex, default="", blank=True)
    age_band = models.CharField(_("age"), max_length=8, blank=True)
    disability = models.CharField(
        _("disability"), max_length=8, choices=Disability, default="", blank=True
    )
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place")
    )
    sector = models.CharField(_("sector"), max_length=40, blank=True)
    may_contact = models.BooleanField(_("may be invited again"), default=False)
    key = models.UUIDField(default=uuid4, editable=False)
    arrived_at = models.DateTimeField()
    import_run = models.ForeignKey(
        ImportRun, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    checked_in_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["event", "key"], name="events_attendance_key"),
            models.UniqueConstraint(
                fields=["event", "invitation"],
                condition=Q(invitation__isnull=False),
                name="events_attendance_once",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Speech(Record):
    """A turn in the speaking queue: waited for, taken, ended; the queue is one for all rooms."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="speeches")
    room = models.ForeignKey(Room, models.CASCADE, related_name="+")
    attendance = models.ForeignKey(
        Attendance, models.SET_NULL, null=True, blank=True, related_name="speeches"
    )
    item = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, blank=True, related_name="+")
    label = models.CharField(_("who"), max_length=120, blank=True)
    sex = models.CharField(_("sex"), max_length=12, choices=Person.Sex, default="", blank=True)
    key = models.UUIDField(default=uuid4, editable=False)
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    seconds = models.PositiveIntegerField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["event", "key"], name="events_speech_key"),)

    def __str__(self) -> str:
        return self.label


class Note(Record):
    """A sentence written down while people speak; who said it is kept apart and protected."""

    class Kind(models.TextChoices):
        SAID = "said", pgettext_lazy("note", "said")
        DECISION = "decision", pgettext_lazy("note", "decision")
        AGREED = "agreed", pgettext_lazy("note", "agreed")
        NOT_AGREED = "not_agreed", pgettext_lazy("note", "not agreed")
        TO_STUDY = "to_study", pgettext_lazy("note", "to study")
        QUESTION = "question", pgettext_lazy("note", "open question")
        INTERNAL = "internal", pgettext_lazy("note", "for staff only")

    event = models.ForeignKey(Event, models.CASCADE, related_name="notes")
    item = models.ForeignKey(
        AgendaItem, models.SET_NULL, null=True, blank=True, related_name="notes"
    )
    room = models.ForeignKey(Room, models.SET_NULL, null=True, blank=True, related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.SAID)
    text = models.TextField(_("note"))
    language = models.CharField(max_length=12)
    speaker = models.ForeignKey(
        Attendance, models.SET_NULL, null=True, blank=True, related_name="notes"
    )
    key = models.UUIDField(default=uuid4, editable=False)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    replaced = models.JSONField(default=list, editable=False)  # earlier and rival wordings

    class Meta:
        constraints = (models.UniqueConstraint(fields=["event", "key"], name="events_note_key"),)

    def __str__(self) -> str:
        return self.text[:60]


class FollowUp(Record):
    """What somebody undertook at an event, with a day by which it is done."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="follow_ups")
    text = models.TextField(_("what is to be done"))
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    owner_name = models.CharField(_("or somebody else"), max_length=120, blank=True)
    due_on = models.DateField(_("by"))
    key = models.UUIDField(default=uuid4, editable=False)
    written_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["event", "key"], name="events_followup_key"),
        )

    def __str__(self) -> str:
        return self.text[:60]
