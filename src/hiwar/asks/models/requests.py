from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import Guarded, User
from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField
from hiwar.contacts.models import Organisation
from hiwar.dossiers.models import Dossier

LENGTH = (MinValueValidator(1), MaxValueValidator(250))


class Clock(Record):
    """How long a body has to answer a request, from when, and by which law if by any.

    It is data: what a law of one country says is entered, with its source and the day of the check.
    """

    class Unit(models.TextChoices):
        WORKING_DAYS = "working_days", pgettext_lazy("clock", "working days")
        DAYS = "days", pgettext_lazy("clock", "days")
        WEEKS = "weeks", pgettext_lazy("clock", "weeks")
        MONTHS = "months", pgettext_lazy("clock", "months")

    class Start(models.TextChoices):
        RECEIPT = "receipt", _("from receipt; on a day off it counts as received the next")
        DAY_AFTER = "day_after", _("from the day after it was received")
        SAME_DAY = "same_day", _("from the day on which it was received")

    class Roll(models.TextChoices):
        NEXT = "next_working_day", _("a last day that is off moves to the next working day")
        NONE = "none", _("a last day that is off stays")

    name = MultilingualField(_("name"))
    legal_basis = models.CharField(_("law and article"), max_length=200, blank=True)
    source_url = models.URLField(_("where it can be read"), max_length=500, blank=True)
    checked_on = models.DateField(_("checked on"))
    length = models.PositiveSmallIntegerField(_("how long"), validators=LENGTH)
    unit = models.CharField(_("counted in"), max_length=12, choices=Unit, default="working_days")
    start_rule = models.CharField(_("begins"), max_length=12, choices=Start, default="receipt")
    roll = models.CharField(_("ends"), max_length=20, choices=Roll, default="next_working_day")
    extension = models.PositiveSmallIntegerField(
        _("how much longer they can make it, once"), null=True, blank=True, validators=LENGTH
    )
    appeal = models.PositiveSmallIntegerField(
        _("how long one can appeal"), null=True, blank=True, validators=LENGTH
    )
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    def __str__(self) -> str:
        return str(self.name)


class InformationRequest(Guarded):
    """What the institution asks a body to tell or hand over, with the clock that runs for it.

    How far it has come, the last day for an answer and *unanswered* are read from its steps.
    """

    dossier = models.ForeignKey(
        Dossier, models.PROTECT, related_name="+", verbose_name=_("dossier")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("body")
    )
    subject = MultilingualField(_("what is asked for"))
    text = models.TextField(_("the request, word for word"))
    clock = models.ForeignKey(
        Clock, models.PROTECT, null=True, blank=True, related_name="requests",
        verbose_name=_("clock"),
    )  # fmt: skip
    # Without a clock: working days that we name ourselves, bound by nothing.
    days = models.PositiveSmallIntegerField(
        _("working days"), null=True, blank=True, validators=LENGTH
    )
    filed_on = models.DateField(_("filed on"))
    created_at = models.DateTimeField(editable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(clock__isnull=False, days=None) | Q(clock=None, days__isnull=False),
                name="asks_request_one_clock",
            ),
        )

    def __str__(self) -> str:
        return str(self.subject)


class RequestStep(Record):
    """What happened with an information request on a day, with its source."""

    class Kind(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("request", "received by them")
        ACKNOWLEDGED = "acknowledged", pgettext_lazy("request", "receipt confirmed")
        CLARIFICATION = "clarification", pgettext_lazy("request", "they ask what is meant")
        CLARIFIED = "clarified", pgettext_lazy("request", "we said what is meant")
        EXTENDED = "extended", pgettext_lazy("request", "made longer by them")
        ANSWERED = "answered", pgettext_lazy("request", "answered")
        APPEALED = "appealed", pgettext_lazy("request", "appealed by us")
        DECIDED = "decided", pgettext_lazy("request", "appeal decided")

    class Result(models.TextChoices):
        FULL = "full", pgettext_lazy("request", "in full")
        PART = "part", pgettext_lazy("request", "in part")
        REFUSED = "refused", pgettext_lazy("request", "refused")
        NOT_HELD = "not_held", pgettext_lazy("request", "they do not hold it")
        PASSED_ON = "passed_on", pgettext_lazy("request", "passed on to another body")

    request = models.ForeignKey(InformationRequest, models.CASCADE, related_name="steps")
    kind = models.CharField(_("what happened"), max_length=14, choices=Kind)
    day = models.DateField(_("day"))
    result = models.CharField(_("with what result"), max_length=10, choices=Result, blank=True)
    ground = models.CharField(_("on which ground"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(editable=False)

    def __str__(self) -> str:
        return str(self.get_kind_display())
