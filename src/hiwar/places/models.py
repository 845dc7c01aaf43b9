from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField


class Place(Record):
    """A unit of the place tree: country, region, district, town or village."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    level = models.CharField(_("level"), max_length=30)
    kind = models.CharField(_("kind of locality"), max_length=30, blank=True)
    name = MultilingualField(_("name"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = (models.Index(fields=["level", "code"], name="places_place_level"),)

    def __str__(self) -> str:
        return str(self.name)


class Calendar(Record):
    """A calendar of a place: its time zone, its weekend and what fills its year."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = MultilingualField(_("name"))
    time_zone = models.CharField(_("time zone"), max_length=60)
    weekend = models.JSONField(_("weekend"), default=list)  # ISO weekdays, 1 = Monday

    def __str__(self) -> str:
        return str(self.name)


class Season(Record):
    """A stretch of days of a calendar: a holiday, a fasting month, examinations, a harvest."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("holiday")
        FASTING = "fasting", _("fasting month")
        BUSY = "busy", _("busy season")

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="seasons")
    name = MultilingualField(_("name"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    is_estimated = models.BooleanField(_("calculated, may move"), default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="places_season_order"
            ),
        )

    def __str__(self) -> str:
        return str(self.name)


class WorkingHours(Record):
    """Hours of work of a calendar, ordinary or in a kind of season."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="working_hours")
    season_kind = models.CharField(max_length=20, choices=Season.Kind, blank=True)
    opens = models.TimeField(_("from"))
    closes = models.TimeField(_("until"))

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["calendar", "season_kind"], name="places_workinghours_one_per_kind"
            ),
        )

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"


class Pause(Record):
    """A weekly pause of a calendar in which nothing is scheduled without asking."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="pauses")
    name = MultilingualField(_("name"))
    weekday = models.PositiveSmallIntegerField(_("weekday"))  # ISO, 1 = Monday
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(weekday__gte=1, weekday__lte=7), name="places_pause_weekday"
            ),
        )

    def __str__(self) -> str:
        return str(self.name)


class WallTimed(Record):
    """Base of what happens at a time on a clock on a wall: day, time and zone, instants derived.

    The instants are a reading of the wall time with the zone data of ``zone_version``; new zone
    data moves the instants and never the wall time.
    """

    starts_on = models.DateField(_("day"))
    starts = models.TimeField(_("from"))
    ends_on = models.DateField(_("last day"))
    ends = models.TimeField(_("until"))
    zone = models.CharField(_("time zone"), max_length=60)
    starts_at = models.DateTimeField(editable=False)
    ends_at = models.DateTimeField(editable=False)
    zone_version = models.CharField(max_length=20, editable=False)

    class Meta:
        abstract = True

    def derive_instants(self) -> None:
        """Set the instants from the wall time and the zone data that are installed.

        A time that the clock skips is read as if the clock had not moved yet, and a time that
        comes twice as its first coming.
        """
        zone = ZoneInfo(self.zone)
        self.starts_at = datetime.combine(self.starts_on, self.starts, zone).astimezone(UTC)
        self.ends_at = datetime.combine(self.ends_on, self.ends, zone).astimezone(UTC)
        self.zone_version = version("tzdata")

    @property
    def length(self) -> timedelta:
        """How long it lasts."""
        return self.ends_at - self.starts_at
