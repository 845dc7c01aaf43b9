from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField
from hiwar.legislation.models.amendments import Amendment
from hiwar.legislation.models.laws import Law
from hiwar.legislation.models.versions import LawVersion


class AmendmentOutcome(Record):
    """What became of an amendment in a later version, as a person confirmed it.

    What the reader of outcomes proposes is worked out whenever it is shown, and kept here only as
    it was when somebody decided.
    """

    class Result(models.TextChoices):
        SAME = "same", pgettext_lazy("outcome", "as asked")
        STRONGER = "stronger", pgettext_lazy("outcome", "more than asked")
        WEAKER = "weaker", pgettext_lazy("outcome", "in part")
        ELSEWHERE = "elsewhere", pgettext_lazy("outcome", "in another place")
        ABSENT = "absent", pgettext_lazy("outcome", "not adopted")
        UNCLEAR = "unclear", pgettext_lazy("outcome", "unclear")

    amendment = models.ForeignKey(Amendment, models.CASCADE, related_name="outcomes")
    version = models.ForeignKey(LawVersion, models.PROTECT, related_name="+")
    result = models.CharField(_("what became of it"), max_length=10, choices=Result)
    suggested = models.CharField(max_length=10, choices=Result, editable=False)
    words = models.CharField(_("words that decide it"), max_length=500, blank=True)
    eid = models.CharField(_("where it stands now"), max_length=120, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["amendment", "version"], name="legislation_outcome_once"
            ),
        )

    def __str__(self) -> str:
        return str(self.get_result_display())

    @property
    def is_fulfilled(self) -> bool:
        """Whether it was taken over, fully or in part."""
        return self.result in FULFILLED


FULFILLED = frozenset(
    [
        AmendmentOutcome.Result.SAME,
        AmendmentOutcome.Result.STRONGER,
        AmendmentOutcome.Result.WEAKER,
        AmendmentOutcome.Result.ELSEWHERE,
    ]
)


class OfficialAnswer(Record):
    """What an authority answered about a law or one of its articles: in its words, when, where."""

    law = models.ForeignKey(Law, models.CASCADE, related_name="answers")
    # The address of an article; empty for the law as a whole.
    eid = models.CharField(_("article"), max_length=120, blank=True)
    body = models.CharField(_("who answered"), max_length=200)
    text = MultilingualField(_("answer"), is_long=True)
    source = models.CharField(_("source"), max_length=300)
    answered_on = models.DateField(_("day"))
    is_published = models.BooleanField(_("everybody may read it"), default=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(editable=False)

    def __str__(self) -> str:
        return self.body
