from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField
from hiwar.contacts.models import Person
from hiwar.events.models.events import Event, Venue
from hiwar.places.models import Place


class AgendaItem(Record):
    """A stretch of an event with its minutes, who leads it, what it is for, and its rule."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    title = MultilingualField(_("title"))
    purpose = MultilingualField(_("purpose"), blank=True)
    role = models.CharField(_("led by"), max_length=20, blank=True)
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    attribution = models.CharField(  # empty: as the event has it
        max_length=16, choices=Event.Attribution, default="", blank=True
    )

    class Meta:
        indexes = (models.Index(fields=["event", "position"], name="events_agenda_position"),)

    def __str__(self) -> str:
        return str(self.title)


class Room(Record):
    """One of the places where an event happens at the same time, with who leads it there."""

    class Kind(models.TextChoices):
        MIXED = "mixed", pgettext_lazy("room", "everybody")
        WOMEN_ONLY = "women_only", pgettext_lazy("room", "women only")
        YOUTH = "youth", pgettext_lazy("room", "young people")
        ONLINE = "online", pgettext_lazy("room", "online")

    event = models.ForeignKey(Event, models.CASCADE, related_name="rooms")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=12)
    label = MultilingualField(_("name"))
    kind = models.CharField(_("who it is for"), max_length=12, choices=Kind, default=Kind.MIXED)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    venue = models.ForeignKey(Venue, models.PROTECT, null=True, blank=True, related_name="+")
    facilitator = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["event", "code"], name="events_room_code"),)

    def __str__(self) -> str:
        return str(self.label)


class EventRole(Record):
    """What somebody does at an event: chairs, takes notes, keeps time, helps with language."""

    class Code(models.TextChoices):
        CHAIR = "chair", _("chair")
        NOTE_TAKER = "note_taker", _("note taker")
        TIMEKEEPER = "timekeeper", _("timekeeper")
        LANGUAGE_HELPER = "language_helper", _("language helper")
        SAFETY_CONTACT = "safety_contact", _("safety contact")
        SPEAKER = "speaker", pgettext_lazy("role at an event", "speaker")

    event = models.ForeignKey(Event, models.CASCADE, related_name="roles")
    code = models.CharField(_("role"), max_length=20, choices=Code)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("name"), max_length=120, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["event", "code"],
                condition=~models.Q(code="speaker"),
                name="events_role_once",
            ),
        )

    def __str__(self) -> str:
        return str(self.user or self.person or self.name)


class Preparation(Record):
    """A line of the list of what an event needs: the venue, access, childcare, transport."""

    class Kind(models.TextChoices):
        VENUE = "venue", _("venue")
        ACCESS = "access", _("access")
        CHILDCARE = "childcare", _("childcare")
        TRANSPORT = "transport", _("transport")
        MATERIAL = "material", _("material")
        SAFETY = "safety", _("safety")

    event = models.ForeignKey(Event, models.CASCADE, related_name="preparations")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    text = MultilingualField(_("what"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return str(self.text)
