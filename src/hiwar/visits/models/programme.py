from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField
from hiwar.contacts.models import Organisation, Person, Post
from hiwar.events.models import Event, Venue
from hiwar.visits.models.visits import Traveller, Visit


class ThemeTag(Record):
    """A theme under which items are found and counted."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = MultilingualField(_("name"))

    def __str__(self) -> str:
        return str(self.name)


class VisitItem(Record):
    """An entry of a visit's programme: an event, with what a delegation needs around it."""

    class Status(models.TextChoices):
        IDEA = "idea", pgettext_lazy("item", "idea")
        REQUESTED = "requested", pgettext_lazy("item", "requested")
        CONFIRMED = "confirmed", pgettext_lazy("item", "confirmed")
        BRIEFED = "briefed", pgettext_lazy("item", "briefed")
        DONE = "done", pgettext_lazy("item", "done")
        CANCELLED = "cancelled", pgettext_lazy("item", "cancelled")

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="items")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.REQUESTED)
    organisations = models.ManyToManyField(
        Organisation, related_name="+", blank=True, verbose_name=_("hosts")
    )
    posts = models.ManyToManyField(Post, related_name="+", blank=True, verbose_name=_("posts"))
    speakers = models.ManyToManyField(
        Person, related_name="+", blank=True, verbose_name=_("who speaks")
    )
    staff = models.ManyToManyField(
        User, related_name="+", blank=True, verbose_name=_("our colleagues there")
    )
    needs_interpreter = models.BooleanField(_("needs an interpreter"), default=False)
    interpreter = models.CharField(_("interpreter"), max_length=120, blank=True)
    most_people = models.PositiveSmallIntegerField(_("at most, people"), null=True, blank=True)
    phone = models.CharField(_("telephone on the day"), max_length=40, blank=True)
    note = models.CharField(_("note for staff"), max_length=300, blank=True)
    plan_b = MultilingualField(_("plan B"), is_long=True, blank=True)
    fallback = MultilingualField(_("fall-back steps, one on each line"), is_long=True, blank=True)
    themes = models.ManyToManyField(ThemeTag, related_name="items", blank=True)
    original_on = models.DateField(_("original day"), null=True, blank=True, editable=False)
    original_form = models.CharField(max_length=12, blank=True, default="", editable=False)
    override_reason = models.CharField(
        _("why two things at once are right"), max_length=300, blank=True
    )
    met_female = models.PositiveSmallIntegerField(_("women met"), null=True, blank=True)
    met_male = models.PositiveSmallIntegerField(_("men met"), null=True, blank=True)
    met_other = models.PositiveSmallIntegerField(_("others met"), null=True, blank=True)

    def __str__(self) -> str:
        return str(self.event)

    @property
    def has_moved(self) -> bool:
        """Whether the item is on another day than it was fixed for."""
        return self.original_on is not None and self.original_on != self.event.starts_on

    @property
    def has_other_form(self) -> bool:
        """Whether the item takes place in another form than it was fixed for."""
        return bool(self.original_form) and self.original_form != self.event.form


class Route(Record):
    """How long the way between two towns takes, on an ordinary day and on a bad one."""

    class Mode(models.TextChoices):
        BUS = "bus", _("bus")
        CAR = "car", _("car")
        WALK = "walk", _("on foot")

    origin = models.CharField(_("from"), max_length=80)
    destination = models.CharField(_("to"), max_length=80)
    mode = models.CharField(_("by"), max_length=6, choices=Mode, default=Mode.BUS)
    kilometres = models.PositiveSmallIntegerField(_("kilometres"), default=0)
    typical_minutes = models.PositiveSmallIntegerField(_("minutes on an ordinary day"))
    bad_day_minutes = models.PositiveSmallIntegerField(_("minutes on a bad day"))
    crossing = MultilingualField(_("crossing on the way"), blank=True)
    opens = models.TimeField(_("opens at"), null=True, blank=True)
    closes = models.TimeField(_("closes at"), null=True, blank=True)
    permit = models.CharField(_("permit asked for"), max_length=60, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["origin", "destination"], name="visits_route_once"),
        )

    def __str__(self) -> str:
        return f"{self.origin} – {self.destination}"


class Leg(Record):
    """The way from the item before, or from where the night was spent, to an item."""

    item = models.OneToOneField(VisitItem, models.CASCADE, related_name="leg")
    origin = MultilingualField(_("from"), blank=True)
    mode = models.CharField(_("by"), max_length=6, choices=Route.Mode, default=Route.Mode.BUS)
    kilometres = models.PositiveSmallIntegerField(_("kilometres"), default=0)
    typical_minutes = models.PositiveSmallIntegerField(_("minutes on an ordinary day"))
    bad_day_minutes = models.PositiveSmallIntegerField(_("minutes on a bad day"))
    buffer_minutes = models.PositiveSmallIntegerField(_("spare minutes"), default=0)
    crossing = MultilingualField(_("crossing on the way"), blank=True)
    opens = models.TimeField(_("opens at"), null=True, blank=True)
    closes = models.TimeField(_("closes at"), null=True, blank=True)
    permit = models.CharField(_("permit asked for"), max_length=60, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(bad_day_minutes__gte=F("typical_minutes")), name="visits_leg_minutes"
            ),
        )

    def __str__(self) -> str:
        return f"{self.origin} – {self.item}"


class Permit(Record):
    """Leave for one traveller to pass where it is asked for."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("permit", "asked for")
        GIVEN = "given", pgettext_lazy("permit", "given")
        REFUSED = "refused", pgettext_lazy("permit", "refused")

    traveller = models.ForeignKey(Traveller, models.CASCADE, related_name="permits")
    kind = models.CharField(_("permit"), max_length=60)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ASKED)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["traveller", "kind"], name="visits_permit_once"),
        )

    def __str__(self) -> str:
        return self.kind


class Booking(Record):
    """What was booked for a visit: nights, a bus, a meal, an interpreter, a hall."""

    class Kind(models.TextChoices):
        NIGHTS = "nights", _("nights")
        TRANSPORT = "transport", _("transport")
        MEAL = "meal", _("meal")
        INTERPRETER = "interpreter", _("interpreter")
        HALL = "hall", _("hall")

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("booking", "planned")
        BOOKED = "booked", pgettext_lazy("booking", "booked")
        TO_CANCEL = "to_cancel", pgettext_lazy("booking", "to be cancelled")
        CANCELLED = "cancelled", pgettext_lazy("booking", "cancelled")

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="bookings")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    title = MultilingualField(_("what"))
    venue = models.ForeignKey(Venue, models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    nights = models.PositiveSmallIntegerField(_("nights"), default=0)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)

    def __str__(self) -> str:
        return str(self.title)


class MeetingNote(Record):
    """What was written down about an item: minutes for staff, or an answer that came later."""

    class Kind(models.TextChoices):
        MINUTES = "minutes", _("minutes, for staff")
        ANSWER = "answer", _("written answer")

    item = models.ForeignKey(VisitItem, models.CASCADE, related_name="notes")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    said_by = models.CharField(_("who said it, for staff only"), max_length=160, blank=True)
    text = models.TextField(_("text"))
    at = models.DateTimeField(_("when it was said"))
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.text[:60]


class Undertaking(Record):
    """What somebody said they would do after a visit, with who sees to it and by when."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="undertakings")
    item = models.ForeignKey(
        VisitItem, models.CASCADE, null=True, blank=True, related_name="undertakings"
    )
    text = MultilingualField(_("what"))
    owner = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("who sees to it")
    )
    due_on = models.DateField(_("by"))
    done_on = models.DateField(_("done on"), null=True, blank=True)

    def __str__(self) -> str:
        return str(self.text)
