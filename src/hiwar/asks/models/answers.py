from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.asks.models.asks import Addressee, AskPoint
from hiwar.asks.models.letters import AnswerLink, Letter
from hiwar.common.dates import day
from hiwar.common.models import Record, StoredFile


class Answer(Record):
    """What an addressee answered on a day, by whom and in what capacity; corrected, never changed.

    What came in by a link is *received by link* until somebody confirmed it another way.
    """

    class Kind(models.TextChoices):
        ANSWER = "answer", pgettext_lazy("answer", "answer")
        ELSEWHERE = "elsewhere", pgettext_lazy("answer", "not theirs to decide")
        WITHDRAWAL = "withdrawal", pgettext_lazy("answer", "earlier answer withdrawn")

    class Way(models.TextChoices):
        LINK = "link", pgettext_lazy("answer", "by the private link")
        LETTER = "letter", pgettext_lazy("answer", "by letter")
        MEETING = "meeting", pgettext_lazy("answer", "in a meeting")
        CALL = "call", pgettext_lazy("answer", "by telephone")
        PUBLIC = "public", pgettext_lazy("answer", "in public")

    class Capacity(models.TextChoices):
        HOLDER = "holder", pgettext_lazy("answer", "as holder of the post")
        FOR_HOLDER = "for_holder", pgettext_lazy("answer", "for the holder")
        OTHER = "other", pgettext_lazy("answer", "from another post")

    class Confirmation(models.TextChoices):
        NONE = "", pgettext_lazy("answer", "received by link")
        CALL = "call", pgettext_lazy("answer", "confirmed by calling back")
        LETTER = "letter", pgettext_lazy("answer", "confirmed by letter")
        MAIL = "mail", pgettext_lazy("answer", "confirmed by official mail")

    addressee = models.ForeignKey(Addressee, models.CASCADE, related_name="answers")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.ANSWER)
    way = models.CharField(_("how it came"), max_length=8, choices=Way)
    letter = models.ForeignKey(
        Letter, models.PROTECT, null=True, blank=True, related_name="answers"
    )
    link = models.ForeignKey(
        AnswerLink, models.PROTECT, null=True, blank=True, related_name="answers"
    )
    words = models.TextField(_("in their words"), blank=True)
    until = models.DateField(_("by when"), null=True, blank=True)
    giver_name = models.CharField(_("name"), max_length=200, blank=True)
    giver_function = models.CharField(_("function"), max_length=200, blank=True)
    capacity = models.CharField(
        _("in what capacity"), max_length=10, choices=Capacity, default=Capacity.HOLDER
    )
    answered_on = models.DateField(_("day of the answer"))
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_as = models.CharField(
        max_length=8, choices=Confirmation, blank=True, default=Confirmation.NONE
    )
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    may_publish = models.BooleanField(_("may be published"), default=False)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(way="link", link__isnull=False)
                | ~Q(way="link") & Q(recorded_by__isnull=False),
                name="asks_answer_from",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_as="", confirmed_by=None)
                | ~Q(confirmed_as="") & Q(confirmed_by__isnull=False),
                name="asks_answer_confirmed",
            ),
        )
        indexes = (models.Index(fields=["addressee", "-recorded_at"], name="asks_answer_latest"),)

    def __str__(self) -> str:
        return f"{self.addressee} · {day(self.answered_on)}"


class AnswerPoint(Record):
    """The verdict of an answer on one point."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", pgettext_lazy("verdict", "accepted")
        PART = "part", pgettext_lazy("verdict", "accepted in part")
        DECLINED = "declined", pgettext_lazy("verdict", "declined")
        TIME = "time", pgettext_lazy("verdict", "needs time")

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="answer_points")
    point = models.ForeignKey(AskPoint, models.PROTECT, related_name="answer_points")
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["answer", "point"], name="asks_answerpoint_once"),
        )

    def __str__(self) -> str:
        return str(self.get_verdict_display())


class AnswerFile(Record):
    """A file that came with an answer; public one by one, after somebody looked."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="files")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    is_public = models.BooleanField(_("everybody may read it"), default=False)

    def __str__(self) -> str:
        return str(self.file)
