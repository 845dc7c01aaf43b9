from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField
from hiwar.dialogues.models import Round
from hiwar.events.models import Event
from hiwar.forums.models.forums import Forum

if TYPE_CHECKING:
    from datetime import date


class Stage(Record):
    """A step of a forum: a round of a dialogue, a session, the drafting, a review.

    Once it points at a round or an event, the days are those of that.
    """

    class Kind(models.TextChoices):
        COLLECT = "collect", pgettext_lazy("stage", "collecting ideas")
        VOTE = "vote", pgettext_lazy("stage", "voting")
        SESSION = "session", pgettext_lazy("stage", "session")
        RECOMMEND = "recommend", pgettext_lazy("stage", "recommendations")
        DRAFTING = "drafting", pgettext_lazy("stage", "drafting")
        REVIEW = "review", pgettext_lazy("stage", "review")

    forum = models.ForeignKey(Forum, models.CASCADE, related_name="stages")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    title = MultilingualField(_("title"), blank=True)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    starts = models.TimeField(_("from"), null=True, blank=True)
    ends = models.TimeField(_("until"), null=True, blank=True)
    # Why it takes place although the calendar has a pause then, and who said so.
    despite = models.CharField(_("why then all the same"), max_length=300, blank=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    round = models.ForeignKey(
        Round, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("round of a dialogue"),
    )  # fmt: skip
    event = models.ForeignKey(
        Event, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("event")
    )
    done_on = models.DateField(_("done on"), null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(round=None) | Q(event=None), name="forums_stage_points_at_one"
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="forums_stage_order",
            ),
        )

    def __str__(self) -> str:
        return str(self.title) or str(self.get_kind_display())

    @property
    def first_day(self) -> date | None:
        """The day it begins: of what it points at, else as planned."""
        if self.event is not None:
            return self.event.starts_on
        return (self.round.starts_on if self.round is not None else None) or self.starts_on

    @property
    def last_day(self) -> date | None:
        """The day it ends: of what it points at, else as planned."""
        if self.event is not None:
            return self.event.ends_on
        return (self.round.ends_on if self.round is not None else None) or self.ends_on

    @property
    def is_done(self) -> bool:
        """Whether the round is closed, the event was held, or somebody said so."""
        if self.round is not None:
            return self.round.state == Round.State.CLOSED
        if self.event is not None:
            return self.event.held_at is not None
        return self.done_on is not None
