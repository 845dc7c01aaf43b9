from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hiwar.common import dates
from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField
from hiwar.dossiers.models import Dossier
from hiwar.places.models import Calendar


class Dialogue(Record):
    """A question put to people, with its rules, its rounds and who decides on what it brings."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("dialogue", "draft")
        OPEN = "open", pgettext_lazy("dialogue", "open")
        CLOSED = "closed", pgettext_lazy("dialogue", "closed")

    class Moderation(models.TextChoices):
        HOLD_FIRST = "hold_first", _("shown after review")
        OPEN = "open", _("shown at once, reviewed after")

    class Risk(models.TextChoices):
        ORDINARY = "ordinary", _("ordinary")
        HIGH = "high", _("high")

    class Tier(models.TextChoices):
        COUNTS = "A", _("counts only")
        BALLOTS = "B", _("votes by statement, not linked")
        MATRIX = "C", _("rows of votes")

    code = models.CharField(_("code"), max_length=16, unique=True)
    slug = models.SlugField(_("address"), max_length=80, unique=True, allow_unicode=True)
    title = MultilingualField(_("title"))
    question = MultilingualField(_("question"))
    introduction = MultilingualField(_("introduction"), is_long=True, blank=True)
    ground_rules = models.JSONField(_("ground rules"), default=list)  # list of texts by language
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    moderation = models.CharField(max_length=12, choices=Moderation, default=Moderation.HOLD_FIRST)
    risk = models.CharField(max_length=10, choices=Risk, default=Risk.ORDINARY)
    publication_tier = models.CharField(max_length=1, choices=Tier, default=Tier.COUNTS)
    threshold = models.PositiveSmallIntegerField(_("smallest number shown"), default=5)
    room_threshold = models.PositiveSmallIntegerField(
        _("smallest room shown alone"), default=10, validators=[MinValueValidator(5)]
    )
    bridging_share = models.PositiveSmallIntegerField(
        _("share of a bridging statement, in percent"),
        default=60,
        validators=[MinValueValidator(50), MaxValueValidator(100)],
    )
    min_votes_per_statement = models.PositiveSmallIntegerField(default=0)
    accepts_open_link = models.BooleanField(default=True)
    asks_about = models.JSONField(default=list)  # sex, age_band, place, disability, sector
    calendar = models.ForeignKey(Calendar, models.PROTECT, null=True, blank=True, related_name="+")
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("dossier")
    )
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    # The newest version of the results that still counts somebody who was erased.
    outdated_version = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    contact_secret = models.CharField(max_length=64, editable=False)
    log_secret = models.CharField(max_length=64, editable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(risk="high") | Q(publication_tier="A"),
                name="dialogues_dialogue_high_risk_counts_only",
            ),
        )

    def __str__(self) -> str:
        return str(self.title)


class Round(Record):
    """A stage of a dialogue; it opens only when who decides, by when and on what is written."""

    class Kind(models.TextChoices):
        COLLECT = "collect", _("collecting ideas")
        VOTE = "vote", _("voting")
        RECOMMEND = "recommend", _("recommendations")

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        OPEN = "open", pgettext_lazy("round", "open")
        CLOSED = "closed", pgettext_lazy("round", "closed")

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    closing_time = models.TimeField(_("hour of closing"), null=True, blank=True)
    who_decides = MultilingualField(_("who decides"), blank=True)
    decision_on = models.DateField(_("decision by"), null=True, blank=True)
    on_the_table = MultilingualField(_("what is on the table"), is_long=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["dialogue", "number"], name="dialogues_round_number"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="dialogues_round_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}. {self.get_kind_display()}"

    @property
    def closes_at(self) -> datetime | None:
        """When the round closes by itself, by the clock of the place; None without a last day."""
        if self.ends_on is None:
            return None
        zone = timezone.get_default_timezone()
        if self.closing_time is None:
            return datetime.combine(self.ends_on + timedelta(days=1), time(), zone)
        return datetime.combine(self.ends_on, self.closing_time, zone)

    @property
    def until(self) -> str:
        """The last day in words, with the hour where one is set; empty without a last day."""
        if self.ends_on is None:
            return ""
        if self.closing_time is None:
            return dates.day(self.ends_on)
        facts = {"day": dates.day(self.ends_on), "hour": f"{self.closing_time:%H:%M}"}
        return gettext("%(day)s, %(hour)s") % facts


class Target(Record):
    """What share of participants, or how many places, a dialogue means to reach."""

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="targets")
    attribute = models.CharField(max_length=20)  # sex, age_band, disability, place, sector
    values = models.JSONField(default=list)
    share = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    count = models.PositiveIntegerField(null=True, blank=True)
    label = MultilingualField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(share__isnull=False) | Q(count__isnull=False),
                name="dialogues_target_share_or_count",
            ),
        )

    def __str__(self) -> str:
        return str(self.label)
