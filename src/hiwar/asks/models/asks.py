from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import Guarded
from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField
from hiwar.contacts.models import Post
from hiwar.dossiers.models import Barrier, Dossier
from hiwar.legislation.models import Amendment, Provision
from hiwar.papers.models import Recommendation


class Ask(Guarded):
    """What the institution wants decided, in one sentence that stays while texts change.

    Where it stands is derived from its points and addressees; ``state`` is our own decision on it.
    """

    class State(models.TextChoices):
        DRAFTED = "drafted", pgettext_lazy("ask", "drafted")
        APPROVED = "approved", pgettext_lazy("ask", "approved")
        DROPPED = "dropped", pgettext_lazy("ask", "dropped")

    dossier = models.ForeignKey(
        Dossier, models.PROTECT, related_name="+", verbose_name=_("dossier")
    )
    number = models.PositiveSmallIntegerField(editable=False)
    # For addresses outside: numbers in order would tell how many asks are kept back.
    code = models.CharField(max_length=10, blank=True, default="", editable=False)
    text = MultilingualField(_("ask"))
    short = MultilingualField(_("in a few words"))
    barrier = models.ForeignKey(
        Barrier, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("barrier")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFTED)
    created_at = models.DateTimeField(editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["dossier", "number"], name="asks_ask_number"),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="asks_ask_code"),
        )

    def __str__(self) -> str:
        return str(self.short)


class AskPoint(Record):
    """One act that an ask wants: on a recommendation, an amendment or a provision, or on its own.

    Every point is put to every addressee of the ask; answers and outcomes hang on both.
    """

    ask = models.ForeignKey(Ask, models.CASCADE, related_name="points")
    number = models.PositiveSmallIntegerField(editable=False)
    act = MultilingualField(_("what is wanted"))
    recommendation = models.ForeignKey(
        Recommendation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    amendment = models.ForeignKey(
        Amendment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    provision = models.ForeignKey(
        Provision, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["ask", "number"], name="asks_point_number"),
            models.CheckConstraint(
                condition=Q(recommendation=None, amendment=None)
                | Q(recommendation=None, provision=None)
                | Q(amendment=None, provision=None),
                name="asks_point_on_one",
            ),
        )

    def __str__(self) -> str:
        return str(self.act)


class Addressee(Record):
    """A post that an ask is put to, and how far it has come there; whoever holds the post.

    *No answer* and *late* are read from the clock and the days kept here, and never stored.
    """

    class State(models.TextChoices):
        DRAFTED = "drafted", pgettext_lazy("addressee", "drafted")
        APPROVED = "approved", pgettext_lazy("addressee", "approved, not yet sent")
        SENT = "sent", pgettext_lazy("addressee", "sent")
        DELIVERED = "delivered", pgettext_lazy("addressee", "delivered")
        ACKNOWLEDGED = "acknowledged", pgettext_lazy("addressee", "receipt confirmed")
        DISCUSSED = "discussed", pgettext_lazy("addressee", "in discussion")
        ANSWERED = "answered", pgettext_lazy("addressee", "answered")
        RETURNED = "returned", pgettext_lazy("addressee", "came back")
        CLOSED = "closed", pgettext_lazy("addressee", "closed")

    class Closing(models.TextChoices):
        RESULT = "", pgettext_lazy("addressee", "by what became of its points")
        OVERTAKEN = "overtaken", pgettext_lazy("addressee", "overtaken by events")
        WITHDRAWN = "withdrawn", pgettext_lazy("addressee", "withdrawn by us")

    ask = models.ForeignKey(Ask, models.CASCADE, related_name="addressees")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name=_("post"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFTED)
    closed_as = models.CharField(
        _("closed how"), max_length=10, choices=Closing, blank=True, default=Closing.RESULT
    )
    answer_due = models.DateField(_("answer by"), null=True, blank=True)
    # Instead of a day: working days after the letter reached them, reckoned when it did.
    due_after = models.PositiveSmallIntegerField(
        _("working days for an answer"), null=True, blank=True
    )
    needs_time_until = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["ask", "post"], name="asks_addressee_once"),)

    def __str__(self) -> str:
        return str(self.post)
