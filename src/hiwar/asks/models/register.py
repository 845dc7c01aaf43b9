from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.asks.models.asks import AskPoint
from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField
from hiwar.contacts.models import Interaction, Post

if TYPE_CHECKING:
    from hiwar.common.multilingual import MultilingualText

PUBLISHED = "published"


class RegisterKind(Record):
    """That meetings with one kind of body are told to everybody. Without any there is no register.

    ``code`` is one of the kinds of organisations, which are data.
    """

    code = models.CharField(_("kind"), max_length=40, unique=True)

    def __str__(self) -> str:
        return self.code


class MeetingEntry(Record):
    """What everybody reads of one contact with a post, in words of its own that stay.

    It is written beside the contact log and never copied from it. Once published its words stand;
    a correction is another entry (``corrects``) that is published in turn and says what is
    different. Off the record it holds a theme and a month and nothing else.
    """

    class Precision(models.TextChoices):
        DAY = "day", pgettext_lazy("meeting", "the day")
        MONTH = "month", pgettext_lazy("meeting", "the month alone")

    class Manner(models.TextChoices):
        MEETING = "meeting", pgettext_lazy("meeting", "meeting")
        VISIT = "visit", pgettext_lazy("meeting", "visit")
        CALL = "call", pgettext_lazy("meeting", "call")
        VIDEO = "video", pgettext_lazy("meeting", "video call")
        WRITTEN = "written", pgettext_lazy("meeting", "in writing")

    # None once the contact was deleted: what was published stays.
    interaction = models.ForeignKey(
        Interaction, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    category = models.CharField(_("kind"), max_length=40)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    correction = MultilingualField(_("what is corrected"), blank=True)
    is_off_record = models.BooleanField(_("off the record"), default=False)
    # The first of the month where the month alone is told.
    on = models.DateField(pgettext_lazy("of a meeting", "on"))
    precision = models.CharField(
        _("how exact"), max_length=6, choices=Precision, default=Precision.DAY
    )
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+")
    post_name = MultilingualField(_("post"), blank=True)
    body_name = MultilingualField(_("body"), blank=True)
    manner = models.CharField(_("how"), max_length=8, choices=Manner, blank=True)
    place = MultilingualField(_("place"), blank=True)
    ours = MultilingualField(_("who of us"), blank=True)
    theme = MultilingualField(_("theme"))
    point = models.ForeignKey(AskPoint, models.SET_NULL, null=True, blank=True, related_name="+")
    # Folded public words, for searching; kept by the actions.
    search_text = models.TextField(blank=True, editable=False)
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(editable=False)
    told_on = models.DateField(_("they were told on"), null=True, blank=True)
    told_how = models.CharField(_("how they were told"), max_length=300, blank=True)
    published_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", editable=False
    )
    published_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", editable=False
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_because = MultilingualField(_("why"), blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(is_off_record=False, post__isnull=False)
                | Q(is_off_record=True, post=None, point=None, manner="", precision="month"),
                name="asks_meeting_off_record",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(published_at__isnull=False),
                name="asks_meeting_withdrawn",
            ),
        )
        indexes = (models.Index(fields=["category", "-on"], name="asks_meeting_day"),)

    def __str__(self) -> str:
        return f"{self.post_name}: {self.theme}" if self.post_name else str(self.theme)

    @property
    def state(self) -> str:
        """Draft, told, published or withdrawn, as a code."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        if self.published_at is not None:
            return PUBLISHED
        return "told" if self.told_on is not None else "draft"

    @property
    def words(self) -> list[MultilingualText]:
        """All that everybody reads of it in words."""
        return [self.post_name, self.body_name, self.place, self.ours, self.theme]
