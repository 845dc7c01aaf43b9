from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import Guarded
from hiwar.common.models import ImportRun, Record
from hiwar.common.multilingual import MultilingualField
from hiwar.contacts.models import Organisation
from hiwar.dossiers.models import Dossier
from hiwar.places.models import Place, WallTimed


class Venue(Record):
    """A place where people can meet or stay, with what was checked there."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    code = models.CharField(_("code"), max_length=40, blank=True, db_index=True)
    name = MultilingualField(_("name"))
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    address = MultilingualField(_("address"), blank=True)
    capacity = models.PositiveIntegerField(_("capacity"), null=True, blank=True)
    is_step_free = models.BooleanField(_("step-free"), null=True, blank=True)
    features = models.JSONField(_("features"), default=dict, blank=True)  # words are data
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    def __str__(self) -> str:
        return str(self.name)


class Series(Record):
    """Events that continue one another and carry open questions over."""

    title = MultilingualField(_("title"))
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return str(self.title)


class Event(Guarded, WallTimed):
    """Something the institution convenes or attends: a town hall, a session, a meeting."""

    class Kind(models.TextChoices):
        TOWN_HALL = "town_hall", _("town hall meeting")
        SESSION = "session", _("policy dialogue session")
        ROUND_TABLE = "round_table", _("round table")
        BRIEFING = "briefing", _("briefing")
        DISCUSSION = "discussion", _("discussion session")
        WORKSHOP = "workshop", _("workshop")
        MEETING = "meeting", _("meeting")
        CONFERENCE = "conference", _("conference")
        SITE_VISIT = "site_visit", _("site visit")

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("event", "planned")
        INVITED = "invited", pgettext_lazy("event", "invitations sent")
        READY = "ready", pgettext_lazy("event", "rules set")
        HELD = "held", pgettext_lazy("event", "held")
        NOTES_IN = "notes_in", pgettext_lazy("event", "notes in")
        MINUTES_INTERNAL = "minutes_internal", pgettext_lazy("event", "minutes for staff")
        MINUTES_PUBLIC = "minutes_public", pgettext_lazy("event", "minutes public")
        FEEDBACK_SENT = "feedback_sent", pgettext_lazy("event", "participants told")
        POSTPONED = "postponed", pgettext_lazy("event", "postponed")
        CANCELLED = "cancelled", pgettext_lazy("event", "cancelled")

    class Form(models.TextChoices):
        IN_PERSON = "in_person", _("in person")
        ONLINE = "online", _("online")
        HYBRID = "hybrid", _("in person and online")

    class Attribution(models.TextChoices):
        UNSET = "", _("not set yet")
        PUBLIC = "public", _("public")
        ON_RECORD = "on_record", _("on the record")
        BACKGROUND = "background", _("background")
        CHATHAM_HOUSE = "chatham_house", _("non-attribution rule")
        OFF_RECORD = "off_record", _("off the record")

    code = models.CharField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.PLANNED)
    form = models.CharField(_("form"), max_length=12, choices=Form, default=Form.IN_PERSON)
    title = MultilingualField(_("title"))
    purpose = MultilingualField(_("purpose"), is_long=True, blank=True)
    series = models.ForeignKey(Series, models.PROTECT, null=True, blank=True, related_name="events")
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, blank=True, related_name="+")
    venue = models.ForeignKey(Venue, models.PROTECT, null=True, blank=True, related_name="events")
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    where = MultilingualField(_("where"), blank=True)
    attribution = models.CharField(
        _("rule of attribution"), max_length=16, choices=Attribution, default="", blank=True
    )
    safety_note = MultilingualField(_("safety note"), is_long=True, blank=True)
    template = models.CharField(max_length=40, blank=True, editable=False)
    continues = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="continued_by"
    )
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True)
    reply_by = models.DateField(_("answer until"), null=True, blank=True)
    allows_plus_one = models.BooleanField(_("invitees may bring one person"), default=False)
    quota = models.PositiveSmallIntegerField(_("share of women speaking, in percent"), default=0)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    held_at = models.DateTimeField(null=True, blank=True, editable=False)
    donors = models.JSONField(_("donors"), default=list, blank=True, editable=False)
    import_run = models.ForeignKey(
        ImportRun, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    is_archive = models.BooleanField(default=False, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(editable=False)
    modified_at = models.DateTimeField(editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="events_event_order"
            ),
        )
        indexes = (models.Index(fields=["starts_at"], name="events_event_starts"),)

    def __str__(self) -> str:
        return str(self.title)
